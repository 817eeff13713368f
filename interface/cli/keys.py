"""`ledger keys`: the secrets of a ledger."""

from __future__ import annotations

from pathlib import Path

import click

from application.keys import Keys
from interface.cli.console import answer, json_option
from interface.cli.status import Failed

_ADVICE = """{path} holds the secrets of one ledger (mode 0600). Name it in LEDGER_KEYS, and keep a copy apart
from the database: without it nothing personal can be read again, and nothing new can be recorded."""


@click.group(short_help="Make a ledger's secrets.")
def keys() -> None:
    """Secrets: the keys of what is sealed, of fingerprints, and of the ledger's signature."""


@keys.command("new")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@json_option
def new(*, file: Path, as_json: bool) -> None:
    """Make the secrets of a new ledger and write them to FILE, which must not exist yet."""
    try:
        Keys.new(file)
    except OSError as error:
        raise Failed(f"{file} cannot be written: {error.strerror}.") from error
    answer({"file": str(file)}, _ADVICE.format(path=file), as_json=as_json)
