"""Many callers at once: processes of threads that take items from one list until the time is over.

Everything that can be done before is done before: items are made, connections opened and warmed up. All
processes begin together.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier
from typing import Any, NamedTuple, Protocol

from benchmarks.rounds import Measured

Step = Callable[[Any], object]
_SPAWN = multiprocessing.get_context("spawn")


class Task(Protocol):
    """What callers do; it travels to the processes by pickle."""

    def items(self, seed: int) -> Sequence[Any]:
        """More than can be done in the time, from a seed that is this process's own."""

    def opened(self) -> AbstractContextManager[Step]:
        """The step that is done with each item, from any thread, for a while."""


class Crowd(NamedTuple):
    """How many callers, for how long, and how many items they do before the clock starts."""

    processes: int
    threads: int
    seconds: float
    warming: int = 300


class _Done(NamedTuple):
    began: float
    ended: float
    millis: list[float]


def run(task: Task, crowd: Crowd, seeds: Sequence[int]) -> Measured:
    """Let a crowd work at a task; the rate is of items in the time from the first begin to the last end."""
    queue: SimpleQueue[_Done | None] = _SPAWN.SimpleQueue()
    barrier = _SPAWN.Barrier(crowd.processes)
    workers = [
        _SPAWN.Process(target=_process, args=(task, crowd, seed, barrier, queue), daemon=True)
        for seed in seeds[: crowd.processes]
    ]
    for worker in workers:
        worker.start()
    done = [queue.get() for _ in workers]
    for worker in workers:
        worker.join()
    return _measured([one for one in done if one is not None], len(workers))


def _measured(done: list[_Done], asked: int) -> Measured:
    if len(done) < asked:
        raise RuntimeError("a process of the crowd failed; what it said stands above")
    millis = sorted(taken for one in done for taken in one.millis)
    ended = max(one.ended for one in done)
    return Measured(len(millis) / (ended - min(one.began for one in done)), tuple(millis), ended)


def _process(task: Task, crowd: Crowd, seed: int, barrier: Barrier, queue: SimpleQueue[_Done | None]) -> None:
    done = None
    try:
        items = iter(task.items(seed))
        with task.opened() as step:
            _threads(crowd.threads, _until(step, items, crowd.warming / crowd.threads))
            barrier.wait(60)
            done = _timed(step, items, crowd)
    finally:
        queue.put(done)


def _until(step: Step, items: Iterator[Any], count: float) -> Callable[[], None]:
    def warm() -> None:
        for _ in range(int(count) + 1):
            step(next(items))

    return warm


def _timed(step: Step, items: Iterator[Any], crowd: Crowd) -> _Done:
    millis: list[float] = []
    began = time.monotonic()
    until = began + crowd.seconds

    def work() -> None:
        before = time.monotonic()
        for item in items:
            step(item)
            after = time.monotonic()
            millis.append(1000 * (after - before))
            if after > until:
                return
            before = after

    _threads(crowd.threads, work)
    return _Done(began, time.monotonic(), millis)


def _threads(count: int, work: Callable[[], None]) -> None:
    """Do the work in so many threads; whatever one of them raises is raised here."""
    with ThreadPoolExecutor(count) as pool:
        for begun in [pool.submit(work) for _ in range(count)]:
            begun.result()
