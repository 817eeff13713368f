"""The CloudEvents attributes that the ledger reads (events.md 1); others are accepted and not stored."""

from __future__ import annotations

from typing import Any, Final

from domain.errors import Fault
from domain.facts.members import Member
from domain.facts.value_kinds import ORIGIN, SUBJECT, PatternKind

_ORIGIN_NOUN: Final = "1 to 128 of letters, digits and . _ : ~ / + = -"
_WORD: Final = r"[A-Za-z0-9!#$&^_.+-]+"

ATTRIBUTES: Final = (
    Member("specversion", "specversion", PatternKind(r"1\.0", '"1.0"'), required=True),
    Member("id", "id", PatternKind(ORIGIN, f"the event's own id: {_ORIGIN_NOUN}"), required=True),
    Member(
        "source", "source", PatternKind(ORIGIN, f"the sending system's URI: {_ORIGIN_NOUN}"), required=True
    ),
    Member("type", "type", PatternKind(r"[ -~]{1,256}", "missing-episode.<name>.v1"), required=True),
    Member("subject", "subject", PatternKind(SUBJECT, "the episode: <namespace>/<reference>"), required=True),
    Member(
        "datacontenttype",
        "datacontenttype",
        PatternKind(rf"{_WORD}/(?:{_WORD}\+)?[Jj][Ss][Oo][Nn](?: *;[ -~]*)?", "the media type of JSON"),
    ),
)
"""All but `time`, whose faults are the event's and not the envelope's."""


def set_attributes(event: dict[str, Any]) -> dict[str, Any]:
    """Return those that are set: null means not set (CloudEvents JSON format 1.0, 2.2)."""
    return {name: value for name, value in event.items() if value is not None}


def attribute_faults(attributes: dict[str, Any]) -> list[Fault]:
    """Return the attributes that are missing or malformed, without the values."""
    found = []
    for member in ATTRIBUTES:
        if member.name in attributes:
            found += member.kind.faults(attributes[member.name], f"/{member.name}")
        elif member.required:
            found.append(Fault(f"/{member.name}", f"is required: {member.kind.noun}"))
    return found
