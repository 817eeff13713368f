"""Verdict changes of one person between two positions, and the entries that made them.

`assess` gives both answers, and every one between them, from the entries up to a position. The rulebook adopted by
then judges each, as at one instant.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from application.answers.as_json import verdicts_at
from application.queries.episodes.replay import relevant_entries
from application.store.adopted_rulebooks import Adopted
from domain.assessment.assess import EpisodeAssessment, assess
from domain.entries.entry import Entry
from domain.moment import Instant
from domain.rules.rulebook import Rulebook


class PositionRange(NamedTuple):
    """The range from one position to a later one, as at an instant."""

    start: int
    end: int
    as_at: Instant


class VerdictChange(NamedTuple):
    """A verdict that differs at the later position; None: there was, or is, no such obligation."""

    episode: EpisodeAssessment
    """As known at the later position, or at the earlier one when only that knows the obligation."""
    rule: str
    trigger: int
    """The position that started it."""
    before: str | None
    after: str | None
    entries: tuple[Entry, ...]
    """The entries that changed it, in the order recorded; the adoption of a rulebook may be one."""


Duty = tuple[str, int]
"""A rule's id and the position that started it."""
_State = dict[Duty, tuple[EpisodeAssessment, str]]


def changes_of_person(
    entries: Sequence[Entry], adoptions: Sequence[Adopted], between: PositionRange
) -> list[VerdictChange]:
    """Return the verdicts that changed in the episodes of a person (or of persons whom a link may join).

    `entries`: everything recorded on them up to the later position, in that order; `adoptions`: the rulebooks
    that were adopted up to there.
    """
    before = _state(entries, adoptions, between, between.start)
    after = _state(entries, adoptions, between, between.end)
    moved: dict[tuple[str, ...], list[Duty]] = defaultdict(list)
    for duty in sorted(before.keys() | after.keys()):
        if _verdict(before, duty) != _verdict(after, duty):
            moved[_either(before, after, duty).subjects].append(duty)
    found = []
    for subjects, duties in moved.items():
        bearing = relevant_entries(entries, set(subjects), (each.book for each in adoptions))
        steps = list(_steps(bearing, adoptions, between))
        for duty in duties:
            by = tuple(e for e, one, other in steps if _verdict(one, duty) != _verdict(other, duty))
            of = _either(before, after, duty)
            found.append(VerdictChange(of, *duty, _verdict(before, duty), _verdict(after, duty), by))
    return sorted(found, key=lambda move: (move.episode.lead, move.rule, move.trigger))


def _verdict(state: _State, duty: Duty) -> str | None:
    return state[duty][1] if duty in state else None


def _either(before: _State, after: _State, duty: Duty) -> EpisodeAssessment:
    return (after.get(duty) or before[duty])[0]


def _steps(
    entries: Sequence[Entry], adoptions: Sequence[Adopted], between: PositionRange
) -> Iterator[tuple[Entry, _State, _State]]:
    """Yield each entry after the earlier position, with what was answered before it and with it."""
    told = [*entries, *(each.entry for each in adoptions)]
    new = [e for e in told if between.start < e.position <= between.end]
    new.sort(key=lambda entry: entry.position)
    positions = [between.start, *(entry.position for entry in new)]
    states = (_state(entries, adoptions, between, position) for position in positions)
    for entry, (one, other) in zip(new, pairwise(states), strict=True):
        yield entry, one, other


def _state(
    entries: Sequence[Entry], adoptions: Sequence[Adopted], between: PositionRange, position: int
) -> _State:
    """Return every verdict as known at a position."""
    known = [entry for entry in entries if entry.position <= position]
    book = _book(adoptions, position)
    if book is None:
        return {}
    return {
        (duty.rule, duty.trigger): (episode, verdict.verdict)
        for episode in assess(known, book)
        for duty, verdict in verdicts_at(episode.obligations, between.as_at)
    }


def _book(adoptions: Sequence[Adopted], position: int) -> Rulebook | None:
    """Return the rulebook in force at a position; None before the first."""
    adopted = [each for each in adoptions if each.entry.position <= position]
    return adopted[-1].book if adopted else None
