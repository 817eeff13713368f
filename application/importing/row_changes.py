"""Changes by a later extract of `ssd_missing`: a row now, against what its source recorded before (contract.md 2).

An unchanged value is posted as it was first, and so is a duplicate. A changed value becomes a `corrected`, a blanked
one a `retracted`; one that comes back has its retraction retracted. Each is numbered within the event that it is
about. So three extracts that say A, B and A again are three entries, and importing any of them once more adds none. A
row of an extract made before the newest recorded one is reported as old news.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final, NamedTuple

from application.importing.report import Row, RowEvent, RowNotTaken
from application.importing.ssd_mapping import END, OFFERED, START, since
from domain.assessment.chronology.corrections import CorrectedEntries, apply_corrections
from domain.assessment.chronology.entitlement import Entitlement
from domain.assessment.chronology.ordering import EffectiveEntry, as_recorded, chronology
from domain.entries.entry import Entry
from domain.facts.value_kinds import EventRef
from domain.moment import FOREVER, Instant, Moment, read_moment

EntriesOf = Callable[[Collection[str]], Mapping[str, Sequence[Entry]]]
"""Returns what the source recorded on episodes before, by subject."""
Event = dict[str, Any]
CORRECTED, RETRACTED, RESTORED = "corrected", "retracted", "restored"
_PARTS: Final = {"start": START, "end": END, "interview": OFFERED}
"""The events of a row, and the column that each is reported under."""
_WORDS: Final = ("category", "offered", "accepted")
_CHUNK: Final = 100
_OLD_NEWS: Final = "a later extract has told it otherwise; not taken"


def row_changes(rows: Iterable[Row], entries_of: EntriesOf) -> Iterator[Row]:
    """The same rows, with the events that lead from what was told before to what they say."""
    rest = iter(rows)
    while chunk := list(islice(rest, _CHUNK)):
        before = entries_of({row.subject for row in chunk if row.events})
        for row in chunk:
            entries = before.get(row.subject, ()) if row.events else ()
            yield _Later(row, entries).row() if entries else row


class _State(NamedTuple):
    """One event of a row as it stands by what the source told so far."""

    entry: Entry
    reading: EffectiveEntry
    """Corrected, where it was."""
    undone_by: EffectiveEntry | None
    """Its retraction, if it is retracted."""
    times_changed: int
    """How many entries are about it."""


class _Later:
    """One row against what was recorded on its episode before."""

    def __init__(self, row: Row, entries: Sequence[Entry]) -> None:
        self._row, self._entries = row, entries
        self._events = {one.event["id"].rpartition(":")[2]: one.event for one in row.events}
        self._start = self._events["start"]
        self._extracted = self._start["data"].get("learned_at")
        readings = [reading for entry in entries if (reading := as_recorded(entry)) is not None]
        self._settled = apply_corrections(readings, Entitlement(chronology(readings), [row.subject]))

    def row(self) -> Row:
        """The row with its events, and what of it is old news."""
        events: list[RowEvent] = []
        faults = []
        for part, column in _PARTS.items():
            state, event = self._state(part), self._events.get(part)
            if state is not None:
                events.append(RowEvent(_as_told(state.entry, self._start["data"]["child"]), column))
            new = list(self._changes(part, state, event))
            if new and self._is_old_news:
                faults.append(RowNotTaken(self._row.number, "old-news", column, _OLD_NEWS))
            else:
                events += [RowEvent(event, column, change) for change, event in new]
        return self._row._replace(events=tuple(events), faults=tuple(faults))

    @property
    def _is_old_news(self) -> bool:
        """True where the extract was made before one that is recorded on this episode."""
        if self._extracted is None:
            return False
        learned = [_latest(e.data["learned_at"]) for e in self._entries if "learned_at" in e.data]
        return any(_latest(self._extracted) < other for other in learned)

    def _state(self, part: str) -> _State | None:
        id_ = f"{self._start['id'].rpartition(':')[0]}:{part}"
        entry = next((e for e in self._entries if e.id == id_), None)
        if entry is None:
            return None
        key = EventRef(*entry.key)
        about = sum(e.id.startswith(f"{id_}:") for e in self._entries)
        return _State(entry, _reading(self._settled, key), self._settled.retracted_by.get(key), about)

    def _changes(self, part: str, state: _State | None, event: Event | None) -> Iterator[tuple[str, Event]]:
        """Yield what leads from the state to what the row says now."""
        if state is None:
            if event is not None:
                yield "", event
            return
        if event is None:
            if state.undone_by is None:
                yield RETRACTED, self._about(state, 1, RETRACTED, target=_ref(state.entry))
            return
        if state.undone_by is not None:
            yield RESTORED, self._about(state, 1, RETRACTED, target=_ref(state.undone_by.entry))
        if changes := _changed(part, state.reading, event, self._extracted):
            number = 1 if state.undone_by is None else 2
            yield CORRECTED, self._about(state, number, CORRECTED, target=_ref(state.entry), changes=changes)

    def _about(self, state: _State, number: int, name: str, **data: Any) -> Event:
        """An event about an event of the row, as of the extraction."""
        happened = self._extracted or since(_sent(self._start.get("time"), self._start["data"]))
        exact = isinstance(happened, str)
        learned = {} if self._extracted is None else {"learned_at": self._extracted}
        return {
            "specversion": "1.0",
            "id": f"{state.entry.id}:{name}-{state.times_changed + number:04}",
            "source": state.entry.source,
            "type": f"missing-episode.{name}.v1",
            "subject": state.entry.subject,
            **({"time": happened} if exact else {}),
            "data": {"child": self._start["data"]["child"]}
            | ({} if exact else {"happened": happened})
            | learned
            | data,
        }


def _latest(moment: Any) -> Instant:
    latest = read_moment(moment).latest
    return FOREVER if latest is None else latest


def _reading(settled: CorrectedEntries, key: EventRef) -> EffectiveEntry:
    standing = (reading for reading in settled.standing if reading.entry.key == key)
    return settled.undone[key] if key in settled.undone else next(standing)


def _as_told(entry: Entry, child: str) -> Event:
    """The event as it was sent first, about the child of the row now: a duplicate, unless that is another."""
    return {
        "specversion": "1.0",
        "id": entry.id,
        "source": entry.source,
        "type": entry.type,
        "subject": entry.subject,
        **({} if entry.time is None else {"time": entry.time}),
        "data": entry.data | {"child": child},
    }


def _ref(entry: Entry) -> dict[str, str]:
    return {"source": entry.source, "id": entry.id}


def _changed(part: str, reading: EffectiveEntry, event: Event, extracted: Any) -> dict[str, Any]:
    """The changes of a correction; nothing when the same is said.

    What is claimed of an interview is of the time of the extraction: that alone is no change, and goes with one.
    """
    was, now = reading.data, event["data"]
    data = {name: now.get(name) for name in _WORDS if was.get(name) != now.get(name)}
    elsewhen = _when(reading.time, was) != _when(event.get("time"), now)
    if not (data or (elsewhen and part != "interview")):
        return {}
    if extracted is not None:
        data["learned_at"] = extracted  # what it says now was not known before
    if "happened" in now and elsewhen:
        data["happened"] = now["happened"]
    exact = {"time": event["time"]} if "time" in event and elsewhen else {}
    return exact | ({"data": data} if data else {})


def _when(time: str | None, data: Mapping[str, Any]) -> Moment:
    return read_moment(_sent(time, data))


def _sent(time: str | None, data: Mapping[str, Any]) -> Any:
    """When an event happened, in its sent form."""
    return data["happened"] if time is None else time
