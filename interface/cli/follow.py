"""`ledger follow`: the part that keeps lists and figures up to date. One works, any number may stand by."""

from __future__ import annotations

import threading

import click

from application.follow import Follower
from interface.cli.logs import log_to_stderr
from interface.cli.status import Failed
from interface.cli.stopping import Stop, Stopped
from interface.cli.waiting import wait_for_database, wait_option
from interface.parts import end_with_parent
from interface.settings import from_environment


@click.command(short_help="Keep lists and figures up to date, for production.")
@wait_option
@click.option("--with-parent", is_flag=True, hidden=True, help="End when standard input ends.")
def follow(*, wait: float, with_parent: bool) -> None:
    """Bring the views after what is recorded. Needs LEDGER_DSN; stop it with SIGTERM.

    Start as many as you like, on any host: one works, the others take over when it ends. Waits for the
    database, and for `ledger migrate` to have been run.
    """
    dsn = from_environment().need_dsn()
    if with_parent:
        end_with_parent()
    log_to_stderr()
    with Stop() as stop:
        wait_for_database(dsn, wait, migrated=True, stop=stop)
        ended = threading.Event()
        follower = threading.Thread(target=Follower(dsn).run, args=(ended,), name="follower")
        follower.start()
        try:
            while follower.is_alive():
                stop.pause()
        except Stopped:
            ended.set()
            follower.join()
            return
    raise Failed("Following ended by itself; what it said stands above.")
