"""An `ssd_missing` extract becomes events (contract.md 2): what each row gives, and what each bad row is told."""

from __future__ import annotations

import io
import random

import pytest

from application.importing import UnreadableFile, read_ssd_missing
from domain.facts import of_type

HEADER = (
    "miss_table_id,miss_person_id,miss_missing_episode_start_date,miss_missing_episode_type,"
    "miss_missing_episode_end_date,miss_missing_rhi_offered,miss_missing_rhi_accepted"
)
EXTRACTED = "2026-04-02T06:00:00+01:00"


def read(*rows, header=HEADER, end="\n", **options):
    """The rows of a file of these lines."""
    return read_bytes(end.join([header, *rows]).encode(), **options)


def read_bytes(content, **options):
    """The rows of a file of these bytes."""
    return list(read_ssd_missing(io.BytesIO(content), "E08000025", "urn:test:ssd", **options))


def events(*rows, **options):
    """The events of rows that are all taken."""
    found = read(*rows, **options)
    assert [fault for row in found for fault in row.faults] == []
    return [one.event for row in found for one in row.events]


def faults(row, **options):
    """What a bad row is told: reason and column."""
    (found,) = read(row, **options)
    assert found.events == ()
    return [(fault.reason, fault.column) for fault in found.faults]


def start(value, **options):
    """When a row's report happened: its time, or its moment."""
    event = events(f"1,P1,{value},M,,,", **options)[0]
    return event.get("time") or event["data"]["happened"]


def test_a_whole_row_gives_a_report_a_return_and_what_is_claimed_of_the_interview():
    assert events("17,P9,01/03/2026 22:30,M,02/03/2026 07:15:30,Y,N", extracted_at=EXTRACTED) == [
        {
            "specversion": "1.0",
            "id": "17:start",
            "source": "urn:test:ssd",
            "type": "missing-episode.reported.v1",
            "subject": "E08000025/17",
            "time": "2026-03-01T22:30:00Z",
            "data": {"child": "P9", "learned_at": EXTRACTED, "category": "missing"},
        },
        {
            "specversion": "1.0",
            "id": "17:end",
            "source": "urn:test:ssd",
            "type": "missing-episode.returned.v1",
            "subject": "E08000025/17",
            "time": "2026-03-02T07:15:30Z",
            "data": {"child": "P9", "learned_at": EXTRACTED},
        },
        {
            "specversion": "1.0",
            "id": "17:interview",
            "source": "urn:test:ssd",
            "type": "missing-episode.interview-summary-recorded.v1",
            "subject": "E08000025/17",
            "time": EXTRACTED,
            "data": {"child": "P9", "learned_at": EXTRACTED, "offered": "yes", "accepted": "no"},
        },
    ]


def test_an_open_row_without_answers_gives_only_its_report():
    assert [event["id"] for event in events("17,P9,01/03/2026,A,,,")] == ["17:start"]
    assert events("17,P9,01/03/2026,A,,,")[0]["data"]["category"] == "away_without_authorisation"
    assert "category" not in events("17,P9,01/03/2026,,,NULL,null")[0]["data"]


