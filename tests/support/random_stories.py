"""Stories made up at random: events on five episodes of three children."""

from __future__ import annotations

import itertools
from typing import Any

from hypothesis import strategies as st

from domain.entries.entry import Submission
from tests.support.projection_stories import (
    AUTHORITY,
    HOST,
    POLICE,
    event,
)

_STORIES = itertools.count(1)


_SUBJECTS = (
    (AUTHORITY, "a", "P"),
    (AUTHORITY, "b", "P"),
    (POLICE, "c", "P"),
    (AUTHORITY, "d", "Q"),
    (HOST, "e", "R"),
)


@st.composite
def stories(draw: st.DrawFn) -> list[Submission | None]:
    """Up to two dozen events on five episodes of three children; None is where the views catch up."""
    mark = f"s{next(_STORIES)}"
    subjects = [f"{namespace}/{mark}-{name}" for namespace, name, _ in _SUBJECTS]
    told: list[Submission | None] = []
    for n in range(draw(st.integers(3, 24))):
        which = draw(st.integers(0, len(subjects) - 1))
        common = {"id": f"{mark}-{n}", "by": draw(st.sampled_from([_SUBJECTS[which][0], AUTHORITY]))}
        child, other = (f"{mark}-{_SUBJECTS[which][2]}", f"{mark}-{draw(st.sampled_from('PQR'))}")
        members = draw(_members(subjects, other, [s for s in told if s is not None]))
        told.append(
            event(subject=subjects[which], when=draw(st.integers(0, 300)), child=child, **common, **members)
        )
        if draw(st.integers(0, 3)) == 0:
            told.append(None)
    return told


@st.composite
def _members(draw: st.DrawFn, subjects: list[str], other: str, told: list[Submission]) -> dict[str, Any]:
    kind = draw(
        st.sampled_from(["fact"] * 8 + ["link", "link", "cover", "cover", "about", "about", *["child"] * 2])
    )
    subject = draw(st.sampled_from([*subjects, subjects[0] + "-absent"]))
    if kind == "link":
        relation = draw(st.sampled_from(["same_episode", "same_episode", "continuation", "related"]))
        return {"name": "episodes-linked", "with_": subject, "relation": relation}
    if kind == "cover":
        return {"name": "interview-held", "covers": [subject]}
    if kind == "about" and told:
        target = draw(st.sampled_from(told))
        about = {"source": target.source, "id": target.id}
        if draw(st.booleans()):
            return {"name": "retracted", "target": about}
        return {"name": "corrected", "target": about, "changes": {"time": "2026-03-05T12:00:00Z"}}
    if kind == "child":
        to = {"scheme": AUTHORITY, "reference": other}
        return (
            {"name": "child-linked", "same_as": to}
            if draw(st.booleans())
            else {"name": "child-corrected", "to": to}
        )
    name, members = draw(st.sampled_from(_FACTS))
    return {"name": name, **members}


_FACTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("notification-sent", {"recipient_role": "edt"}),
    ("notification-acknowledged", {"recipient_role": "edt"}),
    ("risk-assessed", {"scheme": "APP-2017", "level": "low", "next_review_due": "2026-03-07T12:00:00Z"}),
    ("reported", {"category": "missing"}),
    ("reported", {"category": "away_without_authorisation", "setting": {"responsible_authority": HOST}}),
    ("police-notified", {}),
    ("located", {}),
    ("returned", {}),
    ("returned", {"basis": "witnessed"}),
    ("ended-otherwise", {"reason": "turned_18"}),
    ("episode-reopened", {}),
    ("interview-offered", {}),
    ("episode-recorded-in-error", {}),
)
