"""Files imported into a real ledger: once, and again without effect."""

from __future__ import annotations

import io
import json
import time
from datetime import date

import pytest

from application.importing import (
    SENTENCES,
    import_events,
    of_ledger,
    read_cloudevents,
    read_ssd_missing,
)
from application.importing.posting import refused
from application.simulate import simulate
from domain.errors import Refused
from interface.door import parse_event
from interface.door.strict_json import read_json

HEADER = (
    "miss_table_id,miss_person_id,miss_missing_episode_start_date,miss_missing_episode_type,"
    "miss_missing_episode_end_date,miss_missing_rhi_offered,miss_missing_rhi_accepted\n"
)


@pytest.fixture
def post(ledger):
    """Posting into the ledger as an operator's import does: for the namespace of each subject."""

    def read(event):
        try:
            return parse_event(event, principal="c_import", namespace=None, now=time.time_ns() // 1000)
        except Refused as problem:
            return problem

    def send(events):
        read_events = [read(event) for event in events]
        valid = [one for one in read_events if not isinstance(one, Refused)]
        answers = iter(ledger.record(valid))
        return [refused(one) if isinstance(one, Refused) else of_ledger(next(answers)) for one in read_events]

    return send


def test_an_extract_imported_twice_is_in_the_ledger_once(ledger, post):
    bad = [
        "x y,P1,01/03/2025,M,,,",
        "900,P1,29/03/2026 01:30,M,,,",
        "901,P1,01/01/1999,M,,,",
        "902,P1,01/01/2090,M,,,",
    ]
    good = [f"{n},P{n % 40},0{1 + n % 9}/03/2025 22:{n % 60:02d},M,1{n % 9}/03/2025,Y,NA" for n in range(400)]
    file = (HEADER + "\n".join(good + bad)).encode()

    def imported():
        rows = read_ssd_missing(io.BytesIO(file), "E08000025", "urn:test:ssd", extracted_at="2025-04-01")
        return import_events(rows, post, sentences=SENTENCES)

    first, head = imported(), ledger.entries.max_notification_id()
    assert (first.rows, first.taken, first.recorded, first.duplicates) == (404, 400, 1200, 0)
    assert [(one.row, one.reason) for one in first.not_taken] == [
        (402, "malformed-reference"),
        (403, "no-such-time"),
        (404, "invalid-event"),
        (405, "future-event"),
    ]
    second = imported()
    assert (second.taken, second.recorded, second.duplicates) == (400, 0, 1200)
    assert second.not_taken == first.not_taken
    assert ledger.entries.max_notification_id() == head


def test_a_row_about_another_person_than_before_is_reported(post):
    def imported(row):
        rows = read_ssd_missing(io.BytesIO((HEADER + row).encode()), "E08000025", "urn:test:ssd")
        return import_events(rows, post, sentences=SENTENCES)

    assert imported("1,P1,01/03/2025,M,,,").complete
    later = imported("1,P2,01/03/2025,M,02/03/2025,,")
    assert [one.reason for one in later.not_taken] == ["id-reused", "child-differs"]
    assert all(one.detail == SENTENCES[one.reason] for one in later.not_taken)


def test_a_simulated_quarter_is_recorded_whole_and_sent_again_changes_nothing(ledger, post):
    told = list(simulate("E08000025", 25, date(2025, 4, 1), date(2025, 6, 30), 5))
    file = "\n".join(map(json.dumps, told)).encode()
    first = import_events(read_cloudevents(io.BytesIO(file), read_json), post)
    unlike = len({(event["source"], event["id"]) for event in told})
    assert first.complete
    assert (first.recorded, first.duplicates) == (unlike, len(told) - unlike)
    head = ledger.entries.max_notification_id()
    second = import_events(read_cloudevents(io.BytesIO(file), read_json), post)
    assert (second.recorded, second.duplicates) == (0, len(told))
    assert ledger.entries.max_notification_id() == head
