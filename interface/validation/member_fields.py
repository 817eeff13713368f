"""Marshmallow fields for the kinds of members that domain/facts declares.

Marshmallow decides with rules of its own: a list, a pattern, a range, an object. So a test can compare it with the
check of the class, and apispec can publish it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from application.answers.as_json import Json
from domain.facts.correction_changes import ChangesKind
from domain.facts.members import Member, Nested
from domain.facts.personal_kinds import BirthDate, FreeText
from domain.facts.value_kinds import (
    CODE,
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
from domain.moment import instant, read_moment
from interface.validation.suggestions import nearest

AnyField = fields.Field[Any]
LARGEST: Final = 2**53
SUGGESTED: Final = 20
"""Unknown members of one object for which the nearest one is looked for."""


class Form(validate.Regexp):
    """Text of one form, from end to end."""

    def __init__(self, pattern: str, noun: str) -> None:
        """Take the pattern without anchors, and what to call it."""
        super().__init__(f"^{pattern}$", re.ASCII, error=f"must be {braced(noun)}")

    def __call__(self, value: Any) -> Any:
        """Return the text; raise ValidationError when it has another form."""
        if self.regex.fullmatch(value) is None:
            raise ValidationError(self._format_error(value))
        return value


class StrictSchema(Schema):
    """An object with exactly these members; an unknown one is refused with the nearest that there is."""

    error_messages = {"unknown": "is not a member of this type", "type": "must be an object"}  # noqa: RUF012  marshmallow's own way to say it

    class Meta:
        """Refuse what is unknown."""

        unknown = RAISE

    def handle_error(self, error: ValidationError, data: Any, **_: Any) -> None:
        """Name the nearest member for the first of the unknown ones."""
        messages = error.messages
        if not isinstance(data, Mapping) or not isinstance(messages, dict):
            return
        known = {field.data_key or name for name, field in self.fields.items()}
        for name in [name for name in messages if name in data and name not in known][:SUGGESTED]:
            if like := nearest(name, known):
                messages[name] = [f"{self.error_messages['unknown']}; the nearest one is {like}"]


class EventRefField(fields.Nested):
    """Another event, by source and id: it fits as a whole or not at all."""

    json_schema: Json = {"$ref": "#/$defs/event_ref"}  # noqa: RUF012  read only

    def _deserialize(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super()._deserialize(*args, **kwargs)
        except ValidationError:
            raise self.make_error("invalid") from None


class MomentField(fields.Field[Any]):
    """A moment, as events.md 1 writes it."""

    json_schema: Json = {"$ref": "#/$defs/moment"}  # noqa: RUF012  read only

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        _checked(read_moment, value)
        return value


class TimeField(fields.Field[Any]):
    """An exact time."""

    json_schema: Json = {"$ref": "#/$defs/time"}  # noqa: RUF012  read only

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        _checked(instant, value)
        return value


class OpenListField(fields.String):
    """A value of an open list, or a local code."""

    def __init__(self, kind: Chosen, **given: Any) -> None:
        """Take the list."""
        super().__init__(**given)
        self._listed = validate.OneOf(list(dict.fromkeys(kind.allowed)), error=f"must be {kind.noun}")
        self._local = Form(f"local:{CODE}", kind.noun)

    @property
    def json_schema(self) -> Json:
        """The list, or the form of a local code."""
        local = {"type": "string", "pattern": self._local.regex.pattern}
        return {"anyOf": [{"type": "string", "enum": list(self._listed.choices)}, local]}

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, *args, **kwargs)
        return text if text in self._listed.choices else self._local(text)


class ChildField(EventRefField):
    """A child: a reference, or an object with scheme and reference."""

    json_schema: Json = {"$ref": "#/$defs/child"}  # noqa: RUF012  read only

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str):
            return super()._deserialize(value, *args, **kwargs)
        return Form(REFERENCE, ChildKind.noun)(value)


class ChangesField(fields.Field[Any]):
    """The changes of a correction: each is tried as a member of that name of every type."""

    json_schema: Json = {  # noqa: RUF012  read only
        "type": "object",
        "minProperties": 1,
        "additionalProperties": False,
        "properties": {
            "time": {"$ref": "#/$defs/time"},
            "data": {"type": "object", "not": {"required": ["child"]}},
        },
    }

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        if faults := ChangesKind().faults(value, ""):
            raise ValidationError(faults)  # kept as they are, pointers and all
        return value


def braced(text: str) -> str:
    """Return the text with its braces doubled: marshmallow formats its messages."""
    return text.replace("{", "{{").replace("}", "}}")


def _checked(read: Callable[[object], object], value: object) -> None:
    try:
        read(value)
    except ValueError as error:
        raise ValidationError(str(error)) from None


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
