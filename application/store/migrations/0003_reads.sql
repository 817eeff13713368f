-- Small reads that need more than an index, and the note of a refusal.

create function ledger.position_at(moment timestamptz) returns bigint
language plpgsql stable security invoker set search_path = pg_catalog, pg_temp
as $$
declare
    low bigint := 0;   -- recorded at or before the moment, or the beginning
    high bigint := coalesce((select max(position) from ledger.entries), 0) + 1;
    middle bigint;
begin
    while high - low > 1 loop
        middle := (low + high) / 2;
        if (select e.recorded_at <= moment from ledger.entries e where e.position = middle) then
            low := middle;
        else
            high := middle;
        end if;
    end loop;
    return low;
end $$;
comment on function ledger.position_at is
    'The last position recorded at or before a moment; 0 before the first. recorded_at never falls.';

create function ledger.refused(credential text[], reason text[], pointer text[], event_hash bytea[]) returns void
language sql security definer set search_path = pg_catalog, pg_temp
begin atomic
    insert into ledger.refusals (credential, reason, pointer, event_hash)
    select * from unnest(refused.credential, refused.reason, refused.pointer, refused.event_hash);
    delete from ledger.refusals where at < now() - interval '90 days';
end;
comment on function ledger.refused is 'Note refusals, and forget those of more than ninety days ago.';
