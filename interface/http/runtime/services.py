"""The services that the routes use, in one place."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import cast

from flask import current_app

from application.access.credentials import Credential
from application.access.log_queries import AccessQueries
from application.access.sessions import Sessions
from application.access.summary import AccessSummary
from application.evidence.bundle import EvidenceBundles
from application.merkle_log.proofs import Proofs
from application.merkle_log.publishing.delivery_status import DeliveryStatus
from application.projections.progress import Lag
from application.queries.episodes.episode_reader import EpisodeReader
from application.queries.lists.episodes_and_obligations import Lists
from application.queries.lists.quality import Quality
from application.queries.lists.verdict_changes import Changes
from application.queries.measures.figures import Measures
from application.recording.ledger import Ledger
from application.recording.refusals import Refusals
from domain.moment import Instant
from interface.http.runtime.metrics_registry import Metrics
from interface.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """One application's parts. All are safe to use from several threads."""

    settings: Settings
    ledger: Ledger
    reader: EpisodeReader
    lists: Lists
    changes: Changes
    measures: Measures
    quality: Quality
    evidence: EvidenceBundles
    accessed: AccessQueries
    access_summary: AccessSummary
    proofs: Proofs
    """The proofs of the episode log."""
    access_proofs: Proofs
    """The proofs of the access log."""
    authenticate: Callable[[str], Credential | None]
    """From a token to its credential, if it is good now."""
    sessions: Sessions
    """The sessions of people who read pages."""
    names_of: Callable[[str], Collection[str]]
    """The namespaces that recorded facts name on a subject's episode."""
    refusals: Refusals
    ready: Callable[[], object]
    """Raises when the database does not answer."""
    lag: Callable[[], Lag]
    """How far the views are behind."""
    reaches: Callable[[], list[DeliveryStatus]]
    """How far the places are that checkpoints are brought to."""
    clock: Callable[[], Instant]
    metrics: Metrics = field(default_factory=Metrics)


def services() -> Services:
    """Return the services of the application that answers."""
    return cast(Services, current_app.extensions["ledger"])
