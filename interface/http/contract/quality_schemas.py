"""The shapes of what should be put right, and of the sending systems (docs/quality.md)."""

from __future__ import annotations

from typing import Final

from domain.assessment.observations.data_quality import MEANINGS
from domain.entries.timeliness import WINDOW
from interface.http.contract.components import (
    COUNT,
    INSTANT,
    POSITION,
    SUBJECT_TEXT,
    TEXT,
    Schema,
    listed,
    ref,
    shape,
)
from interface.http.contract.episode_schemas import DERIVED, LEFT_OUT

_LISTED: Final[dict[str, Schema]] = {
    name: DERIVED["EpisodeList"]["properties"][name]
    for name in ("next", "complete_to", "ledger_size", "as_at", "known_at")
}
_PERHAPS: Final[dict[str, Schema]] = {"past_head": {"const": True}, **LEFT_OUT}
_LATE: Final = shape({"entries": COUNT, "median_seconds": COUNT, "percentile_90_seconds": COUNT})

QUALITY: Final[dict[str, Schema]] = {
    "Issue": shape(
        {
            "kind": {
                "enum": list(MEANINGS),
                "description": "\n".join(f"* {kind}: {meaning}" for kind, meaning in MEANINGS.items()),
            },
            "subject": SUBJECT_TEXT,
            "positions": listed(POSITION),
            "sources": listed(TEXT),
        },
        {
            "since": INSTANT,
            "days": {**COUNT, "description": "Of an open episode: since anything was heard of it."},
            "rules": {**listed(TEXT), "description": "Those whose verdict hangs on it."},
            "child": DERIVED["Episode"]["properties"]["child"],
        },
    ),
    "QualityList": shape({"items": listed(ref("Issue")), **_LISTED}, _PERHAPS),
    "Source": shape(
        {
            "source": TEXT,
            "entries": {**COUNT, "description": "All that it ever sent."},
            "last_entry": shape({"position": POSITION, "recorded_at": INSTANT}),
            "of_last": {
                **COUNT,
                "maximum": WINDOW,
                "description": "Of so many, its last, the figures below are.",
            },
            "habit_days": COUNT,
            "silent_days": COUNT,
            "silent": {"type": "boolean", "description": "Whether silent_days is more than habit_days."},
        },
        {
            "after_happened": {**_LATE, "description": "Recorded so long after it happened."},
            "after_learned": {**_LATE, "description": "Recorded so long after the sender learned of it."},
        },
    ),
    "SourceList": shape({"items": listed(ref("Source")), **_LISTED}, _PERHAPS),
}
