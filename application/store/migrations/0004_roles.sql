-- Who may do what in the database. Roles belong to the server, so another database may have made them.

do $$
declare
    wanted text;
begin
    foreach wanted in array array['ledger_service', 'ledger_follower'] loop
        begin
            if not exists (select from pg_roles where rolname = wanted) then
                execute format('create role %I nologin', wanted);
            end if;
        exception when duplicate_object or unique_violation then
            null;  -- another database's migration was quicker
        end;
        begin
            execute format('grant %I to current_user', wanted);
        exception when insufficient_privilege or unique_violation then
            null;  -- the server's administrator grants it
        end;
    end loop;
end $$;

revoke all on schema ledger from public;
revoke all on all tables in schema ledger from public;
revoke all on all functions in schema ledger from public;
grant usage on schema ledger to ledger_service, ledger_follower;
grant select on all tables in schema ledger to ledger_service;
grant select on all tables in schema ledger to ledger_follower;
revoke all on ledger.credentials, ledger.refusals from ledger_follower;
grant execute on all functions in schema ledger to ledger_service;
grant execute on function ledger.position_at to ledger_follower;
