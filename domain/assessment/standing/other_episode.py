"""Another episode of the same person, as far as overlaps and repeats need it."""

from __future__ import annotations

from typing import NamedTuple

from domain.moment import Instant, Moment


class OtherEpisode(NamedTuple):
    """Another episode of the same person: enough to see how often a child goes, and when they were missing again."""

    lead: str
    start: Instant
    """At the earliest."""
    start_latest: Instant
    ended: Moment | None
    """None while it has not ended."""

    def over(self, at: Instant) -> Moment | None:
        """When it ended, as far as that counts as at an instant."""
        ended = self.ended
        return None if ended is None or ended.earliest is None or ended.earliest > at else ended
