"""Files imported into a real ledger: once, and again without effect."""

from __future__ import annotations

import io
import json
import time
from datetime import date

import pytest

from application.importing import (
    SENTENCES,
    RecordedRows,
    import_events,
    of_ledger,
    read_cloudevents,
    read_ssd_missing,
    row_changes,
)
from application.importing.batches import refused
from application.queries.episodes.entry_loader import entries_of_person
from application.simulation import simulate
from domain.assessment.assess import assess
from domain.errors import Refused
from domain.moment import FOREVER, instant
from domain.rules.rulebook import england
from interface.validation import parse_event
from interface.validation.strict_json import read_json

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


@pytest.fixture
def extract(ledger, post):
    """Import an extract of these rows, made on a day of April 2025 (None: nobody said)."""

    def imported(*rows, day=1):
        made = None if day is None else f"2025-04-{day:02d}T06:00:00Z"
        file = io.BytesIO((HEADER + "\n".join(rows)).encode())
        read = read_ssd_missing(file, "E08000025", "urn:test:ssd", extracted_at=made)
        told = RecordedRows(ledger.database, "urn:test:ssd").entries_of
        return import_events(row_changes(read, told), post, sentences=SENTENCES)

    return imported


@pytest.fixture
def episode(ledger):
    """The episode of row 1, as the ledger has it now."""

    def read():
        found = assess(entries_of_person(ledger.database, 2**60, subjects=["E08000025/1"]), england())
        return found[0]

    return read


def changes(report):
    """What of which column was recorded as a change."""
    return [(one.column.removeprefix("miss_missing_"), one.change) for one in report.changed]


def ended(episode):
    """When it ended, by its last picture; None while it has not."""
    last = episode.pictures[-1].value
    return last.since if last.standing == "returned" else None


def marked(episode, kind):
    """Whether figures count such a thing."""
    return any(mark.kind == kind for mark in episode.marks)


def test_a_row_about_another_person_than_before_is_reported(extract):
    assert extract("1,P1,01/03/2025,M,,,").complete
    other = extract("1,P2,01/03/2025,M,02/03/2025,,", day=2)
    assert [one.reason for one in other.not_taken] == ["id-reused", "child-differs"]
    assert all(one.detail == SENTENCES[one.reason] for one in other.not_taken)


def test_a_changed_value_corrects_and_another_time_of_extraction_alone_changes_nothing(
    ledger, extract, episode
):
    extract("1,P1,01/03/2025 22:00,M,02/03/2025 07:00,Y,N")
    again = extract("1,P1,2025-03-01T22:00,m,02/03/2025 07:00,Y,N", day=2)
    assert (again.duplicates, again.recorded) == (3, 0)
    changed = extract("1,P1,01/03/2025 21:00,A,05/04/2025 07:00,Y,Y", day=8)
    assert changes(changed) == [
        ("episode_start_date", "corrected"),
        ("episode_end_date", "corrected"),
        ("rhi_offered", "corrected"),
    ]
    assert changed.complete
    now = episode()
    assert now.picture(FOREVER - 1).category["DfE-2014"].current == "away_without_authorisation"
    assert now.pictures[1].start == instant("2025-03-01T21:00:00Z")
    assert ended(now).earliest == instant("2025-04-05T06:00:00Z")  # though the first extract was made before
    assert not any(f.finding in {"out_of_sequence", "correction_invalid"} for f in now.findings)
    head = ledger.entries.max_notification_id()
    assert extract("1,P1,01/03/2025 21:00,A,05/04/2025 07:00,Y,Y", day=8).recorded == 0
    assert ledger.entries.max_notification_id() == head


@pytest.mark.parametrize("days", [(1, 2, 3, 4), (None, None, None, None), (1, 1, 1, 1)])
def test_one_value_another_and_the_first_again(extract, episode, days):
    said = ["02/03/2025 07:00", "03/03/2025 07:00", "02/03/2025 07:00", "04/03/2025"]
    for number, (value, day) in enumerate(zip(said, days, strict=True)):
        report = extract(f"1,P1,01/03/2025 22:00,M,{value},,", day=day)
        hour = 7 if ":" in value else 0
        assert ended(episode()).earliest == instant(f"2025-03-{value[:2]}T{hour:02}:00:00Z")
        assert changes(report) == ([("episode_end_date", "corrected")] if number else [])
        assert extract(f"1,P1,01/03/2025 22:00,M,{value},,", day=day).recorded == 0


