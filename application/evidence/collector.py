"""Gathering what an evidence bundle tells and proves: by a checkpoint, and nothing that came after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from eventsourcing.application import Repository

from application.access.lines_in_scope import lines_at
from application.answers import as_json as answers
from application.answers.as_json import Json
from application.answers.disclosures import DisclosedRecords, DisclosingAnswer, disclosed_by
from application.evidence.access_entries import AccessEntries, AccessEntryReader
from application.evidence.personal_values import PersonalValues, Row
from application.evidence.proven_lines import ProvenLines, handovers
from application.merkle_log.proofs import Proofs
from application.queries.episodes.episode_reader import EpisodeReader
from application.queries.episodes.episode_report import Visibility, episode_report
from application.queries.episodes.person_loader import KnownAt
from application.store.adopted_rulebooks import judging, own_entries
from application.store.database import Database
from application.store.line_codec import read_line
from application.store.logs import EPISODES
from application.store.tree_rows import SignedCheckpoint
from application.store.vault import Vault
from domain.entries.entry import Entry
from domain.errors import NotFound
from domain.facts.member_walk import children
from domain.facts.value_kinds import ChildRef
from domain.moment import Instant, from_datetime, rfc3339

_RECORDED: Final = (
    "select recorded_at from ledger.entries where position <= %s order by position desc limit 1"
)
OUT_OF_SCOPE: Final = "the episode is outside the reader's scope"


class EpisodeReports(NamedTuple):
    """The answers of the ledger about some episodes."""

    subjects: Sequence[str]
    now: Json
    """By everything under the checkpoint."""
    known: Json | None
    """As known at the moment that was chosen, if one was."""
    disclosed: DisclosedRecords


class BundleRequest(NamedTuple):
    """The episodes and times that a bundle is about."""

    subjects: Sequence[str] = ()
    child: ChildRef | None = None
    """Instead of subjects: every episode of the person that the child is."""
    as_at: Instant | None = None
    """How things stood then; None: when the last entry under the checkpoint was recorded."""
    known_at: KnownAt | None = None
    """Also as known at that time, next to everything under the checkpoint."""
    size: int | None = None
    """The size of the checkpoint that proves the bundle; None for the last."""
    access_to: int | None = None
    """The last sealed position of the access log to include. None: what was recorded by the checkpoint's last entry."""


class BundleContents(NamedTuple):
    """The content of a bundle, before it is written."""

    ledger: str
    checkpoint: SignedCheckpoint
    reports: EpisodeReports
    proved: ProvenLines
    entries: Mapping[int, Entry]
    """The entries of the lines that are whole, by position."""
    handovers: Mapping[int, str]
    """By the position of a change of key in the checkpoint's epoch: what the key before it signed."""
    values: PersonalValues
    looked: AccessEntries
    disclosed: DisclosedRecords

    @property
    def about(self) -> Json:
        """Return what the bundle is about, and the options that give the same bundle again."""
        return {
            "ledger": self.ledger,
            "size": self.checkpoint.size,
            "subjects": list(self.reports.subjects),
            "as_at": self.reports.now["as_at"],
            **answers.known(known_at=None if self.reports.known is None else self.reports.known["known_at"]),
            "access_to": self.looked.upto,
            **answers.known(access_size=self.looked.size),
        }

    @property
    def withheld(self) -> list[Row]:
        """Position, path (`*`: the line) and reason of all that the reader may not see, in order."""
        bare = [(line.position, "*", OUT_OF_SCOPE) for line in self.proved.lines if not line.whole]
        return sorted([*bare, *self.values.withheld])

    def stated(self, member: str) -> dict[int, str]:
        """Return what the ledger's own entries state, by position: `key`, or `text` of a rulebook."""
        own = {p: entry.data for p, entry in self.entries.items() if entry.fact_class is None}
        return {position: data[member] for position, data in own.items() if member in data}


