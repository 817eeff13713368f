"""`ledger backup`: a copy of everything that is recorded, taken while recording goes on."""

from __future__ import annotations

from pathlib import Path

import click

from interface.backup.manifest import BackupFolder
from interface.backup.take import back_up
from interface.cli.output.backup_text import described
from interface.cli.support.answer import answer
from interface.cli.support.options import data_option, json_option
from interface.cli.support.progress_bar import ProgressBar
from interface.cli.support.target_ledger import target_ledger

_ADVICE = """{path} holds everything that was recorded up to position {position:,}; `ledger restore` puts it back.
The secrets are not in it: keep a copy of their file somewhere else, since neither is of use without the other."""


@click.command(short_help="Copy all entries into a folder.")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@data_option
@json_option
def backup(*, folder: Path, data: Path | None, as_json: bool) -> None:
    """Copy all entries into FOLDER, which must be new or empty. Needs the database's owner.

    Recording and reading continue. The backup has neither the derived tables nor the secrets. Ctrl-C
    stops it and leaves nothing.
    """
    with target_ledger(data) as settings, ProgressBar("Backing up") as progress:

        def on_table(share: float, table: str) -> None:
            progress.at(share, table)

        def on_bytes(done: int, total: int) -> None:
            progress.at(done / max(total, 1), f"{done >> 20:,} of {total >> 20:,} MiB read again")

        manifest = back_up(settings.need_dsn(), BackupFolder(folder), settings.pg_bindir, on_table, on_bytes)
    words = _ADVICE.format(path=folder, position=manifest.contents.position)
    answer({"folder": str(folder), **described(manifest)}, words, as_json=as_json)
