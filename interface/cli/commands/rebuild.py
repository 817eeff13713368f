"""`ledger rebuild`: all lists are rebuilt next to the live ones, and compared."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from application.projections.rebuild import LISTED, back, drop_old
from application.projections.rebuild import rebuild as make_anew
from application.projections.rebuild_comparison import ChangedVerdict, RebuildReport
from application.projections.table_sets import PreviousTables
from domain.moment import rfc3339
from interface.cli.support.answer import answer
from interface.cli.support.exit_status import DISAGREES, GOOD, Failed
from interface.cli.support.options import data_option, json_option
from interface.cli.support.progress_bar import ProgressBar
from interface.cli.support.target_ledger import target_ledger


@click.command(short_help="Rebuild all lists, and compare.")
@click.option("--check", "what", flag_value="check", help="Compare only: the live lists stay as they are.")
@click.option(
    "--back", "what", flag_value="back", help="Make the lists live again that the last rebuild replaced."
)
@click.option(
    "--drop-old", "what", flag_value="drop", help="Delete the lists that the last rebuild replaced."
)
@click.option(
    "--processes",
    default=1,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Processes to use. Each takes one CPU core from the service.",
)
@data_option
@json_option
def rebuild(*, what: str | None, processes: int, data: Path | None, as_json: bool) -> int:
    """Rebuild all lists from the entries, compare them with the live ones, and replace these.

    Reading and recording continue. The replaced lists are kept until --drop-old or the next rebuild.
    --back makes them live again. Exit status 1 when the live lists differed, or an episode was not
    assessable. Without --check the lists are now correct; report the difference as a bug. Ctrl-C stops
    it; the same command continues from there.
    """
    with target_ledger(data) as settings:
        dsn = settings.need_dsn()
        if what == "back":
            kept = back(dsn)
            answer(_kept(kept), f"The earlier lists are live again. {_words_of(kept)}", as_json=as_json)
            return GOOD
        if what == "drop":
            gone = drop_old(dsn)
            words = "No earlier lists were kept." if gone is None else f"Deleted. {_words_of(gone)}"
            answer(_kept(gone), words, as_json=as_json)
            return GOOD
        report = _anew(dsn, switch=what is None, most=None if as_json else LISTED, processes=processes)
    answer(_as_json(report), "\n".join(_words(report)), as_json=as_json)
    return GOOD if report.agrees else DISAGREES


def _anew(dsn: str, *, switch: bool, most: int | None, processes: int) -> RebuildReport:
    with ProgressBar("Rebuilding") as progress:

        def on_progress(done: int, total: int) -> None:
            progress.at(done / max(total, 1), f"{done:,} of {total:,} streams")

        try:
            return make_anew(dsn, on_progress, switch=switch, most=most, processes=processes)
        except KeyboardInterrupt:
            raise Failed(
                "Stopped; the live lists are as they were. The same command continues from there."
            ) from None


def _kept(kept: PreviousTables | None) -> dict[str, Any]:
    return {"kept": None if kept is None else kept._asdict()}


def _words_of(kept: PreviousTables) -> str:
    return (
        f"The others were complete to position {kept.position:,}, and take {kept.size / (1 << 20):,.0f} MiB."
    )


def _as_json(report: RebuildReport) -> dict[str, Any]:
    counts = ({"rule": r, "before": b, "after": a, "count": n} for (r, b, a), n in report.verdicts.items())
    return {
        **report._asdict(),
        "differences": [each._asdict() for each in report.differences],
        "verdicts": list(counts),
        "changes": [each._asdict() | {"since": rfc3339(each.since)} for each in report.changes],
        "aside": [each._asdict() for each in report.aside],
    }


def _words(report: RebuildReport) -> Iterator[str]:
    counted = f"{report.episodes:,} episodes, {report.compared:,} compared with the live lists"
    found = "which differed:" if report.differences else "no difference."
    yield f"Rebuilt to position {report.position:,}: {counted}, {found}"
    if report.live_position < report.position:
        yield f"  The live lists were complete to position {report.live_position:,} only: is `ledger follow` running?"
    for each in report.differences:
        yield f"  {each.view}: {each.episodes:,} episodes differed, such as {', '.join(each.examples)}"
    for (rule, before, after), count in sorted(report.verdicts.items(), key=lambda item: -item[1]):
        yield f"  {count:,} verdicts on {rule}: {before or 'none'}, rebuilt {after or 'none'}"
    yield from map(_of_change, report.changes)
    if (more := sum(report.verdicts.values()) - len(report.changes)) > 0:
        yield f"  and {more:,} more, which --json lists"
    for aside in report.aside:
        yield f"  {aside.subject} could not be assessed ({aside.error}), and is in no comparison"
    if not report.switched:
        yield "The live lists are as they were."


def _of_change(change: ChangedVerdict) -> str:
    moved = f"{change.rule} of position {change.trigger:,}: {change.before or 'none'}, rebuilt {change.after or 'none'}"
    return f"  {change.subject}, {moved} from {rfc3339(change.since)} on: {change.why}"
