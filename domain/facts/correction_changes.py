"""The `changes` of a correction: what an earlier event should have said (events.md 2).

A correction may arrive before its target, so its members are checked against every type that has a member of that
name. Whether they fit the target itself is decided when the entries are assessed.
"""

from __future__ import annotations

from typing import Any

from domain.errors import Fault
from domain.facts.fact import FACTS
from domain.facts.members import Member, Nested, escape
from domain.facts.value_kinds import Kind, TimeKind

_TIME = TimeKind()


def candidates(name: str) -> list[Member]:
    """Return every declared member of that name, those in clear first, each declaration once."""
    found = {
        (type(m.kind).__name__, m.kind.noun, m.personal): m
        for cls in FACTS.values()
        for m in cls.MEMBERS
        if m.name == name and not m.derived
    }
    return sorted(found.values(), key=lambda m: m.personal)


def member_for(name: str, value: object) -> Member | None:
    """Return the declaration that a changed value fits: a clear one before a personal one, so codes stay readable."""
    return next((m for m in candidates(name) if not changed_member_faults(m, value, "")), None)


def changed_member_faults(member: Member, value: object, pointer: str) -> list[Fault]:
    """Return the faults of a new value for a member; null takes the member away, objects merge."""
    if value is None:
        return []
    if isinstance(member.kind, Nested) and isinstance(value, dict):
        return _object_faults({m.name: [m] for m in member.kind.members}, value, pointer)
    return member.kind.faults(value, pointer)


def _object_faults(known: dict[str, list[Member]], value: dict[str, Any], pointer: str) -> list[Fault]:
    faults = []
    for name, new in value.items():
        step = f"{pointer}/{escape(name)}"
        tried = [changed_member_faults(m, new, step) for m in known.get(name, ())]
        if not tried:
            faults.append(Fault(step, "is not a member of any type"))
        elif all(tried):
            faults.extend(tried[0])
    return faults


class ChangesKind(Kind):
    """{"time"?, "data"?}: members given replace, null removes, objects merge, never `child`."""

    noun = 'what to change: {"time": …} or {"data": {…}} or both'

    def faults(self, value: object, pointer: str) -> list[Fault]:
        """Return the faults of the changes, as far as they show without their target."""
        if not isinstance(value, dict) or not value or not set(value) <= {"time", "data"}:
            return [Fault(pointer, f"must be {self.noun}")]
        faults = _TIME.faults(value["time"], f"{pointer}/time") if "time" in value else []
        data = value.get("data", {})
        if not isinstance(data, dict):
            return [*faults, Fault(f"{pointer}/data", "must be an object")]
        if "child" in data:
            faults.append(Fault(f"{pointer}/data/child", "cannot be corrected so: use child-corrected"))
        if "time" in value and data.get("happened") is not None:
            faults.append(Fault(pointer, "must give time or data.happened, not both"))
        known = {name: candidates(name) for name in data if name != "child"}
        return faults + _object_faults(known, {n: data[n] for n in known}, f"{pointer}/data")
