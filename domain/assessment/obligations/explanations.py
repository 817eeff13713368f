"""One plain sentence for a verdict, with the arithmetic, in local time (Europe/London)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from domain.assessment.obligations import verdict as v
from domain.assessment.obligations.obligation import Verdict
from domain.moment import DAY, HOUR, LONDON, SECOND, Instant, Moment, to_datetime
from domain.rules.rule import Rule

_MINUTE: Final = 60 * SECOND
_NOUNS: Final = {
    "ended-otherwise": "episode ended without a return",
    "interview-summary-recorded": "interview claimed by an extract",
    "interview-not-possible": "interview recorded as not possible",
}
"""How a fact is said in a sentence, where its own name with spaces does not do."""
_LEARNED: Final = {
    "return-notified": "was told of the return",
    "ended-otherwise": "learned that the episode ended without a return",
}
"""What the responsible authority did, by the fact that starts its clock."""


def explain(rule: Rule, verdict: Verdict) -> str:
    """Why the verdict is what it is, as a duty manager would say it."""
    sentence = f"{_started(rule, verdict)}; {_rest(rule, verdict)}."
    if verdict.condition_unknown and verdict.verdict != v.NOT_APPLICABLE:
        unknown = " and whether ".join(_conditions(rule, verdict.condition_unknown))
        sentence += f" Whether {unknown} is not recorded, so the duty stands."
    return sentence[0].upper() + sentence[1:]


def _conditions(rule: Rule, names: Iterable[str]) -> Iterator[str]:
    """Conditions in words; what is none of the rule's conditions is whether there was anything to start it."""
    words = {condition.name: condition.words for condition in rule.applies_to}
    starts = rule.starts
    trigger = f"the child was missing without interruption for {duration(starts.missing_for or 0)}"
    if starts.episodes:
        trigger = f"there were {starts.episodes} episodes of this child within {starts.within // DAY} days"
    for name in names:
        yield words.get(name, trigger)


def _started(rule: Rule, verdict: Verdict) -> str:
    if verdict.started_at is None:
        return "nothing recorded says when the clock started"
    starts, began = rule.starts, when(verdict.started_at)
    sure = {condition.name for condition in rule.applies_to}.issuperset(verdict.condition_unknown)
    if starts.missing_for is not None:
        lasting = f"missing without interruption for {duration(starts.missing_for)} by {began}"
        return lasting if sure else f"perhaps {lasting}"
    if starts.episodes:
        number = f"episode {starts.episodes} or later of this child within {starts.within // DAY} days"
        return f"{number if sure else f'perhaps {number}'} began {began}"
    fact = next(e.fact for e in verdict.evidence if e.position == verdict.started_by)
    pattern = next((p for p in rule.clock if fact == p.fact.NAME), None)
    if pattern is not None and pattern.asks_who:
        return f"the responsible authority {_LEARNED.get(fact, 'learned of the return')} {began}"
    learned = ", learned of" if pattern is not None and pattern.time == "learned" else ""
    return f"{_noun(fact)}{learned} {began}"


def _rest(rule: Rule, verdict: Verdict) -> str:
    limit = f"limit {rule.limit.words}{_stood_still(rule, verdict)}"
    if verdict.verdict == v.NOT_APPLICABLE:
        return f"does not apply, for it is not so that {' or that '.join(_conditions(rule, verdict.condition_failed))}"
    if verdict.verdict == v.WITHDRAWN:
        because = verdict.evidence[-1]
        return f"withdrawn: {because.why} (entry {because.position})"
    if verdict.satisfied_at is not None:
        return f"{_satisfied(verdict)}; {limit}: {_conclusion(rule, verdict)}"
    if verdict.verdict == v.PAUSED:
        return f"nothing yet that satisfies it; {limit}: the clock stands still{_since(verdict)}"
    if verdict.verdict == v.CANNOT_TELL and verdict.due is None:
        return f"{limit}: nobody can tell; {_needed(rule, verdict)}"
    return f"nothing yet that satisfies it; {limit}: {_open(verdict)}"


def _since(verdict: Verdict) -> str:
    begun = [stop for stop in verdict.paused if stop.end is None]
    return f" since {when(begun[-1].begin)} ({begun[-1].why}), and runs on after that"


def _stood_still(rule: Rule, verdict: Verdict) -> str:
    """By how much the times at which the clock stood still put off the limit, once they are over."""
    started, due = verdict.started_at, verdict.due
    if not verdict.paused or due is None or started is None:
        return ""
    least, most = (_put_off(rule, *ends) for ends in zip(started, due, strict=True))
    if not most:
        return ""
    length = duration(most) if least == most else f"between {duration(least)} and {duration(most)}"
    if rule.limit.hours:
        return f" and {length} during which the clock stood still"
    # days end with a day, whenever it ran again
    return f", put off by {length} because the clock stood still"


def _put_off(rule: Rule, started: Instant | None, due: Instant | None) -> Instant:
    plain = None if started is None else rule.limit.end(started)
    return 0 if plain is None or due is None else due - plain


def _needed(rule: Rule, verdict: Verdict) -> str:
    if verdict.started_at is None:
        asks = any(pattern.asks_who for pattern in rule.clock)
        told = "the responsible authority was told" if asks else "the clock started"
        return f"a record of when {told} would settle it"
    return "a calendar that reaches that far would settle it"


