"""The shapes of a rulebook and of a what-if (contract.md 1, assessment.md 3). A rule is published as it is written."""

from __future__ import annotations

from typing import Final

from domain.assessment.obligations.verdict import VERDICTS
from domain.facts import FACTS
from domain.rules.rule import AT_START, AT_TRIGGER, EVER, MOVES, PAUSES, RESPONSIBLE, ROLES, STANDS, UNDER_18
from interface.http.contract.components import (
    BY_RULEBOOK,
    COUNT,
    INSTANT,
    NAMESPACE_TEXT,
    POSITION,
    SUBJECT_TEXT,
    TEXT,
    Schema,
    by_name,
    listed,
    ref,
    shape,
)
from interface.http.contract.episode_schemas import DERIVED

_WORDS: Final[Schema] = listed(TEXT)
_AGES: Final[Schema] = shape({"from": COUNT, "to": COUNT})
_VERDICT: Final[Schema] = {"enum": list(VERDICTS)}
_FACT: Final[Schema] = {"enum": list(FACTS)}
_ABOUT: Final[dict[str, Schema]] = {"known_at": POSITION, "ledger_size": POSITION}
_PAST: Final[dict[str, Schema]] = {"past_head": {"const": True}}

RULED: Final[dict[str, Schema]] = {
    "RulePattern": {
        **shape(
            {"fact": _FACT},
            {
                "where": by_name(_WORDS),
                "unless": by_name(_WORDS),
                "by": {"const": RESPONSIBLE},
                "time": {**TEXT, "description": "happened, learned, summary, or a member that is a moment."},
                "after": {"const": "start", "description": "It counts only from the start of the clock on."},
                "until": {**_FACT, "description": "Of what stops a clock: the fact that lets it run again."},
            },
        ),
        "description": "Facts of one type, with or without certain values.",
    },
    "RuleCondition": {
        **shape({"at": {"enum": [EVER, AT_START, AT_TRIGGER]}}, {"age": _AGES, UNDER_18: {"const": True}}),
        "additionalProperties": _WORDS,
        "description": "What must be true of the episode, and at which moment: one thing beside `at`.",
    },
    "RuleStart": {
        "anyOf": [
            listed(ref("RulePattern")),
            shape({"missing_for_hours": COUNT}),
            shape({"episodes": COUNT, "within_days": COUNT}),
        ]
    },
    "Rule": shape(
        {
            "id": TEXT,
            "version": COUNT,
            "title": TEXT,
            "source": TEXT,
            "accountable": {"enum": list(ROLES)},
            "starts": ref("RuleStart"),
            "met_by": listed(ref("RulePattern")),
        },
        {
            "limit": shape({}, {"hours": COUNT, "days": COUNT, "working_days": COUNT, "calendar": TEXT}),
            "applies_to": listed(ref("RuleCondition")),
            "clock": listed(ref("RulePattern")),
            "excused_by": listed(ref("RulePattern")),
            "paused_by": listed(ref("RulePattern")),
            "missing_again": {"enum": [STANDS, PAUSES, MOVES]},
            "authorities": listed(NAMESPACE_TEXT),
            "except_for": {
                **listed(NAMESPACE_TEXT),
                "description": "Authorities that have a rule of their own in its place.",
            },
            "in_force_from": INSTANT,
            "in_force_to": INSTANT,
            "enabled": {"type": "boolean", "description": "true, if left out."},
        },
    ),
    "Rulebook": shape(
        {
            "id": TEXT,
            "version": TEXT,
            "title": TEXT,
            "lateness_hours": COUNT,
            "rules": listed(ref("Rule")),
            "text": {**TEXT, "description": "As it was adopted, in TOML; what it extends is not in it."},
            "adopted": shape({"position": POSITION, "recorded_at": INSTANT}, {"by": TEXT}),
            **_ABOUT,
        },
        {
            "extends": TEXT,
            "ends_agree_minutes": {
                **COUNT,
                "description": "Ends of an episode within so many minutes of one another agree; absent: only ends"
                " whose moments overlap do.",
            },
            **_PAST,
        },
    ),
    "WhatIfChange": shape(
        {
            "subject": SUBJECT_TEXT,
            "child": DERIVED["Episode"]["properties"]["child"],
            "authority": TEXT,
            "rule": TEXT,
            "trigger": POSITION,
            "explanation": shape({}, {"before": TEXT, "after": TEXT}),
        },
        {"before": _VERDICT, "after": _VERDICT},
    ),
    "WhatIf": shape(
        {
            "rulebook": BY_RULEBOOK,
            "what_if": BY_RULEBOOK,
            "from": INSTANT,
            "to": INSTANT,
            "as_at": INSTANT,
            **_ABOUT,
            "episodes": {**COUNT, "description": "Looked at."},
            "episodes_changed": COUNT,
            "counts": listed(
                shape(
                    {"rule": TEXT, "authority": TEXT, "count": COUNT}, {"before": _VERDICT, "after": _VERDICT}
                )
            ),
            "changes": listed(ref("WhatIfChange")),
        },
        {
            "authority": NAMESPACE_TEXT,
            "changes_left_out": {**COUNT, "description": "How many more there are than are listed."},
            "not_assessable": COUNT,
            **_PAST,
        },
    ),
}
