"""Stored overlaps: the part of an episode's answer that is about the person's others, without assessing them again.

It is the last entry on any of them, and which of them run at the same time. Overlaps are stored with the episode, and
hold as long as nothing was recorded of the person since. Otherwise the person is assessed whole.
"""

from __future__ import annotations

from typing import Final, LiteralString, NamedTuple

from application.projections.assessed_episode import decode_episode
from application.queries.episodes.entry_loader import PERSON_REACHED
from application.store.database import Database
from domain.assessment.standing.overlaps import overlapped

_AROUND: Final[LiteralString] = f"""
    {PERSON_REACHED}, last (subject, position) as materialized (
        select s.subject, e.position from reached r join ledger.streams s on s.no = r.no
        cross join lateral (select max(position) from ledger.entries
            where stream_no = s.no and version = s.version) e (position)
    )
    select (select max(position) from last), e.body from last l join views.episodes e on e.lead = l.subject
    where %(subject)s = any(e.subjects)
        and (select max(position) from last) <= least(%(known_at)s, (select position from views.progress))
        and not exists (select from views.aside a join last l on l.subject = a.subject)
"""  # noqa: S608  # our own words


class OverlapSummary(NamedTuple):
    """The stored facts about the person's other episodes."""

    last: int
    """The position of the last entry on any of the person's episodes."""
    overlaps: frozenset[str]
    """The leads of those that run at the same time and are not linked."""


def stored_overlaps(database: Database, subject: str, known_at: int) -> OverlapSummary | None:
    """Return the overlaps of an episode as known at a position; None when the projection tables cannot say it.

    They can when they have come to the last entry of the person, and that was known by then.
    """
    asked = {"subjects": [subject], "subject": subject, "children": [], "known_at": known_at}
    found = database.rows(_AROUND, asked)
    if not found:
        return None
    [(last, body)] = found
    return OverlapSummary(last, frozenset(overlapped(decode_episode(body).findings)))
