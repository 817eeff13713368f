"""A person's history is read for what it is, however much else is recorded."""

from __future__ import annotations

from eventsourcing.application import Repository
from eventsourcing.persistence import EventStore

from application.queries.episodes.entry_loader import (
    _JOINED,
    _OF_SUBJECTS,
    _PERSON,
    entries_of_episode,
    entries_of_person,
)
from application.recording.ledger import Ledger
from application.store.adopted_rulebooks import _OWN
from tests.support.projection_stories import AUTHORITY, event, record
from tests.support.query_plans import rows_read
from tests.support.submission_builder import HOME, submission


def test_one_episode_is_read_without_meeting_the_others(ledger: Ledger) -> None:
    ledger.record([submission(episode=f"ME-{n}", child=f"P-{n}") for n in range(200)])
    ledger.record([submission("returned", episode="ME-7", child="P-7")])
    subject = f"{HOME}/ME-7"
    assert len(entries_of_person(ledger.database, 1000, subjects=[subject])) == 2
    asked = {"subjects": [subject], "children": [], "known_at": 1000}
    with ledger.database.connection() as connection:
        for query, entries in ((_JOINED, 0), (_OF_SUBJECTS, 2), (_PERSON, 2)):
            assert rows_read(connection, query, asked, "entries") == entries
            assert rows_read(connection, query, asked) < 20


def test_one_stream_is_read_through_the_repository_as_known_at(ledger: Ledger) -> None:
    ledger.record([submission(), submission("returned"), submission(episode="ME-2", child="P-2")])
    ledger.record([submission("located")])
    subject, asked = f"{HOME}/ME-1", []
    repository = Repository(EventStore(ledger.mapper, ledger.recorder))
    repository.get = lambda *of, **how: asked.append(of) or ledger.repository.get(*of, **how)
    for known_at, positions in ((2, []), (3, [3]), (5, [3, 4]), (6, [3, 4, 6]), (1000, [3, 4, 6])):
        read = entries_of_episode(ledger.database, repository, known_at, subject)
        assert [entry.position for entry in read] == positions
        assert [entry.leaf_hash for entry in read] == [
            leaf.hex() for (leaf,) in ledger.database.rows(
                "select leaf_hash from ledger.entries where position = any(%s) order by position", (positions,))
        ]  # fmt: skip
    assert asked == [(subject,)] * 5
    assert entries_of_episode(ledger.database, repository, 1000, f"{HOME}/none") == []


def test_one_episode_is_read_without_the_childhood(ledger: Ledger) -> None:
    ledger.record([submission(episode=f"ME-{n}") for n in range(30)])
    assert [
        e.subject for e in entries_of_episode(ledger.database, ledger.repository, 1000, f"{HOME}/ME-7")
    ] == [f"{HOME}/ME-7"]
    assert len(entries_of_person(ledger.database, 1000, subjects=[f"{HOME}/ME-7"])) == 30


def test_where_two_children_are_concerned_all_that_may_tie_them_comes_with_it(ledger: Ledger) -> None:
    other = {"scheme": HOME, "reference": "P-other"}
    ledger.record([submission(episode=f"ME-{n}") for n in (1, 2)])
    ledger.record([submission("child-linked", episode="ME-2", same_as=other)])
    for subject in (f"{HOME}/ME-1", f"{HOME}/ME-2"):  # said on one episode of the child, it concerns both
        assert len(entries_of_episode(ledger.database, ledger.repository, 1000, subject)) == 3
    covers = [f"{HOME}/ME-1"]
    ledger.record([submission("interview-held", episode="ME-3", child="P-other", covers=covers)])
    assert len(entries_of_episode(ledger.database, ledger.repository, 1000, f"{HOME}/ME-1")) == 4


def test_an_episode_that_is_named_comes_with_it(ledger: Ledger) -> None:
    ledger.record([submission(episode=f"ME-{n}") for n in (1, 2, 3)])
    ledger.record([submission("interview-held", episode="ME-2", covers=[f"{HOME}/ME-1"])])
    for subject in (f"{HOME}/ME-1", f"{HOME}/ME-2"):
        assert len(entries_of_episode(ledger.database, ledger.repository, 1000, subject)) == 3


def test_what_judges_an_answer_is_found_without_meeting_the_rest(ledger: Ledger) -> None:
    for part in range(6):
        ledger.record([submission(episode=f"ME-{part}", child=f"P-{part}") for _ in range(500)])
    with ledger.database.connection() as connection:
        assert rows_read(connection, _OWN, [3000]) < 20


def test_what_a_stranger_covers_without_effect_is_not_read(ledger) -> None:
    """Neither its interview with the episode, nor the episode with its interview."""
    foreign = [f"{AUTHORITY}/own-{n}" for n in range(3)]
    for subject in foreign:
        record(ledger, event("reported", subject, 1, category="missing"))
    record(ledger, event("interview-held", "ORG-EVIL/1", 2, covers=foreign))
    for subject in (*foreign, "ORG-EVIL/1"):
        assert {
            e.subject for e in entries_of_episode(ledger.database, ledger.repository, 2**53, subject)
        } == {subject}
    record(ledger, event("interview-allocated", foreign[0], 3, provider="ORG-EVIL"))
    read = {e.subject for e in entries_of_episode(ledger.database, ledger.repository, 2**53, foreign[0])}
    assert read == {foreign[0], "ORG-EVIL/1"}
