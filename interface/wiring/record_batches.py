"""Recording many events from inside: checked by the same door as over HTTP, in the order given, in batches."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final, TypeVar

from application.access.credentials import Credential
from application.access.grants import Grants
from application.access.posting_rights import check_post
from application.recording.ledger import Ledger
from application.recording.outcomes import Outcome, RefusedOutcome
from application.store.clock import now
from domain.entries.entry import Submission
from domain.errors import NotRecorded, Refused
from interface.validation import parse_event

OPERATOR: Final = Credential(id="operator", namespace=None, sources=None, roles=frozenset(), authorities=None)
"""The operator at the command line, who acts for the subject's namespace, unless narrowed like any credential."""
BATCH: Final = 500
_PATIENCE: Final = 60.0
"""Seconds for which a database that does not confirm is asked again."""

T = TypeVar("T")


def batches(items: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """The same items, in lists of `size`, the last one shorter."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


def record(
    ledger: Ledger, events: Sequence[dict[str, Any]], by: Credential = OPERATOR, *, dry_run: bool = False
) -> list[Outcome]:
    """Record CloudEvents; an outcome for each, in order. NotRecorded when the database confirms nothing.

    `dry_run`: return what would become of each, and record nothing.
    """
    names = Grants(ledger.database).named_on
    judged = [_judged(event, by, names) for event in events]
    taken = iter(_recorded(ledger, [one for one in judged if isinstance(one, Submission)], dry_run=dry_run))
    return [next(taken) if isinstance(one, Submission) else RefusedOutcome(one) for one in judged]


def _judged(
    event: dict[str, Any], by: Credential, names_of: Callable[[str], Collection[str]]
) -> Submission | Refused:
    try:
        submission = parse_event(event, principal=by.id, namespace=by.namespace, now=now())
        check_post(by, submission, names_of)
    except Refused as refused:
        return refused
    return submission


def _recorded(ledger: Ledger, submissions: list[Submission], *, dry_run: bool) -> list[Outcome]:
    """Send the same again until it is confirmed: source and id decide what is new."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            return ledger.record(submissions, dry_run=dry_run)
        except NotRecorded:
            if time.monotonic() > until:
                raise
            time.sleep(1)
