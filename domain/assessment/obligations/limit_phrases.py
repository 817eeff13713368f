"""When a duty falls due, in words: the limit, by how much it was missed, and what would settle it."""

from __future__ import annotations

from domain.assessment.obligations import verdict as v
from domain.assessment.obligations.evidence import Evidence
from domain.assessment.obligations.fact_phrases import phrase
from domain.assessment.obligations.obligation import Verdict
from domain.assessment.obligations.start_phrases import start_noun
from domain.assessment.obligations.time_words import between, instant_text, whole_day
from domain.moment import Instant
from domain.rules.rule import Rule


def due_words(rule: Rule, verdict: Verdict) -> str:
    """Return the sentence of a duty that is open: by when it is due, or since when it is overdue."""
    assert verdict.due is not None  # else it has no due moment
    first, last = instant_text(verdict.due.earliest), instant_text(verdict.due.latest)
    if verdict.verdict == v.DUE:
        return f"Due by {first} ({limit_words(rule, verdict)})."
    if verdict.verdict == v.OVERDUE:
        return f"Overdue since {last} ({limit_words(rule, verdict)})."
    lies = f"between {first} and {last}"
    if verdict.due.latest is None:
        lies = f"at {first} or later, or the clock was stopped before it"
    settled_by = _capital(settling(rule, verdict, None))
    return f"Possibly overdue ({limit_words(rule, verdict)}): the limit lies {lies}. {settled_by}"


def limit_words(rule: Rule, verdict: Verdict) -> str:
    """Return the limit, and by how much the times at which the clock was stopped put it off once they are over."""
    words, started, due = f"limit {rule.limit.words}", verdict.started_at, verdict.due
    if rule.limit.none:
        return rule.limit.words
    if not verdict.paused or due is None or started is None:
        return words
    least, most = (_put_off(rule, *ends) for ends in zip(started, due, strict=True))
    if not most:
        return words
    if rule.limit.hours:
        return f"{words} and {between(least, most)} during which the clock was stopped"
    # days end with a day, whenever it ran again
    return f"{words}, put off by {between(least, most)} because the clock was stopped"


def _put_off(rule: Rule, started: Instant | None, due: Instant | None) -> Instant:
    plain = None if started is None else rule.limit.end(started)
    return 0 if plain is None or due is None else due - plain


def settling(rule: Rule, verdict: Verdict, fact: Evidence | None) -> str:
    """Return what is known only roughly, and that its exact time would settle it."""
    rough = [(start_noun(rule, verdict), verdict.started_at)]
    if fact is not None:
        rough.append((phrase(fact.fact).noun, verdict.satisfied_at))
    named = [
        f"{_time_of(noun)} is known only {'by its day' if whole_day(moment) else 'roughly'}"
        for noun, moment in rough
        if moment is not None and moment.earliest != moment.latest
    ]
    if any(end is not None and end.earliest != end.latest for stop in verdict.paused for end in stop[:2]):
        named.append("the times between which the clock was stopped are known only roughly")
    exact = "The exact time" if len(named) == 1 and "times" not in named[0] else "The exact times"
    return f"{' and '.join(named)}. {exact} would settle it."


def late_words(verdict: Verdict) -> str:
    """Return by how much it is late; between what and what, where a time is known only roughly."""
    due, satisfied = verdict.due, verdict.satisfied_at
    assert due is not None and due.earliest is not None and due.latest is not None  # noqa: PT018  # surely over
    assert satisfied is not None and satisfied.earliest is not None and satisfied.latest is not None  # noqa: PT018
    return between(satisfied.earliest - due.latest, satisfied.latest - due.earliest)


def _time_of(noun: str) -> str:
    """Return the time of something that a noun or a clause names."""
    if noun == "that":
        return "that time"
    clause = {"was", "were", "came"}.intersection(noun.split())
    return f"the time {'at which' if clause else 'of'} {noun}"


def _capital(sentence: str) -> str:
    return sentence[0].upper() + sentence[1:]


def beyond_calendar(rule: Rule) -> str:
    """Return the sentence of a limit that lies after the last day of its calendar."""
    return f"Cannot tell when it is due: the calendar for {rule.limit.words} does not reach that far."
