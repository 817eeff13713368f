"""The parts of a production deployment as children of one trial, so that a trial runs what production runs.

A child ends with its parent, however that ends: it holds the reading end of a pipe whose other end only
the parent has.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Final

_PROGRAM: Final = "import sys; sys.argv[0] = 'ledger'; from interface.cli import main; sys.exit(main())"
_PATIENCE: Final = 20.0
"""Seconds for a part to finish what it has begun."""


class Part:
    """`ledger serve` or `ledger follow`, as a child process."""

    def __init__(self, *arguments: str, environment: Mapping[str, str]) -> None:
        """Start it. It writes to our standard error, and Ctrl-C reaches only us: we stop it in order."""
        self.name = arguments[0]
        self._process = subprocess.Popen(  # noqa: S603  this program itself
            [sys.executable, "-P", "-c", _PROGRAM, *arguments, "--with-parent"],
            stdin=subprocess.PIPE,
            stdout=2,
            env=dict(environment),
            start_new_session=True,
        )

    @property
    def alive(self) -> bool:
        """True while it runs."""
        return self._process.poll() is None

    @property
    def ending(self) -> str:
        """How it ended, for a sentence; once it has."""
        status = self._process.wait()
        return f"killed by {signal.Signals(-status).name}" if status < 0 else f"status {status}"

    def stop(self) -> None:
        """Ask it to end, and wait until it has; in the end it is killed."""
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_PATIENCE)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)  # it, if need be, and whatever it left behind
        self._process.wait()
        assert self._process.stdin is not None
        self._process.stdin.close()


def end_with_parent(gone: Callable[[], object] | None = None) -> None:
    """In a child: stop, as by SIGTERM, when the parent is gone: when `gone` returns, else when our input ends."""
    threading.Thread(target=_watch, args=(gone or _input_ends,), name="parent", daemon=True).start()


def _watch(gone: Callable[[], object]) -> None:
    gone()
    os.kill(os.getpid(), signal.SIGTERM)


def _input_ends() -> None:
    while os.read(0, 1):
        pass
