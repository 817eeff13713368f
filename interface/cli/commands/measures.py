"""`ledger measures`: the service's figures, at the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from application.projections.measures_table import PeriodFilter
from application.queries.measures.basis import (
    YEAR,
    MeasureSelection,
    MeasuresQuery,
    questions,
    read_repeat,
    survey,
)
from application.queries.measures.figures import Measures
from application.recording.ledger import Ledger
from application.store.clock import now
from domain.measures.breakdowns import BREAKDOWNS
from domain.measures.definitions import MEASURES, named
from domain.moment import Instant
from interface.cli.output.measures_text import table
from interface.cli.support.answer import answer, say
from interface.cli.support.known_at import Known, known_in, read_known_at
from interface.cli.support.options import EDGE, TIME, data_option, json_option, namespace_option, usage_errors
from interface.cli.support.target_ledger import target_ledger
from interface.wiring.open_ledger import opened


def _repeat(_: click.Context, option: click.Parameter, text: str) -> tuple[int, int]:
    try:
        return read_repeat(text)
    except ValueError as error:
        raise click.BadParameter(str(error), param=option) from None


@click.command(short_help="Show the service's figures, each with how certain it is.")
@click.option(
    "--from",
    "from_",
    type=EDGE,
    metavar="T",
    help="Episodes that started from then on; by default a year before --to.",
)
@click.option("--to", type=EDGE, metavar="T", help="Episodes that started before then; by default --as-at.")
@namespace_option("--authority", "This authority was responsible.")
@namespace_option("--host", "Placed in this authority's area.")
@click.option("--measure", type=click.Choice([m.id for m in MEASURES]), help="Only this one.")
@click.option("--survey", "of_survey", is_flag=True, help="The seven questions of the national survey.")
@click.option("--group-by", type=click.Choice(BREAKDOWNS), help="Group the figures by this.")
@click.option("--repeat", callback=_repeat, default="3/30", show_default=True, help="Episodes in days.")
@click.option("--suppress", is_flag=True, help="Leave out figures that depend on fewer than five.")
@click.option("--as-at", type=TIME, metavar="T", help="As things stood then; by default now.")
@click.option(
    "--known-at",
    callback=read_known_at,
    metavar="T",
    help="As the ledger knew it then: a time, or position:1234.",
)
@click.option(
    "--rulebook", metavar="NAME", help="With the limits of this adopted rulebook, such as england@2026.1."
)
@data_option
@json_option
def measures(  # noqa: PLR0913  # one for each option
    *,
    from_: Instant | None,
    to: Instant | None,
    authority: str | None,
    host: str | None,
    measure: str | None,
    of_survey: bool,
    group_by: str | None,
    repeat: tuple[int, int],
    suppress: bool,
    as_at: Instant | None,
    known_at: Known,
    rulebook: str | None,
    data: Path | None,
    as_json: bool,
) -> None:
    """Show the figures of a period: offered, held within 72 hours, repeats, currently missing.

    A day means its first midnight in London: a year is --from 2025-04-01 --to 2026-04-01. Each
    percentage has three counts: certainly yes, certainly no, cannot tell.
    """
    at = now() if as_at is None else as_at
    end = at if to is None else to
    start = end - YEAR if from_ is None else from_
    wanted = PeriodFilter(from_=start, to=end, as_at=at, authority=authority, host=host)
    asked_for = _questions(measure, group_by, of_survey=of_survey)
    with target_ledger(data) as settings, opened(settings) as ledger:
        query = MeasuresQuery(
            wanted=wanted,
            questions=asked_for,
            known_at=known_in(ledger, known_at, rulebook),
            repeat=repeat,
            suppress=suppress,
        )
        figures = _answer(ledger, query)
    answer(figures, table(figures), as_json=as_json)


def _questions(measure: str | None, by: str | None, *, of_survey: bool) -> tuple[MeasureSelection, ...]:
    if not of_survey:
        return questions(MEASURES if measure is None else named(measure), by)
    if measure is not None or by is not None:
        raise click.UsageError("--survey takes neither --measure nor --group-by.")
    return survey()


def _answer(ledger: Ledger, query: MeasuresQuery) -> dict[str, Any]:
    """Return the figures, however much is replayed; wrong usage when the question is invalid."""
    with usage_errors():
        return Measures(ledger.database, ledger.vault, most=None, on_progress=_progress).answer(query)


def _progress(streams: int) -> None:
    if streams >= 1_000:
        say(f"{streams:,} episodes replayed")
