"""How the outside speaks with the ledger: HTTP, the command line, the trial."""

from typing import Final

VERSION: Final = "0.1.0"
"""This release (pyproject.toml reads it here, so that a checkout that is not installed knows it too)."""
