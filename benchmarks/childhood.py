"""Suite: the history and the redoing of one episode, as the childhood around it grows."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

from application.projections.follower import Follower
from application.queries.episodes.episode_reader import EpisodeReader
from application.recording.ledger import Ledger
from application.store.clock import now
from application.store.database import Database
from benchmarks import feed
from benchmarks.filling import fill
from benchmarks.machine import Machine
from benchmarks.rounds import Against, Suite, Trial, again, arm
from interface.wiring.record_batches import record

EPISODES: Final = (10, 100, 300)
_BEGAN: Final = datetime(2024, 1, 1, 20, tzinfo=UTC)
_MOMENTS: Final = itertools.count(1)
_WORK: Final = ("one", "history of one", "entry on one")
_STORY: Final = (
    ("reported", 0, {"category": "missing"}),
    ("notification-sent", 1, {"recipient_role": "ofsted"}),
    ("risk-assessed", 1, {"scheme": "APP-2017", "level": "medium"}),
    ("returned", 9, {"to_setting_type": "childrens_home"}),
    ("interview-offered", 20, {}),
    ("interview-held", 40, {"seen_alone": "yes"}),
)


def suite(machine: Machine, seconds: float, stack: ExitStack, sizes: Sequence[int] = EPISODES) -> Suite:
    """One ledger, a child for each size; the last episode of each is the same story."""
    dsn = machine.new_ledger()
    fill(machine, dsn, (event for size in sizes for event in _childhood(size)))
    database = Database(dsn)
    stack.callback(database.close)
    ledger = stack.enter_context(machine.opened(dsn))
    reader = EpisodeReader(database, ledger.vault, ledger.repository)
    follower = Follower(dsn)
    arms: dict[str, str] = {}
    trials: list[Trial] = []
    for size in sizes:
        shown, history, following = (f"{what} of {size}" for what in _WORK)
        arms[shown] = f"GET of an episode whose child has {size}, from inside"
        arms[history] = f"GET …/history of an episode whose child has {size}, from inside"
        arms[following] = "one more entry on it, recorded and in the views"
        trials += [
            arm(shown, partial(again, partial(_shown, reader, size), seconds / 2)),
            arm(history, partial(again, partial(_history, reader, size), seconds / 2)),
            arm(following, partial(again, partial(_followed, ledger, follower, size), seconds / 2)),
        ]
    compared = [Against(f"{what} of {size}", f"{what} of {sizes[0]}") for what in _WORK for size in sizes[1:]]
    return Suite("One episode as its child's childhood grows", "episodes", arms, trials, compared)


def _childhood(size: int) -> Iterator[dict[str, Any]]:
    """A child's episodes, one a day, each the same story."""
    for number in range(size):
        began = _BEGAN + timedelta(days=number)
        for name, hours, data in _STORY:
            yield _event(size, number, name, began + timedelta(hours=hours), data)


def _event(size: int, number: int, name: str, at: datetime, data: dict[str, str]) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": f"{size}-{number}-{name}-{at:%d%H%M%S%f}",
        "source": "urn:x:benchmarks",
        "type": f"missing-episode.{name}.v1",
        "subject": f"{feed.AUTHORITY}/OF-{size}-{number}",
        "time": at.isoformat(),
        "data": {"child": f"OF-{size}", **data},
    }


def _shown(reader: EpisodeReader, size: int) -> None:
    """The last episode, with its entity tag."""
    reader.episode_with_etag(f"{feed.AUTHORITY}/OF-{size}-{size - 1}", None, now(), reader.known_at())


def _history(reader: EpisodeReader, size: int) -> None:
    """The history of the last episode."""
    subject = f"{feed.AUTHORITY}/OF-{size}-{size - 1}"
    reader.history(subject, None, reader.known_at(), lambda _entry, _path, _handling: True)


def _followed(ledger: Ledger, follower: Follower, size: int) -> None:
    """One more entry on the last episode, and the views with it."""
    at = _BEGAN + timedelta(days=size, microseconds=next(_MOMENTS))
    record(ledger, [_event(size, size - 1, "notification-sent", at, {"recipient_role": "police"})])
    follower.catch_up()
