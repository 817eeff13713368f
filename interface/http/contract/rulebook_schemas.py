"""Schemas of a rulebook and of a what-if (contract.md 1, assessment.md 3). A rule is published as it is written."""

from __future__ import annotations

from domain.assessment.obligations.verdict import VERDICTS
from domain.facts import FACTS
from domain.rules.condition_parser import PROFILE
from domain.rules.rule import AT_START, AT_TRIGGER, EVER, MOVES, PAUSES, RESPONSIBLE, ROLES, STANDS, UNDER_18
from interface.http.contract import answer_fields as a
from interface.http.contract.answer_fields import AnswerSchema, OneOfShapes, named, optional
from interface.http.contract.shared_schemas import ERASED, PAST_HEAD, ChildReferenceSchema, RulebookNameSchema

_ASKED = ("standing", "area", "category", "risk_level", *PROFILE)


class RulePatternSchema(AnswerSchema):
    """Facts of one type, with or without certain values."""

    fact = a.one_of(list(FACTS))
    where = optional(a.by_name(a.listed(a.text())))
    unless = optional(a.by_name(a.listed(a.text())))
    by = optional(a.one_of((RESPONSIBLE,)))
    time = optional(a.text("happened, learned, summary, or a member that is a moment."))
    after = optional(a.one_of(("start",), "It counts only from the start of the clock on."))
    until = optional(a.one_of(list(FACTS), "The fact that lets a stopped clock run again."))


class AgesSchema(AnswerSchema):
    """Ages in years, both included."""

    from_ = named("from", a.count())
    to = a.count()


class RuleConditionSchema(AnswerSchema):
    """A condition on the episode at one moment: one member as well as `at`."""

    class Meta(AnswerSchema.Meta):
        """The members that name what is asked."""

        include = {  # noqa: RUF012  read only
            **{name: optional(a.listed(a.text())) for name in _ASKED},
            UNDER_18: a.only_true("The child was under 18."),
        }

    at = a.one_of((EVER, AT_START, AT_TRIGGER))
    age = optional(a.nested(AgesSchema))


class MissingForSchema(AnswerSchema):
    """A rule starts when a child has been missing for so long."""

    missing_for_hours = a.count()


class EpisodesWithinSchema(AnswerSchema):
    """A rule starts with the last of so many episodes within so many days."""

    episodes = a.count()
    within_days = a.count()


class RuleLimitSchema(AnswerSchema):
    """The time limit of a rule."""

    hours = optional(a.count())
    days = optional(a.count())
    working_days = optional(a.count())
    calendar = optional(a.text())


RULE_START = OneOfShapes(
    "RuleStart",
    a.listed(RulePatternSchema),
    a.nested(MissingForSchema),
    a.nested(EpisodesWithinSchema),
    required=True,
)
"""The start of a rule: facts, a time of being missing, or a number of episodes."""


class RuleSchema(AnswerSchema):
    """A rule: what starts a duty, what meets it, within which limit."""

    id = a.text()
    version = a.count()
    title = a.text()
    source = a.text()
    accountable = a.one_of(list(ROLES))
    starts = RULE_START
    met_by = a.listed(RulePatternSchema)
    limit = optional(a.nested(RuleLimitSchema))
    applies_to = optional(a.listed(RuleConditionSchema))
    clock = optional(a.listed(RulePatternSchema))
    excused_by = optional(a.listed(RulePatternSchema))
    paused_by = optional(a.listed(RulePatternSchema))
    missing_again = optional(a.one_of((STANDS, PAUSES, MOVES)))
    authorities = optional(a.listed(a.namespace()))
    except_for = optional(a.listed(a.namespace(), "Authorities that have a rule of their own in its place."))
    in_force_from = optional(a.instant())
    in_force_to = optional(a.instant())
    enabled = optional(a.boolean("true, if left out."))


class AdoptedSchema(AnswerSchema):
    """The entry that adopted a rulebook."""

    position = a.position()
    recorded_at = a.instant()
    by = optional(a.text())


class RulebookSchema(AnswerSchema):
    """A rulebook, with its rules and its text."""

    id = a.text()
    version = a.text()
    title = a.text()
    extends = optional(a.text())
    lateness_hours = a.count()
    ends_agree_minutes = optional(
        a.count("Ends so close together agree. Absent: only ends whose moments overlap agree.")
    )
    rules = a.listed(RuleSchema)
    text = a.text("As adopted, in TOML. What it extends is not in it.")
    adopted = a.nested(AdoptedSchema)
    known_at = a.position()
    ledger_size = a.position()
    past_head = a.only_true(PAST_HEAD)


class ExplanationsSchema(AnswerSchema):
    """The explanation of a verdict under each of two rulebooks."""

    before = optional(a.text())
    after = optional(a.text())


class VerdictPairSchema(AnswerSchema):
    """A verdict under each of two rulebooks; absent where there is no such duty."""

    before = optional(a.one_of(VERDICTS))
    after = optional(a.one_of(VERDICTS))


class WhatIfChangeSchema(VerdictPairSchema):
    """A verdict that would change."""

    subject = a.subject()
    child = a.nested(ChildReferenceSchema, ERASED, null=True)
    authority = a.text()
    rule = a.text()
    trigger = a.position()
    explanation = a.nested(ExplanationsSchema)


class WhatIfCountSchema(VerdictPairSchema):
    """How many verdicts of a rule and an authority would change in one way."""

    rule = a.text()
    authority = a.text()
    count = a.count()


class WhatIfSchema(AnswerSchema):
    """The verdicts of a period that another rulebook would change."""

    rulebook = a.nested(RulebookNameSchema)
    what_if = a.nested(RulebookNameSchema)
    from_ = named("from", a.instant())
    to = a.instant()
    as_at = a.instant()
    authority = optional(a.namespace())
    known_at = a.position()
    ledger_size = a.position()
    past_head = a.only_true(PAST_HEAD)
    episodes = a.count("Episodes that were assessed.")
    episodes_changed = a.count()
    counts = a.listed(WhatIfCountSchema)
    changes = a.listed(WhatIfChangeSchema)
    changes_left_out = optional(a.count("How many more there are than are listed."))
    not_assessable = optional(a.count("Subjects that could not be assessed: report it."))
