"""What is counted of one process: requests and events. Labels are routes as declared, never a path asked for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from math import nan
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from application.merkle_log.publishing.delivery_status import DeliveryStatus
from application.projections.progress import Lag
from application.store.logs import LOGS

_LOGS: Final = {log.number: log.name for log in LOGS}
_PLACE: Final = ("place", "log")
_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """One process's numbers since it started."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "ledger_http_requests", "Requests answered", ["route", "method", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "ledger_http_seconds", "Time to answer", ["route"], registry=self.registry, buckets=_SECONDS
        )
        self._of = cache(self._labelled)  # finding a child by its labels costs more than counting
        self._events = Counter("ledger_events", "Events taken or not", ["outcome"], registry=self.registry)
        self._behind = Gauge(
            "ledger_behind", "Entries recorded that no list shows yet", registry=self.registry
        )
        self._aside = Gauge(
            "ledger_not_assessable",
            "Subjects that could not be assessed: a fault to report",
            registry=self.registry,
        )
        self._kept = Counter(
            "ledger_disclosures_kept_aside", "Answers given without an access entry", registry=self.registry
        )

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count one request."""
        requests, times = self._of(route, method, status)
        requests.inc()
        times.observe(seconds)

    def _labelled(self, route: str, method: str, status: int) -> tuple[Counter, Histogram]:
        return self._requests.labels(route, method, str(status)), self._seconds.labels(route)

    def events(self, outcome: str, count: int = 1) -> None:
        """Count events by what became of them: recorded, duplicate, or the reason of their refusal."""
        self._events.labels(outcome).inc(count)

    def kept_aside(self) -> None:
        """Count an answer whose entry in the access log waits on this host's disk: somebody should be woken."""
        self._kept.inc()

    def text(self, lag: Lag | None, reaches: Sequence[DeliveryStatus]) -> bytes:
        """All of it, as Prometheus reads it.

        `lag`: how far the views are; None while nobody can tell. `reaches`: how far the places are that checkpoints are
        brought to, if there are any.
        """
        self._behind.set(nan if lag is None else lag.behind)
        self._aside.set(nan if lag is None else lag.aside)
        return generate_latest(self.registry) + _published(reaches)


def _published(reaches: Sequence[DeliveryStatus]) -> bytes:
    """A place that is gone leaves nothing behind: these are said anew each time."""
    registry = CollectorRegistry()
    behind = Gauge(
        "ledger_unpublished", "Sealed entries under no checkpoint that a place has", _PLACE, registry=registry
    )
    failing = Gauge(
        "ledger_publishing_fails", "1 while a place takes no checkpoint", _PLACE, registry=registry
    )
    for reach in reaches:
        of = reach.place, _LOGS[reach.log]
        behind.labels(*of).set(reach.behind)
        failing.labels(*of).set(reach.failing_since is not None)
    return generate_latest(registry)
