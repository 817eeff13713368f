"""Waiting: messages that nobody acknowledged, and reviews and actions whose time has passed.

Like every fact a message and its reply count for each `as_at` from their earliest on (assessment.md 2). A return ends
nothing of this.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from domain.assessment.chronology.ordering import ChronologicalFact
from domain.assessment.observations.replies import Replies
from domain.facts.casework import (
    ActionAgreed,
    ActionCancelled,
    ActionCompleted,
    Escalated,
    NotificationSent,
    RiskAssessed,
)
from domain.facts.handover import HandoverAcknowledged, ResponsibilityTransferred
from domain.moment import FOREVER, Instant, Moment

NOTIFICATION, ESCALATION, HANDOVER = "notification", "escalation", "handover"
ACTION, RISK_REVIEW = "action", "risk_review"
WAITING_KINDS: Final = (NOTIFICATION, ESCALATION, HANDOVER, ACTION, RISK_REVIEW)


class WaitingItem(NamedTuple):
    """A message without a reply, or an action or a review past its time."""

    start: Instant
    """The `as_at` from which it waits."""
    end: Instant
    """The `as_at` from which it does not wait any more."""
    position: int
    kind: str
    since: Moment
    role: str | None = None
    """The role that is to answer."""
    channel: str | None = None
    to: str | None = None
    """The organisation to which a hand-over goes."""
    due: Moment | None = None


class ToldRole(NamedTuple):
    """Somebody who was told, other than the police, and whether they acknowledged it."""

    position: int
    role: str
    channel: str | None
    sent: Moment
    acknowledged: Moment | None


def waiting_items(facts: Sequence[ChronologicalFact]) -> tuple[WaitingItem, ...]:
    """Return what waits at some time, by the facts of an episode in their order."""
    replies = Replies(facts)
    reviewed = _next_assessments(facts)
    found = (item for told in facts if (item := _item(told, replies, reviewed)) is not None)
    return tuple(sorted(item for item in found if item.start < item.end))


def told_roles(facts: Sequence[ChronologicalFact]) -> tuple[ToldRole, ...]:
    """Return who was told, in the order in which that happened."""
    replies = Replies(facts)
    return tuple(
        ToldRole(
            told.entry.position,
            told.fact.recipient_role,
            told.fact.channel,
            told.when,
            None if (reply := replies.acknowledged(told, told.fact.recipient_role)) is None else reply.when,
        )
        for told in facts
        if isinstance(told.fact, NotificationSent)
    )


def _item(
    told: ChronologicalFact, replies: Replies, reviewed: Mapping[int, ChronologicalFact]
) -> WaitingItem | None:
    fact, position = told.fact, told.entry.position
    if isinstance(fact, NotificationSent):
        reply = replies.acknowledged(told, fact.recipient_role)
        span, who = _until(told.earliest, reply), (fact.recipient_role, fact.channel)
        return WaitingItem(*span, position, NOTIFICATION, told.when, *who)
    if isinstance(fact, Escalated):
        reply = _first(replies.acknowledged(told, fact.to_role), replies.overseen(told, fact.to_role))
        return WaitingItem(*_until(told.earliest, reply), position, ESCALATION, told.when, fact.to_role)
    if isinstance(fact, ResponsibilityTransferred):
        span = _until(told.earliest, replies.naming(told, HandoverAcknowledged))
        return WaitingItem(*span, position, HANDOVER, told.when, to=fact.to)
    due, role, reply = _timed(told, replies, reviewed)
    if due is None or due.latest is None:
        return None
    span = _until(max(told.earliest, due.latest + 1), reply)
    kind = ACTION if isinstance(fact, ActionAgreed) else RISK_REVIEW
    return WaitingItem(*span, position, kind, due, role, due=due)


def _timed(
    told: ChronologicalFact, replies: Replies, reviewed: Mapping[int, ChronologicalFact]
) -> tuple[Moment | None, str | None, ChronologicalFact | None]:
    """Return by when an action or a review is to be done, by whom, and the fact that did it."""
    fact = told.fact
    if isinstance(fact, ActionAgreed):
        done = _first(replies.naming(told, ActionCompleted), replies.naming(told, ActionCancelled))
        return fact.due, fact.owner_role, done
    if isinstance(fact, RiskAssessed):
        return fact.next_review_due, None, reviewed.get(told.entry.position)
    return None, None, None


def _until(start: Instant, reply: ChronologicalFact | None) -> tuple[Instant, Instant]:
    return start, FOREVER if reply is None else reply.earliest


def _first(*replies: ChronologicalFact | None) -> ChronologicalFact | None:
    return min((a for a in replies if a is not None), key=lambda told: told.order, default=None)


def _next_assessments(facts: Sequence[ChronologicalFact]) -> dict[int, ChronologicalFact]:
    """Return the next assessment in the same scheme, by the position of each."""
    following, last = {}, dict[str, int]()
    for told in facts:
        if isinstance(told.fact, RiskAssessed):
            if (before := last.get(told.fact.scheme)) is not None:
                following[before] = told
            last[told.fact.scheme] = told.entry.position
    return following
