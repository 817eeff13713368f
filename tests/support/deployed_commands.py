"""Commands run in process on a ledger of their own."""

from __future__ import annotations

from domain.rules.rulebook import england
from interface.cli import main
from interface.settings import from_environment
from interface.wiring.open_ledger import opened

EPISODE = "E08000025/ME-1"


def deployed(dsn, tmp_path, monkeypatch):
    """Name a database and fresh secrets in the environment; return the command, which runs in process."""
    keys = tmp_path / "ledger.keys"
    assert main(["keys", "new", str(keys)]) == 0
    monkeypatch.setenv("LEDGER_DSN", dsn)
    monkeypatch.setenv("LEDGER_KEYS", str(keys))
    return main


def found():
    """Begin the ledger, as `ledger serve` would."""
    with opened(from_environment()) as ledger:
        ledger.initialise(england().text)
