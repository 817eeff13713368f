"""`ledger what-if`: which verdicts of a period another rulebook would change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import click
import msgspec

from application.answers.as_json import Json, known
from application.answers.disclosures import DisclosedRecords, DisclosingAnswer, joined
from application.projections.measures_table import PeriodFilter
from application.queries.episodes.episode_reader import EpisodeReader
from application.queries.measures.basis import YEAR
from application.recording.ledger import Ledger
from application.rulebooks.adopt import UnusableRulebook, finder, whole
from application.rulebooks.what_if import WhatIf, WhatIfChange, WhatIfQuery
from application.store.adopted_rulebooks import every_adopted
from application.store.clock import now
from domain.moment import Instant
from domain.rules.rulebook import cached
from interface.cli.output.rulebook_faults import faults_words
from interface.cli.output.what_if_text import changes_words
from interface.cli.support.access_recording import recorded
from interface.cli.support.answer import answer
from interface.cli.support.exit_status import Failed
from interface.cli.support.known_at import Known, read_known_at
from interface.cli.support.options import (
    EDGE,
    FILE,
    TIME,
    data_option,
    json_option,
    namespace_option,
    usage_errors,
)
from interface.cli.support.progress_bar import ProgressBar
from interface.cli.support.rulebook_file import text_of
from interface.cli.support.signals import Stop, Stopped
from interface.cli.support.target_ledger import target_ledger
from interface.wiring.open_ledger import opened

_LISTED: Final = 1_000
"""Changes that an answer lists at most; --out takes all of them."""


@click.command("what-if", short_help="List verdicts that another rulebook would change.")
@click.argument("file", type=FILE)
@click.option(
    "--from",
    "from_",
    type=EDGE,
    metavar="T",
    help="Episodes that started from then on; by default a year before --to.",
)
@click.option("--to", type=EDGE, metavar="T", help="Episodes that started before then; by default --as-at.")
@namespace_option("--authority", "This authority was responsible at the start.")
@click.option("--as-at", type=TIME, metavar="T", help="As things stood then; by default now.")
@click.option(
    "--known-at",
    callback=read_known_at,
    metavar="T",
    help="As the ledger knew it then: a time, or position:1234.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="A file for every change, one on a line.",
)
@data_option
@json_option
def what_if(  # noqa: PLR0913  # one for each option
    *,
    file: Path,
    from_: Instant | None,
    to: Instant | None,
    authority: str | None,
    as_at: Instant | None,
    known_at: Known,
    out: Path | None,
    data: Path | None,
    as_json: bool,
) -> None:
    """Assess a period under FILE as well as the adopted rulebook.

    The answer lists verdicts that would change: it counts all and shows the first thousand. --out
    writes each as a line of JSON. Nothing is adopted or recorded. Any number of episodes is possible;
    Ctrl-C stops it.
    """
    at = now() if as_at is None else as_at
    end = at if to is None else to
    wanted = PeriodFilter(from_=end - YEAR if from_ is None else from_, to=end, as_at=at, authority=authority)
    text = text_of(file)
    with target_ledger(data) as settings, opened(settings) as ledger:
        try:
            book = cached(*whole(text, finder(every_adopted(ledger.database))))
        except UnusableRulebook as error:
            raise Failed(faults_words(file, error.found)) from None
        reader = EpisodeReader(ledger.database, ledger.vault, ledger.repository)
        question = WhatIfQuery(wanted=wanted, known_at=reader.known_at(*known_at), book=book)
        with _lines(out) as write:
            comparison = recorded(ledger, "what-if", _replay(ledger, question, write))
    answer(comparison, changes_words(comparison, out), as_json=as_json)


def _replay(ledger: Ledger, question: WhatIfQuery, write: Callable[[WhatIfChange], bool]) -> DisclosingAnswer:
    listed: list[Json] = []
    shown: list[DisclosedRecords] = []
    more = 0
    with Stop() as stop, ProgressBar("Judging again") as progress:

        def on_progress(reached: int, last: int) -> None:
            stop.check()
            progress.at(reached / last)

        try:
            with usage_errors():
                replay = WhatIf(ledger.database, question, on_progress)
                for change in replay.changes():
                    lists = len(listed) < _LISTED
                    if lists:
                        listed.append(change.item)
                    else:
                        more += 1
                    if write(change) or lists:
                        shown.append(change.disclosed)
        except Stopped:
            raise Failed("Stopped. Nothing was adopted, and nothing is left behind.") from None
    result = {**replay.summary(), "changes": listed, **known(changes_left_out=more or None)}
    return DisclosingAnswer(result, joined(shown))


@contextmanager
def _lines(out: Path | None) -> Iterator[Callable[[WhatIfChange], bool]]:
    """Where every change is written (False: nowhere). The file is there with all of them, or not at all."""
    if out is None:
        yield lambda _: False
        return
    part = out.with_name(f"{out.name}.part")
    try:
        with part.open("wb") as file:
            yield lambda change: bool(file.write(msgspec.json.encode(change.item) + b"\n"))
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
