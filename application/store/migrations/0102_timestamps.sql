-- Time stamps (RFC 3161) over checkpoints: an authority's word that the note, byte for byte, was there at a time.

create table ledger.timestamps (
    log smallint not null,
    epoch integer not null,
    size bigint not null,
    stamped_at timestamptz not null,       -- as the authority says
    reply bytea not null,                  -- its answer whole (TimeStampResp), over the note as it is stored
    primary key (log, epoch, size),
    foreign key (log, epoch, size) references ledger.checkpoints
);
comment on table ledger.timestamps is 'That a checkpoint was there at a time, by somebody else''s clock.';

grant select on ledger.timestamps to ledger_service;
grant select, insert on ledger.timestamps to ledger_follower;
