"""Episodes as long as a test asks: one type over and over, by turns, mixed, and entries about others."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from domain.entries.entry import Entry
from domain.moment import instant
from tests.support.entry_builder import AUTHORITY, CHILD, SUBJECT

_START: Final = datetime(2026, 3, 1, tzinfo=UTC)
_RECORDED: Final = instant("2026-11-01T00:00:00Z")
_SOURCE: Final = "urn:x:lcs"

Row = tuple[str, str | dict[str, str], dict[str, Any]]
Shape = Callable[[int], list[Entry]]

MEMBERS: Final[dict[str, dict[str, Any]]] = {
    "category-assigned": {"scheme": "DfE-2014", "value": "missing"},
    "risk-assessed": {"scheme": "police", "level": "high"},
    "profile-recorded": {"setting": {"urn": "SC1", "responsible_authority": AUTHORITY}},
    "setting-changed": {"setting": {"urn": "SC2"}},
    "notification-sent": {"recipient_role": "police"},
    "notification-acknowledged": {"recipient_role": "police"},
    "information-shared": {"what": "other", "recipient_role": "police"},
    "strategy-discussion-held": {},
    "oversight-recorded": {},
    "escalated": {"to_role": "manager"},
    "plan-reviewed": {"plan_type": "care"},
    "action-agreed": {},
    "action-completed": {},
    "interview-requested": {"provider": "p"},
    "interview-allocated": {},
    "interview-offered": {},
    "interview-scheduled": {},
    "interview-attempted": {},
    "interview-held": {},
    "interview-declined": {},
    "interview-not-possible": {},
    "interview-not-required": {},
    "carer-view-recorded": {},
    "interview-report-completed": {},
    "interview-summary-recorded": {"offered": "yes"},
    "return-notified": {"notified_to": "E08000025"},
    "police-closed": {},
    "episode-reopened": {},
    "prevention-interview-held": {},
    "prevention-interview-not-held": {},
    "returned": {},
    "ended-otherwise": {"reason": "turned_18"},
    "reported": {"category": "missing"},
    "absence-noticed": {},
    "police-notified": {"force": "E23000014", "accepted": "yes"},
    "sighting-reported": {},
    "located": {},
    "location-lost": {},
    "status-interrupted": {"kind": "hospital"},
    "interruption-ended": {"kind": "hospital"},
    "responsibility-transferred": {"to": "E09000001"},
    "handover-acknowledged": {},
    "episode-recorded-later": {},
}
"""Members with which each type is valid."""


def after(minutes: int) -> str:
    """A time so many minutes after the first of March."""
    return (_START + timedelta(minutes=minutes)).isoformat()


_MISSING_AND_BACK: Final[list[Row]] = [
    ("reported", after(0), {"category": "missing"}),
    ("returned", after(600), {}),
]


def entries(rows: list[Row]) -> list[Entry]:
    """The entries of one episode: missing, back, and these."""
    return [_entry(number, *row) for number, row in enumerate([*_MISSING_AND_BACK, *rows], 1)]


def _entry(number: int, name: str, when: str | dict[str, str], members: dict[str, Any]) -> Entry:
    happened = {"happened": when} if isinstance(when, dict) else {}
    return Entry(
        position=number,
        recorded_at=_RECORDED + number,
        version=number,
        principal="c_test",
        by=AUTHORITY,
        id=f"e{number}",
        source=_SOURCE,
        type=f"missing-episode.{name}.v1",
        subject=SUBJECT,
        time=when if isinstance(when, str) else None,
        data={"child": CHILD, **happened, **members},
    )


def by_turns(*names: str, days: bool = False) -> Shape:
    """Facts of these types by turns; `days`: known to the day only, all within four weeks."""

    def shape(size: int) -> list[Entry]:
        turns = [(n, names[n % len(names)]) for n in range(size - 2)]
        day = [{"date": f"2026-03-{2 + n % 27:02}"} for n, _ in turns]
        return entries([(name, day[n] if days else after(700 + n), MEMBERS[name]) for n, name in turns])

    return shape


def mixed(size: int) -> list[Entry]:
    """Facts of every type, at random times."""
    drawn = random.Random(1)
    names = [drawn.choice(sorted(MEMBERS)) for _ in range(size - 2)]
    return entries([(name, after(drawn.randrange(size * 3)), MEMBERS[name]) for name in names])


def about(name: str, *, chain: bool = False) -> Shape:
    """Entries about others: each about the return, or (`chain`) each about the one before it."""
    changes = {"changes": {"time": after(599)}} if name == "corrected" else {}

    def shape(size: int) -> list[Entry]:
        targets = [{"source": _SOURCE, "id": f"e{n if chain else 2}"} for n in range(2, size)]
        return entries([(name, after(700 + n), {"target": t, **changes}) for n, t in enumerate(targets)])

    return shape


SHAPES: Final[dict[str, Shape]] = {
    **{name: by_turns(name) for name in MEMBERS},
    **{f"{name}, by the day": by_turns(name, days=True) for name in MEMBERS},
    **{
        " and ".join(names): by_turns(*names)
        for names in (
            ("located", "location-lost"),
            ("reported", "returned"),
            ("returned", "episode-reopened"),
            ("interview-held", "information-shared", "interview-attempted"),
            ("interview-declined", "carer-view-recorded"),
            ("action-agreed", "action-completed"),
            ("status-interrupted", "interruption-ended"),
        )
    },
    "located and location-lost, by the day": by_turns("located", "location-lost", days=True),
    "every type in turn": by_turns(*MEMBERS),
    "mixed": mixed,
    **{f"{name} once more": about(name) for name in ("corrected", "retracted", "disputed")},
    **{f"{name} in a chain": about(name, chain=True) for name in ("corrected", "retracted")},
}
"""Long episodes by what they are made of."""
