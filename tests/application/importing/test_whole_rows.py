"""A row of an extract is taken whole or not at all, and the reason that is given is the true one."""

from __future__ import annotations

import io
from functools import partial

import pytest

from application.importing import (
    SENTENCES,
    RecordedRows,
    RepeatedRows,
    import_events,
    of_ledger,
    read_ssd_missing,
    row_changes,
)
from application.importing.ssd_mapping import COLUMNS
from interface.wiring.record_batches import record

FIRST = "1,P1,01/03/2025,M,,,"


@pytest.fixture
def extract(ledger):
    """Import an extract of these rows as `ledger import` does."""

    def imported(*rows):
        file = io.BytesIO("\n".join([",".join(COLUMNS), *rows]).encode())
        read = RepeatedRows().checked(read_ssd_missing(file, "E08000025", "urn:test:ssd"))
        changes = row_changes(read, RecordedRows(ledger.database, "urn:test:ssd").entries_of)

        def post(events, *, dry_run=False):
            return [of_ledger(outcome) for outcome in record(ledger, events, dry_run=dry_run)]

        return import_events(changes, post, check=partial(post, dry_run=True), sentences=SENTENCES)

    return imported


@pytest.mark.parametrize(
    "again",
    ["1,P1,01/03/2025,M,02/03/2025,Y,Y", "1,P2,01/03/2025,M,,,", "1,P1,05/03/2025,M,06/03/2025,,"],
)
def test_a_row_that_repeats_an_id_is_not_taken_and_says_which_row_has_it(extract, recorded_ids, again):
    report = extract(FIRST, "2,P2,01/03/2025,M,,,", again)
    [fault] = report.not_taken
    assert (fault.row, fault.reason, fault.column) == (4, "repeated-id", COLUMNS[0])
    assert fault.detail == "row 2 has the same id and says otherwise; not taken"
    assert (report.rows, report.taken) == (3, 2)
    assert recorded_ids() == ["1:start", "2:start"]


def test_the_same_row_twice_is_a_duplicate(extract, recorded_ids):
    report = extract(FIRST, FIRST)
    assert (report.taken, report.recorded, report.duplicates) == (2, 1, 1)
    assert recorded_ids() == ["1:start"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1,P1,01/03/2025,M,02/03/2090,Y,Y", "future-event"),
        ("1,P1,01/03/1999,M,02/03/2025,Y,Y", "invalid-event"),
    ],
)
def test_of_a_row_with_one_event_that_is_refused_nothing_is_recorded(extract, recorded_ids, row, reason):
    report = extract("2,P2,01/03/2025,M,02/03/2025,,", row)
    assert {(fault.row, fault.reason) for fault in report.not_taken} == {(3, reason)}
    assert recorded_ids() == ["2:end", "2:start"]


def test_of_a_row_with_an_id_that_holds_something_else_nothing_is_recorded(ledger, extract, recorded_ids):
    event = {
        "specversion": "1.0", "id": "1:end", "source": "urn:test:ssd", "type": "missing-episode.located.v1",
        "subject": "E08000025/7", "time": "2025-03-01T12:00:00Z", "data": {"child": "P1"},
    }  # fmt: skip
    record(ledger, [event])
    report = extract("1,P1,01/03/2025,M,02/03/2025,,")
    assert [fault.reason for fault in report.not_taken] == ["id-reused"]
    assert recorded_ids() == ["1:end"]


@pytest.fixture
def recorded_ids(ledger):
    """The ids that the source has in the ledger, in order."""

    def ids():
        query = "select i.id from ledger.event_ids i join ledger.sources s on s.no = i.source_no where s.source = %s"
        return sorted(id_ for (id_,) in ledger.database.rows(query, ("urn:test:ssd",)))

    return ids
