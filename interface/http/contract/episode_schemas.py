"""Schemas of what is derived of one episode: its state and its history (contract.md 1)."""

from __future__ import annotations

from domain.assessment.obligations.known_child import AGE_BANDS
from domain.assessment.obligations.verdict import VERDICTS
from domain.assessment.observations.waiting import WAITING_KINDS
from domain.assessment.standing.spells import AWAY_SPELL, MISSING_SPELL
from domain.vocabulary import STANDINGS
from interface.http.contract import answer_fields as a
from interface.http.contract.answer_fields import AnswerSchema, named, optional
from interface.http.contract.shared_schemas import (
    ERASED,
    PAST_HEAD,
    ChildReferenceSchema,
    EntryNameSchema,
    IntervalSchema,
    KnownSchema,
    RulebookNameSchema,
)


class SpellSchema(AnswerSchema):
    """A time of being missing (M) or away without authorisation (A); one that lasts has no `to`."""

    type = a.one_of((MISSING_SPELL, AWAY_SPELL))
    from_ = named("from", a.nested(IntervalSchema))
    to = optional(a.nested(IntervalSchema))


class FindingSchema(AnswerSchema):
    """An oddity of the entries, with the entries that show it."""

    finding = a.text()
    positions = a.listed(a.position())
    subjects = optional(a.listed(a.subject()))


class CategorySchema(AnswerSchema):
    """The first and the current category of one scheme."""

    initial = a.text()
    current = a.text()


class RiskSchema(CategorySchema):
    """The first, the current and the highest risk level of one scheme."""

    highest = a.text()
    next_review_due = optional(a.nested(IntervalSchema, "When the last assessment is to be reviewed."))


class PlacementSchema(AnswerSchema):
    """The home or placement of the child, as far as it is known."""

    type = optional(a.text())
    urn = optional(a.text("The number of the registered home."))
    provider = optional(a.text())
    distance = optional(a.text("From the responsible authority's area."))


class WaitingSchema(AnswerSchema):
    """A message that nobody acknowledged, or an action or a risk review whose time has passed."""

    position = a.position()
    kind = a.one_of(WAITING_KINDS)
    role = optional(a.text("The role that is to answer."))
    channel = optional(a.text())
    to = optional(a.namespace("The organisation that is to take over."))
    since = a.nested(IntervalSchema)
    due = optional(a.nested(IntervalSchema))


class ToldSchema(AnswerSchema):
    """A role that was told, other than the police."""

    role = a.text()
    channel = optional(a.text())
    position = a.position()
    sent = a.nested(IntervalSchema)
    acknowledged = optional(a.nested(IntervalSchema))


class LastHeardSchema(AnswerSchema):
    """The fact that happened last, and for whom it was recorded."""

    at = a.nested(IntervalSchema)
    type = a.text()
    by = a.namespace()
    position = a.position()


class PoliceSchema(AnswerSchema):
    """The police report, as far as it is recorded."""

    reported = optional(a.one_of(("yes",)))
    accepted = optional(a.text())
    force = optional(a.namespace())


class ProposalSchema(AnswerSchema):
    """A link that takes no effect until the other side says it too."""

    position = a.position()
    by = a.namespace()
    subject = a.subject()
    relation = a.text()
    with_ = named("with", optional(a.subject()))


class EpisodeSchema(AnswerSchema):
    """An episode as at one time in the world, as known at one position."""

    subject = a.subject()
    linked = a.listed(a.subject())
    child = a.nested(ChildReferenceSchema, ERASED, null=True)
    standing = a.one_of(STANDINGS)
    since = optional(a.nested(IntervalSchema))
    started = optional(a.nested(IntervalSchema))
    started_basis = optional(a.text())
    responsible_authority = optional(a.text())
    host_authority = optional(a.text())
    last_seen = optional(a.nested(IntervalSchema))
    last_seen_by = optional(a.text())
    last_heard = optional(a.nested(LastHeardSchema))
    placement = optional(a.nested(PlacementSchema))
    age_band = optional(a.one_of(tuple(AGE_BANDS), "The age at the start."))
    next_due = optional(a.nested(IntervalSchema))
    end_contradicted = a.listed(a.position())
    end_possibly_contradicted = optional(a.listed(a.position()))
    possibly = a.only_true("The child is listed as not back only because a report may be after the end.")
    spells = a.listed(SpellSchema)
    category = a.by_name(CategorySchema)
    risk = a.by_name(RiskSchema)
    police = a.nested(PoliceSchema)
    findings = a.listed(FindingSchema)
    disputes = optional(a.listed(a.position()))
    proposals = optional(a.listed(ProposalSchema))
    waiting = optional(a.listed(WaitingSchema))
    told = optional(a.listed(ToldSchema))
    last_entry = a.nested(EntryNameSchema)
    version = a.count()
    position = a.position()
    obligations = a.by_name(a.count(), "Duties by verdict.")
    not_assessable = a.only_true("The episode could not be assessed: report it.")
    as_at = a.instant()
    known_at = a.position()
    ledger_size = optional(a.position())
    rulebook = optional(a.nested(RulebookNameSchema))
    past_head = a.only_true(PAST_HEAD)


class OtherEntrySchema(AnswerSchema):
    """Another entry, and for whom it was recorded."""

    position = a.position()
    type = a.text()
    by = a.text()


class StandingChangeSchema(AnswerSchema):
    """Where the child was, before an entry and after it."""

    before = a.one_of(STANDINGS)
    after = a.one_of(STANDINGS)


class VerdictChangeSchema(AnswerSchema):
    """A verdict that an entry changed."""

    rule = a.text()
    trigger = a.position()
    before = optional(a.one_of(VERDICTS))
    after = optional(a.one_of(VERDICTS))


class HistoryItemSchema(AnswerSchema):
    """A recorded entry, and what it changed."""

    position = a.position()
    recorded_at = a.instant()
    type = a.text()
    version = a.count()
    by = a.text("The organisation for which it was recorded.")
    event = a.anything("The event as recorded, with sealed values opened as far as the reader may see them.")
    withheld = a.listed(a.text(), "Members that the reader may not see.")
    unreadable = optional(
        a.listed(a.text(), "Personal values whose stored form is missing or does not open.")
    )
    leaf_hash = a.leaf_hash()
    findings = a.listed(FindingSchema)
    standing = a.nested(StandingChangeSchema)
    verdicts = a.listed(VerdictChangeSchema)
    target = optional(a.nested(OtherEntrySchema, "The entry that this one is about."))
    targeted_by = a.listed(OtherEntrySchema, "Entries that are about this one.")


class HistorySchema(KnownSchema):
    """The entries of an episode."""

    subject = a.subject()
    items = a.listed(HistoryItemSchema)
    entries = a.count("Entries of the episode, on all pages.")
    next = a.text_or_null("The `cursor` of the following page; null on the last one, and without `limit`.")
