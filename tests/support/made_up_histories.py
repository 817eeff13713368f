"""Histories that hypothesis makes up: up to a dozen events on up to three subjects."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from domain.moment import HOUR, instant, rfc3339
from tests.support.entry_builder import AUTHORITY, HOME, HOST, POLICE, SUBJECT, TWIN, Telling

START = instant("2026-03-01T00:00:00Z")
SUBJECTS = (SUBJECT, f"{AUTHORITY}/ME-2", f"{POLICE}/M-1")
SOURCES = {AUTHORITY: "urn:x:lcs", HOME: "urn:x:home", POLICE: "urn:x:police", HOST: "urn:x:host"}
FACTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("absence-noticed", {}),
    ("reported", {"category": "missing"}),
    ("reported", {"category": "away_without_authorisation"}),
    ("police-notified", {}),
    ("located", {}),
    ("location-lost", {}),
    ("returned", {}),
    ("returned", {"basis": "witnessed"}),
    ("ended-otherwise", {"reason": "died"}),
    ("episode-reopened", {}),
    ("return-notified", {"notified_to": AUTHORITY}),
    ("interview-offered", {}),
    ("status-interrupted", {"kind": "custody"}),
    ("interruption-ended", {"kind": "custody"}),
    ("interview-held", {"covers": [SUBJECTS[1]]}),
    ("interview-declined", {}),
    ("setting-changed", {"setting": {"responsible_authority": HOST}}),
    ("responsibility-transferred", {"to": HOST}),
    ("episodes-linked", {"with": SUBJECTS[1], "relation": "same_episode"}),
    ("episodes-linked", {"with": SUBJECTS[2], "relation": "same_episode"}),
    ("child-corrected", {"to": TWIN}),
    ("child-linked", {"same_as": TWIN}),
    ("episode-recorded-in-error", {}),
)

hours = st.integers(min_value=0, max_value=200).map(lambda n: rfc3339(START + n * HOUR))
moments = st.one_of(
    hours,
    st.integers(min_value=1, max_value=8).map(lambda n: {"date": f"2026-03-0{n}"}),
    st.tuples(hours, hours).map(lambda pair: {"earliest": min(pair), "latest": max(pair)}),
    hours.map(lambda at: {"latest": at}),
)


@st.composite
def histories(draw: st.DrawFn) -> Telling:
    """Up to a dozen events on up to three subjects, some about others of them."""
    tell = Telling()
    for n in range(draw(st.integers(min_value=1, max_value=12))):
        by = draw(st.sampled_from(sorted(SOURCES)))
        common = {
            "subject": draw(st.sampled_from(SUBJECTS)),
            "by": by,
            "source": SOURCES[by],
            "id_": f"e{n:02}",
        }
        if n and draw(st.integers(min_value=0, max_value=3)) == 0:
            target = {"target": tell.about(draw(st.sampled_from(tell)))}
            if draw(st.booleans()):
                tell("retracted", draw(hours), **common, **target)
            else:
                tell("corrected", draw(hours), **common, **target, changes={"time": draw(hours)})
        else:
            name, members = draw(st.sampled_from(FACTS))
            tell(name, draw(moments), **common, **members)
    return tell
