"""References and organisations as people read them: a name where there is one, else the code, marked as a code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Name(NamedTuple):
    """A text for people; `is_code` where nothing gives it a name yet."""

    text: str
    is_code: bool = False


class Reference(NamedTuple):
    """A reference, and whose it is."""

    text: str
    of: Name


def name(code: str, names: Mapping[str, str]) -> Name:
    """Return the name of an organisation."""
    found = names.get(code)
    return Name(code, is_code=True) if found is None else Name(found)


def subject(text: str, names: Mapping[str, str]) -> Reference:
    """Return the reference of an episode without its namespace, which stands next to it as a name."""
    namespace, _, reference = text.partition("/")
    return Reference(reference, name(namespace, names))


def child(value: Mapping[str, str] | None, names: Mapping[str, str]) -> Reference | None:
    """Return the reference of a child; None once erased."""
    return None if value is None else Reference(value["reference"], name(value["scheme"], names))
