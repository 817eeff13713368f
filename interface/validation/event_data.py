"""Marshmallow schemas, generated from the one class that defines each type (events.md 2).

A field delegates to the declared kind of its member, so nothing about a type is said a second time.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields

from domain.errors import Fault
from domain.facts import FACTS
from domain.facts.members import Member, escape


class MemberField(fields.Field[Any]):
    """One member of a type: valid when its declared kind says so."""

    def __init__(self, member: Member) -> None:
        """Take kind and need from the declaration."""
        noun = member.kind.noun.replace("{", "{{").replace("}", "}}")  # marshmallow formats its messages
        super().__init__(
            required=member.required,
            error_messages={"required": f"is required: {noun}", "null": f"must be {noun}"},
        )
        self.kind = member.kind

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        if faults := self.kind.faults(value, ""):
            raise ValidationError(faults)  # kept as they are, pointers and all
        return value


class _AsDeclared(Schema):
    error_messages = {"unknown": "is not a member of this type", "type": "must be an object"}  # noqa: RUF012


@cache
def data_schema(name: str) -> Schema:
    """The schema of the `data` of a type, such as "returned"; made at its first use."""
    declared: dict[str, fields.Field[Any]] = {
        m.name: MemberField(m) for m in FACTS[name].MEMBERS if not m.derived
    }
    return _AsDeclared.from_dict(declared)(unknown=RAISE)


def data_faults(name: str, data: Any) -> list[Fault]:
    """What is wrong with a `data`, each with its JSON pointer in the event; no value is ever repeated.

    The class is asked first: it knows whether anything is wrong in less than half the time, and a test holds
    that the schema, which says what, never thinks otherwise.
    """
    if not FACTS[name].faults(data):
        return []
    return sorted(
        _fault(member, message)
        for member, messages in data_schema(name).validate(data).items()
        for message in messages
    )


def _fault(member: str, message: str | Fault) -> Fault:
    if member == "_schema":
        return Fault("/data", str(message))
    if isinstance(message, str):
        return Fault(f"/data/{escape(member)}", message)
    return Fault(f"/data/{member}{message.pointer}", message.detail)
