"""Streams that a question about many children has to replay, in pages, each person once."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, Final, NamedTuple

import psycopg

from application.projections.assessment_units import AssessmentUnit, persons
from domain.moment import HOUR, Instant, to_datetime

PAGE: Final = 100
"""Streams whose persons are replayed together, each person whole: what is held at once."""
_EARLY: Final[Instant] = HOUR
"""The longest time by which an entry may precede its event (events.md 4 allows five minutes)."""
_STREAMS: Final = """
    select s.no from ledger.streams s
    where s.no > %(after)s and s.subject not like 'ledger/%%'
        and (%(among)s::bigint[] is null or s.no = any(%(among)s))
        and (%(names)s::text[] is null or split_part(s.subject, '/', 1) = any(%(names)s)
            or exists (select from ledger.stream_names n where n.stream_no = s.no and n.namespace = any(%(names)s))
            or exists (select from ledger.grants g where g.stream_no = s.no and g.namespace = any(%(names)s)))
        and exists (select from ledger.entries e where e.stream_no = s.no and e.position <= %(known_at)s
            and (%(since)s::timestamptz is null or e.recorded_at >= %(since)s))
    order by s.no limit %(page)s
"""


class StreamsToReplay(NamedTuple):
    """The selection of streams: of which organisations, as known when."""

    known_at: int
    names: Collection[str] | None = None
    """Namespaces, one of which issued the subject or is named by a fact; None is any."""
    since: Instant | None = None
    """Only streams with an entry of this time or later."""

    def streams(
        self,
        connection: psycopg.Connection[Any],
        after: int,
        among: Collection[int] | None = None,
        limit: int | None = None,
    ) -> list[int]:
        """Return the next page of streams, or as many as the limit says; `among`: only these."""
        given = {
            "after": after,
            "among": None if among is None else list(among),
            "names": None if self.names is None else sorted(self.names),
            "known_at": self.known_at,
            "since": None if self.since is None else to_datetime(self.since - _EARLY),
            "page": PAGE if limit is None else limit,
        }
        return [no for (no,) in connection.execute(_STREAMS, given)]

    def more_than(self, connection: psycopg.Connection[Any], most: int) -> bool:
        """Return whether there are more such streams than that."""
        return len(self.streams(connection, 0, limit=most + 1)) > most

    def people(self, connection: psycopg.Connection[Any]) -> Iterator[tuple[int, list[AssessmentUnit]]]:
        """Yield the persons of these streams, each whole and once, by pages; before each the page's last stream.

        A person comes with the first of their streams. So nothing has to be kept from one page to the next.
        """
        last = 0
        while page := self.streams(connection, last):
            units = persons(connection, page)
            earlier = {no for unit in units for no in unit.numbers if no < page[0]}
            done = set(self.streams(connection, 0, earlier, len(earlier))) if earlier else set[int]()
            last = page[-1]
            yield last, [unit for unit in units if unit.numbers.isdisjoint(done)]
