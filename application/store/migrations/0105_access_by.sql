-- An entry of the access log is the ledger's own (events.md 2): `by` is `ledger`, and the reader's organisation stands in
-- its data. Beside the line stands that organisation as before, and `ledger` where the reader's credential is good for
-- all. Lines of before, and disclosures that were kept aside before, have the organisation as `by`.

create or replace function ledger.append_access(p_clock timestamptz, p_tail bytea[])
returns table (status text, "position" bigint, version bigint, recorded_at bigint, leaf_hash bytea)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
set jit = off set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
    head ledger.heads;
    now_at timestamptz;
    added bigint;
begin
    if abs(extract(epoch from p_clock - clock_timestamp())) > 60 then
        raise exception 'the clocks of the service and of the database differ by more than 60 seconds'
            using errcode = 'LG001';
    end if;
    select * into head from ledger.heads where log = 2 for update;
    now_at := clock_timestamp();
    if head.recorded_at > now_at + interval '5 seconds' then
        raise exception 'the clock of the database is more than 5 seconds behind the last entry'
            using errcode = 'LG002';
    end if;
    now_at := greatest(now_at, head.recorded_at + interval '1 microsecond');

    with sent as (
        select t.ord, t.tail, j.said, (j.said #>> '{event,id}')::uuid as id
        from unnest(p_tail) with ordinality t (tail, ord)
        cross join lateral (select ('{' || convert_from(t.tail, 'UTF8'))::jsonb as said) j
    ), fresh as (
        select distinct on (s.id) s.* from sent s
        where not exists (select from ledger.access_entries e where e.id = s.id)
        order by s.id, s.ord
    ), placed as materialized (
        select head.position + row_number() over (order by f.ord) as position, f.id, f.tail,
            (f.said #>> '{event,time}')::timestamptz as read_at, f.said ->> 'principal' as principal,
            coalesce(f.said #>> '{event,data,organisation}', f.said ->> 'by') as by,
            f.said #>> '{event,data,purpose}' as purpose,
            array(select c.no from jsonb_array_elements_text(f.said #> '{event,data,children}') as k (id)
                join ledger.children c on c.id = k.id::uuid order by c.no) as children
        from fresh f
    ), entered as (
        insert into ledger.access_entries
            (position, id, recorded_at, read_at, principal, by, purpose, line, leaf_hash)
        select p.position, p.id, now_at, p.read_at, p.principal, p.by, p.purpose, l.line,
            sha256('\x00'::bytea || l.line)
        from placed p
        cross join lateral (select convert_to(concat('{"v":1,"position":', p.position, ',"recorded_at":"',
            to_char(now_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '","version":', p.position,
            ','), 'UTF8') || p.tail as line) l
    ), named as (
        insert into ledger.access_children (child_no, position)
        select k.no, p.position from placed p cross join lateral unnest(p.children) k (no)
    ), seen as (
        insert into ledger.access_days (day, principal, by, child_no)
        select distinct (p.read_at at time zone 'Europe/London')::date, p.principal, p.by, k.no
        from placed p cross join lateral unnest(p.children) k (no)
        on conflict do nothing
    )
    select count(*) into added from placed;
    -- Also when all were there before: a standby has then confirmed everything before this answer.
    update ledger.heads h set position = head.position + added, writes = h.writes + 1,
        recorded_at = case when added > 0 then now_at else h.recorded_at end,
        name = coalesce(h.name, (select one.name from ledger.heads one where one.log = 1))
    where log = 2;
    if added > 0 then
        perform pg_notify('ledger_access', (head.position + added)::text);
    end if;

    return query
        select case when e.position > head.position
                and row_number() over (partition by e.id order by t.ord) = 1 then 'recorded' else 'duplicate' end,
            e.position, e.position, (extract(epoch from e.recorded_at) * 1000000)::bigint, e.leaf_hash
        from unnest(p_tail) with ordinality t (tail, ord)
        join ledger.access_entries e
            on e.id = (('{' || convert_from(t.tail, 'UTF8'))::jsonb #>> '{event,id}')::uuid
        order by t.ord;
end $$;
