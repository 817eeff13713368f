"""The application of one serving process. Apart from the command, so that a worker loads only what it serves."""

from __future__ import annotations

import multiprocessing

from flask import Flask

from application.keys import Keys
from application.record import Ledger
from interface.http.app import create_app
from interface.http.wiring import wire
from interface.parts import end_with_parent
from interface.settings import from_environment


def application() -> Flask:
    """Called once in each worker process; nothing is connected before the first request."""
    if (parent := multiprocessing.parent_process()) is not None:
        end_with_parent(parent.join)  # killed, it could not tell us, and we would keep its port
    settings = from_environment()
    return create_app(
        wire(Ledger(settings.need_dsn(), Keys.load(settings.need_keys()), settings.name), settings)
    )
