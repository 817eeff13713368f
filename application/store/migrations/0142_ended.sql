-- When an episode ended is kept, so that a list can ask for it. Rows of an earlier release do not have it, so the views begin
-- again: lists say how far they are complete until the follower has caught up, and nothing that was recorded is touched. A set
-- that a rebuild kept goes, so that nobody goes back to it.

set local role ledger_follower;

do $$
declare
    name text;
begin
    for name in select relname from pg_class
            where relkind = 'r' and relnamespace = 'views'::regnamespace and relname <> 'progress' loop
        execute format('truncate views.%I, views_next.%I', name, name);
    end loop;
    for name in select relname from pg_class where relkind = 'r' and relnamespace = 'views_old'::regnamespace loop
        execute format('drop table views_old.%I', name);
    end loop;
end
$$;
update views.progress set position = 0, rulebook_position = null;
update views_next.progress set position = 0, rulebook_position = null;

alter table views.standings add column ended bigint;
alter table views_next.standings add column ended bigint;
create index on views.standings (ended) where ended is not null;
create index on views_next.standings (ended) where ended is not null;

reset role;
