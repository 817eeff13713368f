"""Lists of what is wanting, and of how sources send: as at, as known at, in pages, for whom; counted once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from application.projections.follower import Follower
from application.projections.quality_table import QualityFilters
from application.projections.rebuild import rebuild
from application.queries.episodes.person_loader import KnownAt
from application.queries.lists.page import ListQuery
from application.queries.lists.quality import Quality
from domain.entries.timeliness import WINDOW
from domain.facts.value_kinds import ChildRef
from domain.moment import DAY, rfc3339
from tests.support.follower_faults import heal, poison
from tests.support.projection_stories import (
    AUTHORITY,
    HOST,
    POLICE,
    arrivals_expected,
    arrivals_held,
    at,
    event,
    record,
    went_missing,
)

A, B, C = (f"{AUTHORITY}/{name}" for name in "abc")
LATER = 24 * 60


@pytest.fixture
def quality(ledger) -> Quality:
    return Quality(ledger.database, ledger.vault)


def listed(quality, as_at=LATER, scope=None, known_at=None, **filters):
    """The kinds and subjects of all pages, two items at a time; that no story here says a date of birth is left out."""
    found, following, pages = [], None, 0
    while pages == 0 or following is not None:
        known = None if known_at is None else KnownAt(known_at, known_at)
        asked = ListQuery(at(as_at), known, scope, 2, following)
        answer = quality.issues(QualityFilters(**filters), asked).json
        items = [item for item in answer["items"] if item["kind"] != "no_birth_month"]
        found += [(item["kind"], item["subject"].partition("/")[2]) for item in items]
        following, pages = answer["next"], pages + 1
        assert pages < 20
    return found


@pytest.fixture
def told(ledger, dsn) -> int:
    """Three children: one away without end, one back whom nobody reported, one back twice. The position."""
    record(ledger, event("reported", A, 0, category="missing"))
    record(ledger, event("returned", B, 5, "P-2", source="urn:x:police", by=POLICE, basis="document"))
    went_missing(ledger, C, 6, "P-3", back=8)
    record(ledger, event("returned", C, 30, "P-3", source="urn:x:police", by=POLICE))
    return Follower(dsn).catch_up()


EVERYTHING = [
    ("report_without_police_reference", "a"),
    ("open_without_entry", "a"),
    ("return_without_report", "b"),
    ("report_without_police_reference", "c"),
    ("contradicting_returns", "c"),
]


def test_the_list_says_what_is_wanting_the_oldest_first(quality, told) -> None:
    assert sorted(listed(quality)) == sorted(EVERYTHING)
    assert [subject for _, subject in listed(quality)] == ["a", "a", "b", "c", "c"]


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize(
    ("filters", "kinds"),
    [
        ({"kind": "contradicting_returns"}, [4]),
        ({"source": "urn:x:police"}, [2, 4]),
        ({"source": "urn:x:none"}, []),
        ({"authority": AUTHORITY}, [0, 1, 2, 3, 4]),
        ({"authority": HOST}, []),
        ({"child": ChildRef(AUTHORITY, "P-2")}, [2]),
        ({"child": ChildRef(AUTHORITY, "nobody")}, []),
        ({"days": 59}, [0, 1, 2, 3, 4]),
        ({"days": 61}, [0, 2, 3, 4]),
    ],
)
def test_filters_mean_the_same_live_and_as_known_then(quality, told, known, filters, kinds) -> None:
    found = listed(quality, known_at=told if known else None, **filters)
    assert sorted(found) == sorted(EVERYTHING[n] for n in kinds)


def test_as_at_says_what_was_wanting_then(quality, told) -> None:
    assert listed(quality, -1) == []
    assert listed(quality, 0) == [("report_without_police_reference", "a")]
    assert listed(quality, 73) == listed(quality, LATER)
    assert ("open_without_entry", "a") not in listed(quality, 71)
    assert ("contradicting_returns", "c") not in listed(quality, 29)


def test_what_was_known_then_stays(quality, ledger, dsn, told) -> None:
    record(ledger, event("reported", B, 3, "P-2", category="missing"))
    now = Follower(dsn).catch_up()
    assert ("return_without_report", "b") not in listed(quality)
    assert ("return_without_report", "b") in listed(quality, known_at=told)
    assert sorted(listed(quality, known_at=now)) == sorted(listed(quality))


def test_a_reader_sees_what_is_wanting_in_their_episodes_only(quality, ledger, dsn, told) -> None:
    record(ledger, event("reported", f"{HOST}/x", 0, "Q-1", category="missing"))
    Follower(dsn).catch_up()
    assert {subject for _, subject in listed(quality, scope=frozenset({HOST}))} == {"x"}
    assert {subject for _, subject in listed(quality, scope=frozenset({AUTHORITY}))} == {"a", "b", "c"}


def test_who_cannot_be_assessed_is_listed_by_subject_until_it_can(quality, ledger, dsn, told) -> None:
    poison(ledger, A, "P-1")
    known = Follower(dsn).catch_up()
    assert listed(quality, kind="not_assessable") == [("not_assessable", "a")]
    assert listed(quality, kind="not_assessable", child=ChildRef(AUTHORITY, "P-1")) == [
        ("not_assessable", "a")
    ]
    assert listed(quality, kind="not_assessable", scope=frozenset({HOST})) == []
    assert sorted(listed(quality)) == sorted([*EVERYTHING, ("not_assessable", "a")])  # as of before
    rebuild(dsn)
    assert listed(quality, kind="not_assessable") == [("not_assessable", "a")]
    left = [each for each in EVERYTHING if each[1] != "a"]
    then = [*left, ("not_assessable", "a")]  # nobody can be told what was known of it then
    assert sorted(listed(quality, known_at=known)) == sorted(then)
    assert listed(quality, known_at=known, kind="not_assessable", scope=frozenset({HOST})) == []
    assert listed(quality, known_at=known - 1, kind="not_assessable") == []
    heal(dsn)
    record(ledger, event("reported", A, 1))
    Follower(dsn).catch_up()
    assert listed(quality, kind="not_assessable") == []


def test_who_could_never_be_assessed_is_found_by_child_and_named_with_them(quality, ledger, dsn) -> None:
    poison(ledger, A, "P-1")
    Follower(dsn).catch_up()
    child = ChildRef(AUTHORITY, "P-1")
    [item] = quality.issues(QualityFilters(child=child), ListQuery(at(LATER))).json["items"]
    assert item == {
        "kind": "not_assessable",
        "subject": A,
        "positions": [],
        "sources": [],
        "child": {"scheme": AUTHORITY, "reference": "P-1"},
    }


def sources(quality, now=None, scope=None, limit=50):
    asked = ListQuery(now or at(LATER), scope=scope, limit=limit)
    return {item["source"]: item for item in quality.sources(asked).json["items"]}


def test_each_source_says_how_many_how_late_and_when_last(quality, ledger, told) -> None:
    found = sources(quality)
    assert {source: item["entries"] for source, item in found.items()} == {
        f"urn:x:{AUTHORITY}": 3,
        "urn:x:police": 2,
    }
    police, [[recorded]] = (
        found["urn:x:police"],
        ledger.database.rows(
            "select (extract(epoch from recorded_at) * 1000000)::bigint from ledger.entries where position = %s",
            (told,),
        ),
    )
    assert police["last_entry"] == {"position": told, "recorded_at": rfc3339(recorded)}
    assert police["after_happened"]["median_seconds"] == (recorded - at(30)) // 1_000_000
    assert "after_learned" not in police


def test_a_source_is_silent_after_its_habit(quality, ledger, dsn) -> None:
    went_missing(ledger, A, 0)
    Follower(dsn).catch_up()
    now = int(datetime.now(UTC).timestamp() * 1_000_000)
    for days, silent in ((0, False), (1, False), (2, True)):
        [item] = sources(quality, now + days * DAY).values()
        assert (item["silent_days"], item["habit_days"], item["silent"]) == (days, 1, silent)


def test_pages_of_sources_and_who_sees_which(quality, ledger, dsn, told) -> None:
    record(ledger, event("reported", f"{HOST}/x", 0, "Q-1"))
    Follower(dsn).catch_up()
    names = sorted(sources(quality))
    first = quality.sources(ListQuery(at(LATER), limit=2)).json
    rest = quality.sources(ListQuery(at(LATER), limit=2, cursor=first["next"])).json
    assert [item["source"] for item in (*first["items"], *rest["items"])] == names
    assert rest["next"] is None
    assert set(sources(quality, scope=frozenset({HOST}))) == {f"urn:x:{HOST}"}
    assert set(sources(quality, scope=frozenset({AUTHORITY}))) == {f"urn:x:{AUTHORITY}", "urn:x:police"}
    assert sources(quality, scope=frozenset({"E10000014"})) == {}


def test_how_systems_sent_as_known_then_stays(quality, ledger, dsn, told) -> None:
    before = quality.sources(ListQuery(at(LATER))).json["items"]
    record(ledger, event("returned", A, 9), event("reported", f"{HOST}/x", 0, "Q-1"))
    now = Follower(dsn).catch_up()
    known = KnownAt(told, told)
    assert (
        quality.sources(ListQuery(at(LATER), known)).json["items"]
        == before
        != list(sources(quality).values())
    )
    assert quality.sources(ListQuery(at(LATER), KnownAt(now, now))).json["items"] == list(
        sources(quality).values()
    )
    assert quality.sources(ListQuery(at(LATER), KnownAt(0, 0))).json["items"] == []
    own = ListQuery(at(LATER), known, frozenset({HOST}))
    assert quality.sources(own).json["items"] == []  # what it sends now, it had not sent then
    assert quality.sources(own._replace(known_at=KnownAt(now, now))).json["items"] != []


def test_pages_of_how_systems_sent_as_known_then(quality, told) -> None:
    asked = ListQuery(at(LATER), KnownAt(told, told), limit=1)
    first = quality.sources(asked).json
    rest = quality.sources(asked._replace(cursor=first["next"])).json
    assert [item["source"] for item in (*first["items"], *rest["items"])] == list(sources(quality))
    assert quality.sources(asked._replace(cursor=rest["next"])).json["items"] == []


def test_the_figures_of_then_are_of_the_last_entries_of_then(quality, ledger, dsn) -> None:
    many = [event("sighting-reported", f"{AUTHORITY}/m{n % 50}", n / 10) for n in range(WINDOW + 20)]
    for n in range(0, len(many), 500):
        record(ledger, *many[n : n + 500])
    then = Follower(dsn).catch_up()
    [before] = quality.sources(ListQuery(at(LATER))).json["items"]
    record(ledger, *(event("returned", B, n) for n in range(300)))
    Follower(dsn).catch_up()
    assert quality.sources(ListQuery(at(LATER), KnownAt(then, then))).json["items"] == [before]
    assert (before["entries"], before["of_last"]) == (WINDOW + 20, WINDOW)


def test_entries_are_counted_once_whatever_is_retried_leapt_over_or_rebuilt(quality, ledger, dsn) -> None:
    many = [event("sighting-reported", f"{AUTHORITY}/m{n % 50}", n / 10) for n in range(WINDOW - 10)]
    for n in range(0, len(many), 500):
        record(ledger, *many[n : n + 500])
    Follower(dsn, far=100).catch_up()  # in bulk
    ledger.record(many[:3])  # duplicates
    record(ledger, *(event("sighting-reported", B, n / 10) for n in range(150)))
    Follower(dsn, far=100).catch_up()  # in bulk again
    for n in range(30):  # one by one
        record(ledger, event("sighting-reported", A, n))
        Follower(dsn).catch_up()
    [source] = sources(quality).values()
    assert (source["entries"], source["of_last"]) == (WINDOW + 170, WINDOW)
    live = arrivals_held(dsn)
    assert live == arrivals_expected(ledger)
    assert rebuild(dsn).differences == ()
    assert arrivals_held(dsn) == live
    assert live[-1][1] == WINDOW + 170
