-- A database that came back shorter or different than what was released from it serves reads only, until a person
-- begins a new epoch with `ledger recover` (stored-form.md 6).

create table ledger.halts (since timestamptz not null default clock_timestamp());
comment on table ledger.halts is
    'A row while nothing is recorded or sealed, because this is not the state that was released.';

create function ledger.halt() returns void
language sql security definer set search_path = pg_catalog, pg_temp
begin atomic
    insert into ledger.halts select where not exists (select from ledger.halts);
end;
comment on function ledger.halt is 'Let nothing be recorded or sealed from here on; only `ledger recover` ends it.';

create function ledger.refuse_if_halted() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (select from ledger.halts) then
        raise exception 'this is not the state that was released: see `ledger recover`' using errcode = 'LG009';
    end if;
    return null;
end $$;
create trigger refuse_if_halted before insert on ledger.entries
    for each statement execute function ledger.refuse_if_halted();
create trigger refuse_if_halted before insert on ledger.checkpoints
    for each statement execute function ledger.refuse_if_halted();

-- As in 0050, but that the tree goes on from one epoch to the next: it is the same tree, signed in another name.
create or replace function ledger.seal(
    p_log smallint, p_from bigint, p_size bigint, p_root bytea, p_note text,
    p_level smallint[], p_number bigint[], p_hashes bytea[]
) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    head ledger.heads;
    grown bigint;
begin
    perform pg_advisory_xact_lock(7301150200 + p_log);  -- the active sealer holds it, or nobody
    select * into head from ledger.heads where log = p_log;
    if p_from <> (select coalesce(max(c.size), 0) from ledger.checkpoints c where c.log = p_log) then
        raise exception 'the tree has grown meanwhile' using errcode = 'LG005';
    end if;
    if p_size <= p_from or p_size > head.position then
        raise exception 'there are not so many entries to seal' using errcode = 'LG006';
    end if;
    insert into ledger.tiles as t (log, level, number, hashes)
    select p_log, n.level, n.number, n.hashes from unnest(p_level, p_number, p_hashes) n (level, number, hashes)
    on conflict (log, level, number) do update set hashes = excluded.hashes
        where substr(excluded.hashes, 1, length(t.hashes)) = t.hashes;
    get diagnostics grown = row_count;
    if grown <> cardinality(p_level) then
        raise exception 'a tile would change instead of grow' using errcode = 'LG007';
    end if;
    insert into ledger.checkpoints (log, epoch, size, root, note) values (p_log, head.epoch, p_size, p_root, p_note);
end $$;

revoke all on ledger.halts from public;
grant select on ledger.halts to ledger_service, ledger_follower;
revoke all on function ledger.halt, ledger.refuse_if_halted from public;
grant execute on function ledger.halt to ledger_follower;
