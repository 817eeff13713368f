"""Process that helps another one with its work, and never outlives it."""

from __future__ import annotations

import os
import signal
import threading
from multiprocessing import parent_process


def begin_helping() -> None:
    """Leave Ctrl-C to the process that gives out the work, and end with that process if it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    assert parent is not None  # it was spawned
    parent.join()
    os._exit(1)
