-- How far the checkpoints have come that are brought to places outside: for `ledger doctor` and the metrics, and so that
-- a publisher goes on where the one before it was.

create table ledger.places (
    place text not null,                   -- its name; never its address, which can hold credentials
    log smallint not null references ledger.heads,
    epoch integer,                         -- the last checkpoint that it took; null before the first
    size bigint,
    taken_at timestamptz,
    failing_since timestamptz,             -- null while it takes what it is brought
    problem text,                          -- why not, in a sentence of ours
    primary key (place, log)
);
comment on table ledger.places is 'Where checkpoints are published, and up to which each place has them.';

grant select on ledger.places to ledger_service;
grant select, insert, update, delete on ledger.places to ledger_follower;
