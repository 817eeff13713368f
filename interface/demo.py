"""The demonstration: a made-up year of one authority, which ended yesterday.

What is under way when the year ends stays open, so something is always missing, due and overdue. The plan
is written down before the first event; a start that was stopped meanwhile is continued by the next, and
what is recorded already is a duplicate.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from application.outcomes import Recorded
from application.record import Ledger
from application.simulate import simulated
from domain.moment import LONDON, day
from interface.recording import batches, record

NAMESPACE: Final = "E08000025"
CHILDREN: Final = 75
"""Who go missing in the year: an authority that looks after some seven hundred. About 12,000 events."""
_SEED: Final = 1
_OWN_ENTRIES: Final = 2
"""What a ledger holds in which nobody has recorded anything: its founding and its rulebook."""

Watch = Callable[[float, int], None]
"""Told after each batch: the share done, the events so far. It may raise to stop the work between two."""


class Demo:
    """The demonstration of one data folder."""

    def __init__(self, data: Path, children: int = CHILDREN) -> None:
        """Say where the trial keeps its data, and how large the demonstration is to be."""
        self._file, self._children = data / "demo.json", children

    def wanted(self, ledger: Ledger) -> bool:
        """Whether there is something to fill: nothing is recorded yet, or an earlier filling was stopped."""
        if self._file.exists():
            return not self._plan()["complete"]
        return ledger.entries.max_notification_id() == _OWN_ENTRIES

    def fill(self, ledger: Ledger, watch: Watch) -> int:
        """Record the year, or the rest of it; how many events are new."""
        plan = self._plan() if self._file.exists() else self._write(_new_plan(self._children))
        start, end = date.fromisoformat(plan["from"]), date.fromisoformat(plan["to"])
        first, last = day(plan["from"]).earliest, day(plan["to"]).latest
        assert first is not None and last is not None  # noqa: PT018  a day has both
        sent = new = 0
        for batch in batches(simulated(plan["namespace"], plan["children"], start, end, plan["seed"])):
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


def _new_plan(children: int) -> dict[str, Any]:
    """The year that ended yesterday, in London."""
    yesterday = datetime.now(LONDON).date() - timedelta(days=1)
    period = {"from": (yesterday - timedelta(days=364)).isoformat(), "to": yesterday.isoformat()}
    return {"namespace": NAMESPACE, "children": children, **period, "seed": _SEED, "complete": False}
