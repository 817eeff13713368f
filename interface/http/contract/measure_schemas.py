"""Schemas of measures and of the episodes that they count (contract.md 1)."""

from __future__ import annotations

from domain.measures.breakdowns import BREAKDOWNS
from domain.measures.definitions import MEASURES
from domain.measures.measure import CHILD, EPISODE, INTERVIEW
from interface.http.contract import answer_fields as a
from interface.http.contract.answer_fields import AnswerSchema, named, optional
from interface.http.contract.shared_schemas import (
    ERASED,
    PAST_HEAD,
    ChildReferenceSchema,
    IntervalSchema,
    RulebookNameSchema,
)

_IDS = [measure.id for measure in MEASURES]


class MeasureSchema(AnswerSchema):
    """A figure, with its definition and how sure it is."""

    measure = a.one_of(_IDS)
    definition = a.text()
    unit = a.one_of((EPISODE, CHILD, INTERVIEW))
    numerator = optional(a.count())
    denominator = optional(a.count())
    value = optional(a.number("Absent where there is nothing to divide by."))
    median = optional(a.number())
    percentile_90 = optional(a.count())
    surely = optional(a.count())
    surely_not = optional(a.count())
    cannot_tell = optional(a.count())
    group_by = optional(a.one_of(BREAKDOWNS))
    group = optional(a.text())
    rows = optional(a.text("The route that lists the episodes of this figure."))
    suppressed = a.only_true("The numbers could name a child and are left out.")


class MeasuredPeriodSchema(AnswerSchema):
    """The period, the area and the times of figures."""

    from_ = named("from", a.instant())
    to = a.instant()
    as_at = a.instant()
    known_at = a.position()
    ledger_size = a.position("The size of the ledger from which the figures come: the same as known_at.")
    rulebook = optional(a.nested(RulebookNameSchema))
    authority = optional(a.namespace())
    host = optional(a.namespace())
    suppress = a.only_true("Small numbers are left out.")
    past_head = a.only_true(PAST_HEAD)
    not_assessable = optional(a.count("Subjects that could not be assessed: report it."))


class MeasuresSchema(MeasuredPeriodSchema):
    """The figures of a period."""

    items = a.listed(MeasureSchema)


class MeasuredEpisodeSchema(AnswerSchema):
    """An episode that a measure counts."""

    subject = a.subject()
    child = a.nested(ChildReferenceSchema, ERASED, null=True)
    counted = a.one_of(("surely", "surely_not", "cannot_tell"))
    started = a.nested(IntervalSchema)
    group = optional(a.text())


class MeasuredEpisodesSchema(MeasuredPeriodSchema):
    """A page of the episodes that a measure counts."""

    items = a.listed(MeasuredEpisodeSchema)
    next = a.text_or_null("The `cursor` of the following page; null on the last one.")
    measure = a.one_of(_IDS)
    group_by = optional(a.one_of(BREAKDOWNS))
    complete_to = a.position()