@pytest.mark.parametrize(
    ("offered", "accepted", "said"),
    [
        ("Y", "N", {"offered": "yes", "accepted": "no"}),
        ("NA", "", {"offered": "not_applicable"}),
        ("", "na", {"accepted": "not_applicable"}),
        ("No", "N/A", {"offered": "no", "accepted": "not_applicable"}),
    ],
)
def test_a_blank_answer_says_nothing_and_is_never_a_no(offered, accepted, said):
    summary = events(f"17,P9,01/03/2026,M,02/03/2026,{offered},{accepted}")[-1]
    assert {name: summary["data"].get(name) for name in ("offered", "accepted")} == {
        "offered": None,
        "accepted": None,
    } | said


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("01/03/2026", {"date": "2026-03-01"}),
        ("2026-03-01", {"date": "2026-03-01"}),
        ("2026-03-01 00:00:00.000", {"date": "2026-03-01"}),
        ("2026-07-01 22:30:00.000", "2026-07-01T21:30:00Z"),
        ("2026-07-01T22:30:00.1234567", "2026-07-01T21:30:00.123456Z"),
        ("2026-07-01T22:30:00+01:00", "2026-07-01T21:30:00Z"),
        ("2026-07-01T22:30:00Z", "2026-07-01T22:30:00Z"),
        ("2026-07-01T00:00:00Z", "2026-07-01T00:00:00Z"),  # one in the morning in London
        ("2026-07-01T00:00:00+01:00", {"date": "2026-07-01"}),
        ("25/10/2025 01:30", "2025-10-25T00:30:00Z"),
        ("26/10/2025 01:30", {"earliest": "2025-10-26T00:30:00Z", "latest": "2025-10-26T01:30:00Z"}),
        ("26/10/2025", {"date": "2025-10-26"}),
        ("29/03/2026 02:00", "2026-03-29T01:00:00Z"),
        ("29/03/2026 00:59", "2026-03-29T00:59:00Z"),
    ],
)
def test_a_naive_time_is_londons_and_midnight_means_the_day(written, meant):
    assert start(written) == meant


def test_exact_midnight_takes_midnight_for_a_time_but_a_date_stays_a_day():
    assert start("01/07/2026 00:00", exact_midnight=True) == "2026-06-30T23:00:00Z"
    assert start("01/07/2026", exact_midnight=True) == {"date": "2026-07-01"}


def test_a_time_that_the_clocks_skipped_is_not_guessed():
    assert faults("1,P1,29/03/2026 01:30,M,,,") == [("no-such-time", "miss_missing_episode_start_date")]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (",P1,01/03/2026,M,,,", [("missing-value", "miss_table_id")]),
        ("1,,01/03/2026,M,,,", [("missing-value", "miss_person_id")]),
        ("1,P1,,M,02/03/2026,,", [("missing-value", "miss_missing_episode_start_date")]),
        ("1 2,P1,01/03/2026,M,,,", [("malformed-reference", "miss_table_id")]),
        ("1,Sam Smith,01/03/2026,M,,,", [("malformed-reference", "miss_person_id")]),
        ("1,P\u00e91,01/03/2026,M,,,", [("malformed-reference", "miss_person_id")]),
        ("1,P1,03/25/2026,M,,,", [("malformed-time", "miss_missing_episode_start_date")]),
        ("1,P1,01/03/2026,M,31/02/2026,,", [("malformed-time", "miss_missing_episode_end_date")]),
        ("1,P1,01/03/2026,M,9999-12-31,,", [("malformed-time", "miss_missing_episode_end_date")]),
        ("1,P1,yesterday,M,,,", [("malformed-time", "miss_missing_episode_start_date")]),
        ("1,P1,01/03/2026,X,,,", [("unknown-value", "miss_missing_episode_type")]),
        ("1,P1,01/03/2026,M,,maybe,", [("unknown-value", "miss_missing_rhi_offered")]),
        ("1,P1,01/03/2026,M,,,letter sent", [("unknown-value", "miss_missing_rhi_accepted")]),
        ("1,P1,01/03/2026,M", [("unreadable-row", "")]),
        ("1,P1,01/03/2026,M,,,,", [("unreadable-row", "")]),
        ('1,"P1,01/03/2026,M,,,', [("unreadable-row", "")]),
        (
            ",P1,soon,X,,,",
            [
                ("missing-value", "miss_table_id"),
                ("malformed-time", "miss_missing_episode_start_date"),
                ("unknown-value", "miss_missing_episode_type"),
            ],
        ),
    ],
)
def test_a_bad_row_gives_no_events_and_every_reason(row, told):
    assert faults(row) == told


def test_faults_name_row_and_column_and_never_the_value():
    (row,) = [row for row in read("1,P1,01/03/2026,M,,,", "2,Sam Smith,never,Z,,,") if row.faults]
    assert row.number == 3
    assert {fault.row for fault in row.faults} == {3}
    assert not any(word in fault.detail for fault in row.faults for word in ("Sam", "never", "Z"))


