"""Files of CloudEvents: a line or an element each; a bad one is named and the others are read."""

from __future__ import annotations

import io
import json
import tracemalloc

import pytest

from application.importing import read_cloudevents
from application.importing.cloudevents_file import _Splitter
from interface.validation.strict_json import read_json

EVENTS = [
    {"id": str(n), "data": {"note": 'a "quoted", [odd] {note} \\', "list": [[1], {"a": []}]}}
    for n in range(5)
]


def read(content):
    """The rows of a file."""
    return list(read_cloudevents(io.BytesIO(content), read_json))


def taken(content):
    """The events of a file that is all good."""
    rows = read(content)
    assert not any(row.faults for row in rows)
    return [one.event for row in rows for one in row.events]


def told(content):
    """For each row its number and the reason why not, or nothing."""
    return [(row.number, *(fault.reason for fault in row.faults)) for row in read(content)]


LINES = "\n".join(map(json.dumps, EVENTS)).encode()


@pytest.mark.parametrize(
    "content",
    [
        LINES,
        LINES + b"\n",
        b"\xef\xbb\xbf" + LINES.replace(b"\n", b"\r\n"),
        LINES.replace(b"\n", b"\n \n\n"),
        json.dumps(EVENTS).encode(),
        b"\xef\xbb\xbf \n" + json.dumps(EVENTS, indent=2).encode() + b"\n",
        json.dumps(EVENTS, separators=(",", ":")).encode(),
    ],
)
def test_lines_and_arrays_give_the_same_events(content):
    assert taken(content) == EVENTS


def test_nothing_and_an_empty_array_give_nothing():
    assert read(b"") == read(b"\n\n") == read(b"[]") == read(b" [ ] \n") == []


def test_bad_lines_are_named_and_the_others_read():
    assert told(
        b'{"id":"1"}\n\nnot json\n{"id":"2","id":"3"}\n[1]\n{"id":NaN}\n{"id":"\xff"}\n{"id":"4"}'
    ) == [
        (1,),
        (3, "invalid-json"),
        (4, "invalid-json"),
        (5, "invalid-cloudevent"),
        (6, "invalid-json"),
        (7, "invalid-json"),
        (8,),
    ]


def test_bad_elements_are_named_and_the_others_read():
    assert told(b'[{"id":"1"}, nothing, 5, , {"id":"2"}]') == [
        (1,),
        (2, "invalid-json"),
        (3, "invalid-cloudevent"),
        (4, "invalid-json"),
        (5,),
    ]


@pytest.mark.parametrize(
    "content", [b'[{"id":"1"}, {"id":"2"}', b'[{"id":"1"}, {"id"', b'[{"id":"1"}, ', b'[{"id":"1"}] and more']
)
def test_an_array_that_does_not_end_well_says_so(content):
    assert told(content) == [(1,), (2, "invalid-json")]


@pytest.mark.parametrize("form", [b"%s\n%s\n%s", b"[%s,%s,%s]"])
def test_what_is_too_long_is_named_without_being_held(form):
    good, long = b'{"id":"1"}', b'{"id":"' + b"x" * 9_000_000 + b'"}'
    file = io.BytesIO(form % (good, long, good))
    tracemalloc.start()
    try:
        found = [
            (row.number, *(fault.reason for fault in row.faults)) for row in read_cloudevents(file, read_json)
        ]
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()
    assert found == [(1,), (2, "too-large"), (3,)]


def test_an_array_is_split_alike_wherever_the_pieces_of_the_file_end():
    content = json.dumps(EVENTS).encode()
    whole = list(_Splitter().feed(content))
    assert [json.loads(text) for text in whole] == EVENTS
    for size in (1, 2, 3, 7):
        splitter = _Splitter()
        pieces = [content[at : at + size] for at in range(0, len(content), size)]
        assert [text for piece in pieces for text in splitter.feed(piece)] == whole
        assert not splitter.unfinished


def test_progress_counts_the_bytes():
    assert read(LINES)[-1].bytes_read == len(LINES)
    assert [row.bytes_read for row in read(b'{"a":1}\n{"b":2}\n')] == [8, 16]
