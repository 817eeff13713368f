"""The event catalogue in docs is what the classes say."""

from __future__ import annotations

import importlib.util
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_the_catalogue_is_up_to_date() -> None:
    """After a change to a type, run scripts/catalogue.py."""
    spec = importlib.util.spec_from_file_location("catalogue", ROOT / "scripts" / "catalogue.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (ROOT / "docs" / "events.md").read_text("utf-8") == module.catalogue()
