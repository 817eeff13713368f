-- What is wanting in what was recorded, episode by episode; and how what each system sends arrives.
--
-- The views begin anew, since rows of an earlier release know nothing of this: lists say how far they are
-- complete until the follower has caught up, and nothing that was recorded is touched.

set local role ledger_follower;

create table views.quality (
    lead text not null,                    -- of what could not be assessed: its subject
    kind text not null,                    -- defined in domain/assessment/quality.py
    since bigint not null,                 -- the span of as_at
    until bigint not null,
    positions bigint[] not null,           -- the entries that it is about
    sources text[] not null,               -- the systems that sent them
    rules text[] not null,                 -- whose verdict hangs on it
    authorities text[] not null,           -- responsible, host, and the namespaces of the subjects
    namespaces text[] not null,            -- that may see it
    child uuid,                            -- null where several are concerned
    primary key (lead, kind, since)
);
-- In the order of the list: what is over as at the instant asked about lies before the place where it begins.
create index on views.quality (until, since, lead, kind);
create index on views.quality (kind, until, since, lead);
create index on views.quality using gin (namespaces);
comment on table views.quality is 'What is wanting in what was recorded of each episode, by spans of as_at.';

create table views.arrivals (
    source text not null,
    number bigint not null,                -- the first entry of a source is 1
    position bigint not null,
    stream_no bigint not null,
    recorded_at bigint not null,
    after_happened bigint,                 -- recorded so long after; null when nobody can tell
    after_learned bigint,                  -- the same of when the sender learned of it; null when not said
    primary key (source, number)
);
comment on table views.arrivals is 'The last entries of each sending system; how many there were is the last number.';

create table views_next.quality (like views.quality including all);
create table views_next.arrivals (like views.arrivals including all);
grant select on views.quality, views_next.quality, views.arrivals, views_next.arrivals to ledger_service;

truncate views.episodes, views.standings, views.verdicts, views.counted, views.children, views.aside, views.todo,
    views_next.episodes, views_next.standings, views_next.verdicts, views_next.counted, views_next.children,
    views_next.aside, views_next.todo;
update views.progress set position = 0, rulebook_position = null;
update views_next.progress set position = 0, rulebook_position = null;

reset role;
