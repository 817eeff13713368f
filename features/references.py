"""References of one story: subjects, children, event ids and remembered moments, all of its own.

Stories share one ledger and never meet. A story's episode belongs to whoever speaks first of it, unless an
organisation keeps a record of its own.
"""

from __future__ import annotations

import itertools
from typing import Any

from features.spoken_words import AUTHORITY, ORGANISATIONS

Key = dict[str, str]
"""An event as others point at it: its source and id."""


class References:
    """The names of one story, and what each stands for."""

    def __init__(self, number: int) -> None:
        """Begin with nothing; `number` sets this story's references apart from every other's."""
        self._number = number
        self._serial = itertools.count(1)
        self._subjects: dict[str, str] = {}
        self._own: set[str] = set()
        self._said: dict[str, Key] = {}
        self._awaited: dict[str, Key] = {}
        self._marks: dict[str, str] = {}
        self._looking_at: str | None = None
        self._episode = ""
        self.child = "Amy"

    def keeps_own_record(self, who: str) -> None:
        """From now on an organisation writes to a record, and names the child by a reference, of its own."""
        self._own.add(who)

    def turn_to_episode(self, name: str) -> None:
        """Go on with another episode of the story."""
        self._looking_at, self._episode = None, name

    def turn_to_record(self, who: str) -> None:
        """Look at the record that an organisation keeps of the episode."""
        self._looking_at = self.subject(who)

    @property
    def current(self) -> str:
        """The subject that is asked about."""
        return self._looking_at or self._subjects[self._episode]

    def subject(self, who: str) -> str:
        """The subject on which an organisation speaks of the episode."""
        own = f"{ORGANISATIONS[who].namespace}/ME-{self._number}{self._episode and '-' + self._episode}"
        return own if who in self._own else self._subjects.setdefault(self._episode, own)

    def subject_of(self, episode: str) -> str:
        """The subject of a named episode."""
        return self._subjects[episode]

    def child_of(self, who: str, child: str) -> dict[str, str]:
        """A child, as an organisation refers to them."""
        scheme = ORGANISATIONS[who].namespace if who in self._own else AUTHORITY
        return {"scheme": scheme, "reference": f"{child}-{self._number}"}

    def new_key(self, who: str, thing: str = "") -> Key:
        """The source and id of an organisation's next event, if anything pointed at it already that id."""
        new = {"source": ORGANISATIONS[who].source, "id": f"{self._number}-{next(self._serial)}"}
        return self._awaited.pop(thing, new)

    def named(self, thing: str, event: dict[str, Any]) -> None:
        """From now on these words point at that event."""
        self._said[thing] = {"source": event["source"], "id": event["id"]}

    def key_of(self, who: str, thing: str) -> Key:
        """What these words point at; if it is still to come, what it will be, being that organisation's own."""
        return self._said.get(thing) or self._awaited.setdefault(thing, self.new_key(who))

    def remember(self, mark: str, position: int) -> None:
        """Give a name to what the ledger knows up to a position."""
        self._marks[mark] = f"position:{position}"

    def known_at(self, mark: str | None) -> str | None:
        """The ledger as of a remembered moment; None is all there is."""
        return None if mark is None else self._marks[mark]
