"""Stories for the tests of the views, recorded in a real ledger, and what the views hold of them."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from application.projections import (
    children_table as children,
)
from application.projections import (
    episodes_table as episodes,
)
from application.projections import (
    measures_table as counted,
)
from application.projections import (
    obligations_table as verdicts,
)
from application.projections import (
    quality_table as quality,
)
from application.projections import (
    standings_table as standings,
)
from application.projections.assessed_episode import Assessed
from application.projections.connection import connect
from application.queries.episodes.entry_loader import entries_of_person
from application.recording.ledger import Ledger
from application.recording.outcomes import Receipt, Recorded
from application.store.line_codec import read_line
from domain.assessment.assess import assess
from domain.entries.entry import Submission
from domain.entries.timeliness import WINDOW, arrival
from domain.moment import HOUR, instant, rfc3339
from domain.organisations import namespace
from domain.rules.rulebook import Rulebook, england

AUTHORITY, HOST, POLICE = "E08000025", "E09000001", "E23000014"
START = instant("2026-03-01T00:00:00Z")
_NUMBERS = itertools.count(1)
_VIEWS = (episodes, standings, verdicts, counted, quality)


def hour(n: float) -> str:
    """So many hours into March 2026, as text."""
    return rfc3339(START + int(n * HOUR))


def at(n: float) -> int:
    """The same as an instant."""
    return START + int(n * HOUR)


def event(name: str, subject: str, when: float, child: str = "P-1", **given: Any) -> Submission:
    """A submission; `by`, `source` and `id` may be given, everything else goes into `data`."""
    by = given.pop("by", namespace(subject))
    return Submission(
        id=given.pop("id", None) or f"v{next(_NUMBERS)}",
        source=given.pop("source", f"urn:x:{by}"),
        type=f"missing-episode.{name}.v1",
        subject=subject,
        time=hour(when),
        data={
            "child": {"scheme": AUTHORITY, "reference": child},
            **{k.rstrip("_"): v for k, v in given.items()},
        },
        by=by,
        principal="c_test",
    )


def record(ledger: Ledger, *submissions: Submission) -> list[Receipt]:
    """Record what must be recordable."""
    outcomes = ledger.record(submissions)
    assert all(isinstance(outcome, Recorded) for outcome in outcomes), outcomes
    return [outcome.receipt for outcome in outcomes]


def went_missing(
    ledger: Ledger, subject: str, when: float, child: str = "P-1", back: float | None = None
) -> None:
    """An episode, ended when `back` is given."""
    record(ledger, event("reported", subject, when, child, category="missing"))
    if back is not None:
        record(ledger, event("returned", subject, back, child))


def naive(ledger: Ledger, subjects: Iterable[str], book: Rulebook | None = None) -> list[Assessed]:
    """The episodes of subjects from all that is recorded of their persons, each person whole; by England's rules."""
    book = book or england()
    found: dict[str, Assessed] = {}
    for subject in subjects:
        entries = entries_of_person(ledger.database, 2**60, subjects=[subject])
        by_position = {entry.position: entry for entry in entries}
        for episode in assess(entries, book):
            names = sorted({*episode.named, *map(namespace, episode.subjects)})
            found[episode.lead] = Assessed(episode, names, by_position[episode.position], book)
    return list(found.values())


def held(dsn: str, subjects: Iterable[str]) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of the live views under these subjects."""
    with connect(dsn) as connection:
        return {v.TABLE.name: sorted(v.TABLE.rows(connection, list(subjects))) for v in _VIEWS}


def expected(found: Iterable[Assessed]) -> dict[str, list[tuple[Any, ...]]]:
    """The rows that these episodes should have."""
    return {v.TABLE.name: sorted(row for each in found for row in v.rows(each)) for v in _VIEWS}


def persons(dsn: str, ids: Iterable[str]) -> dict[str, str]:
    """The person that each child is, by the view."""
    with connect(dsn) as connection:
        rows = children.TABLE.rows(connection, [UUID(id_) for id_ in ids])
        return {child.hex: person.hex for child, person in rows}


def arrivals_held(dsn: str) -> list[tuple[Any, ...]]:
    """What the live view keeps of how sources send."""
    with connect(dsn) as connection:
        return connection.execute("select * from arrivals order by source, number").fetchall()


def arrivals_expected(ledger: Ledger) -> list[tuple[Any, ...]]:
    """The same, counted anew from every entry."""
    numbers: dict[str, int] = defaultdict(int)
    rows = []
    for stream_no, line in ledger.database.rows(
        "select stream_no, line from ledger.entries order by position"
    ):
        entry = read_line(line)
        if entry.child is not None:
            numbers[entry.source] += 1
            rows.append((entry.source, numbers[entry.source], entry.position, stream_no, *arrival(entry)))
    return sorted(row for row in rows if row[1] > numbers[row[0]] - WINDOW)


def adopt(ledger: Ledger, text: str) -> None:
    """Adopt another rulebook."""
    data = {"id": "england", "version": "another", "text": text}
    ledger.record([ledger.own_entry("ledger.rulebook-adopted.v1", "another", data)])
