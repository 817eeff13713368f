"""`ledger replay`: the story of one episode, step by step."""

from __future__ import annotations

from pathlib import Path

import click

from application.answers.narrative_text import story
from application.queries.episodes.episode_reader import EpisodeReader
from application.queries.episodes.episode_report import Visibility, episode_report
from application.store.clock import now
from domain.facts.members import SUBJECT_KIND
from domain.moment import Instant
from interface.cli.support.access_recording import recorded
from interface.cli.support.answer import answer
from interface.cli.support.known_at import Known, read_known_at
from interface.cli.support.options import TIME, data_option, json_option
from interface.cli.support.target_ledger import target_ledger
from interface.wiring.open_ledger import opened


@click.command(short_help="Show the history of one episode, step by step.")
@click.argument("subject")
@click.option("--as-at", type=TIME, metavar="T", help="As things stood at this time; by default now.")
@click.option(
    "--known-at",
    callback=read_known_at,
    metavar="T",
    help="As the ledger knew it then: a time, or position:1234. By default everything.",
)
@click.option(
    "--order",
    type=click.Choice(["recorded", "happened"]),
    default="recorded",
    show_default=True,
    help="In the order in which it became known, or happened.",
)
@click.option("--backwards", is_flag=True, help="The last step first.")
@data_option
@json_option
def replay(  # noqa: PLR0913  # one for each option
    *,
    subject: str,
    as_at: Instant | None,
    known_at: Known,
    order: str,
    backwards: bool,
    data: Path | None,
    as_json: bool,
) -> None:
    """Show the history of the episode SUBJECT, such as E08000025/ME-2026-00417.

    Each step is an entry: what, by whom, when it happened, and what it changed. After the steps come
    where the child is, and every duty with its calculation. Personal values stay encrypted. The access
    log records the replay, as read by principal `operator`.
    """
    if not SUBJECT_KIND.fits(subject):
        raise click.UsageError("SUBJECT is <namespace>/<reference>, such as E08000025/ME-2026-00417.")
    at = now() if as_at is None else as_at
    with target_ledger(data) as settings, opened(settings) as ledger:
        reader = EpisodeReader(ledger.database, ledger.vault, ledger.repository)
        found = episode_report(
            reader, subject, Visibility(), at, reader.known_at(*known_at), by_happened=order == "happened"
        )
        report = recorded(ledger, "replay", found)
    shown = report | {"steps": report["steps"][:: -1 if backwards else 1]}
    answer(shown, story(report, backwards=backwards), as_json=as_json)
