"""Marshmallow schemas and fields that are as strict as the kinds of members in domain/facts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from application.answers.as_json import Json
from domain.facts.correction_changes import ChangesKind
from domain.facts.value_kinds import CODE, REFERENCE, ChildKind, Chosen
from domain.moment import instant, read_moment
from interface.validation.suggestions import nearest

AnyField = fields.Field[Any]
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
