"""Pages of lists: every item once and in order, cursors, and what was known at an earlier position."""

from __future__ import annotations

import random
from functools import partial
from itertools import chain
from typing import Any

import pytest

from application.answers.cursor import InvalidCursor
from application.projections.obligations_table import ObligationFilters
from application.projections.standings_table import EpisodeFilters
from application.queries.episodes.episode_reader import EpisodeReader
from application.queries.lists import replayed_page
from application.queries.lists.page import ListQuery
from domain.facts.end import Returned
from domain.facts.value_kinds import ChildRef
from domain.rules.rulebook import england
from tests.support.projection_stories import AUTHORITY, HOST, POLICE, at, event, record, went_missing

pytest_plugins = ["tests.support.projection_fixtures"]

A, B, C = (f"{AUTHORITY}/{name}" for name in "abc")
FILTERS: dict[str, dict[str, Any]] = {
    "none": {},
    "open": {"open": True},
    "not open": {"open": False},
    "unmatched": {"unmatched": True},
    "standing": {"standing": "returned"},
    "category": {"category": "missing"},
    "authority": {"authority": AUTHORITY},
    "other authority": {"authority": HOST},
    "from": {"from_": at(10)},
    "to": {"to": at(20)},
    "placement": {"placement_type": "foster"},
    "child": {"child": ChildRef(AUTHORITY, "P-3")},
}


def leads(answer) -> list[str]:
    return [item["subject"] for item in answer["items"]]


def joined(found) -> list[dict]:
    return list(chain.from_iterable(found))


def pages(ask, question: ListQuery) -> list[list[dict]]:
    """All pages, each asked with the cursor of the one before."""
    found = []
    while True:
        answer = ask(question).json
        found.append(answer["items"])
        if answer["next"] is None:
            return found
        question = question._replace(cursor=answer["next"], as_at=0)  # the cursor knows the moment


def many(ledger) -> None:
    """Eighteen episodes of seven children, some at the same hour, some back."""
    draw = random.Random(7)
    for n in range(18):
        start = draw.choice([0, 10, 20, 30])
        back = start + 5 if n % 3 else None
        went_missing(ledger, f"{AUTHORITY}/m{n}", start, child=f"P-{n % 7}", back=back)


@pytest.mark.parametrize("limit", [1, 4, 500])
def test_pages_hold_every_item_once_and_in_order(ledger, lists, follow, limit) -> None:
    many(ledger)
    follow()
    whole = lists.episodes(EpisodeFilters(), ListQuery(at(50), limit=500)).json["items"]
    assert len(whole) == 18
    asked = ListQuery(at(50), limit=limit)
    assert joined(pages(partial(lists.episodes, EpisodeFilters()), asked)) == whole
    duties = lists.obligations(ObligationFilters(), ListQuery(at(50), limit=500)).json["items"]
    started = [r for r in england().rules if any(p.fact is Returned for p in r.starts.facts)]
    assert len(duties) == 12 * len(started)
    assert joined(pages(partial(lists.obligations, ObligationFilters()), asked)) == duties
    assert [d["due"]["earliest"] for d in duties if "due" in d] == sorted(
        d["due"]["earliest"] for d in duties if "due" in d
    )


def test_a_cursor_of_another_question_or_no_cursor_at_all_is_refused(ledger, lists, follow) -> None:
    many(ledger)
    follow()
    cursor = lists.episodes(EpisodeFilters(open=True), ListQuery(at(50), limit=2)).json["next"]
    good = ListQuery(at(50), limit=2, cursor=cursor)
    assert lists.episodes(EpisodeFilters(open=True), good).json["items"]
    for text in ("", "AAAA", "~~~~", "=", cursor[:-3], cursor + "AAAA"):
        with pytest.raises(InvalidCursor):
            lists.episodes(EpisodeFilters(open=True), good._replace(cursor=text))
    for other in (EpisodeFilters(), EpisodeFilters(open=False)):
        with pytest.raises(InvalidCursor):
            lists.episodes(other, good)
    with pytest.raises(InvalidCursor):
        lists.episodes(EpisodeFilters(open=True), good._replace(scope=frozenset({HOST})))
    with pytest.raises(InvalidCursor):
        lists.obligations(ObligationFilters(), good)