@pytest.mark.parametrize("days", [(1, 2, 3, 4), (None, None, None, None)])
def test_a_blanked_value_is_retracted_and_restored_when_it_comes_back(extract, episode, days):
    first, second, third, fourth = days
    extract("1,P1,01/03/2025 22:00,M,02/03/2025 07:00,Y,", day=first)
    assert changes(extract("1,P1,01/03/2025 22:00,M,,,", day=second)) == [
        ("episode_end_date", "retracted"),
        ("rhi_offered", "retracted"),
    ]
    assert ended(episode()) is None
    assert not marked(episode(), "offered")
    assert changes(extract("1,P1,01/03/2025 22:00,M,03/03/2025 07:00,Y,", day=third)) == [
        ("episode_end_date", "restored"),
        ("episode_end_date", "corrected"),
        ("rhi_offered", "restored"),
    ]
    assert ended(episode()).earliest == instant("2025-03-03T07:00:00Z")
    assert marked(episode(), "offered")
    assert changes(extract("1,P1,01/03/2025 22:00,M,,Y,", day=fourth)) == [("episode_end_date", "retracted")]
    assert ended(episode()) is None
    assert extract("1,P1,01/03/2025 22:00,M,,Y,", day=fourth).recorded == 0


def test_a_blanked_word_is_taken_away_and_the_event_stays(extract, episode):
    extract("1,P1,01/03/2025 22:00,A,,Y,Y")
    assert changes(extract("1,P1,01/03/2025 22:00,,,Y,", day=2)) == [
        ("episode_start_date", "corrected"),
        ("rhi_offered", "corrected"),
    ]
    assert episode().picture(FOREVER - 1).standing == "missing"  # which it is without a category
    assert not marked(episode(), "accepted")


def test_an_older_extract_imported_late_is_old_news(extract, episode):
    extract("1,P1,01/03/2025 22:00,M,02/03/2025 07:00,,", day=1)
    extract("1,P1,01/03/2025 22:00,M,03/03/2025 07:00,,", day=5)
    late = extract("1,P1,01/03/2025 22:00,M,02/03/2025 07:00,Y,", day=3)
    assert (late.recorded, [one.reason for one in late.not_taken]) == (0, ["old-news", "old-news"])
    assert ended(episode()).earliest == instant("2025-03-03T07:00:00Z")
    assert extract("1,P1,01/03/2025 22:00,M,03/03/2025 07:00,,", day=3).complete  # the same is no news


def test_what_another_system_corrected_is_left_to_it(extract, episode, post):
    extract("1,P1,01/03/2025 22:00,M,02/03/2025 07:00,,")
    correction = {
        "specversion": "1.0", "id": "c1", "source": "urn:test:other", "type": "missing-episode.corrected.v1",
        "subject": "E08000025/1", "time": "2025-04-01T10:00:00Z",
        "data": {"child": "P1", "target": {"source": "urn:test:ssd", "id": "1:end"},
                 "changes": {"time": "2025-03-02T09:00:00Z"}},
    }  # fmt: skip
    assert post([correction])[0].status == "recorded"
    assert extract("1,P1,01/03/2025 22:00,M,02/03/2025 07:00,,", day=2).recorded == 0


def test_rows_that_vanished_are_named(ledger, extract):
    extract("1,P1,01/03/2025,M,,,", "2,P2,01/03/2025,M,,,", "3,P3,01/03/2025,M,,,")
    earlier = RecordedRows(ledger.database, "urn:test:ssd")
    assert list(earlier.vanished("E08000025", {"E08000025/2"})) == ["E08000025/1", "E08000025/3"]
    assert list(earlier.vanished("E09000001", set())) == []
    assert list(RecordedRows(ledger.database, "urn:other").vanished("E08000025", set())) == []


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
