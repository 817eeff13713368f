"""Reading one person's entries, assessed: an episode, its history, its timeline, a child.

Every answer is a replay of the entries up to `known_at` through `assess`, so it never lags behind the ledger. A past
answer is the same function of fewer entries. A subject out of scope is not found.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Final

from eventsourcing.application import Repository

from application.access.scope import Scope
from application.answers import as_json as answers
from application.answers.disclosures import DisclosingAnswer, disclosed_by
from application.queries.episodes.entry_loader import entries_of_person, person_of
from application.queries.episodes.episode_answers import (
    MayOpen,
    PersonalParts,
    children_of,
    entity_tag,
    episode_answer,
    history_answer,
    in_order,
    timeline_answer,
)
from application.queries.episodes.history_page import HistoryPage, HistoryQuery
from application.queries.episodes.person_loader import AssessedPerson, KnownAt, PersonLoader
from application.store.adopted_rulebooks import called
from application.store.clock import now
from application.store.database import Database
from application.store.vault import NO_CHILD, Vault
from domain.assessment.assess import EpisodeAssessment
from domain.assessment.chronology.episode_access import SealedHandling, episode_access
from domain.assessment.patterns import patterns
from domain.entries.entry import Entry
from domain.errors import NotFound
from domain.facts.value_kinds import ChildRef
from domain.moment import Instant, rfc3339, to_datetime

_WHOLE: Final = HistoryQuery()


class EpisodeReader:
    """Answers about one episode or one child."""

    def __init__(self, database: Database, vault: Vault, repository: Repository[str]) -> None:
        """Say where entries are, which vault opens encrypted values, and which repository reads one stream."""
        self._database, self._vault = database, vault
        self._persons = PersonLoader(database, repository)

    def known_at(
        self, position: int | None = None, moment: Instant | None = None, rulebook: str | None = None
    ) -> KnownAt:
        """Return up to where to read: a position, the last entry by a time, or (neither given) the last of all.

        `rulebook`: the one that judges, as `<id>@<version>`; NotAdopted when there is none of that name.
        """
        head = self._database.rows("select position from ledger.heads where log = 1")[0][0]
        book = None if rulebook is None else called(self._database, rulebook)
        if moment is not None:
            at_moment = self._database.rows("select ledger.position_at(%s)", (to_datetime(moment),))[0][0]
            return KnownAt(at_moment, head, moment > now(), book)
        if position is None or position > head:
            return KnownAt(head, head, position is not None, book)
        return KnownAt(position, head, judged_by=book)

    def load(self, subject: str, scope: Scope, known_at: KnownAt) -> tuple[AssessedPerson, int]:
        """Load an episode's person once, with the position of their last entry: all answers follow from it."""
        return self._persons.load_with_overlaps(subject, scope, known_at)

    def personal(self, person: AssessedPerson, subject: str, entries: Sequence[Entry]) -> PersonalParts:
        """Read the personal values of some of an episode's entries: children, sealed values, and who may see them."""
        return PersonalParts(
            self._vault.references(children_of(entries)),
            self._vault.open(entries),
            self._handling(person, subject),
        )

    def _handling(self, person: AssessedPerson, subject: str) -> dict[int, SealedHandling]:
        """Return the handling of sealed values by all that is recorded, whatever the answer is known at."""
        known: Sequence[Entry] = person.entries
        if person.known_at.position < person.known_at.ledger_size:
            streams = {entry.subject for entry in known}
            known = entries_of_person(
                self._database, person.known_at.ledger_size, subjects=[subject, *streams]
            )
        return {position: one for each in episode_access(known) for position, one in each.handling.items()}

    def episode(self, subject: str, scope: Scope, as_at: Instant, known_at: KnownAt) -> DisclosingAnswer:
        """Return the episode as at an instant, as known at a position."""
        return self.episode_with_etag(subject, scope, as_at, known_at)[1]

    def episode_with_etag(
        self, subject: str, scope: Scope, as_at: Instant, known_at: KnownAt
    ) -> tuple[str, DisclosingAnswer]:
        """Return the same, after its entity tag."""
        person, last = self.load(subject, scope, known_at)
        episode = person.episode(subject)
        children = self._vault.references([episode.child])
        tag = entity_tag(person, episode, as_at, last if scope is None else episode.position)
        return tag, episode_answer(person, episode, subject, as_at, children)

    def timeline(
        self, subject: str, scope: Scope, as_at: Instant, known_at: KnownAt, *, not_applicable: bool = False
    ) -> DisclosingAnswer:
        """Return the episode's duties as at an instant, judged by the rulebook of that position.

        With `not_applicable` also the rules whose conditions fail, each with the conditions that did.
        """
        person = self._persons.load_episode(subject, scope, known_at)
        return timeline_answer(person, subject, as_at, not_applicable=not_applicable)

    def history(
        self,
        subject: str,
        scope: Scope,
        known_at: KnownAt,
        may_open: MayOpen,
        query: HistoryQuery = _WHOLE,
    ) -> DisclosingAnswer:
        """Return the episode's entries, or a page of them, what each says, and what each changed."""
        page = HistoryPage(query, subject, scope, known_at.judged_by and known_at.judged_by.name)
        known_at = page.known(known_at)
        person = self._persons.load_episode(subject, scope, known_at)
        every = in_order(person, person.episode(subject), query)
        some = every[page.begin : None if page.limit is None else page.begin + page.limit]
        found = history_answer(person, subject, some, self.personal(person, subject, some), may_open)
        following = page.following(len(every), known_at.position)
        return found.adding({"entries": len(every), "next": following})

    def child(self, reference: ChildRef, scope: Scope, as_at: Instant, known_at: KnownAt) -> DisclosingAnswer:
        """Return a child and the episodes of the person that they are, in the order of their starts."""
        person, mine = self._episodes_of(self._vault.find(reference), scope, known_at)
        mine.sort(key=lambda e: (_started(e, as_at), e.lead))
        named = self._vault.references({e.child for e in mine})
        episodes = [episode_answer(person, e, e.lead, as_at, named) for e in mine]
        said = {
            "child": answers.child(reference),
            "episodes": [each.json for each in episodes],
            "patterns": answers.patterns(patterns(mine, as_at)),
            "as_at": rfc3339(as_at),
            **person.about(),
        }
        return DisclosingAnswer(said, disclosed_by(episodes))

    def same_child(self, reference: ChildRef, scope: Scope) -> list[str]:
        """Return the stored ids of the person that a child is, by all that is known now; NotFound as for `child`."""
        id_ = self._vault.find(reference)
        person, mine = self._episodes_of(id_, scope, self.known_at())
        own = mine[0].person
        tied = {c for e in person.episodes for c in (e.child, *chain.from_iterable(e.ties))}
        return sorted({id_ or own, *(c for c in tied if person_of(c, person.episodes) == own)})

    def _episodes_of(
        self, child: str | None, scope: Scope, known_at: KnownAt
    ) -> tuple[AssessedPerson, list[EpisodeAssessment]]:
        """Return what was read of a child, and those episodes of the person that they are which a reader may see."""
        person = self._persons.of_child(child, scope, known_at)
        own = person_of(child or NO_CHILD, person.episodes)
        mine = [e for e in person.episodes if e.person == own and self._persons.visible(e, scope)]
        if not mine:
            raise NotFound("there is no such child")
        return person, mine


def _started(episode: EpisodeAssessment, as_at: Instant) -> Instant:
    """Return when it started, as lists have it; by its first fact, where that is not told (yet)."""
    known = answers.start_of(episode.picture(as_at))
    return known if known is not None else episode.pictures[min(1, len(episode.pictures) - 1)].start
