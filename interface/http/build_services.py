"""From an open ledger to what the routes work with: the wiring of a serving process, in one place."""

from __future__ import annotations

from functools import partial

from application.access.credentials import Credentials
from application.access.grants import Grants
from application.access.log_queries import AccessQueries
from application.access.sessions import Sessions
from application.access.summary import AccessSummary, Usual
from application.evidence.bundle import EvidenceBundles
from application.merkle_log.proofs import Proofs
from application.merkle_log.publishing.delivery_status import reaches
from application.projections.progress import lag
from application.queries.episodes.episode_reader import EpisodeReader
from application.queries.lists.episodes_and_obligations import Lists
from application.queries.lists.quality import Quality
from application.queries.lists.verdict_changes import Changes
from application.queries.measures.figures import Measures
from application.recording.ledger import Ledger
from application.recording.refusals import Refusals
from application.store.clock import now
from application.store.logs import ACCESSES, EPISODES
from interface.http.runtime.services import Services
from interface.settings import Settings
from interface.wiring.sealers import signers


def wire(ledger: Ledger, settings: Settings) -> Services:
    """The services of one process. Nothing is opened before its first use, so it may still fork."""
    database = ledger.database
    return Services(
        settings=settings,
        ledger=ledger,
        reader=EpisodeReader(database, ledger.vault, ledger.repository),
        lists=Lists(database, ledger.vault),
        changes=Changes(database, ledger.vault),
        measures=Measures(database, ledger.vault),
        quality=Quality(database, ledger.vault),
        evidence=EvidenceBundles(
            database, ledger.vault, ledger.repository, ledger.log_name, signers(settings, EPISODES)
        ),
        accessed=AccessQueries(database),
        access_summary=AccessSummary(
            database, Usual(settings.access.office_hours, settings.access.many_children)
        ),
        proofs=Proofs(database, EPISODES, ledger.log_name),
        access_proofs=Proofs(database, ACCESSES, ledger.log_name),
        authenticate=Credentials(database).find,
        sessions=Sessions(database),
        names_of=Grants(database).named_on,
        refusals=Refusals(database, ledger.keys),
        ready=ledger.entries.max_notification_id,
        lag=partial(lag, database),
        reaches=partial(reaches, database),
        clock=now,
    )
