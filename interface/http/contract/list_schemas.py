"""Schemas of lists: episodes, duties, changes of verdicts; and of a child with all episodes (contract.md 1)."""

from __future__ import annotations

from domain.assessment.obligations.verdict import VERDICTS
from interface.http.contract import answer_fields as a
from interface.http.contract.answer_fields import AnswerSchema, named, optional
from interface.http.contract.episode_schemas import EpisodeSchema
from interface.http.contract.obligation_schemas import ObligationSchema
from interface.http.contract.pattern_schemas import PatternsSchema
from interface.http.contract.shared_schemas import ERASED, ChildReferenceSchema, EntryNameSchema, KnownSchema


class NotAssessedSchema(AnswerSchema):
    """Subjects that could not be assessed."""

    not_assessable = optional(a.count("Subjects that could not be assessed: report it."))
    set_aside = optional(
        a.listed(
            a.subject(), "As known at an earlier position: subjects of this page that could not be assessed."
        )
    )


class PageSchema(KnownSchema):
    """A page of a list, without its items."""

    next = a.text_or_null("The `cursor` of the following page; null on the last one.")
    complete_to = a.position("Every entry up to this position is taken into account.")
    as_at = a.instant()


class EpisodeListSchema(PageSchema, NotAssessedSchema):
    """A page of episodes."""

    items = a.listed(EpisodeSchema)


class ListedObligationSchema(ObligationSchema):
    """A duty, with its episode and child."""

    subject = a.subject()
    child = a.nested(ChildReferenceSchema, ERASED, null=True)


class ObligationListSchema(PageSchema, NotAssessedSchema):
    """A page of duties."""

    items = a.listed(ListedObligationSchema)


class ObligationChangeSchema(AnswerSchema):
    """A verdict that changed between two positions, and the entries that changed it."""

    subject = a.subject()
    child = a.nested(ChildReferenceSchema, ERASED, null=True)
    rule = a.text()
    trigger = a.position()
    before = optional(a.one_of(VERDICTS))
    after = optional(a.one_of(VERDICTS))
    entries = a.listed(EntryNameSchema)


class ObligationChangesSchema(PageSchema, NotAssessedSchema):
    """A page of changed verdicts."""

    items = a.listed(ObligationChangeSchema)
    from_ = named("from", a.count())
    to = a.count()


class ChildSchema(KnownSchema):
    """A child, with every episode of theirs that the reader may see."""

    child = a.nested(ChildReferenceSchema, ERASED, null=True)
    episodes = a.listed(EpisodeSchema)
    patterns = a.nested(PatternsSchema)
    as_at = a.instant()
