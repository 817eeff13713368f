"""`ledger doctor`: what is wrong with this deployment, line by line, and what to do about it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from interface.cli.console import answer, data_option, json_option
from interface.cli.deployment import deployment, owner, trial_folder
from interface.cli.doctor import host, recorded, server
from interface.cli.doctor.check import Check, Level
from interface.cli.status import DISAGREES, GOOD
from interface.settings import Settings

__all__ = ["doctor"]

_WIDTH: Final = 22


@click.command(short_help="What is wrong with this deployment.")
@data_option
@json_option
def doctor(*, data: Path | None, as_json: bool) -> int:
    """Say what is wrong with this deployment: each line ok, warn or bad, and what to do.

    Looks at the secrets, the database and its settings, clocks, roles, migrations, the follower, refusals,
    credentials and space. Changes nothing. Exit status 1 when something is bad.
    """
    with deployment(data) as settings:
        checks = examine(settings, trial_folder(data))
    answer({"checks": [check.as_json() for check in checks]}, "\n".join(map(_line, checks)), as_json=as_json)
    return DISAGREES if any(check.level is Level.BAD for check in checks) else GOOD


def examine(settings: Settings, folder: Path | None) -> list[Check]:
    """Every check, in order; those about what is recorded only when the migrations are all there.

    `folder`: a trial's, whose disk is the database's; None when the database may be anywhere.
    """
    checks = [host.secrets(settings), host.durability(settings), host.break_glass(settings)]
    if folder is not None:
        checks.append(host.space(folder))
    with owner(settings) as database:
        checks += server.examine(database, settings)
        migrations = server.migrations(database)
        checks.append(migrations)
        if migrations.level is not Level.BAD:
            checks += recorded.examine(database, settings)
    return checks


def _line(check: Check) -> str:
    advice = f"\n{'':<{_WIDTH + 6}}{check.advice}" if check.advice else ""
    return f"{check.level.value:<5} {check.name:<{_WIDTH}}{check.finding}{advice}"
