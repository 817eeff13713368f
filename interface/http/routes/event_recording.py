"""Posted events: each is checked by itself, the good ones are recorded together.

How long an event may be is checked where its bytes are: of a batch by `read_posted`, of one event by `read_body`.
"""

from __future__ import annotations

import logging
from collections import Counter
from typing import Any, NamedTuple

from application.access.credentials import Credential
from application.access.posting_rights import check_post
from application.recording.outcomes import Outcome, Recorded, RefusedOutcome
from application.recording.refusals import Refusal
from domain.entries.entry import Submission
from domain.errors import NotRecorded, NotWithGroup, Refused, TooLarge
from domain.moment import Instant
from interface.http.runtime.services import Services
from interface.validation import parse_event

log = logging.getLogger("ledger.http")


class PostContext(NamedTuple):
    """How a request wants its events taken, and with what."""

    services: Services
    credential: Credential
    atomic: bool = False
    dry_run: bool = False
    expected_version: int | None = None


def record_events(events: list[Any], how: PostContext) -> list[Outcome]:
    """Judge and record; an outcome for each, in order. Refusals are noted, unless it is a dry run."""
    now = how.services.clock()
    judged = [_judge(event, how, now) for event in events]
    good = [one for one in judged if isinstance(one, Submission)]
    outcomes = (
        _none_of(judged)
        if how.atomic and len(good) < len(judged)
        else _merged(judged, how.services.ledger.record(good, atomic=how.atomic, dry_run=how.dry_run))
    )
    if not how.dry_run:
        _note(events, outcomes, how)
    return outcomes


def _judge(event: Any, how: PostContext, now: Instant) -> Submission | Refused:
    """The submission, if the event is valid and the credential may post it; else why not."""
    if isinstance(event, TooLarge):
        return event
    credential = how.credential
    try:
        submission = parse_event(
            event,
            principal=credential.id,
            namespace=credential.namespace,
            now=now,
            expected_version=how.expected_version,
        )
        check_post(credential, submission, how.services.names_of)
    except Refused as refused:
        return refused
    return submission


def _none_of(judged: list[Submission | Refused]) -> list[Outcome]:
    rest = NotWithGroup(
        "The event has no fault, but another of its atomic batch was refused. Correct that one and send all again."
    )
    return [RefusedOutcome(one if isinstance(one, Refused) else rest) for one in judged]


def _merged(judged: list[Submission | Refused], recorded: list[Outcome]) -> list[Outcome]:
    following = iter(recorded)
    return [RefusedOutcome(one) if isinstance(one, Refused) else next(following) for one in judged]


def _note(events: list[Any], outcomes: list[Outcome], how: PostContext) -> None:
    """Count every outcome, and keep every refusal for ninety days, without anything personal."""
    for name, count in Counter(map(_name, outcomes)).items():
        how.services.metrics.events(name, count)
    refused = [
        Refusal(outcome.problem, *_key(event))
        for event, outcome in zip(events, outcomes, strict=True)
        if isinstance(outcome, RefusedOutcome)
    ]
    if refused:
        store_refusals(how.services, how.credential, refused)


def store_refusals(parts: Services, credential: Credential, refused: list[Refusal]) -> None:
    """Keep refusals; a store that does not answer changes nothing about what is wrong with an event."""
    try:
        parts.refusals.note(credential.id, refused)
    except NotRecorded:
        log.warning("%d refusals could not be kept", len(refused))


def _name(outcome: Outcome) -> str:
    if isinstance(outcome, RefusedOutcome):
        return outcome.problem.reason
    return "recorded" if isinstance(outcome, Recorded) else "duplicate"


def _key(event: Any) -> tuple[str | None, str | None]:
    """Source and id, when they can be read."""
    if not isinstance(event, dict):
        return None, None
    source, id_ = event.get("source"), event.get("id")
    return (source, id_) if isinstance(source, str) and isinstance(id_, str) else (None, None)
