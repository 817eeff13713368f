"""Rule context: one episode, as the rules see it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from domain.assessment.chronology.ordering import ChronologicalFact
from domain.assessment.obligations.answer_window import WindowStart, episode_start
from domain.assessment.obligations.profiles import Profile, profiles, start_of
from domain.assessment.standing.episode_state import StateChange
from domain.assessment.standing.other_episode import OtherEpisode
from domain.facts import Fact, Phase
from domain.facts.after_return import EpisodeReopened
from domain.moment import Instant
from domain.spans import Span


class BirthMonth(NamedTuple):
    """A month of birth (2010-03, or 2010 where a setting keeps no month), and from when on it counts."""

    earliest: Instant
    month: str


@dataclass(frozen=True)
class RuleContext:
    """One episode, as the rules see it."""

    frames: Sequence[StateChange]
    lasting: Sequence[Span[StateChange]]
    """The same frames, each with the span over which it holds."""
    facts: Sequence[ChronologicalFact]
    covering: Sequence[ChronologicalFact]
    """Interview facts of the person's other episodes that cover this one."""
    others: Sequence[OtherEpisode]
    """The person's other episodes."""
    retracted: Sequence[tuple[ChronologicalFact, ChronologicalFact]]
    """Facts that were retracted, each with its retraction."""
    in_error: ChronologicalFact | None
    births: Sequence[BirthMonth]
    """The months of birth that facts give, each with when it counts from."""
    types: frozenset[type[Fact]]
    """The types of its facts, of those retracted too: most rules find nothing here that could start them."""

    @cached_property
    def ends(self) -> list[ChronologicalFact]:
        """Its facts that end it, in their order."""
        return [told for told in self.facts if told.fact.PHASE == Phase.END]

    @cached_property
    def _ats(self) -> list[Instant]:
        return [frame.at for frame in self.frames]

    def frame_number(self, at: Instant) -> int:
        """Return the number of the frame that holds at an instant; the first before it."""
        return max(0, bisect_right(self._ats, at) - 1)

    @cached_property
    def start(self) -> WindowStart:
        """When it began, as far as an answer must not precede that."""
        return episode_start(self.facts, self.frames)

    @cached_property
    def profiles(self) -> list[tuple[Instant, Profile]]:
        """The child and the placement, as each fact that describes them left them known."""
        return profiles(self.facts)

    @cached_property
    def reopenings(self) -> list[ChronologicalFact]:
        """Its reopenings, and what began a further absence after an end, in their order."""
        began = {id(end.since): end.since for frame in self.frames if (end := frame.end) and end.since}
        reopened = (told for told in self.facts if isinstance(told.fact, EpisodeReopened))
        return sorted((*reopened, *began.values()), key=lambda told: told.order)

    @cached_property
    def first(self) -> Instant | None:
        """The moment that "as at the episode's start" means."""
        return start_of(self.facts)

    def of_types(self, types: frozenset[type[Fact]]) -> list[ChronologicalFact]:
        """Return its facts of some types, in their order."""
        if types not in self._of_types:
            self._of_types[types] = [told for told in self.facts if type(told.fact) in types]
        return self._of_types[types]

    @cached_property
    def _of_types(self) -> dict[frozenset[type[Fact]], list[ChronologicalFact]]:
        return {}

    @cached_property
    def timed(self) -> dict[tuple[str, int], list[ChronologicalFact]]:
        """Facts that may start a clock, by id and version of the rule; filled as rules ask."""
        return {}

    @cached_property
    def stretches(self) -> list[Span[StateChange]]:
        """The frames, neighbours made one in which nothing changes that conditions and holders depend on."""
        return _stretches(self.lasting, lambda _: ())

    @cached_property
    def clock_stretches(self) -> list[Span[StateChange]]:
        """The same, parted also where the end that counts changes, which may start a clock of its own."""
        return _stretches(self.lasting, lambda frame: (frame.end, len(frame.reopened)))


def _stretches(
    lasting: Sequence[Span[StateChange]], also: Callable[[StateChange], tuple[object, ...]]
) -> list[Span[StateChange]]:
    made: list[Span[StateChange]] = []
    before: tuple[object, ...] = ()
    for span in lasting:
        frame, state = span.value, span.value.picture
        who = (state.responsible_authority, state.host_authority, state.police.force)
        same = (*who, frame.ever, frame.said, *also(frame))
        if made and same == before:
            made[-1] = Span(made[-1].start, span.end, made[-1].value)
        else:
            made.append(span)
        before = same
    return made
