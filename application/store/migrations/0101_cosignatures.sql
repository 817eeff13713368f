-- What witnesses said of checkpoints (C2SP tlog-cosignature). A checkpoint's own note is never touched: what others add to
-- it stands here, and is shown behind it.

create table ledger.cosignatures (
    log smallint not null,
    epoch integer not null,
    size bigint not null,
    witness text not null,                 -- its verifier key
    cosigned_at timestamptz not null,      -- as the witness says
    line text not null,                    -- the line that adds the cosignature to the note
    primary key (log, epoch, size, witness),
    foreign key (log, epoch, size) references ledger.checkpoints
);
comment on table ledger.cosignatures is 'That a witness saw the log only grow up to a checkpoint.';

grant select on ledger.cosignatures to ledger_service;
grant select, insert on ledger.cosignatures to ledger_follower;
