"""Verdicts: each rule on each trigger of an episode, by spans of `as_at`, with what lists filter by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from application.projections.assessed_episode import Assessed, decode_verdict, encode
from application.projections.table import Row, Table
from application.projections.table_query import TableQuery, Where
from application.store.database import Database
from domain.assessment.obligations.obligation import Obligation, Verdict
from domain.assessment.obligations.verdict import DUE, OVERDUE
from domain.moment import FOREVER, Instant
from domain.spans import Span

_COLUMNS: Final = {
    "lead": "text",
    "rule": "text",
    "rule_version": "integer",
    "trigger": "bigint",
    "since": "bigint",
    "until": "bigint",
    "verdict": "text",
    "late": "boolean",
    "due": "bigint",
    "accountable": "text[]",
    "authorities": "text[]",
    "namespaces": "text[]",
    "child": "uuid",
    "body": "bytea",
}
TABLE: Final = Table("verdicts", _COLUMNS, key=5)


def rows(found: Assessed) -> list[Row]:
    """Return a row for each span of each verdict in which the episode's authorities do not change."""
    held = found.answerable
    return [
        _row(found, duty, Span(max(span.start, of.start), min(span.end, of.end), span.value), of.value)
        for duty in found.episode.obligations
        for span in duty.verdicts
        for of in held
        if span.start < of.end and of.start < span.end
    ]


def _row(found: Assessed, duty: Obligation, span: Span[Verdict], named: tuple[str | None, str | None]) -> Row:
    verdict = span.value
    role = found.rulebook.rule(duty.rule, duty.rule_version).accountable
    return (
        found.episode.lead,
        duty.rule,
        duty.rule_version,
        duty.trigger,
        span.start,
        span.end,
        verdict.verdict,
        verdict.verdict == OVERDUE or verdict.possibly,
        FOREVER if verdict.due is None or verdict.due.earliest is None else verdict.due.earliest,
        sorted(filter(None, {role, verdict.holder})),
        found.authorities(verdict.holder, *named),
        found.namespaces,
        found.child,
        encode(verdict),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationFilters:
    """Filters of a list of obligations; None does not filter. Instants are microseconds, UTC."""

    verdict: str | None = None
    """`overdue` includes the possibly overdue."""
    rule: str | None = None
    authority: str | None = None
    """Namespace: the duty's holder, the responsible or host authority, or the subject's."""
    accountable: str | None = None
    """The role, or the namespace that holds it."""
    due_from: Instant | None = None
    """Due, at the earliest, at or after."""
    due_before: Instant | None = None
    """Due, at the earliest, before."""


class Key(NamedTuple):
    """The place of an obligation in the list."""

    due: Instant
    lead: str
    rule: str
    rule_version: int
    trigger: int


class Item(NamedTuple):
    """An obligation as a list shows it."""

    key: Key
    child: str
    verdict: Verdict


_KEY: Final = "due, lead, rule, rule_version, trigger"
_NEWEST_FIRST: Final = ", ".join(f"{column} desc" for column in _KEY.split(", "))


def page(database: Database, filters: ObligationFilters, asked: TableQuery[Key]) -> list[Item]:
    """Return the next obligations in the order in which they are due; overdue ones latest first."""
    few = {OVERDUE: "late", DUE: "verdict = 'due'"}.get(filters.verdict or "")
    where = Where(asked.as_at, few)
    where.given("verdict = %s", None if few else filters.verdict)
    where.given("rule = %s", filters.rule)
    where.given("namespaces @> array[%s] and %s = any(authorities)", filters.authority, times=2)
    where.given("%s = any(accountable)", filters.accountable)
    where.given("due >= %s", filters.due_from)
    where.given("due < %s", filters.due_before)
    where.given("namespaces && %s", asked.names)
    where.given("lead <> all(%s)", asked.hidden)
    newest_first = (
        filters.verdict == OVERDUE
    )  # otherwise the oldest of many years would come before those missed last night
    by, then = (_NEWEST_FIRST, "<") if newest_first else (_KEY, ">")
    if asked.after is not None:
        where.add(f"({_KEY}) {then} (%s, %s, %s, %s, %s)", *asked.after)
    found = database.rows(*where.query("views.verdicts", f"{_KEY}, child, body", by, asked.limit))
    return [Item(Key(*key), child.hex, decode_verdict(body)) for *key, child, body in found]


def holds(row: Row, as_at: Instant) -> bool:
    """Return whether a row's span holds at an instant."""
    return bool(row[4] <= as_at < row[5])


def item(row: Row) -> Item:
    """Return the list's item for a row that is not stored."""
    held = dict(zip(_COLUMNS, row, strict=True))
    key = Key(held["due"], held["lead"], held["rule"], held["rule_version"], held["trigger"])
    return Item(key, held["child"].hex, decode_verdict(held["body"]))


def matches(row: Row, filters: ObligationFilters) -> bool:
    """Return whether a row that is not stored would be listed: the same conditions, without as_at."""
    held = dict(zip(_COLUMNS, row, strict=True))
    verdict = held["late"] if filters.verdict == OVERDUE else filters.verdict in {None, held["verdict"]}
    return (
        verdict
        and filters.rule in {None, held["rule"]}
        and (filters.authority is None or filters.authority in held["authorities"])
        and (filters.accountable is None or filters.accountable in held["accountable"])
        and (filters.due_from is None or held["due"] >= filters.due_from)
        and (filters.due_before is None or held["due"] < filters.due_before)
    )
