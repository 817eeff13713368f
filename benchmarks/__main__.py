"""`make bench`: measure, say how, print a table and then one line of JSON."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from typing import Final

import click

from benchmarks import (
    accessing,
    batches,
    childhood,
    following,
    measuring,
    memory,
    posting,
    proving,
    reading,
    rebuilding,
    recording,
    report,
    sealing,
)
from benchmarks.machine import Machine, machine
from benchmarks.rounds import Suite

Make = Callable[[Machine, float, ExitStack], Suite]
_SUITES: Final[dict[str, Make]] = {
    "post": posting.suite,
    "record": recording.suite,
    "batch": batches.suite,
    "follow": following.suite,
    "rebuild": rebuilding.suite,
    "read": reading.suite,
    "access": accessing.suite,
    "seal": sealing.suite,
    "prove": proving.suite,
    "measure": measuring.suite,
    "childhood": childhood.suite,
    "memory": memory.suite,
}


@click.command()
@click.option("--quick", is_flag=True, help="Shorter and fewer rounds: a look, not a result.")
@click.option(
    "--only", multiple=True, type=click.Choice(list(_SUITES)), help="Only this suite; may be repeated."
)
@click.option("--rounds", type=click.IntRange(1), help="Rounds of each suite.  [default: 5; quick: 2]")
@click.option("--seconds", type=float, help="How long an arm runs in a round.  [default: 3; quick: 1]")
@click.option("--large", is_flag=True, help="Read, and take memory, at 1,000,000 entries too: hours more.")
def main(
    *, quick: bool, only: tuple[str, ...], rounds: int | None, seconds: float | None, large: bool
) -> None:
    """Measure the ledger against what this machine and its PostgreSQL can do at best."""
    began = time.monotonic()
    seconds, rounds = seconds or (1 if quick else 3), rounds or (2 if quick else 5)
    made = _SUITES | _sized(quick=quick, large=large)
    with machine() as here:
        about = here.described()
        suites = [_measured(made[name], here, seconds, rounds) for name in only or made]
    about["minutes"] = round((time.monotonic() - began) / 60, 1)
    click.echo(report.as_text(about, suites))
    click.echo()
    click.echo(json.dumps(report.as_json(about, suites)))


def _sized(*, quick: bool, large: bool) -> dict[str, Make]:
    """The suites that are about how something grows, and up to where."""
    million = (1_000_000,) if large else ()
    sizes = {"read": (*reading.SIZES, *million), "memory": memory.LARGE if large else memory.SIZES}
    if quick:
        sizes = {"read": (2_000, 10_000, *million), "memory": (4_000, 12_000)}
    made = {
        "read": partial(reading.suite, sizes=sizes["read"]),
        "memory": partial(memory.suite, sizes=sizes["memory"]),
    }
    if quick:
        made["measure"] = partial(measuring.suite, entries=3_000)
        made["childhood"] = partial(childhood.suite, sizes=(5, 20))
    return made


def _measured(make: Make, here: Machine, seconds: float, rounds: int) -> Suite:
    """A suite, done; its servers are stopped before the next begins."""
    with ExitStack() as stack:
        suite = make(here, seconds, stack)
        suite.run(rounds, lambda what: click.echo(what, err=True))
        return suite


if __name__ == "__main__":
    main()
