"""Candidates: the facts that may meet or excuse a duty of an episode, and those that are considered and excluded."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from domain.assessment.chronology.ordering import ChronologicalFact
from domain.assessment.obligations.deadlines import Due
from domain.assessment.obligations.rule_context import RuleContext
from domain.assessment.obligations.triggers import fits, time_of
from domain.assessment.obligations.verdict import Candidate
from domain.assessment.standing.episode_state import start_bounds
from domain.facts import Fact
from domain.facts.return_interview import (
    Interview,
    InterviewAttempted,
    InterviewDeclined,
    InterviewHeld,
    InterviewNotRequired,
    InterviewOffered,
)
from domain.moment import Instant
from domain.rules.rule import FactPattern, Rule, said_of

_NEVER: Final[dict[type[Fact], str]] = {
    InterviewAttempted: "it did not take place",
    InterviewNotRequired: "that excuses nothing under this rule",
}
"""Facts that are named next to an interview, and meet nothing where a rule does not ask for them."""


_WHY: Final[dict[tuple[type[Fact], str, str], str]] = {
    (InterviewHeld, "independence", "no"): "not independent",
    (InterviewHeld, "independence", "partly"): "only partly independent",
    (InterviewHeld, "independence", "unknown"): "whether that is independent is not recorded",
    (InterviewOffered, "to", "parent"): "an offer to a parent alone is not an offer to the child",
    (InterviewDeclined, "by", "parent"): "a parent's refusal is not the child's",
}
"""Why a fact with such a value does not count where a rule asks for another."""

MOST_CONSIDERED: Final = 20
"""Facts that were considered and do not count, of those that one verdict names."""


class RejectedCandidate(NamedTuple):
    """A fact that was considered and excluded, from when on, and why."""

    earliest: Instant
    told: ChronologicalFact
    why: str


def candidates_for(rule: Rule, matter: RuleContext) -> list[Candidate]:
    """Return every fact that can meet or excuse the rule, in the order of the moments that count."""
    found = []
    for told in _asked_for(rule, matter):
        for excuses, patterns in ((False, rule.met_by), (True, rule.excused_by)):
            match = next((p for p in patterns if fits(p, told, matter)), None)
            if match is not None and (when := _satisfying(match, told, matter)) is not None:
                found.append(Candidate(*when, excuses, told, match.after))
                break
    return sorted(
        found, key=lambda c: (c.earliest, c.excuses, c.latest, c.told.entry.source, c.told.entry.id)
    )


def rejected_candidates(
    rule: Rule, matter: RuleContext, candidates: Iterable[Candidate]
) -> list[RejectedCandidate]:
    """Return facts of the kinds that the rule asks for that are not as it asks, and decisions that it does not accept.

    More than MOST_CONSIDERED are in the order of their earliest.
    """
    taken = {candidate.told.entry.position for candidate in candidates}
    asides = [
        RejectedCandidate(told.earliest, told, _misfit(rule, told, matter))
        for told in _asked_for(rule, matter)
        if told.entry.position not in taken
    ]
    if any(issubclass(cls, Interview) for cls in rule.answered_by):
        never = {cls: why for cls, why in _NEVER.items() if cls not in rule.answered_by}
        asides += [
            RejectedCandidate(t.earliest, t, never[type(t.fact)]) for t in matter.of_types(frozenset(never))
        ]
    return asides if len(asides) <= MOST_CONSIDERED else sorted(asides, key=lambda each: each.earliest)


def nearest(asides: Sequence[RejectedCandidate], at: Instant) -> Sequence[RejectedCandidate]:
    """Return all of them, or of more than MOST_CONSIDERED the last ones before an instant and the first after it.

    More than MOST_CONSIDERED are in the order of their earliest.
    """
    if len(asides) <= MOST_CONSIDERED:
        return asides
    after = bisect_left(asides, at, key=lambda each: each.earliest)
    return asides[max(0, after - MOST_CONSIDERED // 2) : after + MOST_CONSIDERED // 2]


def _asked_for(rule: Rule, matter: RuleContext) -> list[ChronologicalFact]:
    covering = [told for told in matter.covering if type(told.fact) in rule.answered_by]
    return [*matter.of_types(rule.answered_by), *covering]


def _misfit(rule: Rule, told: ChronologicalFact, matter: RuleContext) -> str:
    """Return why a fact of a kind that the rule asks for does not count: what it says of that which the rule minds."""
    patterns = [p for p in (*rule.met_by, *rule.excused_by) if p.fact is type(told.fact)]
    if any(fits(p, told, matter) for p in patterns):
        return "no time is known that the rule could count"
    for (fact, name, value), why in _WHY.items():
        asked = any(name in (*p.where, *p.unless) for p in patterns)
        if asked and type(told.fact) is fact and said_of(told.fact, name) == value:
            return why
    names = dict.fromkeys(name for p in patterns for name in (*p.where, *p.unless))
    said = [f"{name.replace('_', ' ')} {_said(told.fact, name)}" for name in names]
    by = [f"recorded for {told.entry.by}"] if any(p.by for p in patterns) else []
    return f"not as the rule asks: {', '.join((*said, *by))}"


def _said(fact: Fact, name: str) -> str:
    value = said_of(fact, name)
    words = "not said" if value is None else ", ".join(value) if isinstance(value, tuple) else str(value)
    return words.replace("_", " ")


def _satisfying(
    pattern: FactPattern, told: ChronologicalFact, matter: RuleContext
) -> tuple[Instant, Instant] | None:
    if pattern.time != "summary":
        when = time_of(pattern, told)
        return (
            None
            if when is None or when.earliest is None or when.latest is None
            else (when.earliest, when.latest)
        )
    learned = told.fact.learned_at
    latest = told.entry.recorded_at if learned is None or learned.latest is None else learned.latest
    start, _ = start_bounds(matter.frames)
    return min(start, latest), latest


def skipped_candidates(
    by: Candidate, seen: Iterable[Candidate], due: Due | None
) -> Iterator[tuple[ChronologicalFact, str]]:
    """The candidates that came before the one that decides, or were done though it excuses; each with why not."""
    decided = False
    for candidate in seen:
        if candidate.told is by.told:
            decided = True
        elif not decided and candidate.excuses and not by.excuses:
            yield candidate.told, "it was done all the same"
        elif not decided or (by.excuses and not candidate.excuses):
            yield candidate.told, _undecided(candidate, due)


def _undecided(candidate: Candidate, due: Due | None) -> str:
    if due is not None and candidate.earliest > due.latest:
        return "it came after the limit"
    if candidate.early:
        return f"its time leaves open whether it came before {candidate.early}"
    return "its time leaves open whether it was within the limit"
