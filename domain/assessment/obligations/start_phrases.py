"""The start of a duty's clock, in words."""

from __future__ import annotations

from typing import Final

from domain.assessment.obligations.evidence import Evidence
from domain.assessment.obligations.fact_phrases import done, phrase
from domain.assessment.obligations.obligation import Verdict
from domain.assessment.obligations.time_words import duration, on
from domain.moment import DAY
from domain.rules.rule import Rule

_LEARNED: Final = {
    "return-notified": "was notified of the return",
    "ended-otherwise": "learned that the episode ended without a return",
}
"""The words for what the responsible authority did, by the fact that starts its clock."""


def started(rule: Rule, verdict: Verdict) -> str:
    """Return the sentence that says what started the clock, and when."""
    if verdict.started_at is None:
        return f"No record says when {_unrecorded_start(rule)}."
    starts, when = rule.starts, on(verdict.started_at)
    sure = {condition.name for condition in rule.applies_to}.issuperset(verdict.condition_unknown)
    if starts.missing_for is not None:
        lasting = f"missing without a break for {duration(starts.missing_for)}"
        by = f" by{when.removeprefix(' on')}" if verdict.started_at.exact else when
        return f"The child {'had' if sure else 'may have'} been {lasting}{by}."
    if starts.episodes:
        number = (
            f"the {_ordinal(starts.episodes)} or a later one of this child within {starts.within // DAY} days"
        )
        return f"An episode began{when}; it {'is' if sure else 'may be'} {number}."
    started = _starting(verdict)
    pattern = next((p for p in rule.clock if started.fact == p.fact.NAME), None)
    if pattern is not None and pattern.asks_who:
        return f"The responsible authority {_LEARNED.get(started.fact, 'learned of the return')}{when}."
    if pattern is not None and pattern.time == "learned":
        return f"{done(started.fact, started.detail)}; that was learned{when}."
    return f"{done(started.fact, started.detail)}{when}."


def _starting(verdict: Verdict) -> Evidence:
    return next(e for e in verdict.evidence if e.position == verdict.started_by)


def _ordinal(number: int) -> str:
    return {2: "second", 3: "third", 4: "fourth", 5: "fifth"}.get(number, f"{number}th")


def _unrecorded_start(rule: Rule) -> str:
    asks = any(pattern.asks_who for pattern in rule.clock)
    return "the responsible authority was notified of it" if asks else "the clock started"


def start_noun(rule: Rule, verdict: Verdict) -> str:
    """Return what started the clock, as it stands after "42 days after"."""
    started = _starting(verdict)
    pattern = next((p for p in rule.clock if started.fact == p.fact.NAME), None)
    learned = pattern is not None and (pattern.asks_who or pattern.time == "learned")
    return "that" if learned or not rule.starts.facts else phrase(started.fact).noun


def trigger_condition(rule: Rule) -> str:
    """Return what must have been so for a rule to start that counts hours missing or episodes."""
    starts = rule.starts
    if starts.episodes:
        return f"there were {starts.episodes} episodes of this child within {starts.within // DAY} days"
    return f"the child was missing without a break for {duration(starts.missing_for or 0)}"
