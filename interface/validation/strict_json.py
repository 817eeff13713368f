"""JSON as RFC 8259 means it and as two readers cannot read it differently (I-JSON, RFC 7493).

Refused: bytes that are not UTF-8, a key given twice, NaN and Infinity, NUL and lone surrogates, nesting over sixteen.
A number that is not whole, or is beyond 2^53, is read as a float. No member takes one, so the event is refused by its
type, which names the member.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from json import JSONDecodeError, JSONDecoder
from typing import Any, Final, NoReturn

from domain.errors import InvalidJson

DEEPEST: Final = 16
"""Levels of objects and lists in one event, the event itself counted."""
_TOO_DEEP: Final = f"It is nested more than {DEEPEST} deep."
_LARGEST: Final = 2**53


def read_json(body: bytes, *, deepest: int = DEEPEST) -> Any:
    """Read a document; raise InvalidJson with a sentence that repeats nothing of it."""
    try:
        text = body.decode("utf-8")
        value = _DECODER.decode(text)
    except UnicodeDecodeError as error:
        raise InvalidJson(f"The bytes are not UTF-8 (byte {error.start + 1}).") from None
    except JSONDecodeError as error:
        raise InvalidJson(_not_json(body, error)) from None
    except RecursionError:
        raise InvalidJson(_TOO_DEEP) from None
    _check(value, deepest, escapes="\\u" in text)
    return value


def _not_json(body: bytes, error: JSONDecodeError) -> str:
    if not body:
        return "The body is empty."
    if body.startswith(BOM_UTF8):
        return "It begins with a byte order mark: send it without (RFC 8259, 8.1)."
    return f"This is not JSON (line {error.lineno}, column {error.colno})."


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise InvalidJson("An object has the same key twice.")
    return made


def _whole(text: str) -> int | float:
    if len(text) > len(str(-_LARGEST)) or not -_LARGEST <= (number := int(text)) <= _LARGEST:
        return float(text)
    return number


def _no_number(_: str) -> NoReturn:
    raise InvalidJson("NaN and Infinity are not numbers of JSON.")


_DECODER: Final = JSONDecoder(object_pairs_hook=_object, parse_int=_whole, parse_constant=_no_number)


def _check(value: Any, left: int, *, escapes: bool) -> None:
    """Walk once: depth always, texts only when the document has escapes that could hide something."""
    if isinstance(value, str):
        if escapes:
            _check_text(value)
    elif isinstance(value, dict | list):
        if not left:
            raise InvalidJson(_TOO_DEEP)
        if escapes and isinstance(value, dict):
            for key in value:
                _check_text(key)
        for item in value.values() if isinstance(value, dict) else value:
            _check(item, left - 1, escapes=escapes)


def _check_text(text: str) -> None:
    if "\0" in text:
        raise InvalidJson("A text has the character NUL in it.")
    if not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text):
        raise InvalidJson("A text has half of a surrogate pair in it.")
