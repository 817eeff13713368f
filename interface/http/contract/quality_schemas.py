"""Schemas of data-quality issues and of the sending systems (docs/quality.md)."""

from __future__ import annotations

from domain.assessment.observations.data_quality import MEANINGS
from domain.entries.timeliness import WINDOW
from interface.http.contract import answer_fields as a
from interface.http.contract.answer_fields import AnswerSchema, optional
from interface.http.contract.list_schemas import NotAssessedSchema
from interface.http.contract.shared_schemas import ERASED, PAST_HEAD, ChildReferenceSchema

_KINDS = "\n".join(f"* {kind}: {meaning}" for kind, meaning in MEANINGS.items())


class PlainPageSchema(NotAssessedSchema):
    """A page whose items no rulebook judges."""

    next = a.text_or_null("The `cursor` of the following page; null on the last one.")
    complete_to = a.position("Every entry up to this position is taken into account.")
    ledger_size = a.position()
    as_at = a.instant()
    known_at = a.position()
    rulebook = optional(a.anything())
    past_head = a.only_true(PAST_HEAD)


class IssueSchema(AnswerSchema):
    """A data-quality issue: something recorded that should be corrected."""

    kind = a.one_of(list(MEANINGS), _KINDS)
    subject = a.subject()
    positions = a.listed(a.position())
    sources = a.listed(a.text())
    since = optional(a.instant())
    days = optional(a.count("Days since the last entry of an open episode."))
    rules = optional(a.listed(a.text(), "Rules whose verdict depends on it."))
    expunge_role = optional(
        a.text("Of what looks like a name: who can expunge it, together with a second person.")
    )
    child = optional(a.nested(ChildReferenceSchema, ERASED, null=True))


class QualityListSchema(PlainPageSchema):
    """A page of issues."""

    items = a.listed(IssueSchema)


class LatenessSchema(AnswerSchema):
    """How late entries were recorded."""

    entries = a.count()
    median_seconds = a.count()
    percentile_90_seconds = a.count()


class LastEntrySchema(AnswerSchema):
    """The last entry of a sending system."""

    position = a.position()
    recorded_at = a.instant()


class SourceSchema(AnswerSchema):
    """A sending system: how much it sends, how late, and whether it is silent."""

    source = a.text()
    entries = a.count("All entries that it sent.")
    last_entry = a.nested(LastEntrySchema)
    of_last = a.count("How many of its last entries the figures below count.", WINDOW)
    after_happened = optional(a.nested(LatenessSchema, "Recorded so long after it happened."))
    after_learned = optional(a.nested(LatenessSchema, "Recorded so long after the sender learned of it."))
    habit_days = a.count()
    silent_days = a.count()
    silent = a.boolean("Whether silent_days is more than habit_days.")


class SourceListSchema(PlainPageSchema):
    """A page of sending systems."""

    items = a.listed(SourceSchema)
