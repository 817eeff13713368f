-- What an entry says of another organisation's episode without effect costs that one's readers nothing: an interview
-- counts for another episode only where its organisation may record (events.md 3), and is read with it only there.

alter table ledger.mentions add covers boolean not null default false;
update ledger.mentions m set covers = true from ledger.entries e
where e.position = m.position and convert_from(e.line, 'UTF8') ~ '"type":"missing-episode\.interview-';
comment on column ledger.mentions.covers is 'An interview that covers the subject; else a link, or the lead of one.';

create view ledger.joined as
select q.no as from_no, s.no as to_no
from ledger.mentions m
join ledger.streams q on q.no = m.stream_no
join ledger.streams s on s.subject = m.subject
where not m.covers or split_part(s.subject, '/', 1) in (m.by, split_part(q.subject, '/', 1))
    or exists (select from ledger.stream_names n
        where n.stream_no = s.no and n.namespace in (m.by, split_part(q.subject, '/', 1)));
comment on view ledger.joined is 'Which streams the entries of a stream may have effect on, beside their own.';
revoke all on ledger.joined from public;
grant select on ledger.joined to ledger_service, ledger_follower;

create or replace function ledger.append(
    p_clock timestamptz, p_atomic boolean, p_dry boolean,
    p_subject text[], p_source text[], p_id text[], p_child uuid[], p_to uuid[], p_expected integer[],
    p_fingerprint bytea[], p_tail bytea[], p_blob bytea[],
    p_child_ord integer[], p_child_id uuid[], p_child_lookup bytea[], p_child_kek smallint[],
    p_child_key bytea[], p_child_reference bytea[],
    p_tie_ord integer[], p_tie_kind text[], p_tie_value text[]
) returns table (
    status text, "position" bigint, version integer, recorded_at bigint, leaf_hash bytea,
    known_lookup bytea, known_id uuid, known_kek smallint, known_key bytea
)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
set jit = off set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
    n constant integer := cardinality(p_id);
    empty constant integer[] := array_fill(null::integer, array[n]);
    head ledger.heads;
    now_at timestamptz;
    r record;
    v integer;
    verdict text;
    verdicts text[] := array_fill(null::text, array[n]);
    positions bigint[] := empty;
    versions integer[] := empty;
    grown integer[] := empty;          -- by the stream's first request here: the version reached
    opener uuid[] := array_fill(null::uuid, array[n]);  -- by the same: the first child of a new stream
    moved text[] := '{}';              -- stream and child pairs that child-corrected allowed in this call
    recorded_by integer[] := empty;    -- the request of this call that recorded the same source and id
    taken integer[] := '{}';           -- requests whose new child another writer gave an id first
    recorded integer := 0;
    new_streams boolean := false;
