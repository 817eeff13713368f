-- The tree over the leaf hashes of each log, and the checkpoints signed over it (stored-form.md 4 and 6).

create table ledger.tiles (
    log smallint not null references ledger.heads,
    level smallint not null,
    number bigint not null,
    hashes bytea not null,                 -- up to 256, of 32 bytes each; grows at its end only
    primary key (log, level, number)
);
alter table ledger.tiles alter column hashes set storage external;  -- hashes cannot be compressed
comment on table ledger.tiles is 'The hashes of complete subtrees of 256^level leaves, 256 to a tile (domain/tiles.py).';

create table ledger.checkpoints (
    log smallint not null references ledger.heads,
    epoch integer not null,
    size bigint not null,                  -- the first so many entries are under its root
    root bytea not null,
    note text not null,                    -- the checkpoint as a signed note (C2SP tlog-checkpoint)
    signed_at timestamptz not null default clock_timestamp(),
    released_at timestamptz,               -- null until it is also kept outside the database; nobody is shown it before
    primary key (log, epoch, size)         -- so no size is ever signed twice
);
comment on table ledger.checkpoints is 'What was signed, one row for each size.';

create function ledger.seal(
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
    if p_from <> (select coalesce(max(c.size), 0) from ledger.checkpoints c where c.log = p_log and c.epoch = head.epoch) then
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
comment on function ledger.seal is 'Let the tree grow from one size to another: tiles, root and note, all or nothing.';

create function ledger.released(p_log smallint, p_epoch integer, p_size bigint) returns void
language sql security definer set search_path = pg_catalog, pg_temp
begin atomic
    update ledger.checkpoints set released_at = clock_timestamp()
    where log = p_log and epoch = p_epoch and size = p_size and released_at is null;
end;
comment on function ledger.released is 'Say that a checkpoint is kept outside the database too, and may be shown.';

revoke all on function ledger.seal, ledger.released from public;
grant execute on function ledger.seal, ledger.released to ledger_follower;
grant select on ledger.tiles, ledger.checkpoints to ledger_service, ledger_follower;
