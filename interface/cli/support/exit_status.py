"""How a command ends: its exit status, and a sentence when that is not 0.

0: good. 1: something disagrees or was not taken. 2: wrong usage. 3: consistent, but the signer is unknown, of the
audit commands. 4: the database cannot be reached. A sentence never repeats what was recorded.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import click
import psycopg
from psycopg import errors

from application.store.database import Unreachable
from domain.errors import LedgerError
from interface.cli.support.database_errors import refusal, unreachable
from interface.cli.support.signals import Stopped
from interface.postgres import EmbeddedError
from interface.settings import SettingsError

GOOD: Final = 0
DISAGREES: Final = 1
USAGE: Final = 2
SIGNER_UNKNOWN: Final = 3
UNREACHABLE: Final = 4


class Failed(click.ClickException):
    """The command cannot do what was asked; the message says why, and what to do."""

    exit_code = DISAGREES


class NoDatabase(Failed):
    """The database cannot be reached."""

    exit_code = UNREACHABLE


def run_command(command: Callable[[], object]) -> int:
    """Run a command and say how it ended; a command may return its exit status."""
    try:
        given = command()
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.exceptions.Abort, KeyboardInterrupt):
        return _sentence("Stopped.", DISAGREES)
    except Stopped:
        return GOOD  # as it was asked to
    except BrokenPipeError:
        return DISAGREES  # the reader of our output has gone, and knows
    except (EmbeddedError, LedgerError, SettingsError, psycopg.Error) as error:
        return _of_error(error)
    return given if isinstance(given, int) else GOOD


def _of_error(error: EmbeddedError | LedgerError | SettingsError | psycopg.Error) -> int:
    if isinstance(error, errors.UndefinedTable | errors.InvalidSchemaName | errors.UndefinedFunction):
        return _sentence(
            "This database is not in the form that this release needs: run `ledger migrate`.", DISAGREES
        )
    if isinstance(error, Unreachable | psycopg.Error):
        refused = refusal(error)
        if refused is None:
            return _sentence(unreachable(error), UNREACHABLE)
        return _sentence(" ".join(refused), DISAGREES)
    return _sentence(_capital(str(error)), USAGE if isinstance(error, SettingsError) else DISAGREES)


def _capital(sentence: str) -> str:
    text = sentence[:1].upper() + sentence[1:]
    return text if text.endswith((".", "!", "?", "`", ")")) else f"{text}."


def _sentence(text: str, status: int) -> int:
    click.echo(text, err=True)
    return status
