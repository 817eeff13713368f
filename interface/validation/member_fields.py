"""From the kinds of members that domain/facts declares to marshmallow fields and schemas.

Marshmallow decides with rules of its own: a list, a pattern, a range, an object. So a test can compare it with the
check of the class, and apispec can publish it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from marshmallow import Schema, ValidationError, fields, validate

from domain.facts.correction_changes import ChangesKind
from domain.facts.members import Member, Nested
from domain.facts.personal_kinds import BirthDate, FreeText
from domain.facts.value_kinds import (
    NAMESPACE,
    ORIGIN,
    REFERENCE,
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
from interface.validation.strict_fields import (
    AnyField,
    ChangesField,
    ChildField,
    EventRefField,
    Form,
    MomentField,
    OpenListField,
    StrictSchema,
    TimeField,
    braced,
)

LARGEST: Final = 2**53


def _form(pattern: str, noun: str) -> AnyField:
    return fields.String(required=True, validate=Form(pattern, noun))


CHILD_REFERENCE: Final = StrictSchema.from_dict(
    {"scheme": _form(NAMESPACE, "a namespace"), "reference": _form(REFERENCE, "a reference")}, name="ChildRef"
)
EVENT_REFERENCE: Final = StrictSchema.from_dict(
    {"source": _form(ORIGIN, "a source"), "id": _form(ORIGIN, "an id")}, name="EventRef"
)


def member_field(member: Member) -> AnyField:
    """Return the field of a declared member."""
    return kind_field(member.kind, required=member.required)


def kind_field(kind: Kind, **given: Any) -> AnyField:
    """Return the field of a kind; `given` goes to the field."""
    noun = braced(kind.noun)
    messages = dict.fromkeys(("invalid", "null", "type"), f"must be {noun}")
    return _FIELDS[type(kind)](kind, error_messages=messages | {"required": f"is required: {noun}"}, **given)


def _chosen(kind: Chosen, **given: Any) -> AnyField:
    if not kind.list.closed:
        return OpenListField(kind, **given)
    return fields.String(validate=validate.OneOf(kind.allowed, error=f"must be {kind.noun}"), **given)


def _list(kind: ListOf, **given: Any) -> AnyField:
    return fields.List(
        kind_field(kind.item), validate=validate.Length(max=kind.most, error=f"must be {kind.noun}"), **given
    )


def _number(kind: Number, **given: Any) -> AnyField:
    span = validate.Range(0, LARGEST, error=f"must be {kind.noun}")
    return fields.Integer(strict=True, validate=span, **given)


def _birth_date(kind: BirthDate, **given: Any) -> AnyField:
    def exists(value: str) -> None:
        if not kind.fits(value):
            raise ValidationError(f"must be {kind.noun}")

    return fields.String(validate=exists, metadata={"format": "date"}, **given)


def object_schema(members: tuple[Member, ...], name: str) -> Schema:
    """Return the schema of an object with exactly these members, as sent."""
    made: dict[str, AnyField] = {m.name: member_field(m) for m in members if not m.derived}
    return StrictSchema.from_dict(made, name=name)()


_FIELDS: Final[dict[type[Kind], Callable[..., AnyField]]] = {
    PatternKind: lambda kind, **given: fields.String(validate=Form(kind.pattern, kind.noun), **given),
    Chosen: _chosen,
    MomentKind: lambda _, **given: MomentField(**given),
    TimeKind: lambda _, **given: TimeField(**given),
    ChildKind: lambda _, **given: ChildField(CHILD_REFERENCE, **given),
    EventRefKind: lambda _, **given: EventRefField(EVENT_REFERENCE, **given),
    Number: _number,
    ListOf: _list,
    FreeText: lambda kind, **given: fields.String(
        validate=validate.Length(min=1, error=f"must be {kind.noun}"), **given
    ),
    BirthDate: _birth_date,
    Nested: lambda kind, **given: fields.Nested(object_schema(kind.members, kind.cls.__name__), **given),
    ChangesKind: lambda _, **given: ChangesField(**given),
}
"""How each kind becomes a field."""
