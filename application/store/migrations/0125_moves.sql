-- Episodes hold their changes of whereabouts once, and no longer the spells of every span: a long episode was as large as
-- the square of its length. Rows of an earlier release know nothing of them, so the projection tables begin again: lists
-- say how far they are complete until the follower has caught up, and nothing that was recorded is touched.

set local role ledger_follower;

truncate views.episodes, views.standings, views.verdicts, views.counted, views.quality, views.arrivals, views.children,
    views.aside, views.todo, views_next.episodes, views_next.standings, views_next.verdicts, views_next.counted,
    views_next.quality, views_next.arrivals, views_next.children, views_next.aside, views_next.todo;
update views.progress set position = 0, rulebook_position = null;
update views_next.progress set position = 0, rulebook_position = null;

reset role;
