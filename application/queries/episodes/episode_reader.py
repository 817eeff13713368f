"""Reading one person's entries, assessed: an episode, its history, its timeline, a child.

Every answer is a replay of the entries up to `known_at` through `assess`, so it never lags behind what was
recorded, and a past answer is the same function of fewer entries. What is out of scope is not found.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any

from application.access.scope import Scope
from application.answers import as_json as answers
from application.answers.as_json import Json, known
from application.answers.disclosures import note
from application.queries.episodes.entry_loader import person_of
from application.queries.episodes.entry_references import EntryReferences
from application.queries.episodes.person_loader import AssessedPerson, KnownAt, PersonLoader
from application.queries.episodes.replay import Replay, relevant_entries
from application.store.adopted_rulebooks import called
from application.store.database import Database
from application.store.vault import Vault
from domain.assessment.assess import EpisodeAssessment, assess
from domain.assessment.patterns import patterns
from domain.entries.entry import Entry
from domain.errors import NotFound
from domain.facts.member_walk import children as child_members
from domain.facts.value_kinds import ChildRef
from domain.moment import Instant, rfc3339, to_datetime
from domain.spans import at

MayOpen = Callable[[Entry, str | None], bool]
"""Whether a reader may see the personal values of an entry, given the responsible authority."""


def now() -> Instant:
    """The service's clock."""
    return time.time_ns() // 1000