def test_a_past_list_is_what_the_list_said_then(ledger, lists, follow) -> None:
    reader = EpisodeReader(ledger.database, ledger.vault, ledger.repository)
    said = {}
    for n, (name, subject, when, more) in enumerate([
        ("reported", A, 0, {"category": "missing"}),
        ("reported", B, 3, {"category": "missing"}),
        ("returned", A, 10, {}),
        ("episodes-linked", B, 4, {"with_": A, "relation": "same_episode"}),
        ("interview-held", A, 30, {}),
        ("reported", C, 40, {"category": "missing"}),
    ]):  # fmt: skip
        record(ledger, event(name, subject, when, "P-2" if subject == C else "P-1", id=f"past-{n}", **more))
        position = follow()
        said[position] = (
            lists.episodes(EpisodeFilters(), ListQuery(at(50))).json["items"],
            lists.obligations(ObligationFilters(), ListQuery(at(50))).json["items"],
        )
    position = record(ledger, event("returned", C, 41, "P-2"))[0].position
    assert follow() == position
    for position, (known_episodes, known_obligations) in said.items():
        question = ListQuery(at(50), known_at=reader.known_at(position))
        answer = lists.episodes(EpisodeFilters(), question).json
        assert answer["items"] == known_episodes
        assert (answer["known_at"], answer["complete_to"]) == (position, position)
        past_duties = lists.obligations(ObligationFilters(), question).json["items"]
        assert by_rule(past_duties) == by_rule(known_obligations)
    assert (
        lists.episodes(EpisodeFilters(child=ChildRef(AUTHORITY, "P-1")), question).json["items"]
        == known_episodes[:1]
    )


def by_rule(items: list[dict]) -> list[dict]:
    return sorted(items, key=lambda item: (item["subject"], item["rule"], item["trigger"]))


@pytest.mark.parametrize("scope", [None, frozenset({AUTHORITY}), frozenset({POLICE})])
def test_a_past_list_takes_the_same_filters_and_pages(ledger, lists, follow, scope) -> None:
    many(ledger)
    record(
        ledger,
        event("episodes-linked", f"{AUTHORITY}/m0", 1, "P-0", with_=f"{AUTHORITY}/m7", relation="related"),
    )
    record(ledger, event("reported", f"{POLICE}/x", 2, "P-9", setting={"placement_type": "foster"}))
    position = follow()
    present = {
        n: leads(lists.episodes(EpisodeFilters(**f), ListQuery(at(22), scope=scope)).json)
        for n, f in FILTERS.items()
    }
    record(ledger, event("reported", f"{HOST}/later", 2, "P-10"))
    follow()
    known = EpisodeReader(ledger.database, ledger.vault, ledger.repository).known_at(position)
    question = ListQuery(at(22), known_at=known, scope=scope, limit=4)
    for name, filters in FILTERS.items():
        found = pages(partial(lists.episodes, EpisodeFilters(**filters)), question)
        assert all(len(page) <= 4 for page in found)
        assert (name, sorted(leads({"items": joined(found)}))) == (name, sorted(present[name]))


def test_a_page_of_the_past_replays_a_bounded_number_of_streams(ledger, lists, follow, monkeypatch) -> None:
    monkeypatch.setattr("application.queries.lists.replayed_page.STREAMS", 6)
    monkeypatch.setattr("application.queries.lists.replayed_page._PAGE", 3)
    many(ledger)
    position = follow()
    record(ledger, event("reported", f"{HOST}/later", 2, "P-10"))
    follow()
    known = EpisodeReader(ledger.database, ledger.vault, ledger.repository).known_at(position)
    found = pages(partial(lists.episodes, EpisodeFilters()), ListQuery(at(50), known_at=known, limit=500))
    assert len(found) > 2
    assert len(leads({"items": joined(found)})) == len(set(leads({"items": joined(found)}))) == 18


