"""`ledger serve`: the HTTP service of a deployment. Any number may run, on any number of hosts."""

from __future__ import annotations

import socket
import tempfile
from logging.config import dictConfig
from pathlib import Path
from typing import Any

import click

from domain.rules.rulebook import england
from interface.cli.support.exit_status import Failed
from interface.cli.support.signals import Stop
from interface.cli.support.stderr_logging import LOGGING
from interface.cli.support.wait_for_database import wait_for_database, wait_option
from interface.edge.supervisor import CannotServe, supervise
from interface.edge.worker import Worker
from interface.settings import from_environment
from interface.wiring.child_processes import end_with_parent
from interface.wiring.open_ledger import opened
from interface.wsgi import application


@click.command(short_help="The HTTP service, for production.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", default=8080, show_default=True, type=click.IntRange(1, 65535), help="The port to listen on."
)
@click.option(
    "--workers",
    default=1,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Processes. Each groups its events into few commits: use one per two cores.",
)
@click.option(
    "--threads",
    default=64,
    show_default=True,
    type=click.IntRange(1, 512),
    help="Requests that one process handles at a time.",
)
@click.option("--log-requests", is_flag=True, help="A line on standard error for every request.")
@click.option("--with-parent", is_flag=True, hidden=True, help="End when standard input ends.")
@wait_option
def serve(  # noqa: PLR0913  a command's arguments are its options
    *, host: str, port: int, workers: int, threads: int, log_requests: bool, with_parent: bool, wait: float
) -> None:
    """Serve HTTP. Needs LEDGER_DSN and LEDGER_KEYS; stop it with SIGTERM.

    The service waits for the database and for `ledger migrate`.
    """
    settings = from_environment()
    if with_parent:
        end_with_parent()
    with Stop() as stop:
        wait_for_database(settings.need_dsn(), wait, migrated=True, stop=stop)
        with opened(settings) as ledger:
            ledger.initialise(
                england().text
            )  # begins it if nothing is recorded yet; stops here if it is another's
        dictConfig(logging := _logging(log_requests=log_requests))
        with (
            _listening(host, port) as listener,
            tempfile.TemporaryDirectory(prefix="ledger-counts-") as counts,
        ):
            try:
                supervise(
                    Worker(application, listener, threads, logging, Path(counts)), workers, lambda: stop.asked
                )
            except CannotServe:
                raise Failed("No serving process could start: the reason stands above.") from None


def _listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens, for all processes together."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        raise Failed(f"Port {port} of {host} cannot be listened on: {error.strerror}.") from None


def _logging(*, log_requests: bool) -> dict[str, Any]:
    loggers = {"ledger.access": {"level": "INFO" if log_requests else "WARNING"}}
    return {**LOGGING, "loggers": loggers}
