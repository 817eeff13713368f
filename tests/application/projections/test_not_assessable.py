"""What cannot be assessed is set aside, visibly, and tried again; everything else goes on."""

from __future__ import annotations

from application.projections.follower import Follower
from application.projections.obligations_table import ObligationFilters
from application.projections.progress import lag
from application.projections.rebuild import rebuild
from application.projections.standings_table import EpisodeFilters
from application.queries.episodes.person_loader import KnownAt
from application.queries.lists.episodes_and_obligations import Lists
from application.queries.lists.page import ListQuery
from domain.facts.value_kinds import ChildRef
from tests.support.follower_faults import heal, poison
from tests.support.projection_stories import AUTHORITY, at, event, expected, held, naive, record, went_missing

A, B, C = (f"{AUTHORITY}/{name}" for name in "abc")


def test_who_cannot_be_assessed_is_set_aside_and_the_rest_goes_on(ledger, dsn, caplog) -> None:
    went_missing(ledger, A, 0, child="P-1")
    follower = Follower(dsn)
    follower.catch_up()
    poison(ledger, A, "P-1")
    went_missing(ledger, B, 0, child="P-2")
    assert follower.catch_up() == lag(ledger.database).ledger_size
    assert lag(ledger.database).aside == 1
    assert held(dsn, [B]) == expected(naive(ledger, [B]))
    answer = Lists(ledger.database, ledger.vault).episodes(EpisodeFilters(), ListQuery(at(1))).json
    said = {item["subject"]: item.get("not_assessable", False) for item in answer["items"]}
    assert said == {A: True, B: False}  # what is known of A is older than its entries
    assert answer["not_assessable"] == 1
    assert "not assessable" in caplog.text
    assert "P-1" not in caplog.text


def test_past_lists_name_who_could_not_be_assessed_then(ledger, dsn) -> None:
    went_missing(ledger, B, 0, child="P-2")
    clean = lag(ledger.database).ledger_size
    poison(ledger, A, "P-1")
    known = Follower(dsn).catch_up()
    lists = Lists(ledger.database, ledger.vault)

    def asked(position: int, scope=None, **more):
        return ListQuery(at(1), KnownAt(position, known), scope, **more)

    for answer in (
        lists.episodes(EpisodeFilters(), asked(known)).json,
        lists.obligations(ObligationFilters(), asked(known)).json,
    ):
        assert (answer["not_assessable"], answer["set_aside"]) == (1, [A])
    first = lists.episodes(EpisodeFilters(), asked(known, limit=1)).json
    rest = lists.episodes(EpisodeFilters(), asked(known, limit=1, cursor=first["next"])).json
    assert ("set_aside" in first, rest["set_aside"]) == (False, [A])  # where it would stand
    of_child = lists.episodes(EpisodeFilters(child=ChildRef(AUTHORITY, "P-1")), asked(known)).json
    assert of_child["set_aside"] == [A]
    assert "set_aside" not in lists.episodes(EpisodeFilters(), asked(known, frozenset({"E10000014"}))).json
    assert "not_assessable" not in lists.episodes(EpisodeFilters(), asked(clean)).json  # then everybody could


def test_what_was_set_aside_is_tried_again_with_the_next_entry_of_that_child(ledger, dsn) -> None:
    poison(ledger, A, "P-1")
    follower = Follower(dsn)
    follower.catch_up()
    heal(dsn)
    record(ledger, event("reported", B, 200))
    follower.catch_up()
    assert lag(ledger.database).aside == 0
    assert held(dsn, [A, B]) == expected(naive(ledger, [A, B]))


def test_what_hangs_on_a_poisoned_episode_is_set_aside_with_it_and_comes_back_with_it(ledger, dsn) -> None:
    record(ledger, event("reported", A, 0, "P-1"))
    record(ledger, event("reported", B, 50, "P-2"), event("reported", C, 90, "P-1"))
    follower = Follower(dsn)
    follower.catch_up()
    poison(ledger, A, "P-1")
    record(ledger, event("child-linked", B, 60, "P-2", same_as={"scheme": AUTHORITY, "reference": "P-1"}))
    follower.catch_up()
    assert lag(ledger.database).aside == 3  # whose person anybody is cannot be said without A
    heal(dsn)
    record(ledger, event("returned", C, 99, "P-1"))
    follower.catch_up()
    assert lag(ledger.database).aside == 0
    assert held(dsn, [A, B, C]) == expected(naive(ledger, [A, B, C]))


def test_a_rebuild_tries_it_again_and_sets_it_aside_again(ledger, dsn) -> None:
    poison(ledger, A, "P-1")
    went_missing(ledger, B, 0, child="P-2")
    Follower(dsn).catch_up()
    assert (rebuild(dsn).episodes, lag(ledger.database).aside) == (1, 1)
    heal(dsn)
    assert (rebuild(dsn).episodes, lag(ledger.database).aside) == (2, 0)
    assert held(dsn, [A, B]) == expected(naive(ledger, [A, B]))
