"""An extract as spreadsheets write it: quoted line ends, empty rows, and numbers with a decimal point."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.importing import read_ssd_missing
from application.importing.ssd_mapping import COLUMNS

HEADER = [*COLUMNS, "comment"]
WORDS = st.text(st.sampled_from('a",;\n\r x'), max_size=12)


def read(content):
    """The rows of a file of these bytes."""
    return list(read_ssd_missing(io.BytesIO(content), "E08000025", "urn:test:ssd"))


def written(comments, end="\r\n"):
    """An extract of a row for each comment, as a spreadsheet writes it."""
    made = io.StringIO(newline="")
    # With lines that end in \n, Python's writer leaves a cell with \r unquoted; RFC 4180 quotes it.
    quoting = csv.QUOTE_MINIMAL if end == "\r\n" else csv.QUOTE_ALL
    writer = csv.writer(made, lineterminator=end, quoting=quoting)
    writer.writerow(HEADER)
    writer.writerows([n, f"P{n}", "01/03/2026", "M", "", "", "", each] for n, each in enumerate(comments, 1))
    return made.getvalue().encode()


@given(st.lists(WORDS, max_size=8), st.sampled_from(["\n", "\r\n"]))
def test_whatever_a_comment_holds_the_rows_are_those_that_were_written(comments, end):
    rows = read(written(comments, end))
    assert [row.number for row in rows] == list(range(2, 2 + len(comments)))
    assert [row.subject for row in rows] == [f"E08000025/{n}" for n in range(1, 1 + len(comments))]
    assert all(row.events and not row.faults for row in rows)


def test_rows_after_a_quoted_line_end_are_numbered_as_a_spreadsheet_does():
    rows = read(written(["two\nlines", "", "three\r\nmore\nlines", ""]) + b"9,,,,,,,\r\n")
    assert [(row.number, len(row.events)) for row in rows] == [(2, 1), (3, 1), (4, 1), (5, 1), (6, 0)]
    assert rows[-1].faults[0].row == 6


@pytest.mark.parametrize("empty", [b",,,,,,,", b"", b'"",,, ,,,,', b",,,,,,,,,,"])
def test_empty_rows_are_passed_over_and_counted(empty):
    first, second = read(written(["a"]) + empty + b"\r\n9,P9,02/03/2026,M,,,,b\r\n")
    assert (first.number, second.number, second.faults) == (2, 4, ())


@pytest.mark.parametrize("row", ["1701.0,P1", "1701,22.00"])
def test_a_number_with_a_decimal_point_is_taken_with_a_warning_that_names_the_row(row):
    [found] = read(f"{','.join(COLUMNS)}\n{row},01/03/2026,M,,,\n".encode())
    assert found.events
    [warning] = found.warnings
    assert (warning.row, warning.reason) == (2, "looks-like-a-number")
    assert "1701" not in warning.detail


@pytest.mark.parametrize("row", ["1701,P1", "1701.5,P1", "v1.0,P1"])
def test_other_references_have_no_warning(row):
    [found] = read(f"{','.join(COLUMNS)}\n{row},01/03/2026,M,,,\n".encode())
    assert found.warnings == ()
