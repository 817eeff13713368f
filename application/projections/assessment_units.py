"""Units: streams that are assessed together, so that an entry causes one episode to be assessed, not a childhood.

An episode's assessment rests on its own entries and on episodes that it names or that name it (links, covered
interviews). The stored rows say which children are one person, and which episodes merely overlap it. So a unit is
usually one stream, or the few that concern one disappearance. Only where a link between two children changes are
their persons assessed whole again (`reassess`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any, Final, LiteralString, NamedTuple
from uuid import UUID

import psycopg

from domain.assessment.chronology.disjoint_set import DisjointSet
from domain.organisations import namespace


class Stream(NamedTuple):
    """One subject's stream, and what its entries name."""

    no: int
    subject: str
    children: list[UUID]
    """Its own and those that an entry of it names."""
    mentions: list[str]
    """Other subjects that its entries may have effect on."""
    readers: list[str]
    """Organisations that may see it now, as well as the one of its subject."""

    @property
    def child(self) -> UUID | None:
        """The child that it certainly concerns: the only one that it names."""
        return self.children[0] if len(self.children) == 1 else None

    def visible(self, scope: Collection[str] | None) -> bool:
        """Return whether a reader of these namespaces may see it (None: of all)."""
        return scope is None or not {namespace(self.subject), *self.readers}.isdisjoint(scope)


class AssessmentUnit(NamedTuple):
    """Streams that are assessed together."""

    streams: tuple[Stream, ...]
    complete: bool
    """True when it holds everything of the persons whom it concerns."""

    @property
    def numbers(self) -> set[int]:
        """The numbers of the streams."""
        return {stream.no for stream in self.streams}

    @property
    def subjects(self) -> set[str]:
        """Their subjects."""
        return {stream.subject for stream in self.streams}

    @property
    def children(self) -> set[UUID]:
        """Every child that they are about or name."""
        return {child for stream in self.streams for child in stream.children}


NAMED: Final[LiteralString] = """
    select j.to_no from ledger.joined j where j.from_no = r.no
    union all
    select j.from_no from ledger.joined j where j.to_no = r.no
    union all
    select n.stream_no from ledger.mentions m join ledger.mentions n on n.subject = m.subject and not n.covers
        where m.stream_no = r.no and not m.covers
"""
"""From a stream r to those that it names or that name it, where that may have effect, or whose links name the same."""
SAME_CHILD: Final[LiteralString] = """
    union all
    select -a.child_no from ledger.stream_children a where a.stream_no = r.no
    union all
    select -m.child_no from ledger.child_mentions m where m.stream_no = r.no
    union all
    select a.stream_no from ledger.stream_children a where a.child_no = -r.no
    union all
    select m.stream_no from ledger.child_mentions m where m.child_no = -r.no
"""
"""Further to those of the same child, or of one that an entry links to it. Children are reached as well, as the
negative of their numbers. Direct ways between all episodes of a childhood would be as many as its square.
"""
CHILD_IS_LINKED: Final[LiteralString] = """(
    exists (select from ledger.child_mentions m where m.child_no = c.no)
    or exists (select from ledger.stream_children o join ledger.child_mentions m on m.stream_no = o.stream_no
        where o.child_no = c.no)
)"""
"""The condition that an entry says child c is another: one on that child's own episodes, or one that names c."""
_LINKED: Final[LiteralString] = """
    select c.id from ledger.children c where c.id = any(%s) and {linked}
""".replace("{linked}", CHILD_IS_LINKED)
_REACH: Final = """
    with recursive reached (no) as (
        select unnest(%s::bigint[])
        union
        select x.no from reached r cross join lateral ({edges}) x (no)
    )
    select s.no, s.subject,
        array(select c.id from ledger.stream_children a join ledger.children c on c.no = a.child_no
                where a.stream_no = s.no
            union select c.id from ledger.child_mentions m join ledger.children c on c.no = m.child_no
                where m.stream_no = s.no),
        array(select t.subject from ledger.joined j join ledger.streams t on t.no = j.to_no where j.from_no = s.no
            union select m.subject from ledger.mentions m where m.stream_no = s.no and not m.covers),
        array(select g.namespace from ledger.grants g where g.stream_no = s.no)
    from reached r join ledger.streams s on s.no = r.no
"""


def reach(connection: psycopg.Connection[Any], streams: Collection[int], *, complete: bool) -> list[Stream]:
    """Return the streams that any of these may be assessed with; `complete`: everything of their persons."""
    edges = NAMED + (SAME_CHILD if complete else "")
    with connection.cursor(binary=True) as cursor:
        found = cursor.execute(_REACH.format(edges=edges).encode(), (list(streams),))
        return [Stream(*row) for row in found]


def linked_children(connection: psycopg.Connection[Any], children: Collection[UUID]) -> set[UUID]:
    """Return those of the children of whom an entry on any stream says that they are the same as another.

    Whether such a link takes effect, and to whom it is proposed, depends on other episodes of these children, so
    their persons are assessed whole.
    """
    return {child for (child,) in connection.execute(_LINKED, (list(children),), binary=True)}


def grouped(streams: Iterable[Stream], *, complete: bool) -> list[AssessmentUnit]:
    """Put together what is assessed together."""
    union, found = DisjointSet(), list(streams)
    for stream in found:
        for other in (*stream.mentions, *(map(str, stream.children) if complete else ())):
            union.join(stream.subject, other)
    groups: dict[str, list[Stream]] = defaultdict(list)
    for stream in found:
        groups[union.of(stream.subject)].append(stream)
    return [AssessmentUnit(tuple(group), complete) for group in groups.values()]


def affected(connection: psycopg.Connection[Any], streams: Collection[int]) -> list[AssessmentUnit]:
    """Return the units that new entries on these streams may affect, not counting overlaps and identity links."""
    return grouped(reach(connection, streams, complete=False), complete=False)


def persons(connection: psycopg.Connection[Any], streams: Collection[int]) -> list[AssessmentUnit]:
    """Return the persons whom these streams concern, each whole."""
    return grouped(reach(connection, streams, complete=True), complete=True)
