"""Histories: everything recorded about a person, read from the entries.

A person is joined by what entries name: a child, another subject, another child. Which of those links
are effective only `assess` can say, so what is loaded is all that they could join.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final, LiteralString

from application.projections.assessment_units import NAMED, SAME_CHILD
from application.store.database import Database
from application.store.line_codec import read_line
from domain.assessment.assess import EpisodeAssessment
from domain.assessment.chronology.disjoint_set import DisjointSet
from domain.entries.entry import Entry

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
_EPISODE: Final = _REACH.replace("{edges}", NAMED) + _LINES
_ONE_CHILD: Final = """
    select count(distinct a.child_no) < 2 and not coalesce(bool_or(
        exists (select from ledger.child_mentions m where m.stream_no = s.no)
        or exists (select from ledger.child_mentions m where m.child_no = a.child_no)
    ), false)
    from ledger.streams s left join ledger.stream_children a on a.stream_no = s.no where s.subject = any(%s)
"""
"""Whether these subjects are about one child at most, and no entry says which other child it is."""


class PersonEntries(list[Entry]):
    """The entries of all that a person may be joined to, in the order recorded."""

    leaf_hashes: dict[int, str]

    def without(self, subjects: Collection[str]) -> PersonEntries:
        """Return the entries of all other subjects."""
        rest = PersonEntries(entry for entry in self if entry.subject not in subjects)
        rest.leaf_hashes = self.leaf_hashes
        return rest


def entries_of_person(
    database: Database, known_at: int, *, subjects: Sequence[str] = (), children: Sequence[str] = ()
) -> PersonEntries:
    """Everything recorded up to a position on episodes that may be of the same person as these."""
    return _read(database, _PERSON, known_at, subjects, children)


def entries_of_episode(database: Database, known_at: int, subject: str) -> PersonEntries:
    """The same for one episode, with those that it names or that name it, but without the child's others.

    What it costs grows with the episode and not with the childhood. Only where several children are concerned all
    is read: an entry on any episode of theirs may say that they are one person.
    """
    entries = _read(database, _EPISODE, known_at, [subject])
    alone = database.rows(_ONE_CHILD, (sorted({entry.subject for entry in entries}),))[0][0]
    return entries if alone else entries_of_person(database, known_at, subjects=[subject])


def _read(
    database: Database,
    query: LiteralString,
    known_at: int,
    subjects: Sequence[str],
    children: Sequence[str] = (),
) -> PersonEntries:
    given = {"subjects": list(subjects), "children": list(children), "known_at": known_at}
    rows = database.rows(query, given)
    entries = PersonEntries(read_line(line) for line, _ in rows)
    entries.leaf_hashes = {e.position: leaf.hex() for e, (_, leaf) in zip(entries, rows, strict=True)}
    return entries


def person_of(child: str, episodes: Iterable[EpisodeAssessment]) -> str:
    """The person that a child is, by all that these episodes tie to it, also when none of them is the child's."""
    union = DisjointSet()
    for episode in episodes:
        for one, other in episode.ties:
            union.join(one, other)
    return union.of(child)
