"""The event catalogue in docs is what the classes say."""

from __future__ import annotations

import importlib.util

from tests.support.repository import DOCS, ROOT


def test_the_catalogue_is_up_to_date() -> None:
    """After a change to a type, run scripts/catalogue.py."""
    spec = importlib.util.spec_from_file_location("catalogue", ROOT / "scripts" / "catalogue.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (DOCS / "events.md").read_text("utf-8") == module.catalogue()
