"""Query parameters, read strictly: what is unknown or cannot be meant is refused, by name.

A mistyped filter must not answer with everything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

from flask import request

from domain.errors import Fault
from domain.facts.members import escape
from domain.facts.value_kinds import CODE, NAMESPACE, SUBJECT, ChildRef, Chosen
from domain.moment import TIME_FORM, Instant, instant
from domain.vocabulary import ValueList
from interface.http.contract.event_schemas import TIME
from interface.http.contract.operation import Parameter, current_operation
from interface.http.responses.problems import InvalidQuery

_POSITION: Final = re.compile(r"position:([0-9]{1,15})", re.ASCII)
_PLACE: Final = re.compile(r"(?:position:)?([0-9]{1,15})", re.ASCII)
_UNESCAPED_PLUS: Final = re.compile(r" (?=\d\d:\d\d$)", re.ASCII)
_KNOWN_AT_FORM: Final = f"position:N, or {TIME_FORM}"


class KnownAtParameter(NamedTuple):
    """Up to where the ledger is read: a position, or the last entry recorded by a time. One is None."""

    position: int | None
    time: Instant | None


def check_names() -> None:
    """Before every request that needs a token: InvalidQuery for a parameter that the route does not have."""
    operation = current_operation()
    if operation is not None and operation.roles is not None:
        _check_names(operation.query, request.args)


def read_query() -> dict[str, Any]:
    """This route's parameters by name, defaults filled in; InvalidQuery names what is wrong."""
    operation = current_operation()
    return _read_all(operation.query if operation else (), request.args.to_dict(flat=False))


def read_members(body: object) -> dict[str, Any]:
    """The same of a JSON body, whose members are parameters too."""
    operation = current_operation()
    if not isinstance(body, dict):
        raise InvalidQuery("The body must be an object.")
    for name, value in body.items():
        if not isinstance(value, str):
            raise invalid(escape(name), "must be text")
    takes = operation.takes if operation else ()
    _check_names(takes, body)
    return _read_all(takes, {name: [value] for name, value in body.items()})


def _read_all(parameters: tuple[Parameter, ...], given: dict[str, list[str]]) -> dict[str, Any]:
    return {p.name: _read(p, given[p.name]) if p.name in given else p.default for p in parameters}


def _check_names(parameters: tuple[Parameter, ...], given: Iterable[str]) -> None:
    known = [p.name for p in parameters]
    for name in given:
        if name not in known:
            takes = f"is not a parameter of this route; it takes {', '.join(known) or 'none'}"
            raise invalid(escape(name), takes)


def _read(parameter: Parameter, values: list[str]) -> Any:
    if len(values) > 1:
        raise invalid(parameter.name, "must be given once")
    try:
        return parameter.read(values[0])
    except ValueError as error:
        raise invalid(parameter.name, str(error)) from None


def invalid(name: str, what: str) -> InvalidQuery:
    """What is wrong with a parameter, or would be right."""
    return InvalidQuery(f"The parameter {name} {what}.", (Fault(f"/{name}", what),))


def _time(text: str) -> Instant:
    return instant(_UNESCAPED_PLUS.sub("+", text))  # a plus sent as it is arrives as a space


def _known_at(text: str) -> KnownAtParameter:
    if found := _POSITION.fullmatch(text):
        return KnownAtParameter(int(found[1]), None)
    try:
        return KnownAtParameter(None, _time(text))
    except ValueError:
        raise ValueError(f"must be {_KNOWN_AT_FORM}") from None


def _boolean(text: str) -> bool:
    if text not in {"true", "false"}:
        raise ValueError("must be true or false")
    return text == "true"


