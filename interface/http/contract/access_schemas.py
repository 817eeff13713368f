"""Schemas of the access log: who read a child's records, and who read how much (docs/auditing.md)."""

from __future__ import annotations

from application.access.credentials import ROLES
from interface.http.contract import answer_fields as a
from interface.http.contract.answer_fields import AnswerSchema, named, optional
from interface.http.contract.shared_schemas import ERASED, ChildReferenceSchema


class ReaderSchema(AnswerSchema):
    """A credential, and its organisation."""

    principal = a.text()
    by = a.text()


class AccessSizeSchema(AnswerSchema):
    """How much of the access log an answer takes into account."""

    access_size = a.position("Entries of the access log, without this reading's own.")


class AccessSchema(ReaderSchema):
    """A reading."""

    position = a.position("In the access log.")
    recorded_at = a.instant()
    read_at = a.instant()
    role = a.one_of((*ROLES, "operator"))
    purpose = a.text()
    route = a.text()
    status = optional(a.count())
    children = a.count("How many children's records the answer showed.")
    positions = a.listed(a.position(), "Entries about this child, in the episode log.")


class AccessListSchema(AccessSizeSchema):
    """A page of readings of one child's records."""

    child = a.nested(ChildReferenceSchema, ERASED, null=True)
    items = a.listed(AccessSchema)
    next = a.text_or_null("The `cursor` of the following page; null on the last one.")


class AccessesSchema(ReaderSchema):
    """How much one reader has read."""

    purposes = a.by_name(a.count(), "Readings by purpose.")
    reads = a.count()
    children = a.count()
    most_children_in_a_day = a.count()
    outside_hours = a.count()
    beyond_own_area = a.count()
    unusual = a.listed(a.one_of(("outside_hours", "many_children", "beyond_own_area")))


class AccessSummarySchema(AccessSizeSchema):
    """The readers of a period."""

    items = a.listed(AccessesSchema)
    readers = a.count()
    from_ = named("from", a.instant())
    to = a.instant()
    office_hours = a.text()
    many_children = a.count()
