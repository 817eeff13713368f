"""Posting what was read, in batches, and keeping account of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from application.importing.report import Changed, ImportReport, Row, RowEvent, RowNotTaken
from application.recording.outcomes import Duplicate, Outcome, RefusedOutcome
from domain.errors import LedgerError

BATCH: Final = 500
"""Events of one batch; HTTP takes a thousand at most."""


class PostedEvent(NamedTuple):
    """What became of one event: status recorded, duplicate, would_record or refused, and why refused."""

    status: str
    reason: str = ""
    """In kebab-case: the last step of the problem's type."""
    detail: str = ""
    pointer: str = ""
    """Where it is wrong, as a JSON pointer into the event."""


Post = Callable[[Sequence[dict[str, Any]]], Sequence[PostedEvent]]
"""Sends a batch and says what became of each, in order; raises when the batch was not confirmed."""


def import_events(
    rows: Iterable[Row],
    post: Post,
    *,
    sentences: Mapping[str, str] | None = None,
    progress: Callable[[int], None] | None = None,
) -> ImportReport:
    """Post the events of all rows; the report accounts for each row.

    `sentences`: other words for the ledger's reasons, where a format has its own. `progress` is called with the
    number of bytes read, after each batch. What `post` raises passes through: import again, what was
    recorded is then a duplicate.
    """
    posting = _Posting(post, sentences or {}, progress)
    for row in rows:
        posting.add(row)
    posting.send()
    return posting.report


class _Posting:
    """The rows that wait to be sent together."""

    def __init__(
        self, post: Post, sentences: Mapping[str, str], progress: Callable[[int], None] | None
    ) -> None:
        self.report = ImportReport()
        self._post, self._sentences, self._progress = post, sentences, progress
        self._rows: list[Row] = []
        self._waiting = 0

    def add(self, row: Row) -> None:
        """Take a row: its events wait, and its faults until their turn comes."""
        if self._waiting + len(row.events) > BATCH:
            self.send()
        self._rows.append(row)
        self._waiting += max(1, len(row.events))

    def send(self) -> None:
        """Post what waits, and account for it in the order of the rows."""
        events = [one.event for row in self._rows for one in row.events]
        answers = iter(self._post(events) if events else ())
        for row in self._rows:
            told = [self._account(row.number, one, next(answers)) for one in row.events]
            wrong = [*row.faults, *filter(None, told)]
            self.report.add(wrong)
        if self._rows and self._progress is not None:
            self._progress(self._rows[-1].bytes_read)
        self._rows, self._waiting = [], 0

    def _account(self, row: int, one: RowEvent, posted: PostedEvent) -> RowNotTaken | None:
        """Count one answer; what was not taken, if it says so."""
        if posted.status == "refused":
            detail = self._sentences.get(posted.reason, posted.detail)
            return RowNotTaken(row, posted.reason, one.column or posted.pointer, detail)
        if posted.status == "duplicate":
            self.report.duplicates += 1
        else:
            self.report.recorded += 1
            if one.change:
                self.report.changed.append(Changed(row, one.column, one.change))
        return None


def of_ledger(outcome: Outcome) -> PostedEvent:
    """What an outcome of `Ledger.record` says."""
    if isinstance(outcome, RefusedOutcome):
        return refused(outcome.problem)
    return PostedEvent("duplicate" if isinstance(outcome, Duplicate) else "recorded")


def refused(problem: LedgerError) -> PostedEvent:
    """A refusal, with the first thing that is wrong: its sentence repeats no value."""
    if not problem.faults:
        return PostedEvent("refused", problem.reason, problem.detail)
    first = problem.faults[0]
    return PostedEvent("refused", problem.reason, first.detail, first.pointer)


def of_http(outcome: Mapping[str, Any]) -> PostedEvent:
    """What one of the `outcomes` of a batch posted over HTTP says."""
    if outcome["status"] != "refused":
        return PostedEvent(outcome["status"])
    problem = outcome["problem"]
    first: Mapping[str, str] = next(iter(problem.get("errors", ())), {})
    reason = str(problem["type"]).rpartition("/")[2]
    return PostedEvent(
        "refused", reason, first.get("detail", problem.get("detail", "")), first.get("pointer", "")
    )
