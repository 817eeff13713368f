-- What figures need of each episode: narrow rows, so that a measure reads no assessments.
--
-- The views begin anew, since rows of an earlier release know nothing of this: lists say how far they are
-- complete until the follower has caught up, and nothing that was recorded is touched.

set local role ledger_follower;

create table views.counted (
    lead text not null,
    since bigint not null,                 -- the span of as_at
    until bigint not null,
    person uuid not null,
    child uuid not null,
    namespaces text[] not null,            -- that may see it
    authority text not null,               -- responsible at the start
    host text not null,                    -- at the start
    started bigint not null,               -- at the earliest
    started_latest bigint not null,
    open boolean not null,                 -- not back, or the end is contradicted
    states text not null,                  -- what each measure makes of it: a letter each (domain/measures)
    interviews bigint[] not null,          -- the positions of the interviews that were held for it
    month text not null,                   -- from here on: the group in each breakdown
    placement_type text not null,
    provider text not null,
    age_band text not null,
    sex text not null,
    category text not null,
    risk text not null,
    risk_highest text not null,
    own_or_hosted text not null,
    ethnicity text not null,
    legal_status text not null,
    duration_band text not null,
    exploitation_flag text not null,
    primary key (lead, since)
);
create index on views.counted (authority, started_latest, until, since);
create index on views.counted (host, started_latest, until, since);
create index on views.counted (authority, started_latest) where started < started_latest;
create index on views.counted (until) where open;
create index on views.counted (person);
comment on table views.counted is 'What measures count of each episode, by spans of as_at.';

create table views_next.counted (like views.counted including all);
grant select on views.counted, views_next.counted to ledger_service;

create index on views.episodes (position);
create index on views_next.episodes (position);

truncate views.episodes, views.standings, views.verdicts, views.children, views.aside, views.todo,
    views_next.episodes, views_next.standings, views_next.verdicts, views_next.children, views_next.aside,
    views_next.todo;
update views.progress set position = 0, rulebook_position = null;
update views_next.progress set position = 0, rulebook_position = null;

reset role;
