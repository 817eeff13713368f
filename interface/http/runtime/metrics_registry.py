"""Counts of all processes of a service: requests and events. Labels are routes as declared, not as asked for."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from functools import cache
from math import nan
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, Metric, generate_latest, values
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from application.merkle_log.publishing.delivery_status import DeliveryStatus
from application.projections.progress import Lag
from application.store.logs import LOGS

_LOGS: Final = {log.number: log.name for log in LOGS}
_PLACE: Final = ("place", "log")
_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
"""Where the client looks for the folder; it stands in the environment because the client reads it there."""


def count_together(folder: Path, number: int) -> None:
    """From now on count in a folder that several processes share, as the process of this number.

    The next process of the same number counts on from there, so the files are as many as the processes at once.
    """
    os.environ[_FOLDER] = str(folder)
    values.ValueClass = values.MultiProcessValue(lambda: number)  # type: ignore[no-untyped-call]


class Metrics:
    """The numbers since the service started."""

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

        `lag`: how far the lists are; None while the database does not say. `reaches`: which checkpoints the publishing
        targets have, if there are any.
        """
        return self._counted() + _followed(lag) + _published(reaches)

    def _counted(self) -> bytes:
        """Return the counts, those of the other processes too."""
        if _FOLDER not in os.environ:
            return generate_latest(self.registry)
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)


class _Now(Collector):
    """Gauges as they are at this moment: one that is not given again is gone, and no process keeps it."""

    def __init__(self, *gauges: GaugeMetricFamily) -> None:
        self._gauges = gauges

    def collect(self) -> Iterable[Metric]:
        return self._gauges


def _text(*gauges: GaugeMetricFamily) -> bytes:
    registry = CollectorRegistry()
    registry.register(_Now(*gauges))
    return generate_latest(registry)


def _followed(lag: Lag | None) -> bytes:
    return _text(
        GaugeMetricFamily(
            "ledger_behind", "Entries recorded that no list shows yet", nan if lag is None else lag.behind
        ),
        GaugeMetricFamily(
            "ledger_not_assessable",
            "Subjects that could not be assessed: a fault to report",
            nan if lag is None else lag.aside,
        ),
    )


def _published(reaches: Sequence[DeliveryStatus]) -> bytes:
    """Return the state of the places, built again each time: one that is gone leaves nothing behind."""
    behind = GaugeMetricFamily(
        "ledger_unpublished", "Sealed entries under no checkpoint that a place has", labels=_PLACE
    )
    failing = GaugeMetricFamily(
        "ledger_publishing_fails", "1 while a place takes no checkpoint", labels=_PLACE
    )
    for reach in reaches:
        of = (reach.place, _LOGS[reach.log])
        behind.add_metric(of, reach.behind)
        failing.add_metric(of, reach.failing_since is not None)
    return _text(behind, failing)