def whole(least: int, most: int) -> Callable[[str], int]:
    """A reader of whole numbers between two bounds, both included."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 17 and least <= int(text) <= most):
            raise ValueError(f"must be a whole number from {least} to {most}")
        return int(text)

    return read


def number(name: str, least: int, most: int, means: str, default: int | None = None) -> Parameter:
    """A parameter that is a whole number between two bounds, both included."""
    schema = {"type": "integer", "minimum": least, "maximum": most}
    return Parameter(name, whole(least, most), schema, means, default)


def matching(pattern: str, form: str) -> Callable[[str], str]:
    """A reader of text that has the pattern from end to end."""
    regex = re.compile(pattern, re.ASCII)

    def read(text: str) -> str:
        if not regex.fullmatch(text):
            raise ValueError(f"must be {form}")
        return text

    return read


def text(name: str, pattern: str, form: str, means: str) -> Parameter:
    """A parameter that is text of one form."""
    return Parameter(name, matching(pattern, form), {"type": "string", "pattern": f"^{pattern}$"}, means)


def choice(name: str, values: tuple[str, ...], means: str, default: str | None = None) -> Parameter:
    """A parameter that is one of a few words."""
    read = matching("|".join(map(re.escape, values)), "one of " + ", ".join(values))
    return Parameter(name, read, {"enum": list(values)}, means, default)


def chosen(name: str, values: ValueList, means: str) -> Parameter:
    """A parameter that is a value of one of the vocabulary's lists."""
    kind = Chosen(values)

    def read(value: str) -> str:
        if not kind.fits(value):
            raise ValueError(f"must be {kind.noun}")
        return value

    return Parameter(name, read, kind.schema(), means)


def flag(name: str, means: str, default: bool | None = False) -> Parameter:  # noqa: FBT001, FBT002  # a value
    """A parameter that is true or false."""
    return Parameter(name, _boolean, {"type": "boolean"}, means, default)


def time(name: str, means: str) -> Parameter:
    """A parameter that is a time with offset."""
    return Parameter(name, _time, TIME, means)


def code(name: str, means: str) -> Parameter:
    """A parameter that is any code."""
    return text(name, CODE, "a code: letters, digits and . _ : ~ / -", means)


def namespace(name: str, means: str) -> Parameter:
    """A parameter that is a namespace."""
    return text(name, NAMESPACE, "a namespace: a GSS code, URN-…, or ORG-…", means)


def place(name: str, means: str) -> Parameter:
    """A parameter that is a position in the ledger: N, or position:N."""

    def read(value: str) -> int:
        if found := _PLACE.fullmatch(value):
            return int(found[1])
        raise ValueError("must be a position: position:N, or N alone")

    return Parameter(name, read, {"type": "string", "pattern": "^(position:)?[0-9]{1,15}$"}, means)


def child(name: str, means: str) -> Parameter:
    """A parameter that names a child."""
    matches = matching(SUBJECT, "a child: <namespace>/<reference>")

    def read(value: str) -> ChildRef:
        scheme, _, reference = matches(value).partition("/")
        return ChildRef(scheme, reference)

    return Parameter(name, read, {"type": "string", "pattern": f"^{SUBJECT}$"}, means)


AS_AT: Final = time("as_at", "As things stood at this time in the world; now, if left out.")
KNOWN_AT: Final = Parameter(
    "known_at",
    _known_at,
    {"anyOf": [{"type": "string", "pattern": "^position:[0-9]{1,15}$"}, TIME]},
    f"As the ledger knew it then: {_KNOWN_AT_FORM}. Everything, if left out.",
)
_RULEBOOK_FORM: Final = "the <id>@<version> of an adopted rulebook, such as england@2026.1"
RULEBOOK: Final = text(
    "rulebook",
    r"[A-Za-z0-9._~-]{1,64}@[A-Za-z0-9._~-]{1,64}",
    _RULEBOOK_FORM,
    f"Judged by this rulebook: {_RULEBOOK_FORM}. The one adopted by `known_at`, if left out.",
)
LIMIT: Final = Parameter(
    "limit", whole(1, 500), {"type": "integer", "minimum": 1, "maximum": 500}, "Items at most.", 50
)
WITNESSED: Final = flag(
    "witnessed", "The last checkpoint that a witness has cosigned, instead of the last of all."
)
STAMPED: Final = number(
    "position",
    1,
    2**53,
    "The earliest time stamp over the entry at this position; the latest of all, if left out.",
)
CURSOR: Final = text("cursor", r"[A-Za-z0-9_=.~-]{1,512}", "the `next` of an answer", "Where to go on.")
POSITION: Final = Parameter(
    "position",
    whole(0, 2**53),
    {"type": "integer", "minimum": 0, "maximum": 2**53},
    "With `Prefer: wait=<seconds>`: hold the answer until the list is complete to here.",
)
