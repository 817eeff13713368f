"""The demonstration: a made-up year of one authority, which ended yesterday.

What is under way when the year ends stays open. That may be nobody, so some more children go missing on its last day. A
few of them are surely not back when it ends: some child is always missing, and some duty due and overdue. The plan is
written down before the first event. A start that was stopped is continued by the next, and what is recorded already is
a duplicate.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from heapq import merge
from itertools import count
from operator import attrgetter
from pathlib import Path
from typing import Any, Final

from application.recording.ledger import Ledger
from application.recording.outcomes import Recorded
from application.simulation import simulated
from application.simulation.senders import Arrival
from domain.facts.end import EndedOtherwise, Returned
from domain.facts.start import AbsenceNoticed, Reported
from domain.moment import LONDON, day
from interface.wiring.record_batches import batches, record

NAMESPACE: Final = "E08000025"
CHILDREN: Final = 75
"""Who go missing in the year: an authority that looks after some seven hundred. About 12,000 events."""
_SEED: Final = 1
_LAST_DAY: Final = 8
"""How many more go missing on the last day."""
_NOT_BACK: Final = 3
"""At least so many of these are reported missing, and not reported back."""
_OWN_ENTRIES: Final = 2
"""Entries of a ledger in which nobody has recorded anything: its founding and its rulebook."""

_STARTS: Final = frozenset({AbsenceNoticed.TYPE, Reported.TYPE})
_ENDS: Final = frozenset({Returned.TYPE, EndedOtherwise.TYPE})

Watch = Callable[[float, int], None]
"""Told after each batch: the share done, the events so far. It may raise to stop the work between two."""


class Demo:
    """The demonstration of one data folder."""

    def __init__(self, data: Path, children: int = CHILDREN) -> None:
        """Say where the trial keeps its data, and how large the demonstration is to be."""
        self._file, self._children = data / "demo.json", children

    def wanted(self, ledger: Ledger) -> bool:
        """Return whether there is something to fill: nothing is recorded yet, or an earlier filling was stopped."""
        if self._file.exists():
            return not self._plan()["complete"]
        return ledger.entries.max_notification_id() == _OWN_ENTRIES

    def fill(self, ledger: Ledger, watch: Watch) -> int:
        """Record the year, or the rest of it; how many events are new."""
        plan = self._plan() if self._file.exists() else self._write(_new_plan(self._children))
        first, last = day(plan["from"]).earliest, day(plan["to"]).latest
        assert first is not None and last is not None  # noqa: PT018  a day has both
        sent = new = 0
        for batch in batches(_told(plan)):
            outcomes = record(ledger, [arrival.event for arrival in batch])
            new += sum(isinstance(outcome, Recorded) for outcome in outcomes)
            sent += len(batch)
            watch((batch[-1].at - first) / (last - first), sent)
        self._write({**plan, "complete": True})
        return new

    def _plan(self) -> dict[str, Any]:
        plan: dict[str, Any] = json.loads(self._file.read_text("utf-8"))
        return plan

    def _write(self, plan: dict[str, Any]) -> dict[str, Any]:
        """Write it down, whole or not at all."""
        fresh = self._file.with_suffix(".new")
        fresh.write_text(json.dumps(plan), "utf-8")
        fresh.replace(self._file)
        return plan


def _told(plan: dict[str, Any]) -> Iterator[Arrival]:
    """The year, with what happened on its last day besides, in the order in which it arrives."""
    start, end = date.fromisoformat(plan["from"]), date.fromisoformat(plan["to"])
    year = simulated(plan["namespace"], plan["children"], start, end, plan["seed"])
    days = (list(simulated(plan["namespace"], _LAST_DAY, end, end, seed)) for seed in count(plan["seed"] + 1))
    last_day = next(arrivals for arrivals in days if len(_gone(arrivals)) >= _NOT_BACK)
    return merge(year, last_day, key=attrgetter("at"))


def _gone(arrivals: list[Arrival]) -> set[str]:
    """The episodes of which the start was told, and no end."""
    begun = {arrival.event["subject"] for arrival in arrivals if arrival.event["type"] in _STARTS}
    return begun - {arrival.event["subject"] for arrival in arrivals if arrival.event["type"] in _ENDS}


def _new_plan(children: int) -> dict[str, Any]:
    """The year that ended yesterday, in London."""
    yesterday = datetime.now(LONDON).date() - timedelta(days=1)
    period = {"from": (yesterday - timedelta(days=364)).isoformat(), "to": yesterday.isoformat()}
    return {"namespace": NAMESPACE, "children": children, **period, "seed": _SEED, "complete": False}
