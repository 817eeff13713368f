"""The mapping of one row of `ssd_missing` to events (contract.md 2)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final

from application.importing.local_time import NoSuchTime, read_local
from application.importing.report import RowEvent
from domain.facts.value_kinds import REFERENCE
from domain.moment import read_moment, rfc3339
from domain.vocabulary import AWAY, MISSING

ID: Final = "miss_table_id"
PERSON: Final = "miss_person_id"
START: Final = "miss_missing_episode_start_date"
TYPE: Final = "miss_missing_episode_type"
END: Final = "miss_missing_episode_end_date"
OFFERED: Final = "miss_missing_rhi_offered"
ACCEPTED: Final = "miss_missing_rhi_accepted"
COLUMNS: Final = (ID, PERSON, START, TYPE, END, OFFERED, ACCEPTED)
"""Items MISS001A to MISS007A, in this order."""

_CATEGORIES: Final = {"m": MISSING, "missing": MISSING, "a": AWAY, "absent": AWAY, "away": AWAY}
_ANSWERS: Final = {
    "y": "yes",
    "yes": "yes",
    "n": "no",
    "no": "no",
    "na": "not_applicable",
    "n/a": "not_applicable",
}
_REFERENCE: Final = re.compile(REFERENCE, re.ASCII)
_DECIMAL: Final = re.compile(r"[0-9]+\.0+", re.ASCII)
_OF_SPREADSHEET: Final = (
    "ends in .0, as a spreadsheet writes a number: taken as it is, which is not the reference without .0"
)


@dataclass(frozen=True, slots=True)
class Mapping:
    """Values that are the same for all rows of a file."""

    namespace: str
    source: str
    extracted: Any
    """The moment of the extraction in its sent form, or None: nobody said."""
    exact_midnight: bool

    def event(
        self, row: dict[str, str], part: str, name: str, happened: Any, data: dict[str, str]
    ) -> dict[str, Any]:
        """A CloudEvent; an exact time goes into its `time`, any other moment into its data."""
        exact = isinstance(happened, str)
        learned = {} if self.extracted is None else {"learned_at": self.extracted}
        return {
            "specversion": "1.0",
            "id": f"{row[ID]}:{part}",
            "source": self.source,
            "type": f"missing-episode.{name}.v1",
            "subject": f"{self.namespace}/{row[ID]}",
            **({"time": happened} if exact else {}),
            "data": {"child": row[PERSON]} | ({} if exact else {"happened": happened}) | learned | data,
        }


@dataclass(slots=True)
class RowReading:
    """One row being read: `row` has a value, perhaps blank, for each of COLUMNS."""

    row: dict[str, str]
    mapping: Mapping
    faults: list[tuple[str, str, str]] = field(default_factory=list)
    """Faults: reason, column, sentence without the value."""
    warnings: list[tuple[str, str, str]] = field(default_factory=list)
    """Warnings, in the same form."""

    def events(self) -> list[RowEvent]:
        """The row's events: all of them, or none when there is a fault."""
        self._check_reference(ID)
        self._check_reference(PERSON)
        start, end = self._moment(START, required=True), self._moment(END)
        category = self._word(TYPE, _CATEGORIES, "M or A, or blank")
        offered = self._word(OFFERED, _ANSWERS, "Y, N or NA, or blank")
        accepted = self._word(ACCEPTED, _ANSWERS, "Y, N or NA, or blank")
        if self.faults:
            return []
        made = [self._made(START, "start", "reported", start, category=category)]
        if end is not None:
            made.append(self._made(END, "end", "returned", end))
        if offered or accepted:
            when = self.mapping.extracted or since(start)
            summary = "interview-summary-recorded"
            made.append(self._made(OFFERED, "interview", summary, when, offered=offered, accepted=accepted))
        return made

    def _made(self, column: str, part: str, name: str, happened: Any, **data: str | None) -> RowEvent:
        given = {member: value for member, value in data.items() if value is not None}
        return RowEvent(self.mapping.event(self.row, part, name, happened, given), column)

    def _fault(self, reason: str, column: str, detail: str) -> None:
        self.faults.append((reason, column, detail))

    def _check_reference(self, column: str) -> None:
        if not self.row[column]:
            self._fault("missing-value", column, "must be given")
        elif not _REFERENCE.fullmatch(self.row[column]):
            detail = "must be a reference: at most 64 of letters, digits and . _ : ~ -"
            self._fault("malformed-reference", column, detail)
        elif _DECIMAL.fullmatch(self.row[column]):
            self.warnings.append(("looks-like-a-number", column, _OF_SPREADSHEET))

    def _moment(self, column: str, *, required: bool = False) -> Any:
        if not self.row[column]:
            if required:
                self._fault("missing-value", column, "must be given: without it there is no episode")
            return None
        try:
            return read_local(self.row[column], exact_midnight=self.mapping.exact_midnight)
        except NoSuchTime as error:
            self._fault("no-such-time", column, str(error))
        except ValueError as error:
            self._fault("malformed-time", column, str(error))
        return None

    def _word(self, column: str, known: dict[str, str], noun: str) -> str | None:
        value = self.row[column].casefold()
        if value and value not in known:
            self._fault("unknown-value", column, f"must be {noun}")
        return known.get(value)


def since(moment: Any) -> dict[str, str]:
    """Some time since that moment began: all that is known of an undated claim."""
    earliest = read_moment(moment).earliest
    assert earliest is not None, "a start or end has both its ends"
    return {"earliest": rfc3339(earliest)}
