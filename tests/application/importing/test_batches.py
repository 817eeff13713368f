"""What was read is posted in batches, and every row is accounted for."""

from __future__ import annotations

import io

import pytest

from application.importing import (
    SENTENCES,
    PostedEvent,
    Row,
    RowEvent,
    RowNotTaken,
    import_events,
    of_http,
    of_ledger,
    read_ssd_missing,
)
from application.recording.outcomes import RefusedOutcome
from domain.errors import Fault, IdReused, InvalidEvent, NotRecorded

HEADER = (
    "miss_table_id,miss_person_id,miss_missing_episode_start_date,miss_missing_episode_type,"
    "miss_missing_episode_end_date,miss_missing_rhi_offered,miss_missing_rhi_accepted\n"
)


class Shelf:
    """Keeps events as the ledger does: once by source and id, refusing other content."""

    def __init__(self):
        self.kept, self.batches = {}, []

    def __call__(self, events):
        """Post a batch."""
        self.batches.append(len(events))
        return [self.keep(event) for event in events]

    def keep(self, event):
        """Keep one."""
        before = self.kept.setdefault((event["source"], event["id"]), event)
        if before is event:
            return PostedEvent("recorded")
        return (
            PostedEvent("duplicate")
            if before == event
            else PostedEvent("refused", "id-reused", "other content")
        )


def rows(text, **options):
    """The rows of an extract."""
    return read_ssd_missing(io.BytesIO((HEADER + text).encode()), "E08000025", "urn:test:ssd", **options)


EXTRACT = (
    "".join(f"{n},P{n % 50},01/03/2026 22:30,M,02/03/2026 07:15,Y,N\n" for n in range(1000))
    + "x y,P1,soon,M,,,\n"
)


def test_a_second_import_of_the_same_file_changes_nothing():
    shelf = Shelf()
    first = import_events(rows(EXTRACT), shelf)
    assert (first.rows, first.taken, first.recorded, first.duplicates) == (1001, 1000, 3000, 0)
    second = import_events(rows(EXTRACT), shelf)
    assert (second.rows, second.taken, second.recorded, second.duplicates) == (1001, 1000, 0, 3000)
    assert first.not_taken == second.not_taken
    assert dict(second.refused) == {"malformed-reference": 1, "malformed-time": 1}
    assert max(shelf.batches) <= 500


def test_an_id_that_holds_something_else_is_named_and_the_rest_is_taken():
    shelf = Shelf()
    import_events(rows("1,P1,01/03/2026,M,,,\n2,P2,01/03/2026,M,02/03/2026,Y,\n"), shelf)
    later = import_events(
        rows("1,P1,01/03/2026,M,05/03/2026,,\n2,P2,01/03/2026,M,03/03/2026,Y,\n"), shelf, sentences=SENTENCES
    )
    assert (later.rows, later.taken, later.recorded, later.duplicates) == (2, 1, 1, 3)
    assert [(one.row, one.reason, one.column) for one in later.not_taken] == [
        (3, "id-reused", "miss_missing_episode_end_date")
    ]
    assert later.not_taken[0].detail == SENTENCES["id-reused"]
    assert not later.complete


def test_rows_are_reported_in_their_order_wherever_the_fault_was_found():
    def post(events):
        return [PostedEvent("refused", "future-event", "later", "/time") for _ in events]

    bad = Row(2, 10, faults=(RowNotTaken(2, "invalid-json", "", "no"),))
    good = [Row(n, 10 * n, (RowEvent({"id": str(n)}),)) for n in (1, 3)]
    report = import_events([good[0], bad, good[1]], post)
    assert [(one.row, one.reason, one.column) for one in report.not_taken] == [
        (1, "future-event", "/time"),
        (2, "invalid-json", ""),
        (3, "future-event", "/time"),
    ]
    assert (report.rows, report.taken) == (3, 0)


def test_progress_grows_to_the_end_of_the_file_even_when_every_row_is_bad():
    told = []
    text = "1 1,P1,soon,M,,,\n" * 2000
    report = import_events(rows(text), Shelf(), progress=told.append)
    assert told == sorted(told)
    assert len(told) > 2
    assert told[-1] == len(HEADER + text)
    assert report.rows == 2000


def test_a_batch_that_was_not_confirmed_ends_the_import():
    def post(events):
        raise NotRecorded("no database")

    with pytest.raises(NotRecorded):
        import_events(rows(EXTRACT), post)


def test_answers_of_the_ledger_and_of_http_read_alike():
    invalid = InvalidEvent("It does not fit.", (Fault("/data/mode", "must be one of …"),))
    body = {
        "type": "/problems/invalid-event",
        "detail": "It does not fit.",
        "errors": [{"pointer": "/data/mode", "detail": "must be one of …"}],
    }
    assert of_ledger(RefusedOutcome(invalid)) == of_http({"status": "refused", "problem": body})
    assert of_ledger(RefusedOutcome(IdReused("before"))) == PostedEvent("refused", "id-reused", "before")
    assert of_http({"status": "duplicate", "receipt": {}}) == PostedEvent("duplicate")
