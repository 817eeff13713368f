"""`ledger simulate`: made-up events, to a file, to standard output, or to a served ledger."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

import click
import msgspec

from application.importing import PostedEvent, RowNotTaken, of_http
from application.simulation import simulated
from domain.moment import day
from interface.cli.output.import_notices import not_taken_line
from interface.cli.support.answer import answer
from interface.cli.support.exit_status import DISAGREES, GOOD, Failed
from interface.cli.support.http_client import Service
from interface.cli.support.options import json_option
from interface.cli.support.progress_bar import ProgressBar
from interface.cli.support.signals import Stop, Stopped
from interface.wiring.record_batches import batches

_DATE: Final = click.DateTime(["%Y-%m-%d"])
_GO_ON: Final = (
    "Stopped after {sent:,} events. The same command again posts the rest; what is recorded stays as it is."
)

Batch = tuple[float, list[dict[str, Any]]]
"""How much of the period has passed, from 0 to 1, and some events."""


@click.command(short_help="Make up an authority's events.")
@click.option("--namespace", required=True, metavar="CODE", help="The authority, such as E08000025.")
@click.option("--children", required=True, type=click.IntRange(1), help="How many go missing at least once.")
@click.option(
    "--from", "start", required=True, type=_DATE, metavar="DATE", help="The first day, such as 2025-04-01."
)
@click.option("--to", "end", required=True, type=_DATE, metavar="DATE", help="The last day.")
@click.option("--seed", required=True, type=int, help="An equal number gives equal events.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write them there."
)
@click.option("--post", metavar="URL", help="Post them to a served ledger, such as http://127.0.0.1:8080.")
@click.option("--token", metavar="T", help="With --post: a recorder's token for every namespace and source.")
@json_option
def simulate(  # noqa: PLR0913  a command's arguments are its options
    *, namespace: str, children: int, start: datetime, end: datetime, seed: int,
    out: Path | None, post: str | None, token: str | None, as_json: bool,
) -> int:  # fmt: skip
    """Make up what an authority's organisations would send: CloudEvents, one to a line.

    Episodes, lengths, hours and interviews follow the published figures. The errors of real systems
    are included: late, twice, contradicted, corrected. Nothing comes from a real child.
    """
    if out and post:
        raise click.UsageError("Give --out or --post, not both.")
    if (post is None) != (token is None):
        raise click.UsageError("--post and --token go together.")
    try:
        found = _batches(namespace, children, start.date(), end.date(), seed)
    except ValueError as error:
        raise click.UsageError(f"{str(error)[:1].upper()}{str(error)[1:]}.") from None
    if post and token:
        return _post(found, Service(post, token), as_json=as_json)
    _write(found, out, as_json=as_json)
    return GOOD


def _batches(namespace: str, children: int, start: date, end: date, seed: int) -> Iterator[Batch]:
    """The events; ValueError at once when the arguments make no sense."""
    arrivals = simulated(namespace, children, start, end, seed)
    first, last = day(start.isoformat()).earliest, day(end.isoformat()).latest
    assert first is not None and last is not None  # noqa: PT018  a day has both
    return (
        ((batch[-1].at - first) / (last - first), [arrival.event for arrival in batch])
        for batch in batches(arrivals)
    )


def _write(found: Iterator[Batch], out: Path | None, *, as_json: bool) -> None:
    """To a file, whole or not at all; without one to standard output, where the events are the answer."""
    if out is None:
        _lines(found, sys.stdout.buffer)
        return
    fresh = out.with_name(f"{out.name}.part")
    try:
        with fresh.open("wb") as file:
            sent = _lines(found, file)
        fresh.replace(out)
    except OSError as error:
        raise Failed(f"{out} cannot be written: {error.strerror}.") from error
    finally:
        fresh.unlink(missing_ok=True)
    answer({"events": sent, "file": str(out)}, f"{sent:,} events in {out}.", as_json=as_json)


def _lines(found: Iterator[Batch], file: BinaryIO) -> int:
    sent, encoder = 0, msgspec.json.Encoder()
    with ProgressBar("Simulating") as progress:
        for share, events in found:
            file.write(encoder.encode_lines(events))
            sent += len(events)
            progress.at(share, f"{sent:,} events")
    return sent


def _post(found: Iterator[Batch], service: Service, *, as_json: bool) -> int:
    """Post them all; 1 when some were not taken, or it was stopped."""
    counts: Counter[str] = Counter()
    refused: list[RowNotTaken] = []
    sent = 0
    with Stop() as stop, ProgressBar("Posting") as progress:
        try:
            for share, events in found:
                stop.check()
                posted = list(map(of_http, service.post(events)))
                counts.update(one.status for one in posted)
                refused += _refused(posted, sent)
                sent += len(events)
                progress.at(share, f"{sent:,} events")
        except Stopped:
            raise Failed(_GO_ON.format(sent=sent)) from None
        progress.end(f"{sent:,} events")
    counted = {name: counts[name] for name in ("recorded", "duplicate", "refused")}
    lines = [
        ", ".join(f"{name}: {count:,}" for name, count in counted.items()),
        *map(not_taken_line, refused),
    ]
    answer({**counted, "not_taken": [one._asdict() for one in refused]}, "\n".join(lines), as_json=as_json)
    return DISAGREES if refused else GOOD


def _refused(posted: list[PostedEvent], sent: int) -> Iterator[RowNotTaken]:
    """Those of a batch that were refused, by their number among all."""
    for number, one in enumerate(posted, sent + 1):
        if one.status == "refused":
            yield RowNotTaken(number, one.reason, one.pointer, one.detail)
