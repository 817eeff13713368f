"""Conditions of rules in words: that one holds, or that it does not."""

from __future__ import annotations

from typing import Final

from domain.rules.rule import AT_START, AT_TRIGGER, UNDER_18, Condition

_FLAGS: Final = {
    "looked_after": "looked after",
    "child_protection_plan": "on a child protection plan",
    "unaccompanied": "unaccompanied",
    "exploitation_flag": "flagged for exploitation",
    "disability": "disabled",
    "care_leaver": "a care leaver",
}
_PLACED: Final = {
    "at_home": "at home",
    "kinship": "with family or friends",
    "foster": "in foster care",
    "childrens_home": "in a children's home",
    "secure": "in a secure home",
    "supported_accommodation": "in supported accommodation",
    "residential_school": "in a residential school",
    "hospital": "in hospital",
    "custody": "in custody",
    "no_fixed": "at no fixed address",
}
_AREAS: Final = {"own": "in the responsible authority's own area", "hosted": "in another authority's area"}


def affirmed(condition: Condition) -> str:
    """Return a sentence in which a condition holds, after "whether": the child was ever missing."""
    subject, rest = _parts(condition)
    return f"{subject} was {'' if _dated(condition) else 'ever '}{rest}{_dated(condition)}"


def denied(condition: Condition) -> str:
    """Return a sentence in which a condition does not hold: the child was never missing."""
    subject, rest = _parts(condition)
    if condition.of == UNDER_18:
        return f"the child was 18 or over{_dated(condition)}"
    if condition.of in _FLAGS and condition.values == {"no"}:
        return f"the child was {_FLAGS[condition.of]}{_dated(condition)}"
    return f"{subject} was {'not' if _dated(condition) else 'never'} {rest}{_dated(condition)}"


def _dated(condition: Condition) -> str:
    return {AT_START: " at the start", AT_TRIGGER: " when the duty began"}.get(condition.at, "")


def _parts(condition: Condition) -> tuple[str, str]:
    """Return of what a condition speaks, and what it says of it."""
    of, values = condition.of, sorted(condition.values)
    if of == UNDER_18:
        return "the child", "under 18"
    if of == "age":
        return "the child", f"{condition.ages[0]} to {condition.ages[1]} years old"
    if of in _FLAGS and len(values) == 1:
        return "the child", _FLAGS[of] if values == ["yes"] else f"not {_FLAGS[of]}"
    words = " or ".join(value.removeprefix("local:").replace("_", " ") for value in values)
    places = {"placement_type": _PLACED, "area": _AREAS}.get(of)
    if places is not None:
        return "the child", f"placed {' or '.join(places.get(value, value) for value in values)}"
    if of == "standing":
        return "the child", words
    subject = "the risk level" if of == "risk_level" else f"the child's {of.replace('_', ' ')}"
    return subject, words
