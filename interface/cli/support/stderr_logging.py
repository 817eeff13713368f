"""Logging of the parts of a deployment to standard error, for the operator to collect."""

from __future__ import annotations

import logging.config
from typing import Any, Final

LOGGING: Final[dict[str, Any]] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line", "stream": "ext://sys.stderr"}
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}


def log_to_stderr() -> None:
    """Warnings and worse, in this process."""
    logging.config.dictConfig(LOGGING)
