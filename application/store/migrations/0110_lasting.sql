-- What is late, due or open now is mostly so until something is recorded, for all that is known: such rows stand in
-- the order of their list, so that a page of it reads a page, however many there are. The others end by themselves,
-- at a time that is known, and are few. 2^62 is the end of the axis of as_at.

set local role ledger_follower;

do $$
declare
    place text;
begin
    foreach place in array array['views', 'views_next', 'views_old'] loop
        if to_regclass(place || '.verdicts') is not null then
            execute format('create index on %I.verdicts (due, lead, rule, rule_version, trigger)'
                ' where late and until = 4611686018427387904', place);
            execute format('create index on %I.verdicts (due, lead, rule, rule_version, trigger)'
                ' where verdict = ''due'' and until = 4611686018427387904', place);
            execute format('create index on %I.standings (started, lead)'
                ' where open and until = 4611686018427387904', place);
        end if;
    end loop;
end
$$;

reset role;
