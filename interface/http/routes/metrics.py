"""GET /metrics: counts and times, for Prometheus."""

from __future__ import annotations

from flask import Blueprint, Response
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from application.merkle_log.publishing.delivery_status import DeliveryStatus
from application.projections.progress import Lag
from application.store.database import Unreachable
from interface.http.contract.operation import Answer, reads
from interface.http.runtime.services import services

blueprint = Blueprint("metrics", __name__)


@blueprint.get("/metrics")
@reads(
    summary="The service's numbers, how far the lists are, and where checkpoints are, for Prometheus",
    answers={200: Answer("The numbers", None, "text/plain")},
)
def metrics() -> Response:
    """The numbers of all processes, how far the lists are, and which places have the last checkpoint."""
    return Response(services().metrics.text(*_asked()), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _asked() -> tuple[Lag | None, list[DeliveryStatus]]:
    """Return the numbers that the database knows."""
    try:
        return services().lag(), services().reaches()
    except Unreachable:
        return None, []
