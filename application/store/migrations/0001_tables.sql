-- What is recorded. Every table is written by the functions of 0002 only, and by the owner.
-- Indexes are on numbers given in order of first sight, not on random ids (stored-form.md 3).

create table ledger.heads (
    log smallint primary key,
    name text,                             -- given by the founding entry
    epoch integer not null default 1,
    position bigint not null default 0,    -- of the last entry; the next is one more, always
    recorded_at timestamptz,               -- of the last entry
    writes bigint not null default 0       -- grows with every append, also one of duplicates only
) with (fillfactor = 10);
comment on table ledger.heads is 'The end of each log. Its row lock gives the order of all entries.';
insert into ledger.heads (log) values (1);

create table ledger.children (
    no bigint generated always as identity primary key,
    id uuid not null unique,               -- random; the only thing that a line says of a child
    lookup bytea not null unique,          -- HMAC of scheme and reference
    kek_no smallint not null,              -- which key-encryption key wraps the data key
    wrapped_key bytea,                     -- null once erased
    sealed_reference bytea,                -- null once erased
    erased_at timestamptz
);
comment on table ledger.children is 'The vault: who a child id stands for, and the key of what is sealed about them.';

create table ledger.streams (
    no bigint generated always as identity primary key,
    subject text not null unique,
    version integer not null               -- of the last entry
) with (fillfactor = 80);
comment on table ledger.streams is 'One row for each subject.';

create table ledger.stream_children (
    child_no bigint not null,
    stream_no bigint not null,
    primary key (child_no, stream_no)
);
create index on ledger.stream_children (stream_no);
comment on table ledger.stream_children is
    'The children allowed on a stream: its first, and every `to` of a recorded child-corrected.';

create table ledger.entries (
    position bigint primary key,
    stream_no bigint not null,
    version integer not null,
    child_no bigint,                       -- null for a system entry
    recorded_at timestamptz not null,
    line bytea not null,
    leaf_hash bytea not null,              -- SHA-256(0x00 || line)
    unique (stream_no, version)
);
comment on table ledger.entries is 'The episode log: a line for each position, gapless from 1, in commit order.';

create table ledger.sources (
    no integer generated always as identity primary key,
    source text not null unique
);
comment on table ledger.sources is 'Sending systems.';

create table ledger.event_ids (
    source_no integer not null,
    id text not null,
    position bigint not null,
    fingerprint bytea,                     -- null once erased, and for system entries
    primary key (source_no, id)
);
comment on table ledger.event_ids is 'The idempotency key of every entry, and the fingerprint of what was sent.';

create table ledger.sealed_values (
    position bigint primary key,
    key_no bigint not null,                -- children.no of the child whose data key opens it
    blob bytea not null
);
comment on table ledger.sealed_values is 'The disclosures of the personal values that an entry commits to.';

create table ledger.stream_names (
    stream_no bigint not null,
    namespace text not null,
    primary key (stream_no, namespace)
);
create index on ledger.stream_names (namespace, stream_no);
comment on table ledger.stream_names is
    'Every namespace that recorded facts of a stream name in a part that gives access (design.md 7).';

create table ledger.mentions (
    subject text not null,
    position bigint not null,
    stream_no bigint not null,
    primary key (subject, position)
);
create index on ledger.mentions (stream_no);
comment on table ledger.mentions is 'Other subjects that an entry names: covers, with, lead.';

create table ledger.child_mentions (
    child_no bigint not null,
    position bigint not null,
    stream_no bigint not null,
    primary key (child_no, position)
);
create index on ledger.child_mentions (stream_no);
comment on table ledger.child_mentions is 'Other children that an entry names: to, same_as.';

create table ledger.refusals (
    at timestamptz not null default now(),
    credential text not null,
    reason text not null,
    pointer text not null,
    event_hash bytea                       -- keyed hash of source and id, when they could be read
);
create index on ledger.refusals (at);
comment on table ledger.refusals is 'What was refused, for ninety days; nothing personal.';

create table ledger.credentials (
    id text primary key,                   -- opaque; the principal of a line
    token_hash bytea not null unique,      -- SHA-256 of the token
    namespace text,                        -- null: acts for the subject's namespace, good for all
    sources text[],                        -- null: any
    roles text[] not null,
    authorities text[],                    -- null: any
    purpose text,
    label text,
    created_at timestamptz not null default now(),
    expires_at timestamptz,
    revoked_at timestamptz
);
comment on table ledger.credentials is 'Who may do what; a token itself is never stored.';
