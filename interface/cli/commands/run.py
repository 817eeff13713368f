"""`ledger run`: the trial, everything in one command."""

from __future__ import annotations

import socket
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import click

from application.projections.progress import lag as following
from interface.cli.output.run_banner import Ready, words
from interface.cli.support.answer import answer, say
from interface.cli.support.exit_status import Failed
from interface.cli.support.progress_bar import ProgressBar
from interface.cli.support.signals import Stop, Stopped
from interface.postgres import EmbeddedError
from interface.settings import for_child, from_environment
from interface.trial.demo import Demo
from interface.trial.installation import Trial, default_folder
from interface.wiring.child_processes import Part
from interface.wiring.open_ledger import opened

_HOST: Final = "127.0.0.1"


@click.command(short_help="Try the ledger: everything in one command.")
@click.option(
    "--port",
    default=8080,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Where to serve on 127.0.0.1; 0 takes any free port.",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Where to store everything.  [default: the folder `data` of the checkout]",
)
@click.option("--demo", is_flag=True, help="Fill an empty ledger with a made-up year of one authority.")
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="One line of JSON when ready: the address, the tokens, the link to the pages.",
)
def run(*, port: int, data: Path | None, demo: bool, as_json: bool) -> None:
    """Try the ledger: its own PostgreSQL, the HTTP service and the follower, until Ctrl-C.

    Entries stay in the data folder, and the next start continues with them. Each start makes new
    tokens and revokes those of the previous start.
    """
    number = _free(port)
    trial = Trial((data or default_folder()).absolute(), from_environment())
    with Stop() as stop, ExitStack() as running:
        try:
            ready = _start(trial, running, stop, number, demo=demo)
            answer(ready.as_json(), words(trial, ready), as_json=as_json)
            _watch(trial, ready.parts, stop)
        except (Stopped, EmbeddedError, Failed):
            if not stop.asked:  # else Ctrl-C reached what we were starting as well, and it said so
                raise
        say("Stopping ...")


def _free(port: int) -> int:
    """The port, if nobody listens there; for 0 one that is free."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
        except OSError as error:
            raise Failed(
                f"Port {port} cannot be used ({error.strerror}): name another with --port."
            ) from error
        return int(probe.getsockname()[1])


def _start(trial: Trial, running: ExitStack, stop: Stop, port: int, *, demo: bool) -> Ready:
    """Start one after the other what a trial is made of; Stopped between two of them if that was asked for."""
    say(f"Starting in {trial.data} ...")
    running.callback(trial.stop)
    trial.start()
    ready = Ready(f"http://{_HOST}:{port}", trial.new_tokens())
    for arguments in (("follow",), ("serve", "--port", str(port))):
        stop.check()
        ready.parts.append(Part(*arguments, environment=for_child(trial.settings)))
        running.callback(ready.parts[-1].stop)
    if demo:
        _fill(trial, stop)
    _await_views(trial, ready, stop)
    while not _answers(f"{ready.url}/readyz"):
        _check(ready.parts)
        stop.pause()
    ready.pages = f"{ready.url}{trial.new_link()}"  # last, so that its ten minutes begin now
    return ready


def _fill(trial: Trial, stop: Stop) -> None:
    """Fill an empty ledger; a stop waits for the batch under way, and the next start goes on from there."""
    with opened(trial.settings) as ledger:
        demo = Demo(trial.data)
        if not demo.wanted(ledger):
            return
        with ProgressBar("Recording a made-up year of one authority") as progress:

            def watch(share: float, sent: int) -> None:
                progress.at(share, f"{sent:,} events")
                stop.check()

            progress.end(f"{demo.fill(ledger, watch):,} events")


def _await_views(trial: Trial, ready: Ready, stop: Stop) -> None:
    """Return when every list shows what is recorded."""
    with ProgressBar("Bringing the lists up to date") as progress, opened(trial.settings) as ledger:
        while (lag := following(ledger.database)).behind:
            progress.at(lag.position / lag.ledger_size, f"{lag.position:,} of {lag.ledger_size:,} entries")
            _check(ready.parts)
            stop.pause()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):  # noqa: S310  our own address
            return True
    except OSError:
        return False


def _watch(trial: Trial, parts: list[Part], stop: Stop) -> None:
    """Until a stop is asked for; Failed when a part ends by itself. PostgreSQL is started again."""
    while True:
        stop.pause()
        _check(parts)
        if not trial.postgres.alive:
            say(f"PostgreSQL has ended by itself; starting it again. Its log: {trial.postgres.folder.log}")
            trial.postgres.restart()


def _check(parts: list[Part]) -> None:
    for part in parts:
        if not part.alive:
            raise Failed(
                f"`ledger {part.name}` has ended by itself ({part.ending}); what it said stands above. Start again."
            )
