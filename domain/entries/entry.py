"""Submissions and entries: a submission becomes an entry, and an entry never changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from domain.facts import Fact, of_type
from domain.moment import Instant, Moment, instant, read_moment

FactClass = type[Fact]


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One valid event, as sent, with the organisation for which it is recorded."""

    id: str
    source: str
    type: str
    subject: str
    time: str | None
    """When it happened, exactly: the sender's own RFC 3339 text; None when `data.happened` says it."""
    data: dict[str, Any]
    by: str
    """The namespace that the credential acts for."""
    principal: str
    """The credential's opaque id."""
    expected_version: int | None = None
    """The version that the stream must be at (`If-Match`), or None."""

    @property
    def originator_id(self) -> str:
        """The stream, in the event store's word: the subject."""
        return self.subject

    @property
    def originator_version(self) -> int:
        """The version asked for, in the event store's word; 0 leaves it to the append."""
        return 0 if self.expected_version is None else self.expected_version + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One recorded event: fact, envelope and the three times. Read from a line, never written back."""

    position: int
    recorded_at: Instant
    version: int
    principal: str
    by: str
    id: str
    source: str
    type: str
    subject: str
    time: str | None
    data: dict[str, Any] = field(repr=False)
    """The stored form: children as 32 hex, personal members only as commitments under `sealed`."""
    leaf_hash: str | None = field(default=None, repr=False, compare=False)
    """The recorded hash of its line, in hex; None where it was not read with the line."""

    @property
    def originator_id(self) -> str:
        """The stream, in the event store's word: the subject."""
        return self.subject

    @property
    def originator_version(self) -> int:
        """The version within the stream, in the event store's word."""
        return self.version

    @property
    def child(self) -> str | None:
        """The child's stored id; None for the ledger's own entries."""
        return self.data.get("child")

    @property
    def happened(self) -> Moment:
        """When it says that it happened, in its own words; ValueError when they cannot be read."""
        said = self.data.get("happened") if self.time is None else self.time
        return Moment(None, None) if said is None else read_moment(said)

    @property
    def fact_class(self) -> FactClass | None:
        """The class of its type; None for the ledger's own entries."""
        return of_type(self.type)

    @property
    def key(self) -> tuple[str, str]:
        """Source and id: what makes it one event, and how other entries point at it."""
        return (self.source, self.id)


def happened(time: str | None, fact: Fact) -> Moment:
    """Return when an event says that it happened: `time`, else `data.happened`."""
    if time is not None:
        at = instant(time)
        return Moment(at, at)
    return fact.happened or Moment(None, None)
