"""Histories: everything recorded about a person, read from the entries.

A person is joined by what entries name: a child, another subject, another child. Which of those links
are effective only `assess` can say, so what is loaded is all that they could join.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from application.store.codec import read_line
from application.store.database import Database
from domain.assessment.assess import EpisodeAssessment
from domain.assessment.unite import Union
from domain.entry import Entry

_ENTRIES: Final = """
    with recursive joined (no) as (
        select s.no from ledger.streams s where s.subject = any(%(subjects)s)
        union
        select x.no from ledger.children c join ledger.stream_children a on a.child_no = c.no
            cross join lateral (values (a.stream_no)) x (no) where c.id = any(%(children)s::uuid[])
        union
        select m.stream_no from ledger.children c join ledger.child_mentions m on m.child_no = c.no
            where c.id = any(%(children)s::uuid[])
        union
        select x.stream_no from joined j cross join lateral (
            select b.stream_no from ledger.stream_children a
                join ledger.stream_children b on b.child_no = a.child_no where a.stream_no = j.no
            union all
            select b.stream_no from ledger.child_mentions m
                join ledger.stream_children b on b.child_no = m.child_no where m.stream_no = j.no
            union all
            select m.stream_no from ledger.stream_children a
                join ledger.child_mentions m on m.child_no = a.child_no where a.stream_no = j.no
            union all
            select n.stream_no from ledger.child_mentions m
                join ledger.child_mentions n on n.child_no = m.child_no where m.stream_no = j.no
            union all
            select s.no from ledger.mentions m join ledger.streams s on s.subject = m.subject
                where m.stream_no = j.no
            union all
            select m.stream_no from ledger.streams s join ledger.mentions m on m.subject = s.subject
                where s.no = j.no
            union all
            select n.stream_no from ledger.mentions m join ledger.mentions n on n.subject = m.subject
                where m.stream_no = j.no
        ) x
    )
    select e.line, e.leaf_hash from joined j join ledger.entries e on e.stream_no = j.no
    where e.position <= %(known_at)s order by e.position
"""


class History(list[Entry]):
    """The entries of all that a person may be joined to, in the order recorded."""

    leaf_hashes: dict[int, str]


def history(
    database: Database, known_at: int, *, subjects: Sequence[str] = (), children: Sequence[str] = ()
) -> History:
    """Everything recorded up to a position on episodes that may be of the same person as these."""
    given = {"subjects": list(subjects), "children": list(children), "known_at": known_at}
    rows = database.rows(_ENTRIES, given)
    entries = History(read_line(line) for line, _ in rows)
    entries.leaf_hashes = {e.position: leaf.hex() for e, (_, leaf) in zip(entries, rows, strict=True)}
    return entries


def person_of(child: str, episodes: Iterable[EpisodeAssessment]) -> str:
    """The person that a child is, by all that these episodes tie to it, also when none of them is the child's."""
    union = Union()
    for episode in episodes:
        for one, other in episode.ties:
            union.join(one, other)
    return union.of(child)
