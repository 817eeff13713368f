"""Members of answers: each function makes one marshmallow field, required unless it is `optional`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from application.answers.as_json import Json
from domain.facts.value_kinds import NAMESPACE, REFERENCE, SUBJECT
from interface.validation.strict_fields import Form

AnyField = fields.Field[Any]
LARGEST: Final = 2**53


class AnswerSchema(Schema):
    """An object of an answer. Members may be added in a later release (contract.md), so a reader skips unknown ones."""

    class Meta:
        """Skip unknown members; a test holds that no answer has any."""

        unknown = EXCLUDE


class OneOfShapes(fields.Field[Any]):
    """A value that has one of several shapes."""

    def __init__(self, component: str, *shapes: AnyField, **given: Any) -> None:
        """Take the name of its component in the document, and the shapes, each as a field."""
        super().__init__(**given)
        self.component, self.shapes = component, shapes

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> Any:
        for shape in self.shapes:
            try:
                if shape.serialize("it", {"it": shape.deserialize(value, attr, data)}) == value:
                    return value
            except ValidationError:
                continue
        raise self.make_error("validator_failed")


def optional(field: AnyField) -> AnyField:
    """Return the field as one that may be absent."""
    field.required = False
    return field


def named(name: str, field: AnyField) -> AnyField:
    """Return the field as the member of that name, which is a word of Python."""
    field.data_key = field.attribute = name
    return field


def _given(means: str, **published: Any) -> Json:
    described = {"description": means} if means else {}
    return {"required": True, "metadata": described | published}


def text(means: str = "", **published: Any) -> AnyField:
    """Return a member that is any text; `published` goes into the document."""
    return fields.String(**_given(means, **published))


def text_or_null(means: str = "") -> AnyField:
    """Return a member that is text or null."""
    return fields.String(allow_none=True, **_given(means))


def form(pattern: str, means: str = "") -> AnyField:
    """Return a member that is text of one form."""
    return fields.String(validate=Form(pattern, "of its form"), **_given(means))


def subject(means: str = "") -> AnyField:
    """Return a member that is an episode."""
    return form(SUBJECT, means)


def namespace(means: str = "") -> AnyField:
    """Return a member that is an organisation."""
    return form(NAMESPACE, means)


def reference(means: str = "") -> AnyField:
    """Return a member that is a reference in a namespace."""
    return form(REFERENCE, means)


def leaf_hash(means: str = "") -> AnyField:
    """Return a member that is a hash in hex."""
    return form("[0-9a-f]{64}", means)


def instant(means: str = "") -> AnyField:
    """Return a member that is a time with offset, as text."""
    return fields.String(
        validate=Form(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "a time"), **_given(means, format="date-time")
    )


def one_of(values: Sequence[str], means: str = "") -> AnyField:
    """Return a member that is one of a few words."""
    return fields.String(validate=validate.OneOf(list(values)), **_given(means))


def count(means: str = "", most: int | None = None) -> AnyField:
    """Return a member that is a number of things."""
    return fields.Integer(strict=True, validate=validate.Range(0, most), **_given(means))


def position(means: str = "") -> AnyField:
    """Return a member that is a position in a log, or its size."""
    return count(means, LARGEST)


def number(means: str = "") -> AnyField:
    """Return a member that is a number, whole or not."""
    return fields.Float(validate=validate.Range(0), **_given(means))


def boolean(means: str = "") -> AnyField:
    """Return a member that is true or false."""
    return fields.Boolean(truthy={True}, falsy={False}, **_given(means))


def only_true(means: str) -> AnyField:
    """Return a member that is true, or absent."""
    return optional(boolean(f"{means} Absent otherwise."))


def nested(schema: type[Schema], means: str = "", *, null: bool = False) -> AnyField:
    """Return a member that is an object of that schema."""
    return fields.Nested(schema, allow_none=null, **_given(means))


def listed(item: AnyField | type[Schema], means: str = "") -> AnyField:
    """Return a member that is a list of such values."""
    return fields.List(nested(item) if isinstance(item, type) else item, **_given(means))


def by_name(value: AnyField | type[Schema], means: str = "") -> AnyField:
    """Return a member that is an object whose members are all alike."""
    values = nested(value) if isinstance(value, type) else value
    return fields.Dict(keys=fields.String(), values=values, **_given(means))


def anything(means: str = "") -> AnyField:
    """Return a member that is an object of any members."""
    return fields.Dict(**_given(means))
