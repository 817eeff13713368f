-- Whether what is committed here is on a standby too, asked by whoever acknowledges or seals (design.md 6).
--
-- How a standby is connected only pg_read_all_stats may see. The function asks as the database's owner, so that the
-- service needs no such right.

create function ledger.require_standby() returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if current_setting('synchronous_commit') not in ('on', 'remote_apply') then
        raise exception 'no commit waits for a standby, since synchronous_commit is %',
            current_setting('synchronous_commit') using errcode = 'LG008';
    end if;
    if not pg_has_role(current_user, 'pg_read_all_stats', 'usage') then
        raise exception 'the database''s owner cannot see its standbys: grant pg_read_all_stats to it'
            using errcode = 'LG008';
    end if;
    if not exists (select from pg_stat_replication
            where state = 'streaming' and sync_state in ('sync', 'quorum')) then
        raise exception 'no synchronous standby is in place' using errcode = 'LG008';
    end if;
end $$;
comment on function ledger.require_standby is
    'Refuses (LG008) unless commits of this session wait for a synchronous standby, and one is there.';

revoke all on function ledger.require_standby from public;
grant execute on function ledger.require_standby to ledger_service, ledger_follower;
