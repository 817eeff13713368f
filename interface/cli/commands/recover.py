"""`ledger recover`: go on from a database that came back shorter or different than it was shown."""

from __future__ import annotations

from pathlib import Path

import click

from application.merkle_log.recovery import Recovered
from application.merkle_log.recovery import recover as begin_epoch
from application.store.logs import LOGS
from domain.facts.members import CODE_KIND
from interface.cli.support.answer import answer
from interface.cli.support.options import data_option, json_option
from interface.cli.support.progress_bar import ProgressBar
from interface.cli.support.target_ledger import target_ledger
from interface.settings import Settings
from interface.wiring.open_ledger import opened
from interface.wiring.sealers import outside


def _code(_: click.Context, option: click.Parameter, value: str) -> str:
    if not CODE_KIND.fits(value):
        raise click.BadParameter(f"it must be {CODE_KIND.noun}, such as backup_restored", param=option)
    return value


@click.command(short_help="Continue with a database that was put back to an earlier state.")
@click.option(
    "--reason",
    required=True,
    callback=_code,
    metavar="CODE",
    help="Why, as a code, which becomes part of the entry.",
)
@data_option
@json_option
def recover(*, reason: str, data: Path | None, as_json: bool) -> int:
    """Begin an epoch over the entries left, with a new key: recording and sealing continue.

    Needs LEDGER_DSN of the database's owner, and LEDGER_KEYS with the checkpoint kept next to it. If
    nothing is lost, the command only allows recording again. Run `ledger verify` first.
    """
    with target_ledger(data) as settings:
        done = _recover(settings, reason)
    answer(done._asdict(), _words(done), as_json=as_json)
    return 0


def _recover(settings: Settings, reason: str) -> Recovered:
    with opened(settings) as ledger, ProgressBar("Reading what is left") as progress:

        def on_progress(count: int, total: int) -> None:
            progress.at(count / max(total, 1), f"{count:,} of {total:,} entries")

        kept = {log.name: outside(settings, log) for log in LOGS}
        return begin_epoch(ledger, settings.need_dsn(), settings.need_keys(), kept, reason, on_progress)


def _words(done: Recovered) -> str:
    if done.epoch is None:
        return (
            "Nothing was lost: the database holds all that was released. No epoch began; recording goes on."
        )
    return (
        f"Epoch {done.epoch} began at position {done.position:,}; {done.lost:,} entries that were released are gone."
        " Copy the secrets file to every host that seals, and tell senders to post again what they sent since."
    )
