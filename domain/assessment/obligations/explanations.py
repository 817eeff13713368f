"""Explanations: a verdict in plain sentences for a duty manager, with its calculation, in local time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from domain.assessment.obligations import verdict as v
from domain.assessment.obligations.condition_phrases import affirmed, denied
from domain.assessment.obligations.evidence import MAY_PRECEDE, Evidence
from domain.assessment.obligations.fact_phrases import by_whom, done, not_done
from domain.assessment.obligations.limit_phrases import (
    beyond_calendar,
    due_words,
    late_words,
    limit_words,
    settling,
)
from domain.assessment.obligations.obligation import Verdict
from domain.assessment.obligations.start_phrases import start_noun, started, trigger_condition
from domain.assessment.obligations.time_words import elapsed, on
from domain.moment import Moment
from domain.rules.rule import UNDER_18, Rule

_WITHDRAWN: Final = {
    "reopened": "the episode was reopened",
    "retracted": "what started it was retracted",
    "episode in error": "the episode was recorded in error",
}
_OPEN: Final = {v.DUE, v.OVERDUE, v.PAUSED, v.CANNOT_TELL}


def explain(rule: Rule, verdict: Verdict) -> str:
    """Return why the verdict is what it is, as a duty manager would say it."""
    sentences = [started(rule, verdict)]
    if verdict.verdict == v.NOT_APPLICABLE:
        sentences.append(f"Does not apply: {' and '.join(_denied(rule, verdict))}.")
    elif verdict.verdict == v.WITHDRAWN:
        because = verdict.evidence[-1]
        sentences.append(f"Withdrawn: {_WITHDRAWN[because.why]} (entry {because.position}).")
    else:
        sentences += _answered(rule, verdict) if verdict.satisfied_at is not None else _open(rule, verdict)
        sentences += _unknown(rule, verdict)
        if verdict.satisfied_at is None and verdict.verdict in _OPEN:
            answer = "answer" if rule.accountable == "police" else "answers"
            sentences.append(f"The {rule.accountable.replace('_', ' ')} {answer} for it.")
    return " ".join(sentences)


def _denied(rule: Rule, verdict: Verdict) -> Iterator[str]:
    conditions = {condition.name: condition for condition in rule.applies_to}
    for name in verdict.condition_failed:
        yield denied(conditions[name])


def _unknown(rule: Rule, verdict: Verdict) -> Iterator[str]:
    """Yield what is not known of the conditions; what is no condition is whether there was anything to start it."""
    conditions = {condition.name: condition for condition in rule.applies_to}
    named = [conditions.get(name) for name in verdict.condition_unknown]
    words = [
        trigger_condition(rule) if c is None else affirmed(c) for c in named if c is None or c.of != UNDER_18
    ]
    if words:
        yield f"Whether {' and whether '.join(words)} is not recorded, so the duty stands."
    if len(words) < len(named):
        yield "The month of birth leaves open whether the child was 18 by then, so the duty stands."


def _answered(rule: Rule, verdict: Verdict) -> Iterator[str]:
    """Yield what was done, when, and what that makes of the duty."""
    fact = next(e for e in verdict.evidence if e.role in {"satisfied", "excused"})
    assert verdict.satisfied_at is not None  # the caller asked
    what, when = done(fact.fact, fact.detail), _after(rule, verdict, verdict.satisfied_at)
    if verdict.verdict == v.MET and rule.limit.none:
        yield f"{what}: no time limit; done{when}."
        return
    if verdict.verdict in {v.MET, v.EXCUSED}:
        in_time = f"in time ({limit_words(rule, verdict)})"
        yield f"{what}{when}: {in_time if verdict.verdict == v.MET else 'excused'}."
        return
    yield from _considered(rule, verdict)
    if verdict.verdict == v.CANNOT_TELL:
        yield f"{what}{when}."
        yield from _cannot_tell(rule, verdict, fact)
        return
    excused = "excused, but " if verdict.verdict == v.EXCUSED_LATE else ""
    yield f"{what}{when}: {excused}{late_words(verdict)} late ({limit_words(rule, verdict)})."


def _after(rule: Rule, verdict: Verdict, moment: Moment) -> str:
    """Return when something was, and how long after the start of the clock."""
    started = verdict.started_at
    return (
        on(moment)
        if started is None
        else f"{on(moment)}, {elapsed(started, moment, start_noun(rule, verdict))}"
    )


def _considered(rule: Rule, verdict: Verdict) -> Iterator[str]:
    """Yield each fact that was considered and does not count, with the reason; what was sent twice is said once."""
    said: dict[str, None] = {}
    for each in verdict.evidence:
        if each.when is not None:
            when = _after(rule, verdict, each.when)
            said[f"{done(each.fact, each.detail)}{when}{by_whom(each.fact, each.detail)}: {each.why}."] = None
    yield from said


def _cannot_tell(rule: Rule, verdict: Verdict, fact: Evidence) -> Iterator[str]:
    if fact.why.startswith(MAY_PRECEDE):
        yield f"Cannot tell whether it counts: {fact.why}. Exact times would settle it."
    elif verdict.started_at is None:
        yield "Cannot tell whether it was in time. A record of that time would settle it."
    elif verdict.due is None and not rule.limit.none:
        yield beyond_calendar(rule)
    else:
        yield f"Cannot tell whether it was in time ({limit_words(rule, verdict)}): {settling(rule, verdict, fact)}"


def _open(rule: Rule, verdict: Verdict) -> Iterator[str]:
    """Yield what was considered, or that nothing was done, and by when it is due."""
    considered = list(_considered(rule, verdict))
    if rule.limit.none and verdict.verdict != v.CANNOT_TELL:
        yield from considered
        yield f"{not_done(rule.met_by[0])}: no time limit; not done yet."
        return
    yield from considered or [f"{not_done(rule.met_by[0])}."]
    if verdict.verdict == v.PAUSED:
        begun = [stop for stop in verdict.paused if stop.end is None][-1]
        stopped = f"The clock was stopped{on(begun.begin)} ({begun.why}) and runs on after that"
        yield f"{stopped} ({limit_words(rule, verdict)})."
    elif verdict.verdict == v.CANNOT_TELL and verdict.due is None:
        unknown = "Cannot tell when it is due. A record of that time would settle it."
        yield unknown if verdict.started_at is None else beyond_calendar(rule)
    else:
        yield due_words(rule, verdict)
