"""`ledger migrate`: the database's form, once for each release, before its other parts."""

from __future__ import annotations

import click

from application.store.migrate import migrate as apply
from interface.cli.support.answer import answer
from interface.cli.support.options import json_option
from interface.cli.support.signals import Stop
from interface.cli.support.wait_for_database import wait_for_database, wait_option
from interface.settings import from_environment


@click.command(short_help="Bring the database to this release's form.")
@wait_option
@json_option
def migrate(*, wait: float, as_json: bool) -> None:
    """Bring the database to this release's form. Needs LEDGER_DSN of the database's owner.

    It is safe to run again, and from several hosts at once.
    """
    dsn = from_environment().need_dsn()
    with Stop() as stop:
        wait_for_database(dsn, wait, migrated=False, stop=stop)
    applied = [f"{each.number:04}_{each.name}" for each in apply(dsn)]
    words = "\n".join(["Applied:", *applied]) if applied else "Nothing to do."
    answer({"applied": applied}, words, as_json=as_json)
