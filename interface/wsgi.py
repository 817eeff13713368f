"""The application of one serving process. Apart from the command, so that a worker loads only what it serves."""

from __future__ import annotations

import multiprocessing
from typing import Final

from flask import Flask

from interface import pages
from interface.http.app import create_app
from interface.http.build_services import wire
from interface.settings import from_environment
from interface.wiring.child_processes import end_with_parent
from interface.wiring.open_ledger import ledger_of

_STATEMENT_SECONDS: Final = 30
"""Seconds for one statement of a request: it holds a thread meanwhile."""


def application() -> Flask:
    """Called once in each worker process; nothing is connected before the first request.

    Only a spool is looked through at once: what an earlier process had to keep aside is recorded now.
    """
    if (parent := multiprocessing.parent_process()) is not None:
        end_with_parent(parent.join)  # killed, it could not tell us, and we would keep its port
    settings = from_environment()
    ledger = ledger_of(settings, statement_seconds=_STATEMENT_SECONDS)
    ledger.access.watch()
    return create_app(wire(ledger, settings), pages.BLUEPRINTS)
