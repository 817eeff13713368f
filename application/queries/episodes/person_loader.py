"""Persons, assessed from the entries up to `known_at`. A person out of a reader's scope is not found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from eventsourcing.application import Repository

from application.access.scope import Scope, child_visible, visible, within
from application.answers.as_json import Json
from application.queries.episodes.entry_loader import entries_of_episode, entries_of_person
from application.queries.episodes.stored_overlaps import stored_overlaps
from application.store.adopted_rulebooks import Adopted, judging
from application.store.database import Database
from application.store.vault import NO_CHILD
from domain.assessment.assess import EpisodeAssessment, assess
from domain.assessment.standing.overlaps import with_overlaps
from domain.entries.entry import Entry
from domain.errors import NotFound


class KnownAt(NamedTuple):
    """The last entry that an answer knows, and the rulebook that judges it."""

    position: int
    ledger_size: int
    past_head: bool = False
    judged_by: Adopted | None = None
    """The rulebook that was requested; None: the one adopted by then."""

    def answer(self) -> Json:
        """The members of the contract that say so, without the rulebook."""
        said: Json = {"known_at": self.position, "ledger_size": self.ledger_size}
        return said | ({"past_head": True} if self.past_head else {})


class AssessedPerson(NamedTuple):
    """The entries read of a person, and their assessment."""

    entries: list[Entry]
    episodes: list[EpisodeAssessment]
    judged_by: Adopted
    known_at: KnownAt

    def episode(self, subject: str) -> EpisodeAssessment:
        """Return the (united) episode that a subject belongs to."""
        found = next((e for e in self.episodes if subject in e.subjects), None)
        if found is None:
            raise _no_episode(self.known_at)
        return found

    def about(self) -> Json:
        """Return the position that was known, and the rulebook that judges."""
        return {**self.known_at.answer(), "rulebook": self.judged_by.answer()}


def _no_episode(known_at: KnownAt) -> NotFound:
    """Return one error for both: a missing episode and one out of scope; at an earlier position it may be missing."""
    past = known_at.position < known_at.ledger_size
    return NotFound(f"there is no such episode{f', as known at position {known_at.position}' * past}")


class PersonLoader:
    """A loader of persons: by a child, or by an episode."""

    def __init__(self, database: Database, repository: Repository[str]) -> None:
        """Say where entries are, and which repository folds one stream of them."""
        self._database, self._repository = database, repository

    def of_child(self, child: str | None, scope: Scope, known_at: KnownAt) -> AssessedPerson:
        """Load everything of the person that a child is, by its stored id; NotFound outside the scope."""
        if not child_visible(self._database, child or NO_CHILD, scope) or child is None:
            raise NotFound("there is no such child")
        entries = entries_of_person(self._database, known_at.position, children=[child])
        return self._assessed(entries, scope, known_at)

    def of_episode(self, subject: str, scope: Scope, known_at: KnownAt) -> AssessedPerson:
        """Load an episode and the person's others; NotFound outside the scope."""
        self.check(subject, scope, known_at)
        entries = entries_of_person(self._database, known_at.position, subjects=[subject])
        return self._assessed(entries, scope, known_at)

    def load_episode(self, subject: str, scope: Scope, known_at: KnownAt) -> AssessedPerson:
        """Load an episode without the person's others, unless a rule reads them; NotFound outside the scope."""
        self.check(subject, scope, known_at)
        if self._judging(known_at).book.looks_at_others:
            return self.of_episode(subject, scope, known_at)
        entries = entries_of_episode(self._database, self._repository, known_at.position, subject)
        return self._assessed(entries, scope, known_at)

    def load_with_overlaps(self, subject: str, scope: Scope, known_at: KnownAt) -> tuple[AssessedPerson, int]:
        """Load an episode, with those that overlap it named, and the position of the last entry of its person.

        The person's others are read only where a rule reads them, or where the stored rows cannot tell.
        """
        self.check(subject, scope, known_at)
        looks = self._judging(known_at).book.looks_at_others
        stored = None if looks else stored_overlaps(self._database, subject, known_at.position)
        if stored is None:
            person = self.of_episode(subject, scope, known_at)
            person.episode(subject)
            return person, max(entry.position for entry in person.entries)
        person = self.load_episode(subject, scope, known_at)
        episode = person.episode(subject)
        findings = with_overlaps(episode.findings, stored.overlaps)
        found = within(self._database, [replace(episode, findings=findings)], scope)
        return person._replace(episodes=found), stored.last

    def visible(self, episode: EpisodeAssessment, scope: Scope) -> bool:
        """Return whether a reader may see an episode."""
        return bool(visible(self._database, episode.subjects, scope))

    def check(self, subject: str, scope: Scope, known_at: KnownAt) -> None:
        """Raise NotFound outside the scope, before anything of the episode is read: it is as if it did not exist."""
        if not visible(self._database, [subject], scope):
            raise _no_episode(known_at)

    def _assessed(self, entries: list[Entry], scope: Scope, known_at: KnownAt) -> AssessedPerson:
        judged = self._judging(known_at)
        found = assess(entries, judged.book)
        if scope is not None and (hidden := self._linked_then(found, scope)):
            entries = [entry for entry in entries if entry.subject not in hidden]
            found = assess(entries, judged.book)
        return AssessedPerson(entries, within(self._database, found, scope), judged, known_at)

    def _linked_then(self, episodes: Sequence[EpisodeAssessment], scope: Scope) -> set[str]:
        """Return the subjects that were linked with what a reader may see, and that the reader may not see now."""
        united = [set(episode.subjects) for episode in episodes if len(episode.subjects) > 1]
        seen = visible(self._database, set().union(*united), scope) if united else set[str]()
        return set().union(*(subjects - seen for subjects in united if subjects & seen))

    def _judging(self, known_at: KnownAt) -> Adopted:
        return known_at.judged_by or judging(self._database, known_at.position)
