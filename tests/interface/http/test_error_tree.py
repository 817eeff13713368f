"""One tree of errors: as it is drawn, as the classes are, and as the table of problems answers them."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import Final

import application
import domain.errors
import interface
from domain.errors import LedgerError
from interface.http.responses.problems import KINDS

_STEP: Final = 4
_BY_STATUS: Final = {"method-not-allowed", "internal"}
"""Problems that werkzeug's statuses become; no class of ours stands for them."""
_HTTP_ONLY: Final = "HTTP only"


def drawn() -> dict[str, str]:
    """Each error in the drawing, with the one above it."""
    above, found = ["LedgerError"], {}
    for line in (domain.errors.__doc__ or "").splitlines():
        branch, rule, rest = line.partition("── ")
        if rule:
            name, depth = rest.split("  ")[0], len(branch) // _STEP
            above[depth + 1 :] = [above[depth] if name == _HTTP_ONLY else name]
            if name != _HTTP_ONLY:
                found[name] = above[depth]
    return found


def classes() -> dict[str, type[LedgerError]]:
    """Every error that is answered by a problem of its own, by name."""
    for package in (application, interface):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if "verify_bundle" not in module.name and "migrations" not in module.name:
                import_module(module.name)
    found, left = {}, [LedgerError]
    while left:
        for cls in left.pop().__subclasses__():
            left.append(cls)
            if cls.__module__.split(".")[0] in {"domain", "application", "interface"}:
                found[cls.__name__] = cls
    answered = {"Refused", "NotRecorded", *(n for n, c in found.items() if c.reason != LedgerError.reason)}
    return {name: cls for name, cls in found.items() if name in answered or "NotRecorded" in str(cls.__mro__)}


def test_the_tree_is_drawn_as_the_classes_are() -> None:
    assert drawn() == {name: cls.__bases__[0].__name__ for name, cls in classes().items()}


def test_every_reason_is_answered_and_every_problem_has_a_reason() -> None:
    assert {cls.reason for cls in classes().values()} | _BY_STATUS == set(KINDS)
