"""The trial's own PostgreSQL: a private server for one data folder, started as our own child process.

For trials and tests. Production names its database by DSN (docs/operating.md).
"""

from interface.postgres.errors import EmbeddedError
from interface.postgres.server import EmbeddedPostgres

__all__ = ["EmbeddedError", "EmbeddedPostgres"]