begin
    if abs(extract(epoch from p_clock - clock_timestamp())) > 60 then
        raise exception 'the clocks of the service and of the database differ by more than 60 seconds'
            using errcode = 'LG001';
    end if;
    if p_dry then
        select * into head from ledger.heads where log = 1;
    else
        select * into head from ledger.heads where log = 1 for update;
    end if;
    now_at := clock_timestamp();
    if head.recorded_at > now_at + interval '5 seconds' then
        raise exception 'the clock of the database is more than 5 seconds behind the last entry'
            using errcode = 'LG002';
    end if;
    now_at := greatest(now_at, head.recorded_at + interval '1 microsecond');
    if head.position = 0 and p_source[1] is distinct from 'ledger' then
        raise exception 'the ledger is not founded' using errcode = 'LG003';
    end if;
    if cardinality(p_child_ord) > 0 then
        select coalesce(array_agg(distinct k.ord), '{}') into taken
        from unnest(p_child_ord, p_child_id, p_child_lookup) k (ord, id, lookup)
        join ledger.children c on c.lookup = k.lookup and c.id <> k.id;
    end if;

    for r in
        select q.ord::integer, q.child, q.moved_to, q.expected, q.fingerprint,
            (min(q.ord) over (partition by q.subject))::integer as lead,
            (lag(q.ord) over (partition by q.source, q.id order by q.ord))::integer as twin,
            coalesce(s.version, 0) as version, e.position as was, e.fingerprint as print,
            a.child_no is not null as allowed
        from unnest(p_subject, p_source, p_id, p_child, p_to, p_expected, p_fingerprint)
            with ordinality q (subject, source, id, child, moved_to, expected, fingerprint, ord)
        left join ledger.streams s on s.subject = q.subject
        left join ledger.sources o on o.source = q.source
        left join ledger.children c on c.id = q.child
        -- `limit 1` keeps the planner to both columns of the index, whatever it believes of the table
        left join lateral (select * from ledger.event_ids e
            where e.source_no = o.no and e.id = q.id limit 1) e on true
        left join lateral (select * from ledger.stream_children a
            where a.child_no = c.no and a.stream_no = s.no limit 1) a on true
        order by q.ord
    loop
        v := coalesce(grown[r.lead], r.version);
        if r.twin is not null and r.was is null then
            recorded_by[r.ord] := recorded_by[r.twin];
            r.was := positions[recorded_by[r.twin]];
            r.print := p_fingerprint[recorded_by[r.twin]];
        end if;
        verdict := case
            when r.was is not null and (r.print is null or r.print = r.fingerprint) then 'duplicate'
            when r.was is not null then 'id_reused'
            when r.ord = any (taken) then 'child_known'
            when v > 0 and not r.allowed and r.child is distinct from opener[r.lead]
                and not (concat(r.lead, ' ', r.child) = any (moved)) then 'child_differs'
            when r.expected <> v then 'stale_version'
            else 'recorded' end;
        verdicts[r.ord] := verdict;
        if verdict = 'duplicate' then
            positions[r.ord] := r.was;
        elsif verdict = 'recorded' then
            recorded := recorded + 1;
            head.position := head.position + 1;
            positions[r.ord] := head.position;
            versions[r.ord] := v + 1;
            grown[r.lead] := v + 1;
            recorded_by[r.ord] := r.ord;
            if v = 0 then
                new_streams := true;
                opener[r.lead] := r.child;
            end if;
            if r.moved_to is not null then
                moved := moved || concat(r.lead, ' ', r.moved_to);
            end if;
        end if;
    end loop;

    if p_atomic and not verdicts <@ array['recorded', 'duplicate'] then
        head.position := head.position - recorded;
        recorded := 0;
        positions := empty;
        select array_agg(case when o.verdict in ('recorded', 'duplicate') then 'atomic' else o.verdict end
                order by o.ord)
            into verdicts from unnest(verdicts) with ordinality o (verdict, ord);
    end if;
    if p_dry then
        verdicts := array_replace(verdicts, 'recorded', 'would_record');
        recorded := 0;
    end if;

    if recorded > 0 then
        if cardinality(p_child_ord) > 0 then
            insert into ledger.children (id, lookup, kek_no, wrapped_key, sealed_reference)
            select distinct on (k.lookup) k.id, k.lookup, k.kek, k.key, k.reference
            from unnest(p_child_ord, p_child_id, p_child_lookup, p_child_kek, p_child_key, p_child_reference)
                k (ord, id, lookup, kek, key, reference)
            where verdicts[k.ord] = 'recorded'
                and not exists (select from ledger.children c where c.lookup = k.lookup)
            order by k.lookup, k.ord;
        end if;
        insert into ledger.sources (source)
        select distinct q.source from unnest(p_source, verdicts) q (source, verdict)
        where q.verdict = 'recorded' and not exists (select from ledger.sources o where o.source = q.source);
        update ledger.streams s set version = q.version
        from (select subject, max(version) as version from unnest(p_subject, versions) u (subject, version)
            group by subject having min(version) > 1) q
        where s.subject = q.subject;
        if new_streams then
            insert into ledger.streams (subject, version)
            select subject, max(version) from unnest(p_subject, versions) with ordinality u (subject, version, ord)
            group by subject having min(version) = 1 order by min(ord);
        end if;
        if new_streams or cardinality(moved) > 0 then
            insert into ledger.stream_children (child_no, stream_no)
            select distinct c.no, s.no
            from unnest(p_subject, p_child, p_to, versions, verdicts) q (subject, child, moved_to, version, verdict)
            cross join lateral (values (case when q.version = 1 then q.child end), (q.moved_to)) x (id)
            join ledger.children c on c.id = x.id
            join ledger.streams s on s.subject = q.subject
            where q.verdict = 'recorded'
            on conflict do nothing;
        end if;
        insert into ledger.entries (position, stream_no, version, child_no, recorded_at, line, leaf_hash)
        select q.position, s.no, q.version, c.no, now_at, l.line, sha256('\x00'::bytea || l.line)
        from unnest(verdicts, positions, versions, p_subject, p_child, p_tail)
            q (verdict, position, version, subject, child, tail)
        join ledger.streams s on s.subject = q.subject
        left join ledger.children c on c.id = q.child
        cross join lateral (select convert_to(concat('{"v":1,"position":', q.position, ',"recorded_at":"',
            to_char(now_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '","version":', q.version, ','),
            'UTF8') || q.tail as line) l
        where q.verdict = 'recorded' and (q.child is null or c.no is not null);
        get diagnostics v = row_count;
        if v <> recorded then
            raise exception 'a request names a child that the vault does not know' using errcode = 'LG004';
        end if;
        insert into ledger.event_ids (source_no, id, position, fingerprint)
        select o.no, q.id, q.position, q.fingerprint
        from unnest(verdicts, positions, p_source, p_id, p_fingerprint) q (verdict, position, source, id, fingerprint)
        join ledger.sources o on o.source = q.source
        where q.verdict = 'recorded';
        insert into ledger.sealed_values (position, key_no, blob)
        select q.position, c.no, q.blob
        from unnest(verdicts, positions, p_child, p_blob) q (verdict, position, child, blob)
        join ledger.children c on c.id = q.child
        where q.verdict = 'recorded' and q.blob is not null;
        if cardinality(p_tie_ord) > 0 then
            -- What a request names: 'n' an organisation, by the one of its subject; 'm' one, by another authority; 'e'
            -- one, in a way that grants nothing by itself; 's' a subject; 'v' one that an interview covers; 'c' a
            -- child. 'h': it completes a hand-over;
            -- 'a': it changes what other entries say, or links episodes.
            insert into ledger.stream_names (stream_no, namespace)
            select distinct s.no, t.value from unnest(p_tie_ord, p_tie_kind, p_tie_value) t (ord, kind, value)
            join ledger.streams s on s.subject = p_subject[t.ord]
            where t.kind in ('n', 'm', 'e') and verdicts[t.ord] = 'recorded'
            on conflict do nothing;
            insert into ledger.mentions (subject, position, stream_no, by, covers)
            select distinct t.value, positions[t.ord], s.no,
                substring(convert_from(p_tail[t.ord], 'UTF8') from '"by":"([^"]+)"'), t.kind = 'v'
            from unnest(p_tie_ord, p_tie_kind, p_tie_value) t (ord, kind, value)
            join ledger.streams s on s.subject = p_subject[t.ord]
            where t.kind in ('s', 'v') and verdicts[t.ord] = 'recorded';
            insert into ledger.child_mentions (child_no, position, stream_no, by)
            select distinct c.no, positions[t.ord], s.no,
                substring(convert_from(p_tail[t.ord], 'UTF8') from '"by":"([^"]+)"')
            from unnest(p_tie_ord, p_tie_kind, p_tie_value) t (ord, kind, value)
            join ledger.streams s on s.subject = p_subject[t.ord]
            join ledger.children c on c.id = t.value::uuid
            where t.kind = 'c' and verdicts[t.ord] = 'recorded';
            insert into ledger.grants_contested (stream_no, due)
            select distinct s.no, true from unnest(p_tie_ord, p_tie_kind) t (ord, kind)
            join ledger.streams s on s.subject = p_subject[t.ord]
            where verdicts[t.ord] = 'recorded' and (t.kind in ('a', 'm') or (t.kind in ('n', 'e', 'h') and (
                exists (select from ledger.grants_contested c where c.stream_no = s.no)
                or exists (select from ledger.mentions m where m.stream_no = s.no)
                or exists (select from ledger.mentions m where m.subject = s.subject))))
            on conflict (stream_no) do update set due = true;
            insert into ledger.grants (stream_no, namespace, named)
            select distinct s.no, t.value, true from unnest(p_tie_ord, p_tie_kind, p_tie_value) t (ord, kind, value)
            join ledger.streams s on s.subject = p_subject[t.ord]
            where t.kind = 'n' and verdicts[t.ord] = 'recorded'
            on conflict (stream_no, namespace) do update set named = true where not ledger.grants.named;
        end if;
        perform pg_notify('ledger_entries', head.position::text);
    end if;
    if not p_dry then
        -- Also when all are duplicates: a standby has then confirmed everything before this answer.
        update ledger.heads h set position = head.position, writes = h.writes + 1,
            recorded_at = case when recorded > 0 then now_at else h.recorded_at end,
            name = case when head.position > 0 then coalesce(h.name, substr(p_subject[1], 8)) else h.name end
        where log = 1;
    end if;

    return query
        select q.verdict, q.position, e.version,
            (extract(epoch from e.recorded_at) * 1000000)::bigint, e.leaf_hash,
            w.lookup, w.id, w.kek_no, w.wrapped_key
        from unnest(verdicts, positions) with ordinality q (verdict, position, ord)
        left join ledger.entries e on e.position = q.position and q.verdict in ('recorded', 'duplicate')
        left join lateral (
            select c.* from unnest(p_child_ord, p_child_id, p_child_lookup) k (ord, id, lookup)
            join ledger.children c on c.lookup = k.lookup and c.id <> k.id
            where q.verdict = 'child_known' and k.ord = q.ord limit 1) w on true
        order by q.ord;
end $$;
