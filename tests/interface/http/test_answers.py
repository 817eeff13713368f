"""No answer differs from its schema: every kind of real answer is dumped through the schema of its route."""

from __future__ import annotations

pytest_plugins = ["tests.support.http_fixtures"]
