"""`ledger rebuild`: all views anew, beside the live ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from application.rebuild import Report
from application.rebuild import rebuild as make_anew
from interface.cli.console import answer, data_option, json_option
from interface.cli.deployment import deployment
from interface.cli.progress import Progress
from interface.cli.status import DISAGREES, GOOD, Failed


@click.command(short_help="Fill all views anew, and compare.")
@data_option
@json_option
def rebuild(*, data: Path | None, as_json: bool) -> int:
    """Fill all views again from what is recorded, compare them with the live ones, and put them in their place.

    Reading and recording go on meanwhile. Exit status 1 when the live ones differed: they are right now, and
    the difference is a fault to report. Ctrl-C stops it; the same command again goes on from there.
    """
    with deployment(data) as settings, Progress("Rebuilding") as progress:

        def on_progress(done: int, total: int) -> None:
            progress.at(done / max(total, 1), f"{done:,} of {total:,} streams")

        try:
            report = make_anew(settings.need_dsn(), on_progress)
        except KeyboardInterrupt:
            raise Failed(
                "Stopped; the live views are as they were. The same command again goes on."
            ) from None
    answer(_as_json(report), _words(report), as_json=as_json)
    return DISAGREES if report.differences else GOOD


def _as_json(report: Report) -> dict[str, Any]:
    return {**report._asdict(), "differences": [each._asdict() for each in report.differences]}


def _words(report: Report) -> str:
    counted = f"{report.episodes:,} episodes, {report.compared:,} compared with the live views"
    found = "which differed:" if report.differences else "no difference."
    lines = [
        f"Rebuilt to position {report.position:,}: {counted}, {found}",
        *(
            f"  {each.view}: {each.episodes:,} episodes differed, such as {', '.join(each.examples)}"
            for each in report.differences
        ),
    ]
    return "\n".join(lines)
