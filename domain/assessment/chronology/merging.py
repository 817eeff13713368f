"""Merging: what a correction makes of an entry, and of another correction (events.md 2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from domain.assessment.chronology.ordering import EffectiveEntry
from domain.facts import FACTS, Fact
from domain.facts.amendments import Corrected
from domain.facts.correction_changes import ChangesKind, candidates
from domain.facts.members import Member, Nested
from domain.facts.value_kinds import Kind

_NEVER_SENT: Final = {"sealed", *(m.name for cls in FACTS.values() for m in cls.MEMBERS if m.derived)}
"""Members that the ledger writes itself."""


def corrected_reading(reading: EffectiveEntry, correction: EffectiveEntry) -> EffectiveEntry | None:
    """Return the entry as one correction would have it; None when that is not valid for its type."""
    assert isinstance(correction.fact, Corrected)  # the caller's dictionary holds nothing else
    changes = correction.fact.changes
    new = changes.get("data", {})
    cls = type(reading.fact)
    data = merged(cls.MEMBERS, reading.data, new)
    time = reading.time
    if "time" in changes:
        time = changes["time"]
        data.pop("happened", None)
    elif new.get("happened") is not None:
        time = None
    if not _fits(cls, data, reading.data) or (time is None) == ("happened" not in data):
        return None
    return EffectiveEntry(reading.entry, cls.read(data), time, data, corrected=True)


def merged(members: tuple[Member, ...], data: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Return new values in place of old ones: null removes, objects merge, everything else is replaced whole."""
    known = {m.name: m for m in members}
    result = dict(data)
    for name, value in changes.items():
        member = known.get(name)
        if member is not None and member.personal:
            continue  # sealed: nothing that is assessed rests on it
        if value is None:
            result.pop(name, None)
        elif member is not None and isinstance(member.kind, Nested) and isinstance(value, dict):
            result[name] = merged(member.kind.members, result.get(name, {}), value)
        elif member is not None and isinstance(member.kind, ChangesKind):
            result[name] = merged_changes(result.get(name, {}), value)
        else:
            result[name] = value
    return result


def merged_changes(was: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """Return the `changes` of a correction that another one corrects: what it does not mention stays.

    Null stays as well: it says that the first correction removes a member. Of a time and `happened` the later one
    given counts.
    """
    result, new = dict(was), more.get("data", {})
    data = _laid_over(was.get("data", {}), new, _kind_of)
    if "time" in more:
        result["time"] = more["time"]
        data.pop("happened", None)
    elif new.get("happened") is not None:
        result.pop("time", None)
    if data or "data" in more:
        result["data"] = data
    return result


def _laid_over(
    was: dict[str, Any], more: dict[str, Any], kind_of: Callable[[str], Kind | None]
) -> dict[str, Any]:
    return was | {name: _over(was.get(name), value, kind_of(name)) for name, value in more.items()}


def _over(was: Any, value: Any, kind: Kind | None) -> Any:
    """Return a value that is laid over another: objects merge at every depth."""
    if not isinstance(was, dict) or not isinstance(value, dict):
        return value
    if isinstance(kind, ChangesKind):
        return merged_changes(was, value)
    if isinstance(kind, Nested):
        kinds = {member.name: member.kind for member in kind.members}
        return _laid_over(was, value, kinds.get)
    return value


def _kind_of(name: str) -> Kind | None:
    """Return the kind of an object that merges, if members of this name are one in any type."""
    kinds = (member.kind for member in candidates(name))
    return next((kind for kind in kinds if isinstance(kind, Nested | ChangesKind)), None)


def _fits(cls: type[Fact], data: dict[str, Any], was: dict[str, Any]) -> bool:
    """Return whether a stored `data` is valid for its type, but for what was wrong with the entry as recorded.

    A type may ask for more than it did when an older entry was recorded.
    """
    faults = cls.faults(_as_sent(data))
    return not faults or set(faults) <= set(cls.faults(_as_sent(was)))


def _as_sent(value: Any) -> Any:
    """Return a stored value without what the ledger writes itself: children are ids, which read like references."""
    if not isinstance(value, dict):
        return value
    return {name: _as_sent(part) for name, part in value.items() if name not in _NEVER_SENT}
