"""`ledger follow`: the part that keeps lists up to date, and seals. One works, any number may stand by."""

from __future__ import annotations

import threading
from collections.abc import Callable

import click

from application.projections.follower import Follower
from interface.cli.support.answer import say
from interface.cli.support.exit_status import Failed
from interface.cli.support.signals import Stop, Stopped
from interface.cli.support.stderr_logging import log_to_stderr
from interface.cli.support.wait_for_database import wait_for_database, wait_option
from interface.settings import Settings, from_environment
from interface.wiring.child_processes import end_with_parent
from interface.wiring.publishers import publishers
from interface.wiring.sealers import sealers

Work = Callable[[threading.Event], None]


@click.command(short_help="Keep lists up to date and seal recorded entries, for production.")
@wait_option
@click.option("--with-parent", is_flag=True, hidden=True, help="End when standard input ends.")
def follow(*, wait: float, with_parent: bool) -> None:
    """Keep the lists up to date and sign checkpoints over recorded entries. Stop it with SIGTERM.

    Needs LEDGER_DSN. Without LEDGER_KEYS and LEDGER_NAME it says so and seals nothing. Start any number,
    on any host: one works, the others take over when it ends. It waits for the database and for
    `ledger migrate`.
    """
    settings = from_environment()
    dsn = settings.need_dsn()
    if with_parent:
        end_with_parent()
    log_to_stderr()
    with Stop() as stop:
        wait_for_database(dsn, wait, migrated=True, stop=stop)
        _work({"follower": Follower(dsn).run, **_sealing(settings)}, stop)


def _sealing(settings: Settings) -> dict[str, Work]:
    if settings.keys is None:
        say("LEDGER_KEYS is not set: nothing is sealed from here.")
        return {}
    works: dict[str, Work] = {f"{name} sealer": sealer.run for name, sealer in sealers(settings).items()}
    return works | {f"publisher to {name}": each.run for name, each in publishers(settings).items()}


def _work(works: dict[str, Work], stop: Stop) -> None:
    """Do all of it until a stop is asked for; Failed when a part ends by itself."""
    ended = threading.Event()
    threads = [threading.Thread(target=work, args=(ended,), name=name) for name, work in works.items()]
    for thread in threads:
        thread.start()
    try:
        while all(thread.is_alive() for thread in threads):
            stop.pause()
    except Stopped:
        return
    finally:
        ended.set()
        for thread in threads:
            thread.join()
    raise Failed("Following or sealing ended by itself; what it said stands above.")
