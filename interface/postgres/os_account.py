"""The account PostgreSQL runs as: ours, or, since it refuses root, an unprivileged one.

Nothing is created or changed on the system: as root an account that exists already is used.
"""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from interface.postgres.errors import DataFolderRefused, DidNotStart, EmbeddedError

UNPRIVILEGED: Final = ("postgres", "nobody")
"""Accounts that root may drop to, best first."""

ENVIRONMENT: Final = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
"""All that PostgreSQL's programs get to see: no PGDATA, PGPORT or PGOPTIONS of somebody's shell."""


@dataclass(frozen=True)
class Account:
    """Who a child process is to be."""

    uid: int
    gid: int
    name: str

    @property
    def identity(self) -> dict[str, Any]:
        """The arguments that make a child process this account; none when we are it already."""
        if os.geteuid() == self.uid:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def run(self, command: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
        """Run a program to its end as this account. Raises EmbeddedError when it cannot be this account."""
        try:
            return subprocess.run(  # noqa: S603  the programs are PostgreSQL's and the shell's own
                command,
                cwd="/",
                env=ENVIRONMENT,
                capture_output=True,
                text=True,
                check=False,
                **self.identity,
            )
        except OSError as error:
            raise DidNotStart(
                f"{command[0]} cannot be run as the account {self.name}: {error.strerror}."
            ) from error

    def can_reach(self, path: Path) -> bool:
        """Return whether this account can reach an executable, or what lies in a folder: the system is asked."""
        return self.run(["/bin/sh", "-c", 'test -x "$1"', "sh", path]).returncode == 0

    def own(self, folder: Path) -> None:
        """Make a folder that only this account (and root) can look into."""
        folder.mkdir(mode=0o700)
        if self.identity:
            os.chown(folder, self.uid, self.gid)


def ours() -> Account:
    """The account that we are."""
    return _named(os.geteuid())


def account_for(cluster: Path) -> Account:
    """The account that serves this cluster: its owner once it exists, else ours or an unprivileged one.

    Raises DataFolderRefused when it belongs to somebody whom we cannot become.
    """
    mine = os.geteuid()
    if cluster.exists():
        owner = cluster.stat().st_uid
        if mine not in {owner, 0}:
            raise DataFolderRefused(
                f"{cluster} belongs to the account {_named(owner).name}: run as that account or as root."
            )
        if owner != 0:
            return _named(owner)
    return _named(mine) if mine != 0 else _unprivileged()


def _unprivileged() -> Account:
    """The account that root drops to."""
    for name in UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, name)
    raise EmbeddedError(
        "PostgreSQL does not run as root, and accounts postgres and nobody do not exist here. "
        "Run as an ordinary user, or make one of them: adduser --system --group postgres"
    )


def _named(uid: int) -> Account:
    """The account of a user id, which in a container may have no name."""
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        return Account(uid, os.getegid(), str(uid))
    return Account(uid, entry.pw_gid, entry.pw_name)
