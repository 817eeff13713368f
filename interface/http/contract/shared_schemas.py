"""Schemas of what many answers have: a moment, a child, an entry, and up to where the ledger was read."""

from __future__ import annotations

from typing import Final

from interface.http.contract import answer_fields as a
from interface.http.contract.answer_fields import AnswerSchema, optional

PAST_HEAD: Final = "The position asked for is not recorded yet: the answer is as of the last entry."
ERASED: Final = "null once erased"


class IntervalSchema(AnswerSchema):
    """A moment: the times between which it happened. An end that nobody knows is absent."""

    earliest = optional(a.instant())
    latest = optional(a.instant())


class ChildReferenceSchema(AnswerSchema):
    """A child, as a sender names it."""

    scheme = a.namespace()
    reference = a.reference()


class RulebookNameSchema(AnswerSchema):
    """The rulebook by which verdicts are judged."""

    id = a.text()
    version = a.text()


class EntryNameSchema(AnswerSchema):
    """An entry, by its position."""

    position = a.position()
    recorded_at = a.instant()
    type = a.text()


class KnownSchema(AnswerSchema):
    """Up to where the ledger was read, and by which rulebook it was judged."""

    known_at = a.position()
    ledger_size = a.position()
    rulebook = a.nested(RulebookNameSchema)
    past_head = a.only_true(PAST_HEAD)
