"""Times as people say them, in London time, and as events carry them.

"at 22:30 on 1 March 2026" is exact; "on 1 March 2026" is a time not known better than the day; "by" and
"between … and …" say what they say. In the hour that an autumn clock change repeats, BST or GMT is said.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Final
from zoneinfo import ZoneInfo

Moment = str | dict[str, str]
"""An RFC 3339 time, {"date"}, or {"earliest", "latest"}: a moment of events.md 1."""

DAY: Final = r"\d{1,2} [A-Z][a-z]+ \d{4}"
CLOCK: Final = rf"\d\d:\d\d(?::\d\d)?(?: BST| GMT)? on {DAY}"
AT: Final = rf"at {CLOCK}"
WHEN: Final = rf"(?:{AT}|on {DAY}|by {CLOCK}|between {CLOCK} and {CLOCK})"

_LONDON: Final = ZoneInfo("Europe/London")
_ZONES: Final = {"BST": timezone(timedelta(hours=1)), "GMT": UTC}


def clock(text: str) -> str:
    """The RFC 3339 time of "22:30 on 1 March 2026", with London's offset, or that of the named clock."""
    time, _, day = text.partition(" on ")
    time, _, zone = time.partition(" ")
    form = "%H:%M:%S %d %B %Y" if time.count(":") == 2 else "%H:%M %d %B %Y"
    naive = datetime.strptime(f"{time} {day}", form)  # noqa: DTZ007  its zone follows
    return naive.replace(tzinfo=_ZONES.get(zone, _LONDON)).isoformat()


def moment(text: str) -> Moment:
    """The moment that a phrase names."""
    if found := re.fullmatch(f"between ({CLOCK}) and ({CLOCK})", text):
        return {"earliest": clock(found[1]), "latest": clock(found[2])}
    word, _, rest = text.partition(" ")
    if word == "on":
        return {"date": datetime.strptime(rest, "%d %B %Y").date().isoformat()}  # noqa: DTZ007  a day has none
    return {"latest": clock(rest)} if word == "by" else clock(rest)


def instant(text: str) -> datetime:
    """An RFC 3339 time, to compare."""
    return datetime.fromisoformat(text)


def same(answered: dict[str, str], said: Moment) -> bool:
    """Whether an answer's moment is the one that was said."""
    return {name: instant(end) for name, end in answered.items()} == _ends(said)


def _ends(said: Moment) -> dict[str, datetime]:
    if isinstance(said, str):
        return {"earliest": instant(said), "latest": instant(said)}
    if "date" in said:
        first = datetime.fromisoformat(said["date"]).replace(tzinfo=_LONDON)
        return {"earliest": first, "latest": first + timedelta(days=1)}
    return {name: instant(end) for name, end in said.items()}
