"""`ledger doctor`: what is wrong with this deployment, line by line, and what to do about it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click
import psycopg

from application.store.database import Unreachable
from interface.cli.commands.doctor import (
    host,
    standby,
)
from interface.cli.commands.doctor import (
    ledger as recorded,
)
from interface.cli.commands.doctor import (
    postgres as server,
)
from interface.cli.commands.doctor import (
    publishing as published,
)
from interface.cli.commands.doctor.check import Check, Level, bad
from interface.cli.support.answer import answer
from interface.cli.support.database_errors import refusal, unreachable
from interface.cli.support.exit_status import DISAGREES, GOOD, UNREACHABLE
from interface.cli.support.options import data_option, json_option
from interface.cli.support.target_ledger import owner, target_ledger, trial_folder
from interface.postgres.errors import DidNotStart, InUse
from interface.settings import Settings, from_environment
from interface.trial.installation import Trial

__all__ = ["doctor"]

_WIDTH: Final = 22
_REACHED: Final = "database"
_REFUSED: Final = "refused"
_NOT_REACHED: Final = "Until it answers nothing is recorded and nothing read; its own log says more."


@click.command(short_help="Check this deployment, and say what to do.")
@data_option
@json_option
def doctor(*, data: Path | None, as_json: bool) -> int:
    """Check this deployment: each line is ok, warn or bad, with what to do.

    The checks cover secrets, the database and its settings, clocks, roles, migrations and the follower.
    They also cover refusals, credentials, disk space and publishing targets. Nothing is changed. Exit
    status 1 when something is bad, 4 when the database cannot be reached.
    """
    checks = list(examine(data))
    answer({"checks": [check.as_json() for check in checks]}, "\n".join(map(_line, checks)), as_json=as_json)
    bad_ones = {check.name for check in checks if check.level is Level.BAD}
    return (UNREACHABLE if _REACHED in bad_ones else DISAGREES) if bad_ones else GOOD


def examine(data: Path | None) -> Iterator[Check]:
    """Every check, in order; without its database what can be said of a deployment all the same."""
    given, folder = from_environment(), trial_folder(data)
    if folder is not None and (trial := Trial(folder, given)).exists:
        given = dataclasses.replace(given, keys=trial.keys)
        yield host.space(trial.postgres.folder.place)
    yield host.secrets(given)
    yield host.durability(given)
    yield host.break_glass(given)
    try:
        with target_ledger(data) as settings:
            yield from _database(settings)
    except (InUse, DidNotStart) as error:
        yield bad(_REACHED, str(error), _NOT_REACHED)
    except (Unreachable, psycopg.Error) as error:
        refused = refusal(error)
        yield bad(_REACHED, unreachable(error), _NOT_REACHED) if refused is None else bad(_REFUSED, *refused)


def _database(settings: Settings) -> Iterator[Check]:
    """Yield the checks of the database; those of what is recorded only when all migrations are there."""
    with owner(settings) as database:
        yield from server.examine(database)
        migrations = server.migrations(database)
        yield migrations
        if migrations.level is not Level.BAD:
            yield standby.examine(database, settings)
            yield from recorded.examine(database, settings)
            yield from published.examine(database, settings)


def _line(check: Check) -> str:
    advice = f"\n{'':<{_WIDTH + 6}}{check.advice}" if check.advice else ""
    return f"{check.level.value:<5} {check.name:<{_WIDTH}}{check.finding}{advice}"
