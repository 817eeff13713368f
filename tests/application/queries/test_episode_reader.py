"""Reads of one person: by a linked reference, and what each entry changed, from all that it hangs on."""

from __future__ import annotations

import pytest

from application.projections.follower import Follower
from application.projections.standings_table import EpisodeFilters
from application.queries.episodes.episode_reader import EpisodeReader
from application.queries.episodes.person_loader import PersonLoader
from application.queries.episodes.stored_overlaps import _AROUND
from application.queries.lists.episodes_and_obligations import Lists
from application.queries.lists.page import ListQuery
from application.rulebooks.adopt import adopt
from domain.errors import NotFound
from domain.facts.value_kinds import ChildRef
from tests.support.projection_stories import AUTHORITY, at, event, hour, record, went_missing
from tests.support.query_plans import rows_read

A, B, Z = (f"{AUTHORITY}/{name}" for name in "abz")


@pytest.fixture
def reader(ledger) -> EpisodeReader:
    return EpisodeReader(ledger.database, ledger.vault, ledger.repository)


def of_child(reader: EpisodeReader, reference: str) -> list[str]:
    found = reader.child(ChildRef(AUTHORITY, reference), None, at(5), reader.known_at()).json
    return [episode["subject"] for episode in found["episodes"]]


def test_a_child_is_found_by_a_linked_reference_that_has_no_episode(ledger, reader, dsn) -> None:
    asked = []
    for n in range(6):  # which of two random ids is the smaller, and stands for the person, is chance
        subject, other = f"{AUTHORITY}/x{n}", {"scheme": AUTHORITY, "reference": f"Q-{n}"}
        went_missing(ledger, subject, 1, child=f"P-{n}")
        record(ledger, event("child-linked", subject, 2, f"P-{n}", same_as=other))
        asked.append((subject, f"Q-{n}"))
    known = reader.known_at()
    record(ledger, event("located", Z, 1, "Z"))
    Follower(dsn).catch_up()
    lists = Lists(ledger.database, ledger.vault)
    for subject, reference in asked:
        assert of_child(reader, reference) == [subject]
        filters = EpisodeFilters(child=ChildRef(AUTHORITY, reference))
        for question in (ListQuery(at(5)), ListQuery(at(5), known)):
            assert [i["subject"] for i in lists.episodes(filters, question).json["items"]] == [subject]


def test_a_child_that_an_episode_was_found_not_to_be_has_none(ledger, reader) -> None:
    went_missing(ledger, A, 1)
    to = {"scheme": AUTHORITY, "reference": "P-2"}
    record(ledger, event("child-corrected", A, 2, to=to, reason="another child"))
    assert of_child(reader, "P-2") == [A]
    with pytest.raises(NotFound):
        of_child(reader, "P-1")


def test_the_history_counts_an_interview_that_came_to_cover_by_a_correction(ledger, reader) -> None:
    went_missing(ledger, A, 1, back=5)
    went_missing(ledger, B, 40, back=42)
    record(
        ledger,
        event("interview-held", B, 44, id="held"),
        event(
            "corrected",
            B,
            45,
            target={"source": f"urn:x:{AUTHORITY}", "id": "held"},
            changes={"data": {"covers": [A]}},
        ),
        event("interview-held", A, 201),
    )
    timeline = reader.timeline(A, None, at(1000), reader.known_at()).json["obligations"]
    assert {o["rule"]: o["verdict"] for o in timeline}["return-interview-held"] == "met"
    last = reader.history(A, None, reader.known_at(), lambda *_: True).json["items"][-1]
    assert "overdue" not in {v.get("before") for v in last["verdicts"]}


def test_a_childs_episodes_are_in_the_order_of_their_starts(ledger, reader) -> None:
    left = {"earliest": hour(1), "latest": hour(2)}
    went_missing(ledger, B, 5, back=6)
    record(ledger, event("reported", A, 10, left_at=left, category="missing"))
    found = reader.child(ChildRef(AUTHORITY, "P-1"), None, at(20), reader.known_at()).json["episodes"]
    assert [(e["subject"], e["started"]["earliest"]) for e in found] == [(A, hour(1)), (B, hour(5))]


def test_the_history_counts_what_a_rule_sees_in_the_childs_other_episodes(ledger, reader) -> None:
    adopt(ledger, REPEATS, "head_of_service")
    for n, subject in enumerate((A, B)):
        went_missing(ledger, subject, 1 + 48 * n, back=2 + 48 * n)
    went_missing(ledger, Z, 97)
    first = reader.history(Z, None, reader.known_at(), lambda *_: True).json["items"][0]
    assert {v["rule"]: v.get("after") for v in first["verdicts"]}["strategy"] == "overdue"


REPEATS = """
id = "local"
version = "1"
title = "A local protocol"
lateness_hours = 24

[[rules]]
id = "strategy"
version = 1
title = "Strategy meeting within a day of the third episode in 30 days"
source = "Local protocol, 2026"
accountable = "responsible_authority"
starts = { episodes = 3, within_days = 30 }
limit = { hours = 24 }
met_by = [{ fact = "strategy-discussion-held" }]
"""


def test_an_episode_is_shown_alike_whether_the_views_know_its_childhood_or_not(ledger, reader, dsn) -> None:
    def shown(known=None):
        known = known or reader.known_at()
        return [reader.episode_with_etag(subject, None, at(5), known) for subject in (A, B, Z)]

    went_missing(ledger, A, 1, back=5)
    went_missing(ledger, B, 4, back=8)
    went_missing(ledger, Z, 40)
    behind, known = shown(), reader.known_at()
    Follower(dsn).catch_up()
    assert shown() == behind
    overlapping = [
        any(f["finding"] == "overlaps_episode" for f in told["findings"]) for _, (told, _) in behind
    ]
    assert overlapping == [True, True, False]
    record(ledger, event("returned", A, 3))
    earlier = shown()
    assert earlier != behind
    assert shown(known) == behind
    Follower(dsn).catch_up()
    assert shown() == earlier
    assert shown(known) == behind


def test_an_episode_is_shown_without_reading_its_childhood(ledger, reader, dsn) -> None:
    for n in range(20):
        went_missing(ledger, f"{AUTHORITY}/n{n}", 10 * n + 1, back=10 * n + 5)
    Follower(dsn).catch_up()
    persons, known = PersonLoader(ledger.database, ledger.repository), reader.known_at()
    person, last = persons.load_with_overlaps(f"{AUTHORITY}/n3", None, known)
    assert {entry.subject for entry in person.entries} == {f"{AUTHORITY}/n3"}
    assert last == known.position
    subject = f"{AUTHORITY}/n3"
    asked = {"subjects": [subject], "subject": subject, "children": [], "known_at": known.position}
    with ledger.database.connection() as connection:
        assert rows_read(connection, _AROUND, asked) < 20 * 20
