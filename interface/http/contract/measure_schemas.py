"""The shapes of measures and of the episodes behind them (contract.md 1)."""

from __future__ import annotations

from typing import Final

from domain.measures.breakdowns import BREAKDOWNS
from domain.measures.definitions import CHILD, EPISODE, INTERVIEW, MEASURES
from interface.http.contract.components import (
    BY_RULEBOOK,
    COUNT,
    INSTANT,
    NAMESPACE_TEXT,
    POSITION,
    SUBJECT_TEXT,
    TEXT,
    Schema,
    listed,
    ref,
    shape,
)
from interface.http.contract.episode_schemas import DERIVED

_NUMBER: Final[Schema] = {"type": "number", "minimum": 0}
_MEASURE: Final[Schema] = {"enum": [measure.id for measure in MEASURES]}
_BY: Final[Schema] = {"enum": list(BREAKDOWNS)}
_TRUE: Final[Schema] = {"const": True}
_ABOUT: Final[dict[str, Schema]] = {
    "from": INSTANT,
    "to": INSTANT,
    "as_at": INSTANT,
    "known_at": POSITION,
    "ledger_size": {
        **POSITION,
        "description": "Of the ledger that the figures were made from: the same as known_at.",
    },
}
_PERHAPS: Final[dict[str, Schema]] = {
    "rulebook": BY_RULEBOOK,
    "authority": NAMESPACE_TEXT,
    "host": NAMESPACE_TEXT,
    "suppress": _TRUE,
    "past_head": _TRUE,
    "not_assessable": COUNT,
}

MEASURED: Final[dict[str, Schema]] = {
    "Measure": shape(
        {"measure": _MEASURE, "definition": TEXT, "unit": {"enum": [EPISODE, CHILD, INTERVIEW]}},
        {
            "numerator": COUNT,
            "denominator": COUNT,
            "value": {**_NUMBER, "description": "Absent where there is nothing to divide by."},
            "median": _NUMBER,
            "percentile_90": COUNT,
            "surely": COUNT,
            "surely_not": COUNT,
            "cannot_tell": COUNT,
            "group_by": _BY,
            "group": TEXT,
            "rows": {**TEXT, "description": "Where the episodes behind it are listed."},
            "suppressed": {**_TRUE, "description": "Its numbers could name a child, and are left out."},
        },
    ),
    "Measures": shape({"items": listed(ref("Measure")), **_ABOUT}, _PERHAPS),
    "MeasuredEpisode": shape(
        {
            "subject": SUBJECT_TEXT,
            "child": DERIVED["Episode"]["properties"]["child"],
            "counted": {"enum": ["surely", "surely_not", "cannot_tell"]},
            "started": ref("Interval"),
        },
        {"group": TEXT},
    ),
    "MeasuredEpisodes": shape(
        {
            "items": listed(ref("MeasuredEpisode")),
            "next": {"type": ["string", "null"]},
            "measure": _MEASURE,
            "complete_to": POSITION,
            **_ABOUT,
        },
        {**_PERHAPS, "group_by": _BY},
    ),
}
