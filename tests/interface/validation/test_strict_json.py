"""What JSON is taken, and what is not (contract.md 1, invalid-json)."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidJson
from interface.validation import read_json

REFUSED = {
    "nothing": b"",
    "not json": b"{child: 1}",
    "two documents": b"{}{}",
    "trailing comma": b'{"a":1,}',
    "byte order mark": b"\xef\xbb\xbf{}",
    "not utf-8": b'{"a":"\xff"}',
    "surrogate written in utf-8": b'{"a":"\xed\xa0\x80"}',
    "latin-1": '{"a":"é"}'.encode("latin-1"),
    "key twice": b'{"a":1,"a":1}',
    "key twice, once escaped": b'{"a":1,"\\u0061":1}',
    "key twice, deep inside": b'{"a":[{"b":{"c":1,"c":2}}]}',
    "NaN": b'{"a":NaN}',
    "Infinity": b'{"a":-Infinity}',
    "lone high surrogate": b'{"a":"\\ud800"}',
    "lone low surrogate": b'{"a":"x\\udc00"}',
    "surrogates the wrong way round": b'{"a":"\\udc00\\ud800"}',
    "lone surrogate in a key": b'{"\\ud800":1}',
    "NUL escaped": b'{"a":"\\u0000"}',
    "NUL escaped in a key": b'{"a\\u0000":1}',
    "NUL as it is": b'{"a":"\x00"}',
    "NUL after the document": b"{}\x00",
    "control character": b'{"a":"\x01"}',
    "seventeen deep": b'{"a":' * 16 + b"[]" + b"}" * 16,
    "a hundred thousand deep": b"[" * 100_000,
}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "The body is empty."),
        (b"\xef\xbb\xbf{}", "It begins with a byte order mark: send it without (RFC 8259, 8.1)."),
        (b"{\n x}", "This is not JSON (line 2, column 2)."),
    ],
)
def test_what_is_wrong_is_said(body, said):
    with pytest.raises(InvalidJson) as refusal:
        read_json(body)
    assert refusal.value.detail == said


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED.keys())
def test_refused(body):
    with pytest.raises(InvalidJson) as refusal:
        read_json(body)
    assert refusal.value.detail.endswith(".")


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'{"a":9007199254740992,"b":-1,"c":[true,null]}', {"a": 2**53, "b": -1, "c": [True, None]}),
        ('{"a":"é \\ud83d\\ude00 \\\\u0000 \\n"}'.encode(), {"a": "é 😀 \\u0000 \n"}),
        (b'{"a":{"x":1},"b":{"x":1}}', {"a": {"x": 1}, "b": {"x": 1}}),
        (b" \r\n{}\t", {}),
    ],
)
def test_taken(body, value):
    assert read_json(body) == value


@pytest.mark.parametrize(
    "number", ["1.5", "1.0", "1e3", "9007199254740993", "-9007199254740993", "9" * 5000, "1e999"]
)
def test_a_number_that_is_not_whole_or_is_too_large_is_none_that_a_member_takes(number):
    read = read_json(b'{"a":%s}' % number.encode())["a"]
    assert isinstance(read, float)


def test_sixteen_deep_is_taken():
    assert read_json(b'{"a":' * 15 + b"[]" + b"}" * 15)


def test_the_refusal_repeats_nothing_of_the_body():
    with pytest.raises(InvalidJson) as refusal:
        read_json(b'{"name":"Jonathan","name":"Jonathan"}')
    assert "Jonathan" not in str(refusal.value)
    assert "name" not in str(refusal.value)


CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(CHARACTERS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(CHARACTERS), inner, max_size=3),
    max_leaves=8,
).filter(lambda value: _depth(value) <= 16)


def _depth(value):
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inner is None else 1 + max(map(_depth, inner), default=0)


@given(VALUES, st.booleans())
def test_everything_else_is_read_as_it_was_written(value, ascii_only):
    assert read_json(json.dumps(value, ensure_ascii=ascii_only).encode()) == value
