"""Access: whom the facts that are effective now let see and post to an episode, and who sees its sealed values.

Derived from all entries that are recorded, whatever an answer is known at: what gives access can be taken away
(events.md 3).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from domain.assessment.chronology.corrections import CorrectedEntries, apply_corrections
from domain.assessment.chronology.entitlement import Entitlement
from domain.assessment.chronology.linking import LinkedSubjects, groups, links
from domain.assessment.chronology.ordering import EffectiveEntry, as_recorded, chronology
from domain.assessment.chronology.responsibility import responsible_authority
from domain.entries.entry import Entry
from domain.facts import FACTS, Fact, Phase
from domain.facts.amendments import Corrected
from domain.facts.member_walk import granted, walk
from domain.facts.members import Member, Nested
from domain.facts.value_kinds import EventRef
from domain.organisations import is_authority, namespace

NORMAL, RESTRICTED, POLICE_ONLY = "normal", "restricted", "police_only"
_LEVELS: Final = (NORMAL, RESTRICTED, POLICE_ONLY)
"""From open to closed; any other word counts as `restricted`."""


class SealedHandling(NamedTuple):
    """Who sees the personal values of one entry."""

    level: str = NORMAL
    """Its handling, as corrected; of a correction also that of its target."""
    confined: bool = False
    """It was retracted, or tightened to restricted: only its source and the responsible authority see them."""
    removed: tuple[str, ...] = ()
    """The paths that a correction removed: confined as well."""
    responsible: str | None = None
    """The responsible authority now."""

    def covers(self, path: str) -> bool:
        """Return whether the value at a path is confined."""
        return self.confined or any(path == gone or path.startswith(f"{gone}/") for gone in self.removed)


class EpisodeAccess(NamedTuple):
    """Who may see and post to one (united) episode."""

    subjects: tuple[str, ...]
    named: Mapping[str, frozenset[str]]
    """By subject, the organisations that its facts name."""
    handling: Mapping[int, SealedHandling]
    """By position, of each entry."""

    @property
    def readers(self) -> frozenset[str]:
        """The organisations that may see it: those of its subjects, and those that are named on one."""
        return frozenset(map(namespace, self.subjects)).union(*self.named.values())


def episode_access(entries: Iterable[Entry]) -> list[EpisodeAccess]:
    """Return the access to each episode, given everything recorded on streams that a link may join."""
    by_subject: dict[str, list[EffectiveEntry]] = defaultdict(list)
    for entry in entries:
        if (reading := as_recorded(entry)) is not None:
            by_subject[entry.subject].append(reading)
    return [_access(group) for group in groups(by_subject, links(by_subject))]


def _access(group: LinkedSubjects) -> EpisodeAccess:
    corrected = apply_corrections(group.readings, Entitlement(chronology(group.readings), group.subjects))
    named = named_organisations(corrected.standing, group.subjects)
    return EpisodeAccess(group.subjects, named, _handling(group, corrected))


def named_organisations(
    standing: Iterable[EffectiveEntry], subjects: Iterable[str]
) -> dict[str, frozenset[str]]:
    """Return, by subject, the organisations that effective facts name in a part that gives access.

    The organisation of the subject may name others, and so may each authority that is named. A provider or a police
    force may not.
    """
    named_by: dict[str, list[tuple[str, set[str]]]] = {subject: [] for subject in subjects}
    for reading in standing:
        if type(reading.fact) in _NAMING and (names := granted(walk(type(reading.fact), reading.data))):
            named_by[reading.entry.subject].append((reading.entry.by, names))
    return {subject: _reached(namespace(subject), named) for subject, named in named_by.items()}


def _reached(own: str, named_by: Sequence[tuple[str, set[str]]]) -> frozenset[str]:
    """The names that are reached from the subject's organisation over authorities."""
    found: set[str] = set()
    while True:
        more = {name for by, names in named_by if by == own or may_name(by, found) for name in names}
        if more <= found:
            return frozenset(found)
        found |= more


def may_name(by: str, named: Iterable[str]) -> bool:
    """Return whether an organisation that is not the subject's own may name others on an episode."""
    return is_authority(by) and by in named


def _grants(members: Iterable[Member]) -> bool:
    return any(m.grants or (isinstance(m.kind, Nested) and _grants(m.kind.members)) for m in members)


_NAMING: Final[frozenset[type[Fact]]] = frozenset(
    cls for cls in FACTS.values() if cls.PHASE != Phase.RECORD and _grants(cls.MEMBERS)
)
"""The types that have a member which gives access."""


def _handling(group: LinkedSubjects, corrected: CorrectedEntries) -> dict[int, SealedHandling]:
    """The handling of each entry. A correction repeats values of its target, so it is never more open than that."""
    readings = group.readings
    facts = [told for told in chronology(corrected.standing) if told.fact.PHASE != Phase.RECORD]
    authority = responsible_authority(facts, group.subjects)
    effective = {r.entry.key: r for r in (*corrected.standing, *corrected.undone.values())}
    own = {
        r.entry.key: _own_handling(r, effective.get(r.entry.key, r), corrected, authority) for r in readings
    }
    targets = {r.entry.key: r.fact.target for r in readings if isinstance(r.fact, Corrected)}
    return {r.entry.position: _closed_as(r.entry.key, own, targets) for r in readings}


def _closed_as(
    key: tuple[str, str],
    own: Mapping[tuple[str, str], SealedHandling],
    targets: Mapping[Any, tuple[str, str]],
) -> SealedHandling:
    """The handling of an entry, closed as far as what it corrects, and what that corrects, are."""
    found, seen = own[key], {key}
    while (key := targets.get(key, key)) in own and key not in seen:
        seen.add(key)
        level = max(found.level, own[key].level, key=_LEVELS.index)
        found = found._replace(level=level, confined=found.confined or own[key].confined)
    return found


def _own_handling(
    reading: EffectiveEntry, effective: EffectiveEntry, corrected: CorrectedEntries, authority: str | None
) -> SealedHandling:
    key = EventRef(*reading.entry.key)
    first, level = _level(reading.entry.data), _level(effective.data)
    changes = (c.fact.changes for c in corrected.corrected_by.get(key, ()) if isinstance(c.fact, Corrected))
    removed = {path for each in changes for path in _removed(each.get("data", {}))}
    confined = key in corrected.undone or (first, level) == (NORMAL, RESTRICTED)
    return SealedHandling(level, confined, tuple(sorted(removed)), authority)


def _level(data: Mapping[str, Any]) -> str:
    said = data.get("handling", NORMAL)
    return said if said in _LEVELS else RESTRICTED


def _removed(changes: Mapping[str, Any], before: str = "") -> Iterator[str]:
    """The paths of what a correction sets to null."""
    for name, value in changes.items():
        if value is None:
            yield before + name
        elif isinstance(value, dict):
            yield from _removed(value, f"{before}{name}/")
