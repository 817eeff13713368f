"""Replay: the changes that each entry made, as known before it and with it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Final

from application.answers import as_json as answers
from application.answers.as_json import Json, known
from domain.assessment.assess import EpisodeAssessment, assess
from domain.entries.entry import Entry
from domain.facts import Phase
from domain.facts.after_return import EpisodeReopened
from domain.facts.casework import CategoryAssigned, ProfileRecorded, RiskAssessed, SettingChanged
from domain.facts.handover import HandoverAcknowledged, ResponsibilityTransferred
from domain.facts.member_walk import mentioned, walk
from domain.facts.return_interview import Interview
from domain.moment import Instant
from domain.rules.rulebook import Rulebook

_TELLING: Final = (
    *(CategoryAssigned, RiskAssessed, ProfileRecorded, SettingChanged),
    *(ResponsibilityTransferred, HandoverAcknowledged, EpisodeReopened, Interview),
)
"""Facts after a return, or at any time, that still change standing, conditions, or who answers for a duty."""
_NAMES_CHILD: Final = frozenset({"missing-episode.child-linked.v1", "missing-episode.child-corrected.v1"})


def relevant_entries(
    entries: Sequence[Entry], subjects: set[str], rulebooks: Iterable[Rulebook]
) -> Sequence[Entry]:
    """Return the entries that an episode's standing and verdicts depend on; the childhood only if a rule reads it."""
    if any(book.looks_at_others for book in rulebooks) or any(e.type in _NAMES_CHILD for e in entries):
        return entries
    joined = set(subjects)
    while True:
        more = {s for e in entries for s in _named(e) if s not in joined and e.subject in joined}
        more |= {e.subject for e in entries if e.subject not in joined and joined.intersection(_named(e))}
        if not more:
            return [entry for entry in entries if entry.subject in joined]
        joined |= more


def _named(entry: Entry) -> set[str]:
    """Return the other subjects that an entry names, itself or in what it corrects."""
    cls = entry.fact_class
    return set() if cls is None else mentioned(walk(cls, entry.data))


Verdicts = dict[tuple[str, int], str]
"""By rule and trigger."""


def verdicts_of(episode: EpisodeAssessment, as_at: Instant) -> Verdicts:
    """Return the verdicts on an episode's duties as at an instant."""
    return {(o.rule, o.trigger): v.verdict for o, v in answers.verdicts_at(episode.obligations, as_at)}


def verdict_changes(before: Verdicts, after: Verdicts) -> list[Json]:
    """Return the duties whose verdict differs, with both; a verdict is absent where there is no such duty."""
    return [
        {"rule": duty[0], "trigger": duty[1], **known(before=before.get(duty), after=after.get(duty))}
        for duty in sorted(before.keys() | after.keys())
        if before.get(duty) != after.get(duty)
    ]


class Replay:
    """A replay of the same entries, more of them step by step, with the changes that each made.

    Only what can change a standing or a verdict is assessed again; after any other entry the last assessment holds.
    """

    def __init__(self, entries: Sequence[Entry], rulebook: Rulebook) -> None:
        """Remember the entries, in the order recorded; `changed` is asked about them in that order."""
        self._entries, self._rulebook = entries, rulebook
        self._named = rulebook.facts
        self._taken, self._stale = 0, False
        self._episodes: list[EpisodeAssessment] = []

    def changed(self, entry: Entry) -> Json:
        """Return standing and verdicts as at the recording of an entry, as known before it and with it."""
        count = bisect_left(self._entries, entry.position, key=lambda e: e.position)
        standing, verdicts = self._state(count, entry)
        standing_after, verdicts_after = self._state(count + 1, entry)
        moves = verdict_changes(verdicts, verdicts_after)
        return {"standing": {"before": standing, "after": standing_after}, "verdicts": moves}

    def _state(self, count: int, entry: Entry) -> tuple[str, Verdicts]:
        self._advance(count)
        episode = self._episode_of(entry)
        if episode is None:
            return "nothing", {}
        return episode.picture(entry.recorded_at).standing, verdicts_of(episode, entry.recorded_at)

    def _advance(self, count: int) -> None:
        """Take the entries up to a number of them, and assess them if one that is new can change anything."""
        for entry in self._entries[self._taken : count]:
            self._stale = self._stale or self._may_change(entry)
        self._taken = count
        if self._stale:
            self._episodes = assess(self._entries[:count], self._rulebook)
            self._stale = False

    def _may_change(self, entry: Entry) -> bool:
        """Return whether an entry can change a standing or a verdict, given what was known before it.

        A fact that no rule names and that makes no standing changes neither, unless it is the episode's first.
        """
        cls, episode = entry.fact_class, self._episode_of(entry)
        if cls is None or episode is None or len(episode.pictures) == 1:
            return True
        if cls.PHASE != Phase.AFTER or issubclass(cls, _TELLING) or cls in self._named:
            return True
        earliest = entry.happened.earliest
        return earliest is None or earliest <= episode.pictures[1].start

    def _episode_of(self, entry: Entry) -> EpisodeAssessment | None:
        return next((e for e in self._episodes if entry.subject in e.subjects), None)
