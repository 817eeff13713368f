"""Submissions for the tests of the store: valid, small, each with an id of its own."""

from __future__ import annotations

import itertools
from typing import Any

from domain.entries.entry import Submission
from domain.facts import Fact
from domain.facts.correction_changes import ChangesKind
from domain.facts.members import Member, Nested
from domain.facts.personal_kinds import BirthDate, FreeText
from domain.facts.value_kinds import (
    ChildKind,
    Chosen,
    EventRefKind,
    Kind,
    ListOf,
    MomentKind,
    Number,
    PatternKind,
    TimeKind,
)

_NUMBERS = itertools.count(1)
HOME = "E08000025"


def submission(name: str = "reported", episode: str = "ME-1", **given: Any) -> Submission:
    """A submission of a type; keywords of the envelope replace the usual, any other goes into `data`."""
    envelope = {
        "id": f"e{next(_NUMBERS)}", "source": "urn:x:lcs", "time": "2026-03-01T22:30:00+00:00",
        "by": HOME, "principal": "c_test", "expected_version": None,
    }  # fmt: skip
    envelope |= {key: given.pop(key) for key in list(given) if key in envelope}
    data = {"child": "P-1", **given}
    return Submission(type=f"missing-episode.{name}.v1", subject=f"{HOME}/{episode}", data=data, **envelope)


WORDS = "free words: Zoë “ran”"


def sample(cls: type[Fact]) -> dict[str, Any]:
    """A valid `data` of a type with every member that it takes."""
    return _members(cls.MEMBERS)


def _members(members: tuple[Member, ...]) -> dict[str, Any]:
    return {m.name: _value(m.kind, m.name) for m in reversed(members) if not m.derived}


def _value(kind: Kind, name: str) -> Any:  # noqa: C901, PLR0911  a table of the kinds
    """A value of a kind; the name varies the form of moments and children."""
    match kind:
        case TimeKind():
            return "2026-03-02T08:00:00.25+01:00"
        case MomentKind():
            forms = ("2026-03-01T21:10:00Z", {"earliest": "2026-03-01T20:00:00Z"}, {"date": "2026-03-01"})
            return forms[len(name) % 3]
        case ChildKind():
            return "P-1" if name == "child" else {"scheme": "E23000014", "reference": "X-1"}
        case EventRefKind():
            return {"source": "urn:x:lcs", "id": "e0"}
        case Number():
            return 7
        case BirthDate():
            return "2010-02-14"
        case FreeText():
            return WORDS
        case Chosen():
            return kind.allowed[0]
        case ListOf():
            return [_value(kind.item, name)]
        case Nested():
            return _members(kind.members)
        case ChangesKind():
            return {
                "time": "2026-03-02T08:00:00Z",
                "data": {"note": WORDS, "date_of_birth": "2011-05-06", "sex": None},
            }
        case PatternKind():
            return _pattern(kind)
    raise AssertionError(kind)


def _pattern(kind: PatternKind) -> str:
    candidates = (HOME, f"{HOME}/ME-7", "a_code")
    return next(text for text in reversed(candidates) if kind.fits(text))
