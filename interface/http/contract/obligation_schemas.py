"""Schemas of duties and of the timeline of an episode (contract.md 1, assessment.md 3)."""

from __future__ import annotations

from typing import Final

from domain.assessment.obligations.verdict import VERDICTS
from interface.http.contract import answer_fields as a
from interface.http.contract.answer_fields import AnswerSchema, optional
from interface.http.contract.shared_schemas import IntervalSchema, KnownSchema

ROLES: Final = ("started", "satisfied", "excused", "paused", "considered")


class AccountableSchema(AnswerSchema):
    """The role that answers for a duty, and the organisation that holds it, if known."""

    role = a.text()
    holder = optional(a.text())


class PauseSchema(AnswerSchema):
    """A time in which a clock was stopped."""

    start = a.nested(IntervalSchema)
    end = optional(a.nested(IntervalSchema))
    why = a.text()


class ClockSchema(AnswerSchema):
    """The clock of a duty."""

    started_by = optional(a.position())
    started_at = optional(a.nested(IntervalSchema))
    paused = a.listed(PauseSchema)


class EvidenceSchema(AnswerSchema):
    """An entry on which a verdict rests."""

    position = a.position()
    role = a.one_of(ROLES)
    why = a.text()


class ObligationSchema(AnswerSchema):
    """A duty with its verdict, and why."""

    rule = a.text()
    rule_version = a.count()
    title = a.text()
    source = a.text()
    accountable = a.nested(AccountableSchema)
    trigger = a.position()
    clock = a.nested(ClockSchema)
    due = optional(a.nested(IntervalSchema))
    satisfied_by = optional(a.position())
    satisfied_at = optional(a.nested(IntervalSchema))
    verdict = a.one_of(VERDICTS)
    possibly = a.boolean()
    condition_unknown = a.listed(a.text())
    condition_failed = optional(a.listed(a.text()))
    explanation = a.text()
    evidence = a.listed(EvidenceSchema)


class TimelineSchema(KnownSchema):
    """An episode's duties."""

    subject = a.subject()
    as_at = a.instant()
    obligations = a.listed(ObligationSchema)