def test_a_page_of_the_past_replays_a_bounded_number_of_entries_and_none_after_it_is_full(
    ledger, lists, follow, monkeypatch
) -> None:
    read: list[int] = []
    lines_of = replayed_page.lines_of

    def counting(connection, units, known_at):
        found = lines_of(connection, units, known_at)
        read.extend(map(len, found))
        return found

    monkeypatch.setattr(replayed_page, "lines_of", counting)
    many(ledger)
    known = EpisodeReader(ledger.database, ledger.vault, ledger.repository).known_at(follow())
    full = lists.episodes(EpisodeFilters(), ListQuery(at(50), known_at=known, limit=2)).json
    assert len(leads(full)) == 2
    assert sum(read) < 12, "only the persons on the page are read"
    every = pages(partial(lists.episodes, EpisodeFilters()), ListQuery(at(50), known_at=known, limit=500))
    monkeypatch.setattr(replayed_page, "ENTRIES", 6)
    read.clear()
    rare = EpisodeFilters(standing="away")
    found = pages(partial(lists.episodes, rare), ListQuery(at(50), known_at=known, limit=500))
    assert len(found) > 2
    assert sum(read) / len(found) <= 6 + max(read)
    again = pages(partial(lists.episodes, EpisodeFilters()), ListQuery(at(50), known_at=known, limit=500))
    assert leads({"items": joined(again)}) == leads({"items": joined(every)})


def test_a_list_as_known_at_the_head_stays_the_same_while_the_head_moves_on(ledger, lists, follow) -> None:
    for n, subject in enumerate((A, B, C)):
        went_missing(ledger, subject, n + 1, child=subject[-1])
    head = EpisodeReader(ledger.database, ledger.vault, ledger.repository).known_at(follow())
    question = ListQuery(at(50), known_at=head, limit=2)
    first = lists.episodes(EpisodeFilters(open=True), question).json
    record(ledger, event("returned", C, 10, "c"))
    went_missing(ledger, f"{AUTHORITY}/d", 20, child="d")
    follow()
    second = lists.episodes(EpisodeFilters(open=True), question._replace(cursor=first["next"])).json
    assert leads(first) + leads(second) == [A, B, C]
    assert first["known_at"] == second["known_at"] == head.position


def test_a_position_that_the_views_have_not_reached_is_answered_as_it_will_be(ledger, lists, follow) -> None:
    went_missing(ledger, A, 1)
    follow()
    went_missing(ledger, B, 2)
    known = EpisodeReader(ledger.database, ledger.vault, ledger.repository).known_at()
    question = ListQuery(at(50), known_at=known)
    before = lists.episodes(EpisodeFilters(), question).json
    assert (before["known_at"], before["complete_to"], leads(before)) == (
        known.position,
        known.position,
        [A, B],
    )
    follow()
    assert lists.episodes(EpisodeFilters(), question).json == before


def test_a_past_list_loses_nobody_when_persons_are_tied_between_its_pages(ledger, lists, follow) -> None:
    reader = EpisodeReader(ledger.database, ledger.vault, ledger.repository)
    for n, subject in enumerate((A, B, C)):
        went_missing(ledger, subject, n + 1, child=subject[-1])
    known = reader.known_at()
    record(ledger, event("located", f"{AUTHORITY}/d", 9, "d"))
    follow()
    question = ListQuery(at(50), known_at=known, limit=1)
    of_b = EpisodeFilters(child=ChildRef(AUTHORITY, "b"))
    first = lists.episodes(EpisodeFilters(), question).json
    record(ledger, event("child-linked", B, 12, "b", same_as={"scheme": AUTHORITY, "reference": "a"}))
    record(ledger, event("episodes-linked", C, 13, "c", with_=B, relation="same_episode"))
    follow()
    rest = pages(partial(lists.episodes, EpisodeFilters()), question._replace(cursor=first["next"]))
    assert leads(first) + leads({"items": joined(rest)}) == [A, B, C]
    assert leads({"items": joined(pages(partial(lists.episodes, of_b), question))}) == [B]


def test_a_past_list_of_one_child_comes_in_pages(ledger, lists, follow) -> None:
    subjects = [f"{AUTHORITY}/p{n}" for n in range(5)]
    for n, subject in enumerate(subjects):
        went_missing(ledger, subject, 10 * n, child="P-2" if n % 2 else "P-1", back=10 * n + 5)
    record(ledger, event("child-linked", subjects[0], 60, same_as={"scheme": AUTHORITY, "reference": "P-2"}))
    question = ListQuery(
        at(70), known_at=EpisodeReader(ledger.database, ledger.vault, ledger.repository).known_at(follow())
    )
    for reference in ("P-1", "P-2"):
        ask = partial(lists.episodes, EpisodeFilters(child=ChildRef(AUTHORITY, reference)))
        for limit in (1, 2, 5):
            assert leads({"items": joined(pages(ask, question._replace(limit=limit)))}) == subjects
