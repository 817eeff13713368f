"""Locks that say truly whether a process still lives: the kernel drops them with their last holder.

A process id in a file says less: the process may be gone, be a zombie, or be somebody else's by now.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


def take(path: Path) -> int | None:
    """Hold the lock and return its descriptor; None while another process holds it.

    The lock ends when every copy of the descriptor is closed, in this process and in those it was handed to.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def sign(descriptor: int) -> None:
    """Write our process id into the lock's file, for the sentence that tells the next one who has it."""
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