class Collector:
    """Gathers from one ledger."""

    def __init__(self, database: Database, vault: Vault, repository: Repository[str], name: str) -> None:
        """Say where entries are, which vault opens values, what reads one stream, and the ledger's name."""
        self._database, self._vault, self._name = database, vault, name
        self._reader = EpisodeReader(database, vault, repository)
        self._looking = AccessEntryReader(database, name)
        self._proofs = Proofs(database, EPISODES, name)

    def gather(self, request: BundleRequest, seeing: Visibility) -> BundleContents:
        """All of it; NotFound for what is not there or out of scope, NotSealed, NoSuchSize."""
        checkpoint = self._proofs.signed(request.size)
        recorded = from_datetime(self._database.rows(_RECORDED, (checkpoint.size,))[0][0])
        all_, then = _moments(request, checkpoint.size)
        reports = self._reports(
            request, seeing, recorded if request.as_at is None else request.as_at, all_, then
        )
        _check_found(reports)
        lines = lines_at(self._database, {*reports.disclosed.positions, *self._own(all_, then)}, seeing.scope)
        entries = {line.position: read_line(line.text) for line in lines if line.whole}
        episodes = reports.now["episodes"]
        named = _children(entries, episodes)
        return BundleContents(
            ledger=self._name,
            checkpoint=checkpoint,
            reports=reports,
            proved=ProvenLines.by(self._proofs, checkpoint, lines),
            entries=entries,
            handovers=handovers(self._proofs, entries, EPISODES.origin(self._name, checkpoint.epoch)),
            values=PersonalValues.of(entries, episodes, self._vault, opening=seeing.may_open is not None),
            looked=self._looking.at(named, seeing.scope, recorded, request.access_to),
            disclosed=DisclosedRecords(reports.disclosed.children | {*named}, frozenset(entries)),
        )

    def _reports(
        self, request: BundleRequest, seeing: Visibility, as_at: Instant, all_: KnownAt, then: KnownAt | None
    ) -> EpisodeReports:
        """Return the answers about the episodes, by all that is under the checkpoint, and as known then."""
        subjects = self._subjects(request, seeing, as_at, all_)
        now = self._tell(subjects, seeing, as_at, all_)
        if then is None:
            return EpisodeReports(subjects, now.json, None, now.disclosed)
        known = self._tell(subjects, seeing, as_at, then)
        return EpisodeReports(subjects, now.json, known.json, now.disclosed | known.disclosed)

    def _subjects(
        self, request: BundleRequest, seeing: Visibility, as_at: Instant, known: KnownAt
    ) -> Sequence[str]:
        if request.child is None:
            return list(dict.fromkeys(request.subjects))
        answer = self._reader.child(request.child, seeing.scope, as_at, known)
        return [episode["subject"] for episode in answer.json["episodes"]]

    def _tell(
        self, subjects: Sequence[str], seeing: Visibility, as_at: Instant, known: KnownAt
    ) -> DisclosingAnswer:
        """The episodes as known at a position, each once, and the subjects of which nothing was known."""
        reports: list[DisclosingAnswer] = []
        unknown: list[str] = []
        for subject in subjects:
            if any(subject in other.json["episode"]["linked"] for other in reports):
                continue
            try:
                reports.append(episode_report(self._reader, subject, seeing, as_at, known))
            except NotFound:
                unknown.append(subject)
        book = judging(self._database, known.position)
        reports_json = {
            "as_at": rfc3339(as_at),
            "known_at": known.position,
            "rulebook": {**book.answer(), "position": book.entry.position},
            "episodes": [each.json for each in reports],
            "not_known": unknown,
        }
        return DisclosingAnswer(reports_json, disclosed_by(reports))

    def _own(self, *moments: KnownAt | None) -> set[int]:
        """The ledger's own entries on which the rest rests: its keys, and the rulebooks that judge."""
        positions = {moment.position for moment in moments if moment is not None}
        with self._database.connection() as connection:
            own = own_entries(connection, max(positions))
        judge = {judging(self._database, position).entry.position for position in positions}
        return judge | {entry.position for entry in own if "key" in entry.data}


def _moments(request: BundleRequest, size: int) -> tuple[KnownAt, KnownAt | None]:
    """Everything under the checkpoint, and what else was asked for, which is not beyond it."""
    then = request.known_at
    return KnownAt(size, size), None if then is None else KnownAt(min(then.position, size), size)


def _check_found(reports: EpisodeReports) -> None:
    """Raise NotFound unless all that were asked for are there; by their places, since a problem repeats no value."""
    unknown = [number for number, each in enumerate(reports.subjects, 1) if each in reports.now["not_known"]]
    if unknown and len(reports.subjects) == 1:
        raise NotFound("there is no such episode")
    if unknown:
        places = ", ".join(map(str, unknown))
        raise NotFound(
            f"of the {len(reports.subjects)} episodes not every one is there: look at number {places}"
        )


def _children(entries: Mapping[int, Entry], episodes: Sequence[Json]) -> list[str]:
    """The stored ids of the children whom the episodes' own entries name."""
    own = [entries[step["position"]] for episode in episodes for step in episode["steps"]]
    found = ((entry.fact_class, entry.data) for entry in own)
    return sorted({each.value for cls, data in found if cls is not None for each in children(cls, data)})
