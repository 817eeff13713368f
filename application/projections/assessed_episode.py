"""Assessed episodes: the material of an episode's rows, and the form in which a row keeps an assessment."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final
from uuid import UUID

import msgspec

from domain.assessment.assess import EpisodeAssessment
from domain.assessment.obligations.obligation import Verdict
from domain.entries.entry import Entry
from domain.organisations import namespace
from domain.rules.rulebook import Rulebook
from domain.spans import Span, joined


@dataclass(frozen=True)
class Assessed:
    """An episode, assessed, with the rest that its rows need."""

    episode: EpisodeAssessment
    namespaces: list[str]
    """The namespaces that may see it: those of its subjects and those that its facts name, sorted."""
    last: Entry
    rulebook: Rulebook

    @cached_property
    def child(self) -> UUID:
        """The child's stored id, as columns hold it."""
        return UUID(self.episode.child)

    @cached_property
    def own(self) -> frozenset[str]:
        """The namespaces of its subjects."""
        return frozenset(map(namespace, self.episode.subjects))

    @cached_property
    def answerable(self) -> tuple[Span[tuple[str | None, str | None]], ...]:
        """The responsible and the host authority, over the spans in which neither changes."""
        return joined(
            Span(p.start, p.end, (p.value.responsible_authority, p.value.host_authority))
            for p in self.episode.pictures
        )

    def authorities(self, *more: str | None) -> list[str]:
        """Return the namespaces of its subjects and those given, sorted."""
        return sorted(self.own.union(filter(None, more)))


encode: Final = msgspec.msgpack.Encoder().encode
decode_episode: Final = msgspec.msgpack.Decoder(EpisodeAssessment).decode
decode_verdict: Final = msgspec.msgpack.Decoder(Verdict).decode
