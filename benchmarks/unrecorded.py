"""The service without its access log, which no setting allows: only to measure what the log costs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from typing import Final

from flask import Flask

import interface.cli.commands.serve
from application.access.log import AccessLog
from interface import wsgi as serving
from interface.wiring.child_processes import Part

_PROGRAM: Final = "import sys; from benchmarks.unrecorded import run; sys.exit(run())"


class Unrecorded(Part):
    """`ledger serve`, but that nothing is recorded of what it shows."""

    def __init__(self, *arguments: str, environment: Mapping[str, str]) -> None:
        """Start it, as any part."""
        self.name = arguments[0]
        self._process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, *arguments, "--with-parent"],
            stdin=subprocess.PIPE,
            stdout=2,
            env=dict(environment),
            start_new_session=True,
        )


def application() -> Flask:
    """In each worker: the application, with a log that takes everything and keeps nothing."""
    AccessLog.record = lambda *_, **__: True  # type: ignore[method-assign]
    return serving.application()


def run() -> int:
    """The command, which gives its workers this application by the name under which they find it."""
    interface.cli.commands.serve.application = application
    return interface.cli.main()
