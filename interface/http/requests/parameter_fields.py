"""Fields of parameters: each function makes one marshmallow field; left out, it is None unless a default is given."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from marshmallow import ValidationError, fields, validate

from application.answers.as_json import Json
from domain.facts.value_kinds import CODE, NAMESPACE, SUBJECT, ChildRef, Chosen
from domain.moment import TIME_FORM, Instant, instant
from domain.vocabulary import ValueList
from interface.http.contract.event_schemas import TIME
from interface.validation.member_fields import kind_field
from interface.validation.strict_fields import Form

AnyField = fields.Field[Any]
_POSITION: Final = re.compile(r"position:([0-9]{1,15})", re.ASCII)
_PLACE: Final = re.compile(r"(?:position:)?([0-9]{1,15})", re.ASCII)
_WHOLE: Final = re.compile(r"[0-9]{1,16}", re.ASCII)
_UNESCAPED_PLUS: Final = re.compile(r" (?=\d\d:\d\d$)", re.ASCII)
_KNOWN_AT_FORM: Final = f"position:N, or {TIME_FORM}"


class KnownAtParameter(NamedTuple):
    """Up to where the ledger is read: a position, or the last entry recorded by a time. One is None."""

    position: int | None
    time: Instant | None


class ReadField(fields.Field[Any]):
    """A parameter that a function reads; its ValueError says what would be right."""

    def __init__(self, read: Callable[[str], Any], schema: Json, **given: Any) -> None:
        """Take the function, and what it reads as JSON Schema."""
        super().__init__(**given)
        self._read, self.json_schema = read, schema

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        if not isinstance(value, str):
            raise ValidationError("must be text")
        try:
            return self._read(value)
        except ValueError as error:
            raise ValidationError(str(error)) from None


class WholeField(fields.Integer):
    """A whole number, in digits and nothing else."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str) or not _WHOLE.fullmatch(value):
            raise self.make_error("invalid")
        return super()._deserialize(value, *args, **kwargs)


class FlagField(fields.Boolean):
    """The word true or the word false."""

    def __init__(self, **given: Any) -> None:
        """Take no other word."""
        super().__init__(truthy={"true"}, falsy={"false"}, **given)
        self.error_messages["invalid"] = "must be true or false"


def _given(means: str, default: Any = None, required: str = "", name: str | None = None) -> Json:
    """Return what every field takes: its meaning, its default, how it is asked for, and its name if Python has it."""
    need: Json = {"required": True} if required else {"load_default": default, "allow_none": False}
    messages = {"required": required, "null": "must not be null"}
    return {"metadata": {"description": means}, "error_messages": messages, "data_key": name, **need}


def read_by(read: Callable[[str], Any], schema: Json, means: str, **given: Any) -> AnyField:
    """Return a parameter that a function reads."""
    return ReadField(read, schema, **_given(means, **given))


def text(pattern: str, noun: str, means: str, **given: Any) -> AnyField:
    """Return a parameter that is text of one form."""
    field = fields.String(validate=Form(pattern, noun), **_given(means, **given))
    field.error_messages["invalid"] = "must be text"
    return field


def any_text(means: str, **given: Any) -> AnyField:
    """Return a parameter that is any text."""
    field = fields.String(**_given(means, **given))
    field.error_messages["invalid"] = "must be text"
    return field


def choice(values: Sequence[str], means: str, **given: Any) -> AnyField:
    """Return a parameter that is one of a few words."""
    listed = validate.OneOf(list(values), error=f"must be one of {', '.join(values)}")
    return fields.String(validate=listed, **_given(means, **given))


def chosen(values: ValueList, means: str) -> AnyField:
    """Return a parameter that is a value of one of the vocabulary's lists."""
    field = kind_field(Chosen(values))
    field.load_default, field.metadata = None, {"description": means}
    return field


def flag(means: str, default: bool | None = False) -> AnyField:  # noqa: FBT001, FBT002  # a value
    """Return a parameter that is true or false."""
    return FlagField(**_given(means, default))


def whole(least: int, most: int, means: str, **given: Any) -> AnyField:
    """Return a parameter that is a whole number between two bounds, both included."""
    noun = f"must be a whole number from {least} to {most}"
    field = WholeField(validate=validate.Range(least, most, error=noun), **_given(means, **given))
    field.error_messages["invalid"] = noun
    return field


def time(means: str, **given: Any) -> AnyField:
    """Return a parameter that is a time with offset."""
    return read_by(read_time, TIME, means, **given)


def read_time(text: str) -> Instant:
    """Read a time of a query: a plus that was sent as it is arrives as a space."""
    return instant(_UNESCAPED_PLUS.sub("+", text))


def code(means: str) -> AnyField:
    """Return a parameter that is any code."""
    return text(CODE, "a code: letters, digits and . _ : ~ / -", means)


def namespace(means: str) -> AnyField:
    """Return a parameter that is an organisation."""
    return text(NAMESPACE, "a namespace: a GSS code, URN-…, or ORG-…", means)


def position(means: str, **given: Any) -> AnyField:
    """Return a parameter that is a position in the ledger: N, or position:N."""

    def read(value: str) -> int:
        if found := _PLACE.fullmatch(value):
            return int(found[1])
        raise ValueError("must be a position: position:N, or N alone")

    return read_by(read, {"type": "string", "pattern": "^(position:)?[0-9]{1,15}$"}, means, **given)


def child(means: str) -> AnyField:
    """Return a parameter that names a child."""
    form = Form(SUBJECT, "a child: <namespace>/<reference>")

    def read(value: str) -> ChildRef:
        scheme, _, reference = form(value).partition("/")
        return ChildRef(scheme, reference)

    return read_by(read, {"type": "string", "pattern": form.regex.pattern}, means)


def known_at(means: str) -> AnyField:
    """Return a parameter that is a position, or the time by which entries were recorded."""
    schema = {"anyOf": [{"type": "string", "pattern": "^position:[0-9]{1,15}$"}, TIME]}
    return read_by(_read_known_at, schema, f"{means} {_KNOWN_AT_FORM}.")


def _read_known_at(text: str) -> KnownAtParameter:
    if found := _POSITION.fullmatch(text):
        return KnownAtParameter(int(found[1]), None)
    try:
        return KnownAtParameter(None, read_time(text))
    except ValueError:
        raise ValueError(f"must be {_KNOWN_AT_FORM}") from None