def test_a_stray_quotation_mark_or_an_endless_line_spoils_no_other_row():
    found = read(
        '1,"P1,01/03/2026,M,,,',
        "x" * 3_000_000,
        "2,P2,01/03/2026,M,,,",
        'a"b,"c,,,,,',
        "3,P3,01/03/2026,M,,,",
    )
    assert [(row.number, len(row.events)) for row in found] == [(2, 0), (3, 0), (4, 1), (5, 0), (6, 1)]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_byte_order_mark_line_ends_case_and_extra_columns_do_not_matter(mark, end):
    header = (
        '"Miss_Table_ID",MISS_PERSON_ID,extra,MISS003A,MISS004A,miss_missing_episode_end,MISS006A,MISS007A'
    )
    content = mark + end.join([header, '1, P1 ,"free, words",01/03/2026,M,,,', "", ""]).encode()
    (row,) = read_bytes(content)
    assert row.events[0].event["data"] == {
        "child": "P1",
        "happened": {"date": "2026-03-01"},
        "category": "missing",
    }


def test_semicolons_and_tabs_separate_too():
    for delimiter in ";\t|":
        assert events("1,P1,01/03/2026,M,,,".replace(",", delimiter), header=HEADER.replace(",", delimiter))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"a,b,c\n1,2,3\n",
        HEADER.replace("miss_missing_episode_end_date", "end").encode(),
        (HEADER + ",miss_table_id").encode(),
        HEADER.encode("utf-16"),
    ],
)
def test_a_file_without_the_columns_is_refused_whole(content):
    with pytest.raises(UnreadableFile, match=r"columns once|UTF-8"):
        read_bytes(content)


def test_arguments_that_make_no_sense_are_said_at_once():
    with pytest.raises(ValueError, match="namespace"):
        read_ssd_missing(io.BytesIO(b""), "Birmingham", "urn:test")
    with pytest.raises(ValueError, match="source"):
        read_ssd_missing(io.BytesIO(b""), "E08000025", "our case system")
    with pytest.raises(ValueError, match="offset"):
        read_ssd_missing(io.BytesIO(b""), "E08000025", "urn:test", extracted_at="2026-04-02T06:00:00")


def many(rows):
    """An extract of so many rows, all good, as a case system might write it."""
    rng = random.Random(3)
    for n in range(rows):
        day, month = rng.randint(1, 28), rng.randint(1, 12)
        end = f"2025-{month:02d}-{day:02d} 23:5{rng.randint(0, 9)}:00.000" if rng.random() < 0.98 else "NULL"
        answers = ",".join(rng.choice(("Y", "N", "NA", "")) for _ in range(2))
        start = f"{day:02d}/{month:02d}/2025 {rng.randint(4, 22):02d}:15"
        yield f"{100_000 + n},{rng.randint(1, 400)},{start},M,{end},{answers}"


def test_thousands_of_rows_are_valid_events_and_the_same_when_read_again():
    content = "\r\n".join([HEADER, *many(3000)]).encode()
    found = read_bytes(content)
    assert [row.number for row in found] == list(range(2, 3002))
    assert found[-1].bytes_read == len(content)
    assert read_bytes(content) == found
    for row in found:
        for event in (one.event for one in row.events):
            assert of_type(event["type"]).faults(event["data"]) == []
            assert ("time" in event) != ("happened" in event["data"])
    assert len({one.event["id"] for row in found for one in row.events}) == sum(
        len(row.events) for row in found
    )


def test_without_an_extraction_time_nothing_is_said_of_it():
    report, back, summary = events("1,P1,01/03/2026,M,02/03/2026 07:00,Y,Y")
    assert all("learned_at" not in event["data"] for event in (report, back, summary))
    assert summary["data"]["happened"] == {"earliest": "2026-03-01T00:00:00Z"}
    summary = events("1,P1,01/07/2026,M,,Y,Y")[-1]
    assert summary["data"]["happened"] == {"earliest": "2026-06-30T23:00:00Z"}


def test_an_extraction_known_by_its_day_is_that_day():
    assert events("1,P1,01/03/2026,M,,,", extracted_at="2026-04-02")[0]["data"]["learned_at"] == {
        "date": "2026-04-02"
    }
