"""`ledger restore`: what `ledger backup` copied, back in an empty database or a new trial."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import click

from application.crypto.keys import Keys
from application.crypto.signed_note import Note, Verifier
from application.merkle_log.checkpoint_file import CheckpointFile
from application.recording.ledger import check_whose
from application.store.logs import EPISODES
from application.verification.epoch_history import TrustAnchors
from interface.backup.manifest import BackupFolder, Manifest
from interface.backup.restore import restore as put_back
from interface.cli.output.backup_text import described
from interface.cli.output.verify_report import answer_ledger
from interface.cli.support.answer import answer, say
from interface.cli.support.exit_status import GOOD
from interface.cli.support.options import FILE, json_option
from interface.cli.support.progress_bar import ProgressBar
from interface.settings import Settings, from_environment
from interface.trial.installation import Trial

_DONE: Final = """Restored up to position {position:,}. What was acknowledged after {taken_at} is not there:
let senders post it again; what is there already is a duplicate. `ledger follow` makes the lists again."""


@click.command(short_help="Load a backup into an empty database.")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="A new folder for a trial that continues from the backup."
    " By default LEDGER_DSN, of an empty database's owner.",
)
@click.option("--keys", type=FILE, metavar="FILE", help="The ledger's secrets; by default LEDGER_KEYS.")
@click.option("--verify", is_flag=True, help="Then verify everything, as `ledger verify` does.")
@click.option(
    "--against",
    type=FILE,
    metavar="FILE",
    help="With --verify: a checkpoint to compare with; by default the one kept with the secrets.",
)
@json_option
def restore(
    *, folder: Path, data: Path | None, keys: Path | None, verify: bool, against: Path | None, as_json: bool
) -> int:
    """Load the backup in FOLDER, after a check of every file and of the secrets.

    With --verify every entry is then verified against the last checkpoint kept outside the database.
    Exit status 1 when they differ, with the position from which on.
    """
    if against is not None and not verify:
        raise click.UsageError("--against needs --verify.")
    given = from_environment()
    source = BackupFolder(folder)
    settings = given if keys is None else dataclasses.replace(given, keys=keys)
    manifest, settings = _checked(source, settings)
    done = described(manifest)
    words = _DONE.format(**done)
    with _restored(source, manifest, settings, data) as restored:
        if not verify:
            answer(done, words, as_json=as_json)
            return GOOD
        say(words)
        return answer_ledger(restored, _trusted(settings, against), done, as_json=as_json)


def _checked(folder: BackupFolder, settings: Settings) -> tuple[Manifest, Settings]:
    """Return the manifest of a backup that is whole, and the settings with its ledger's name unless one was given.

    The secrets must be those of its ledger.
    """
    manifest = folder.read()
    founding = manifest.contents.founding
    if not settings.is_named:
        settings = dataclasses.replace(settings, name=str(founding["name"]))
    check_whose(founding, settings.name, Keys.load(settings.need_keys()))
    with ProgressBar("Checking the backup") as progress:

        def on_bytes(done: int, total: int) -> None:
            progress.at(done / max(total, 1), f"{done >> 20:,} of {total >> 20:,} MiB")

        folder.check(manifest, on_bytes)
    return manifest, settings


@contextmanager
def _restored(
    folder: BackupFolder, manifest: Manifest, settings: Settings, data: Path | None
) -> Iterator[Settings]:
    """How to reach the ledger that was restored, while this lasts; of a trial that failed nothing is left."""
    if data is None:
        _load(folder, manifest, settings)
        yield settings
        return
    trial = Trial(data.absolute(), settings)
    try:
        trial.begin(settings)
        try:
            _load(folder, manifest, trial.settings)
        except BaseException:
            trial.remove()
            raise
        yield trial.settings
    finally:
        trial.stop()


def _load(folder: BackupFolder, manifest: Manifest, settings: Settings) -> None:
    with ProgressBar("Restoring") as progress:

        def on_table(share: float, table: str) -> None:
            progress.at(share, table)

        put_back(settings.need_dsn(), folder, manifest, settings.pg_bindir, on_table)


def _trusted(settings: Settings, against: Path | None) -> TrustAnchors:
    """Return the key of the secrets, and the given checkpoint, by default the one kept next to them."""
    keys = Keys.load(settings.need_keys())
    key = keys.verifier_key(EPISODES.origin(settings.name, keys.epoch), keys.epoch)
    note = CheckpointFile(against or settings.outside).read()
    return TrustAnchors(Verifier.read(key), None if note is None else Note.read(note))
