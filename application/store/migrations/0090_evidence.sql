-- Evidence bundles show who looked at a child's records up to a stated position of the access log.

create function ledger.access_position_at(moment timestamptz) returns bigint
language plpgsql stable security invoker set search_path = pg_catalog, pg_temp
as $$
declare
    low bigint := 0;   -- recorded at or before the moment, or the beginning
    high bigint := coalesce((select max(position) from ledger.access_entries), 0) + 1;
    middle bigint;
begin
    while high - low > 1 loop
        middle := (low + high) / 2;
        if (select e.recorded_at <= moment from ledger.access_entries e where e.position = middle) then
            low := middle;
        else
            high := middle;
        end if;
    end loop;
    return low;
end $$;
comment on function ledger.access_position_at is
    'The last position of the access log recorded at or before a moment; 0 before the first.';

revoke all on function ledger.access_position_at from public;
grant execute on function ledger.access_position_at to ledger_service;
