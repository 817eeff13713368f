"""References between entries of an episode, so that a correction and a dispute can be followed.

Forwards: a correction's entry in the history has its `target` and the verdicts that changed. Backwards: an entry on
which a duty rests names, in `targeted_by`, all entries that are about it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from application.answers.as_json import Json, known
from domain.entries.entry import Entry


class EntryReferences:
    """The references among the entries of one (united) episode."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        """Follow each target; the finding `target_unknown` reports one that is not among the entries."""
        by_key = {entry.key: entry for entry in entries}
        self._targets: dict[int, Json] = {}
        self._about: defaultdict[int, list[Json]] = defaultdict(list)
        for entry in entries:
            named = entry.data.get("target")
            target = None if named is None else by_key.get((named["source"], named["id"]))
            if target is not None:
                self._targets[entry.position] = _note(target)
                self._about[target.position].append(_note(entry))

    def of(self, position: int) -> Json:
        """Return the entries that the one at a position is about, and those about it, in the order recorded."""
        return {
            **known(target=self._targets.get(position)),
            "targeted_by": self._about.get(position, []),
        }


def _note(entry: Entry) -> Json:
    """Return the entry's position and type, and the organisation that recorded it."""
    return {"position": entry.position, "type": entry.type, "by": entry.by}
