"""The house keeps its rules: one name, one thing; a room has few files; every room says what is in it."""

from __future__ import annotations

import ast
from collections import defaultdict

import pytest

from tests.support.repository import ROOT

PACKAGES = ("domain", "application", "interface")
MAY_REPEAT = {"Item", "Key"}
"""Of the projection tables, where they are always used as `episodes_table.Item`."""
ALONE = ("application/simulation/", "application/evidence/verify_bundle.py")
"""A made-up world with words of its own, and the program that ships in bundles and imports nothing of ours."""


def modules():
    """Every module of the three packages, by its path from the root."""
    return {str(path.relative_to(ROOT)): path for part in PACKAGES for path in (ROOT / part).rglob("*.py")}


def rooms():
    """Every folder with modules."""
    return sorted({path.parent for path in modules().values()})


def test_a_public_class_name_means_one_thing():
    places = defaultdict(list)
    for name, path in modules().items():
        if name.startswith(ALONE):
            continue
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(name)
    assert {name: where for name, where in places.items() if len(where) > 1 and name not in MAY_REPEAT} == {}


@pytest.mark.parametrize("room", rooms(), ids=lambda room: str(room.relative_to(ROOT)))
def test_a_room_says_what_is_in_it_and_holds_few_files(room):
    sentence = ast.get_docstring(ast.parse((room / "__init__.py").read_text("utf-8")))
    assert sentence, "an __init__.py begins with the sentence that says what the room holds"
    assert len([path for path in room.glob("*.py") if path.name != "__init__.py"]) <= 25


def test_no_test_file_imports_another():
    imports = {
        str(path.relative_to(ROOT)): node.module
        for path in (ROOT / "tests").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and "test_" in (node.module or "")
    }
    assert imports == {}