def _satisfied(verdict: Verdict) -> str:
    fact = next(e.fact for e in verdict.evidence if e.role in {"satisfied", "excused"})
    assert verdict.satisfied_at is not None  # the caller asked
    told = f"{_noun(fact)} {when(verdict.satisfied_at)}"
    return (
        told if verdict.started_at is None else f"{told}, {elapsed(verdict.started_at, verdict.satisfied_at)}"
    )


def _conclusion(rule: Rule, verdict: Verdict) -> str:
    if verdict.verdict in {v.MET, v.EXCUSED}:
        return "in time" if verdict.verdict == v.MET else "excused"
    if verdict.verdict == v.CANNOT_TELL:
        if verdict.started_at is None or (verdict.due is None and not rule.limit.none):
            return f"nobody can tell; {_needed(rule, verdict)}"
        return f"nobody can tell; {_settling(verdict)} would settle it"
    late = _late(verdict)
    return f"late by {late}" if verdict.verdict == v.MET_LATE else f"excused, but late by {late}"


def _settling(verdict: Verdict) -> str:
    """What would settle it: the exact time of whatever is known only roughly."""
    rough = {
        "the exact time at which the clock started": verdict.started_at,
        "the exact time at which it was satisfied": verdict.satisfied_at,
    }
    wanted = [what for what, when_ in rough.items() if when_ is not None and when_.earliest != when_.latest]
    if any(end is not None and end.earliest != end.latest for stop in verdict.paused for end in stop[:2]):
        wanted.append("the exact times between which it stood still")
    return " and ".join(wanted)


def _open(verdict: Verdict) -> str:
    if verdict.due is None:
        return "due until it is done"
    if verdict.verdict == v.DUE:
        return f"due by {instant_text(verdict.due.earliest)}"
    if verdict.verdict == v.OVERDUE:
        return f"overdue since {instant_text(verdict.due.latest)}"
    first, last = instant_text(verdict.due.earliest), instant_text(verdict.due.latest)
    lies = f"between {first} and {last}"
    if verdict.due.latest is None:
        lies = f"at {first} or later, or the clock stood still before it"
    return f"possibly overdue: the limit lies {lies}; {_settling(verdict)} would settle it"


def _noun(fact: str) -> str:
    return _NOUNS.get(fact, fact.replace("-", " "))


def when(moment: Moment) -> str:
    """A moment in local time: exact, a whole day, or between two times."""
    if moment.earliest == moment.latest or moment.earliest is None or moment.latest is None:
        return instant_text(moment.latest if moment.earliest is None else moment.earliest)
    first, last = (
        to_datetime(moment.earliest).astimezone(LONDON),
        to_datetime(moment.latest).astimezone(LONDON),
    )
    midnights = first.strftime("%H%M%S%f") == last.strftime("%H%M%S%f") == "000000000000"
    if midnights and (last.date() - first.date()).days == 1:
        return f"on {first.day} {first:%B %Y}, time not known"
    return f"between {instant_text(moment.earliest)} and {instant_text(moment.latest)}"


def instant_text(at: Instant | None) -> str:
    """An instant in local time: 1 March 2026 22:30, with seconds, and the zone, only where they matter."""
    if at is None:
        return "at a time not known"
    local = to_datetime(at).astimezone(LONDON)
    seconds = f":{local:%S}" if at % _MINUTE else ""
    twice = (
        local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    )  # the hour that autumn repeats
    return f"{local.day} {local:%B %Y %H:%M}{seconds}{f' {local:%Z}' if twice else ''}"


def elapsed(start: Moment, end: Moment) -> str:
    """How much later, or earlier, or between what and what."""
    assert start.earliest is not None and start.latest is not None  # noqa: PT018  # both are clipped
    assert end.earliest is not None and end.latest is not None  # noqa: PT018  # both are clipped
    least, most = end.earliest - start.latest, end.latest - start.earliest
    if least == most:
        return f"{duration(abs(least))} {'later' if least >= 0 else 'earlier'}"
    if most < 0:
        return f"between {duration(-most)} and {duration(-least)} earlier"
    first = f"{duration(-least)} earlier" if least < 0 else duration(least)
    return f"between {first} and {duration(most)} later"


def duration(span: Instant) -> str:
    """A length of time: 83 h 30 min, with seconds only where there are some."""
    hours, rest = divmod(span, HOUR)
    minutes, rest = divmod(rest, _MINUTE)
    parts = [(hours, "h"), (minutes, "min"), (rest // SECOND, "s")]
    return " ".join(f"{n} {unit}" for n, unit in parts if n) or "less than a second"


def _late(verdict: Verdict) -> str:
    """By how much it is late; between what and what, where a time is known only roughly."""
    due, satisfied = verdict.due, verdict.satisfied_at
    assert due is not None and due.earliest is not None and due.latest is not None  # noqa: PT018  # surely over
    assert satisfied is not None and satisfied.earliest is not None and satisfied.latest is not None  # noqa: PT018
    least, most = satisfied.earliest - due.latest, satisfied.latest - due.earliest
    return duration(least) if least == most else f"between {duration(least)} and {duration(most)}"
