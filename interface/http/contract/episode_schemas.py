"""The shapes of what is derived: episode, history, timeline, child (contract.md 1, assessment.md 3)."""

from __future__ import annotations

from typing import Final

from domain.assessment.obligations.verdict import VERDICTS
from domain.assessment.standing.spells import AWAY_SPELL, MISSING_SPELL
from domain.facts.value_kinds import REFERENCE
from domain.vocabulary import STANDINGS
from interface.http.contract.components import (
    BY_RULEBOOK,
    COUNT,
    HASH,
    INSTANT,
    NAMESPACE_TEXT,
    OBJECT,
    POSITION,
    SUBJECT_TEXT,
    TEXT,
    Schema,
    by_name,
    listed,
    ref,
    shape,
)
from interface.http.contract.pattern_schemas import PATTERNS

_MOMENT: Final = ref("Interval")
_ENTRY: Final = shape({"position": POSITION, "recorded_at": INSTANT, "type": TEXT})
_KNOWN: Final = {"known_at": POSITION, "ledger_size": POSITION, "rulebook": BY_RULEBOOK}
_PAST: Final = {"past_head": {"const": True}}
LEFT_OUT: Final[dict[str, Schema]] = {
    "not_assessable": COUNT,
    "set_aside": {
        **listed(SUBJECT_TEXT),
        "description": "As known at an earlier position: who would stand on this page, and could not be assessed.",
    },
}
_PAGE: Final[dict[str, Schema]] = {
    "next": {"type": ["string", "null"]},
    "complete_to": POSITION,
    "as_at": INSTANT,
    **_KNOWN,
}
_REFERENCE: Final[Schema] = {"type": "string", "pattern": f"^{REFERENCE}$"}
_STANDING: Final[Schema] = {"enum": list(STANDINGS)}
_VERDICT: Final[Schema] = {"enum": list(VERDICTS)}
_CHILD: Final[Schema] = {
    "anyOf": [shape({"scheme": NAMESPACE_TEXT, "reference": _REFERENCE}), {"type": "null"}],
    "description": "null once erased",
}
_PAUSE: Final = shape({"start": _MOMENT, "why": TEXT}, {"end": _MOMENT})
_EVIDENCE: Final = shape(
    {
        "position": POSITION,
        "role": {"enum": ["started", "satisfied", "excused", "paused", "considered"]},
        "why": TEXT,
    }
)

_THREAD: Final[Schema] = shape({"position": POSITION, "type": TEXT, "by": TEXT})
"""Which other entry, and whose."""

DERIVED: Final[dict[str, Schema]] = {
    "Interval": shape({}, {"earliest": INSTANT, "latest": INSTANT}),
    "Spell": shape({"type": {"enum": [MISSING_SPELL, AWAY_SPELL]}, "from": _MOMENT}, {"to": _MOMENT}),
    "Finding": shape({"finding": TEXT, "positions": listed(POSITION)}, {"subjects": listed(SUBJECT_TEXT)}),
    "Episode": shape(
        {
            "subject": SUBJECT_TEXT,
            "linked": listed(SUBJECT_TEXT),
            "child": _CHILD,
            "standing": _STANDING,
            "end_contradicted": listed(POSITION),
            "spells": listed(ref("Spell")),
            "category": by_name(shape({"initial": TEXT, "current": TEXT})),
            "risk": by_name(shape({"initial": TEXT, "current": TEXT, "highest": TEXT})),
            "police": shape({}, {"reported": {"const": "yes"}, "accepted": TEXT, "force": NAMESPACE_TEXT}),
            "findings": listed(ref("Finding")),
            "last_entry": _ENTRY,
            "version": COUNT,
            "position": POSITION,
            "obligations": by_name(COUNT),
            "as_at": INSTANT,
            "known_at": POSITION,
        },
        {
            "since": _MOMENT,
            "started": _MOMENT,
            "started_basis": TEXT,
            "responsible_authority": TEXT,
            "host_authority": TEXT,
            "last_seen": _MOMENT,
            "next_due": _MOMENT,
            "disputes": listed(POSITION),
            "not_assessable": {"const": True},
            "ledger_size": POSITION,
            "rulebook": BY_RULEBOOK,
            **_PAST,
        },
    ),
    "Obligation": shape(
        {
            "rule": TEXT,
            "rule_version": {"type": ["integer", "string"]},
            "title": TEXT,
            "source": TEXT,
            "accountable": shape({"role": TEXT}, {"holder": TEXT}),
            "trigger": POSITION,
            "clock": shape({"paused": listed(_PAUSE)}, {"started_by": POSITION, "started_at": _MOMENT}),
            "verdict": _VERDICT,
            "possibly": {"type": "boolean"},
            "condition_unknown": listed(TEXT),
            "explanation": TEXT,
            "evidence": listed(_EVIDENCE),
        },
        {
            "due": _MOMENT,
            "satisfied_by": POSITION,
            "satisfied_at": _MOMENT,
            "condition_failed": listed(TEXT),
        },
    ),
    "Timeline": shape(
        {
            "subject": SUBJECT_TEXT,
            "as_at": INSTANT,
            **_KNOWN,
            "obligations": listed(ref("Obligation")),
        },
        _PAST,
    ),
    "HistoryItem": shape(
        {
            "position": POSITION,
            "recorded_at": INSTANT,
            "version": COUNT,
            "by": TEXT,
            "event": OBJECT,
            "withheld": listed(TEXT),
            "leaf_hash": HASH,
            "findings": listed(ref("Finding")),
            "standing": shape({"before": _STANDING, "after": _STANDING}),
            "verdicts": listed(
                shape({"rule": TEXT, "trigger": POSITION}, {"before": _VERDICT, "after": _VERDICT})
            ),
            "targeted_by": {**listed(_THREAD), "description": "Entries that are about this one."},
        },
        {"target": {**_THREAD, "description": "The entry that this one is about."}},
    ),
    "History": shape({"subject": SUBJECT_TEXT, "items": listed(ref("HistoryItem")), **_KNOWN}, _PAST),
    "ListedObligation": {
        "allOf": [ref("Obligation"), shape({"subject": SUBJECT_TEXT, "child": _CHILD})],
    },
    "ObligationChange": shape(
        {
            "subject": SUBJECT_TEXT,
            "child": _CHILD,
            "rule": TEXT,
            "trigger": POSITION,
            "entries": listed(_ENTRY),
        },
        {"before": _VERDICT, "after": _VERDICT},
    ),
    "ObligationChanges": shape(
        {"items": listed(ref("ObligationChange")), "from": COUNT, "to": COUNT, **_PAGE},
        LEFT_OUT,
    ),
    "EpisodeList": shape({"items": listed(ref("Episode")), **_PAGE}, {**_PAST, **LEFT_OUT}),
    "ObligationList": shape({"items": listed(ref("ListedObligation")), **_PAGE}, {**_PAST, **LEFT_OUT}),
    "Patterns": PATTERNS,
    "Child": shape(
        {
            "child": _CHILD,
            "episodes": listed(ref("Episode")),
            "patterns": ref("Patterns"),
            "as_at": INSTANT,
            **_KNOWN,
        },
        _PAST,
    ),
}
