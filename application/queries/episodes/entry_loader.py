"""Histories: everything recorded about a person, read from the entries.

A person is joined by what entries name: a child, another subject, another child. Which of those links
are effective only `assess` can say, so what is loaded is all that they could join.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, LiteralString

from eventsourcing.application import Repository

from application.projections.assessment_units import CHILD_IS_LINKED, NAMED, SAME_CHILD
from application.store.database import Database
from application.store.line_codec import read_line
from domain.assessment.assess import EpisodeAssessment
from domain.assessment.chronology.disjoint_set import DisjointSet
from domain.entries.entry import Entry
from domain.entries.missing_episode import MissingEpisode, fold

_REACH: Final[LiteralString] = """
    with recursive reached (no) as (
        select s.no from ledger.streams s where s.subject = any(%(subjects)s)
        union
        select -c.no from ledger.children c where c.id = any(%(children)s::uuid[])
        union
        select x.no from reached r cross join lateral ({edges}) x (no)
    )
"""
PERSON_REACHED: Final[LiteralString] = _REACH.replace("{edges}", NAMED + SAME_CHILD)
"""The streams of all that the `subjects` and `children` of a query may be joined to."""
_LINES: Final[LiteralString] = """
    select e.line, e.leaf_hash from reached r join ledger.entries e on e.stream_no = r.no
    where e.position + 0 <= %(known_at)s order by e.position
"""
_PERSON: Final = PERSON_REACHED + _LINES
_OF_SUBJECTS: Final = """
    select e.line, e.leaf_hash from ledger.streams s join ledger.entries e on e.stream_no = s.no
    where s.subject = any(%(subjects)s) and e.position + 0 <= %(known_at)s order by e.position
"""
_SUBJECTS: Final[LiteralString] = """
    select array_agg(distinct s.subject), count(distinct c.no) < 2 and not coalesce(bool_or({linked}), false)
    from reached r join ledger.streams s on s.no = r.no
        left join ledger.stream_children a on a.stream_no = s.no left join ledger.children c on c.no = a.child_no
"""
_JOINED: Final = _REACH.replace("{edges}", NAMED) + _SUBJECTS.replace("{linked}", CHILD_IS_LINKED)
"""The subjects that an episode may be joined to; and whether they are about one child at most, and no entry says which
other child it is."""


def entries_of_person(
    database: Database, known_at: int, *, subjects: Sequence[str] = (), children: Sequence[str] = ()
) -> list[Entry]:
    """Load everything recorded up to a position on episodes that may be of the same person as these."""
    return _read(database, _PERSON, known_at, subjects, children)


def entries_of_episode(
    database: Database, repository: Repository[str], known_at: int, subject: str
) -> list[Entry]:
    """Load the same for one episode, with those that it names or that name it, but without the child's others.

    What it costs grows with the episode and not with the childhood. Only where several children are concerned all
    is read: an entry on any episode of theirs may say that they are one person.
    """
    given = {"subjects": [subject], "children": []}
    [(joined, alone)] = database.rows(_JOINED, given)
    if not joined:
        return []
    if not alone:
        return entries_of_person(database, known_at, subjects=[subject])
    if len(joined) > 1:
        return _read(database, _OF_SUBJECTS, known_at, joined)
    episode: MissingEpisode = repository.get(subject, projector_func=fold)
    return list(episode.known_at(known_at))


def _read(
    database: Database,
    query: LiteralString,
    known_at: int,
    subjects: Sequence[str],
    children: Sequence[str] = (),
) -> list[Entry]:
    given = {"subjects": list(subjects), "children": list(children), "known_at": known_at}
    return [read_line(line, leaf_hash) for line, leaf_hash in database.rows(query, given)]


def person_of(child: str, episodes: Iterable[EpisodeAssessment]) -> str:
    """The person that a child is, by all that these episodes tie to it, also when none of them is the child's."""
    union = DisjointSet()
    for episode in episodes:
        for one, other in episode.ties:
            union.join(one, other)
    return union.of(child)
