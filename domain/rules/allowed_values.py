"""Which values a rule may ask of a fact's member, or of what is known of the child: those that can be recorded."""

from __future__ import annotations

from typing import Final, get_args, get_type_hints

from domain.facts import FACTS, Fact
from domain.facts.members import Nested, members_of
from domain.facts.setting import Setting
from domain.facts.value_kinds import Chosen, Kind, ListOf, PatternKind
from domain.rules.rule import RESPONSIBLE
from domain.vocabulary import CATEGORY, RISK_LEVEL

_ASKED: Final[dict[str, Kind]] = {
    **{m.attribute: m.kind for m in FACTS["profile-recorded"].MEMBERS},
    **{m.attribute: m.kind for m in members_of(Setting)},
    "category": Chosen(CATEGORY),
    "risk_level": Chosen(RISK_LEVEL),
}
"""The things that a condition can ask of, where its values are those of a member or of a list."""


def condition_values(of: str, value: str) -> str | None:
    """Why a condition can never have a value: what it takes; None when it can."""
    kind = _ASKED.get(of)
    return None if kind is None or not kind.faults(value, "") else f"takes {kind.noun}"


def fits(fact: type[Fact], name: str, value: str) -> bool:
    """Return whether a member of a fact (`interviewer.employer` of an inner one) can have a value."""
    kind = _kind(fact, name)
    if kind is None:
        return value in _derived(fact, name)
    if isinstance(kind, ListOf):
        return not kind.item.faults(value, "")
    if value == RESPONSIBLE:
        return isinstance(kind, PatternKind)
    return isinstance(kind, Chosen | PatternKind) and kind.fits(value)


def allowed(fact: type[Fact], name: str) -> str:
    """Return what a member takes, for a sentence."""
    kind = _kind(fact, name)
    if kind is None:
        return "one of " + ", ".join(_derived(fact, name))
    if isinstance(kind, ListOf):
        return kind.item.noun
    return kind.noun if isinstance(kind, Chosen | PatternKind) else "no values that a rule can ask for"


def _kind(fact: type[Fact], name: str) -> Kind | None:
    """The kind of a member; None of one that the fact derives."""
    outer, _, inner = name.partition(".")
    kind = {m.attribute: m.kind for m in fact.MEMBERS}.get(outer)
    if inner and isinstance(kind, Nested):
        return {m.attribute: m.kind for m in kind.members}[inner]
    return kind


def _derived(fact: type[Fact], name: str) -> tuple[str, ...]:
    """The values of what a fact derives of itself: its return type says them."""
    return get_args(get_type_hints(getattr(fact, name).fget)["return"])
