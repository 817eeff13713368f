"""Schemas of patterns over the episodes of one child (GET /v1/children/{scheme}/{reference})."""

from __future__ import annotations

from domain.assessment.observations.cross_episode_facts import EXPECTED, LOCATED
from domain.assessment.patterns import PART_OF_DAY, WEEKDAY
from interface.http.contract import answer_fields as a
from interface.http.contract.answer_fields import AnswerSchema, named, optional
from interface.http.contract.shared_schemas import IntervalSchema


class SecondsSchema(AnswerSchema):
    """A length of time in seconds, between its least and its most."""

    least = a.count()
    most = a.count()


class RepeatSchema(AnswerSchema):
    """Episodes within a number of days."""

    window = a.text()
    episodes = a.count()
    within_days = a.count()
    now = a.count()
    most = a.count()
    reached_by = a.listed(a.subject())


class EpisodeGapSchema(AnswerSchema):
    """The time between two episodes."""

    from_ = named("from", a.subject())
    to = a.subject()
    between_starts = a.nested(SecondsSchema)
    since_end = optional(a.nested(SecondsSchema))


class RecurringCodeSchema(AnswerSchema):
    """A code that several episodes have."""

    code = a.text()
    episodes = a.count()
    subjects = a.listed(a.subject())


class RecurringSchema(AnswerSchema):
    """Codes that recur, and episodes of which none is known."""

    codes = a.listed(RecurringCodeSchema)
    not_known = a.count()


class RecurringByKindSchema(AnswerSchema):
    """Codes that recur, by kind."""

    class Meta(AnswerSchema.Meta):
        """A member for each kind."""

        include = {kind: a.nested(RecurringSchema) for kind in (EXPECTED, LOCATED, WEEKDAY, PART_OF_DAY)}  # noqa: RUF012  read only


class SincePlanReviewSchema(AnswerSchema):
    """Episodes since the care plan was last reviewed."""

    episodes = a.count()
    last_review = optional(a.nested(IntervalSchema))


class OpenActionSchema(AnswerSchema):
    """An agreed action that is not done."""

    subject = a.subject()
    position = a.position()
    due = a.nested(IntervalSchema)


class PatternsSchema(AnswerSchema):
    """Patterns over the episodes of one child."""

    repeats = a.listed(RepeatSchema)
    intervals = a.listed(EpisodeGapSchema)
    recurring = a.nested(RecurringByKindSchema)
    since_plan_review = a.nested(SincePlanReviewSchema)
    open_actions = a.listed(OpenActionSchema)
