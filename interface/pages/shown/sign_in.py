"""Sign-in of a trial, and the question why somebody reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from application.access.sessions import Persona
from interface.pages import words


class Choice(NamedTuple):
    """One of several radio buttons."""

    value: str
    text: str
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """A form with radio buttons, none of them chosen."""

    items: tuple[Choice, ...]
    once: str = ""
    error: str = ""


def chooser(people: Iterable[Persona], once: str, error: str) -> Choices:
    """Return the people of a trial to choose from."""
    items = tuple(Choice(each.id, each.name, words.capital(each.organisation)) for each in people)
    return Choices(items=items, once=once, error=error)


def purposes(codes: Iterable[str], error: str) -> Choices:
    """Return the purposes of the installation to choose from."""
    return Choices(items=tuple(Choice(c, words.capital(words.plain(c))) for c in codes), error=error)
