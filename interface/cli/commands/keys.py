"""`ledger keys`: the secrets of a ledger."""

from __future__ import annotations

from pathlib import Path

import click

from application.crypto.keys import Keys
from application.merkle_log.key_rotation import Rotated
from application.merkle_log.key_rotation import rotate as change_key
from domain.moment import rfc3339
from interface.cli.support.answer import answer
from interface.cli.support.exit_status import Failed
from interface.cli.support.options import data_option, json_option
from interface.cli.support.target_ledger import target_ledger
from interface.wiring.open_ledger import opened

_ADVICE = """{path} holds the secrets of one ledger (mode 0600). Name it in LEDGER_KEYS, and keep a copy apart
from the database: without it nothing personal can be read again, and nothing new can be recorded."""


_ROTATED = """From entry {position:,} on, checkpoints are signed with
{key}
and until {until} with the one before it too. Copy {path} to every host that runs `follow`,
keep a copy apart from the database, and tell those who verify the new key."""
_DAY = 86_400


@click.group(short_help="Make a ledger's secrets, and change its signing key.")
def keys() -> None:
    """Make a ledger's secrets, and change its signing key."""


@keys.command("new")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@json_option
def new(*, file: Path, as_json: bool) -> None:
    """Make the secrets of a new ledger, in a new file FILE."""
    try:
        Keys.new(file)
    except OSError as error:
        raise Failed(f"{file} cannot be written: {error.strerror}.") from error
    answer({"file": str(file)}, _ADVICE.format(path=file), as_json=as_json)


@keys.command("rotate", short_help="Sign checkpoints with a new key from now on.")
@click.option(
    "--overlap",
    type=click.IntRange(0, 3650),
    default=7,
    show_default=True,
    metavar="DAYS",
    help="How long checkpoints also carry the old key's signature.",
)
@data_option
@json_option
def rotate(*, overlap: int, data: Path | None, as_json: bool) -> None:
    """Add a signing key to the file of LEDGER_KEYS, and record it in the ledger.

    Needs LEDGER_DSN, LEDGER_KEYS and LEDGER_NAME. Recording and sealing continue. If the command is
    interrupted, run it again: it uses the key that it made.
    """
    with target_ledger(data) as settings, opened(settings) as ledger:
        path = settings.need_keys()
        done = change_key(ledger, path, overlap * _DAY)
    answer(_said(done), _words(done, path), as_json=as_json)


def _said(done: Rotated) -> dict[str, object]:
    return {
        "position": done.position,
        "key": str(done.key),
        "replaces": str(done.replaces),
        "both_until": rfc3339(done.both_until),
    }


def _words(done: Rotated, path: Path) -> str:
    until = rfc3339(done.both_until)
    return _ROTATED.format(position=done.position, key=done.key, until=until, path=path)
