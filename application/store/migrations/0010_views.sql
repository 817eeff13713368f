-- What is derived. Nothing here is a fact: everything can be filled again from the entries (assessment.md 5).
--
-- Three schemas of the same tables: `views` is read, `views_next` is filled beside it by a rebuild, and
-- `views_old` is only passed through when the two change places. Who follows names tables without a schema
-- and says by its search_path which set it writes. All times are microseconds since 1970, UTC; spans are
-- half-open, and FOREVER is 2^62.

create schema views authorization ledger_follower;
create schema views_next authorization ledger_follower;
create schema views_old authorization ledger_follower;

set local role ledger_follower;

create table views.progress (
    single boolean primary key default true check (single),
    position bigint not null,              -- the views are complete to here
    rulebook_position bigint,              -- the entry that adopted the rulebook they are judged by
    updated_at timestamptz not null default now()
);
comment on table views.progress is 'How far the views have come. Its row lock is held by whoever writes them.';
insert into views.progress (position) values (0);

create table views.episodes (
    lead text primary key,
    subjects text[] not null,
    child uuid not null,
    person uuid not null,
    ties uuid[] not null,                  -- pairs of children that are one person by what it says
    namespaces text[] not null,            -- that may see it: of its subjects, and named by its facts
    started bigint,                        -- its extent; null when there was no such episode
    ended bigint,
    position bigint not null,              -- of its last entry
    recorded_at bigint not null,           -- of its last entry
    type text not null,                    -- of its last entry
    aside boolean not null,                -- what is here is older than its last entry: see views.aside
    body bytea not null                    -- the whole assessment (MessagePack)
);
create index on views.episodes (person, ended);
comment on table views.episodes is 'One row for each united episode.';

create table views.standings (
    lead text not null,
    since bigint not null,                 -- the span of as_at
    until bigint not null,
    standing text not null,
    open boolean not null,                 -- not back, or the end is contradicted
    started bigint not null,               -- of the episode, as known over this span; the order of lists
    authorities text[] not null,           -- responsible, host, and the namespaces of the subjects
    namespaces text[] not null,            -- that may see it
    categories text[] not null,            -- current, in any scheme
    placement_type text,
    linked boolean not null,               -- to anything, in any relation
    primary key (lead, since)
);
create index on views.standings (until) where open;
create index on views.standings (started, lead);
create index on views.standings using gin (namespaces);
comment on table views.standings is 'Where each episode stands, by spans of as_at. From its first fact on.';

create table views.verdicts (
    lead text not null,
    rule text not null,
    rule_version integer not null,
    trigger bigint not null,               -- the position that started it
    since bigint not null,                 -- the span of as_at
    until bigint not null,
    verdict text not null,
    late boolean not null,                 -- overdue, or possibly so
    due bigint not null,                   -- at the earliest; FOREVER when nobody can tell
    accountable text[] not null,           -- the role, and who holds it
    authorities text[] not null,           -- that the episode concerns
    namespaces text[] not null,            -- that may see it
    child uuid not null,
    body bytea not null,                   -- the verdict with its evidence (MessagePack)
    primary key (lead, rule, rule_version, trigger, since)
);
create index on views.verdicts (until) where late;
create index on views.verdicts (until) where verdict = 'due';
create index on views.verdicts (due, lead);
create index on views.verdicts (verdict, due, lead);
create index on views.verdicts using gin (namespaces);
comment on table views.verdicts is 'The verdict of each rule on each trigger of an episode, by spans of as_at.';

create table views.children (
    child uuid primary key,
    person uuid not null                   -- the smallest id among the children that are one person
);
comment on table views.children is 'Which person a child is.';

create table views.aside (
    subject text primary key,
    children uuid[] not null,              -- whom it concerns, with all subjects that it was assessed with
    position bigint not null,              -- up to where its entries were read
    error text not null,                   -- the class of the error, and nothing of its text
    set_aside_at timestamptz not null default now()
);
create index on views.aside using gin (children);
comment on table views.aside is 'What could not be assessed: never passed over in silence, tried again with each new entry.';

create table views.todo (
    stream_no bigint primary key
);
comment on table views.todo is 'Streams that a redoing in bulk has still before it.';

do $$
declare
    name text;
begin
    foreach name in array array['progress', 'episodes', 'standings', 'verdicts', 'children', 'aside', 'todo'] loop
        execute format('create table views_next.%I (like views.%I including all)', name, name);
        execute format('grant select on views.%I, views_next.%I to ledger_service', name, name);
    end loop;
end $$;
insert into views_next.progress (position) values (0);
grant usage on schema views to ledger_service;

reset role;
