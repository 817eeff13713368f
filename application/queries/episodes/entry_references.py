"""Threads: which entry of an episode is about which other one, so that a correction and a dispute can be followed.

From a correction to the verdict that it changed: the history has, with the correction, its `target` and the verdicts
that moved. And back: an entry that a duty rests on names, in `targeted_by`, all that is about it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from application.answers.as_json import Json, known
from domain.entries.entry import Entry


class EntryReferences:
    """The threads among the entries of one (united) episode."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        """Follow each target; what is not among the entries is told by its finding, `target_unknown`."""
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
        """What the entry at a position is about, and what is about it, in the order recorded."""
        return {
            **known(target=self._targets.get(position)),
            "targeted_by": self._about.get(position, []),
        }


def _note(entry: Entry) -> Json:
    """Which entry it is, and whose."""
    return {"position": entry.position, "type": entry.type, "by": entry.by}