class EpisodeReader:
    """Answers about one episode or one child."""

    def __init__(self, database: Database, vault: Vault) -> None:
        """Say where entries are, and who opens what is sealed."""
        self._database, self._vault = database, vault
        self._persons = PersonLoader(database)

    def known_at(
        self, position: int | None = None, moment: Instant | None = None, rulebook: str | None = None
    ) -> KnownAt:
        """Up to where to read: a position, the last entry by a time, or (neither given) all there is.

        `rulebook`: by which to judge, as `<id>@<version>`; NotAdopted when there is none of that name.
        """
        head = self._database.rows("select position from ledger.heads where log = 1")[0][0]
        book = None if rulebook is None else called(self._database, rulebook)
        if moment is not None:
            at_moment = self._database.rows("select ledger.position_at(%s)", (to_datetime(moment),))[0][0]
            return KnownAt(at_moment, head, moment > now(), book)
        if position is None or position > head:
            return KnownAt(head, head, position is not None, book)
        return KnownAt(position, head, judged_by=book)

    def episode(self, subject: str, scope: Scope, as_at: Instant, known_at: KnownAt) -> Json:
        """The episode as at an instant, as known at a position."""
        return self.episode_with_etag(subject, scope, as_at, known_at)[1]

    def episode_with_etag(
        self, subject: str, scope: Scope, as_at: Instant, known_at: KnownAt
    ) -> tuple[str, Json]:
        """The same, after its entity tag: of the person's last position, the rulebook and the span of as_at."""
        person, last = self._persons.load_with_overlaps(subject, scope, known_at)
        episode = person.episode(subject)
        spans = [at(episode.pictures, as_at), *(at(o.verdicts, as_at) for o in episode.obligations)]
        starts = [span.start for span in spans if span is not None]
        tag = f"{last}-{person.judged_by.name}-{max(starts)}-{len(starts)}"
        return tag, self._episode(person, episode, subject, as_at)

    def timeline(
        self, subject: str, scope: Scope, as_at: Instant, known_at: KnownAt, *, not_applicable: bool = False
    ) -> Json:
        """The episode's obligations as at an instant, as known at a position, judged by the rulebook of then.

        With `not_applicable` also the rules whose conditions fail, each with the conditions that did.
        """
        person = self._persons.load_episode(subject, scope, known_at)
        book, episode = person.judged_by.book, person.episode(subject)
        if not_applicable:
            found = assess(person.entries, book, not_applicable=True)
            episode = next(e for e in found if subject in e.subjects)
        note(children=[episode.child], positions=[episode.position])
        duties = answers.verdicts_at(episode.obligations, as_at)
        return {
            "subject": subject,
            "as_at": rfc3339(as_at),
            **person.about(),
            "obligations": [answers.obligation(o, v, book) for o, v in duties],
        }

    def child(self, reference: ChildRef, scope: Scope, as_at: Instant, known_at: KnownAt) -> Json:
        """A child and the episodes of the person that they are, in the order of their starts."""
        person, mine = self._episodes_of(self._known(reference), scope, known_at)
        mine.sort(key=lambda e: (_started(e, as_at), e.lead))
        return {
            "child": answers.child(reference),
            "episodes": [self._episode(person, e, e.lead, as_at) for e in mine],
            "patterns": answers.patterns(patterns(mine, as_at)),
            "as_at": rfc3339(as_at),
            **person.about(),
        }

    def same_child(self, reference: ChildRef, scope: Scope) -> list[str]:
        """The stored ids of the person that a child is, by all that is known now; NotFound as for `child`."""
        id_ = self._known(reference)
        person, mine = self._episodes_of(id_, scope, self.known_at())
        own = mine[0].person
        tied = {c for e in person.episodes for c in (e.child, *chain.from_iterable(e.ties))}
        return sorted({id_, *(c for c in tied if person_of(c, person.episodes) == own)})

    def _known(self, reference: ChildRef) -> str:
        """The id of a child that was ever recorded."""
        id_ = self._vault.find(reference)
        if id_ is None:
            raise NotFound("there is no such child")
        return id_

    def _episodes_of(
        self, child: str, scope: Scope, known_at: KnownAt
    ) -> tuple[AssessedPerson, list[EpisodeAssessment]]:
        """What was read of a child, and those episodes of the person that they are which a reader may see."""
        person = self._persons.of_child(child, scope, known_at)
        own = person_of(child, person.episodes)
        mine = [e for e in person.episodes if e.person == own and self._persons.visible(e, scope)]
        if not mine:
            raise NotFound("there is no such child")
        return person, mine

    def history(
        self, subject: str, scope: Scope, known_at: KnownAt, may_open: MayOpen, *, by_happened: bool = False
    ) -> Json:
        """The episode's entries, what each says, and what each changed, as known before and with it."""
        person = self._persons.load_episode(subject, scope, known_at)
        episode = person.episode(subject)
        steps = list(self._steps(person, episode, may_open))
        if by_happened:
            order = {position: n for n, position in enumerate(episode.order)}
            steps.sort(key=lambda step: order[step["position"]])
        return {"subject": subject, "items": steps, **person.about()}

    def _steps(self, person: AssessedPerson, episode: EpisodeAssessment, may_open: MayOpen) -> Iterator[Json]:
        own = [entry for entry in person.entries if entry.subject in episode.subjects]
        opened = self._vault.open(own)
        book = person.judged_by.book
        replay = Replay(relevant_entries(person.entries, set(episode.subjects), [book]), book)
        threads = EntryReferences(own)
        authority = episode.pictures[-1].value.responsible_authority
        for entry in own:
            may = may_open(entry, authority)
            disclosed = {d.path: d.value for d in opened.get(entry.position, [])} if may else {}
            yield {
                **answers.entry_note(entry),
                "version": entry.version,
                "by": entry.by,
                "event": self._event(entry, disclosed),
                "withheld": sorted(set(entry.data.get("sealed", {})) - set(disclosed)),
                "leaf_hash": person.entries.leaf_hashes[entry.position],
                "findings": [answers.finding(f) for f in episode.findings if entry.position in f.positions],
                **replay.changed(entry),
                **threads.of(entry.position),
            }

    def _event(self, entry: Entry, disclosed: dict[str, Any]) -> Json:
        """The event as it was sent, as far as this reader may see it."""
        data = {name: value for name, value in entry.data.items() if name != "sealed"}
        cls = entry.fact_class
        if cls is not None:
            for found in child_members(cls, data):
                data[found.path[0]] = answers.child(self._vault.reference(found.value))
        for path, value in disclosed.items():
            data = _with(data, path.split("/"), value)
        return {
            "specversion": "1.0",
            "id": entry.id,
            "source": entry.source,
            "type": entry.type,
            "subject": entry.subject,
            **known(time=entry.time),
            "data": data,
        }

    def _episode(
        self, person: AssessedPerson, episode: EpisodeAssessment, subject: str, as_at: Instant
    ) -> Json:
        last = next(entry for entry in reversed(person.entries) if entry.position == episode.position)
        of_child = self._vault.reference(episode.child)
        said = answers.episode(
            episode, subject, of_child, answers.entry_note(last), as_at, person.known_at.position
        )
        return said | person.about()


def _started(episode: EpisodeAssessment, as_at: Instant) -> Instant:
    """When it started, as lists have it; by its first fact, where that is not told (yet)."""
    known = answers.start_of(episode.picture(as_at))
    return known if known is not None else episode.pictures[min(1, len(episode.pictures) - 1)].start


def _with(data: Json, path: Sequence[str], value: Any) -> Json:
    """A copy of `data` with a value put at a path."""
    inner = value if len(path) == 1 else _with(data.get(path[0], {}), path[1:], value)
    return {**data, path[0]: inner}
