"""The shape of what a child's episodes show together (GET /v1/children/{scheme}/{reference})."""

from __future__ import annotations

from typing import Final

from domain.assessment.observations.cross_episode_facts import EXPECTED, LOCATED
from domain.assessment.patterns import PART_OF_DAY, WEEKDAY
from interface.http.contract.components import COUNT, POSITION, SUBJECT_TEXT, TEXT, Schema, listed, ref, shape

_MOMENT: Final = ref("Interval")
_SECONDS: Final = shape({"least": COUNT, "most": COUNT}) | {"description": "seconds"}
_WINDOW: Final[dict[str, Schema]] = {
    "window": TEXT,
    "episodes": COUNT,
    "within_days": COUNT,
    "now": COUNT,
    "most": COUNT,
    "reached_by": listed(SUBJECT_TEXT),
}
_RECURRING: Final = shape(
    {
        "codes": listed(shape({"code": TEXT, "episodes": COUNT, "subjects": listed(SUBJECT_TEXT)})),
        "not_known": COUNT,
    }
)

PATTERNS: Final = shape(
    {
        "repeats": listed(shape(_WINDOW)),
        "intervals": listed(
            shape(
                {"from": SUBJECT_TEXT, "to": SUBJECT_TEXT, "between_starts": _SECONDS},
                {"since_end": _SECONDS},
            )
        ),
        "recurring": shape(dict.fromkeys((EXPECTED, LOCATED, WEEKDAY, PART_OF_DAY), _RECURRING)),
        "since_plan_review": shape({"episodes": COUNT}, {"last_review": _MOMENT}),
        "open_actions": listed(shape({"subject": SUBJECT_TEXT, "position": POSITION, "due": _MOMENT})),
    }
)
