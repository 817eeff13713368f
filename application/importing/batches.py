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
    """The outcome of one event: status recorded, duplicate, would_record or refused, and why refused."""

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
    check: Post | None = None,
    sentences: Mapping[str, str] | None = None,
    progress: Callable[[int], None] | None = None,
) -> ImportReport:
    """Post the events of all rows; the report accounts for each row.

    `check` says what would become of events, and records nothing: with it a row of several events is taken whole or
    not at all. `sentences`: other words for the ledger's reasons, where a format has its own. `progress` is called
    with the number of bytes read, after each batch. What `post` raises passes through: import again, what was
    recorded is then a duplicate.
    """
    posting = _Posting(post, check, sentences or {}, progress)
    for row in rows:
        posting.add(row)
    posting.send()
    return posting.report


class _Posting:
    """The rows that wait to be sent together."""

    def __init__(
        self,
        post: Post,
        check: Post | None,
        sentences: Mapping[str, str],
        progress: Callable[[int], None] | None,
    ) -> None:
        self.report = ImportReport()
        self._post, self._check, self._sentences, self._progress = post, check, sentences, progress
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
        refused = self._refused()
        posted = iter(self._posted(self._post, [n for n in range(len(self._rows)) if n not in refused]))
        for n, row in enumerate(self._rows):
            answers = refused[n] if n in refused else [next(posted) for _ in row.events]
            wrong = [self._account(row.number, *each) for each in zip(row.events, answers, strict=True)]
            self.report.add([*row.faults, *filter(None, wrong)], row.warnings)
        if self._rows and self._progress is not None:
            self._progress(self._rows[-1].bytes_read)
        self._rows, self._waiting = [], 0

    def _refused(self) -> dict[int, Sequence[PostedEvent]]:
        """Return what would become of the rows of which something would be refused, by their place."""
        several = [n for n, row in enumerate(self._rows) if len(row.events) > 1]
        if self._check is None or not several:
            return {}
        checked = iter(self._posted(self._check, range(len(self._rows))))
        answers = {n: [next(checked) for _ in row.events] for n, row in enumerate(self._rows)}
        return {
            n: [_alone(each) for each in answers[n]] for n in several if any(map(_is_refused, answers[n]))
        }

    def _posted(self, post: Post, places: Iterable[int]) -> Sequence[PostedEvent]:
        events = [one.event for n in places for one in self._rows[n].events]
        return post(events) if events else ()

    def _account(self, row: int, one: RowEvent, posted: PostedEvent) -> RowNotTaken | None:
        """Count one answer; what was not taken, if it says so."""
        if posted.status == _LEFT_OUT:
            return None
        if _is_refused(posted):
            detail = self._sentences.get(posted.reason, posted.detail)
            return RowNotTaken(row, posted.reason, one.column or posted.pointer, detail)
        if posted.status == "duplicate":
            self.report.duplicates += 1
        else:
            self.report.recorded += 1
            if one.change:
                self.report.changed.append(Changed(row, one.column, one.change))
        return None


_LEFT_OUT: Final = "left out"
"""Good by itself, and not posted: another event of its row would be refused."""


def _is_refused(posted: PostedEvent) -> bool:
    return posted.status == "refused"


def _alone(checked: PostedEvent) -> PostedEvent:
    return checked if _is_refused(checked) else PostedEvent(_LEFT_OUT)


def of_ledger(outcome: Outcome) -> PostedEvent:
    """Return what an outcome of `Ledger.record` says."""
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
    """Return what one of the `outcomes` of a batch posted over HTTP says."""
    if outcome["status"] != "refused":
        return PostedEvent(outcome["status"])
    problem = outcome["problem"]
    first: Mapping[str, str] = next(iter(problem.get("errors", ())), {})
    reason = str(problem["type"]).rpartition("/")[2]
    return PostedEvent(
        "refused", reason, first.get("detail", problem.get("detail", "")), first.get("pointer", "")
    )
