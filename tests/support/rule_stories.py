"""A story for any rule: whatever starts it, at one instant, and whatever satisfies it, at another.

Made from the rule itself, so that a rule which somebody adds is told of too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from domain.facts import Fact, Phase
from domain.moment import HOUR, Instant, instant, rfc3339
from domain.rules.rule import RESPONSIBLE, FactPattern, Rule
from tests.support.entry_builder import AUTHORITY, HOST, POLICE, SUBJECT, Telling

STARTED = "2026-03-02T12:00:00Z"
"""When the clock of the rule starts."""
_REQUIRED = {
    "scheme": "APP-2017", "level": "low", "value": "low", "recipient_role": "iro", "what": "risk",
    "to_role": "dcs", "reason": "remanded", "to": HOST, "setting": {"placement_type": "foster"},
}  # fmt: skip
"""What a type asks for, where the rule does not mind which."""
_INDEPENDENT = {"employer": "commissioned", "cares_for_child": "no", "allocated_worker_for_child": "no"}
_IN_SETTING = ("placement_type", "looked_after", "legal_status", "distance")


def story(rule: Rule, satisfied: Instant | None = None) -> Telling:
    """The entries of a rule's story; `satisfied`: when, else never."""
    tell = Telling()
    at = instant(STARTED)
    _known(tell, rule, at)
    if rule.starts.missing_for is not None:
        tell("reported", rfc3339(at - rule.starts.missing_for), category="missing")
    elif rule.starts.episodes:
        _episodes(tell, rule, at)
    else:
        _started(tell, rule, at)
    if satisfied is not None:
        _tell(tell, rule.met_by[0], satisfied)
    return tell


def _known(tell: Telling, rule: Rule, at: Instant) -> None:
    """What is known of the child before anything happens, as the rule's conditions want it."""
    said: dict[str, Any] = {"setting": {"responsible_authority": AUTHORITY}}
    for condition in rule.applies_to:
        if condition.of == "age":
            said["birth_month"] = f"{2026 - condition.ages[0] - 1}-01"
        elif condition.of == "area":
            said["setting"]["host_authority"] = HOST
        elif condition.values and condition.of in _IN_SETTING:
            said["setting"][condition.of] = min(condition.values)
        elif condition.values and condition.of != "standing":
            said[condition.of] = min(condition.values)
    tell("profile-recorded", rfc3339(at - 100 * 24 * HOUR), **said)


def _episodes(tell: Telling, rule: Rule, at: Instant) -> None:
    """As many episodes as it counts, an hour long and a day apart; the last is the one that is asked about."""
    for number in range(1, rule.starts.episodes):
        before, other = at - number * 24 * HOUR, f"{SUBJECT}-{number}"
        tell("reported", rfc3339(before), subject=other)
        tell("returned", rfc3339(before + HOUR), subject=other)
    tell("reported", rfc3339(at))


def _started(tell: Telling, rule: Rule, at: Instant) -> None:
    first = rule.starts.facts[0]
    if first.fact.PHASE != Phase.START:
        tell("reported", rfc3339(at - 6 * HOUR), category="missing")
    if rule.clock:
        _tell(tell, first, at - 2 * HOUR, by=POLICE)
        _tell(tell, rule.clock[0], at)
    else:
        _tell(tell, first, at)


def _tell(tell: Telling, pattern: FactPattern, at: Instant, by: str = AUTHORITY) -> None:
    tell(pattern.fact.NAME, rfc3339(at), by=by, **_members(pattern.fact, pattern.where))


def _members(fact: type[Fact], where: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    said = {
        m.attribute: _REQUIRED[m.attribute] for m in fact.MEMBERS if m.required and m.attribute != "child"
    }
    for name, values in where.items():
        if name == "independence":
            said["interviewer"] = _INDEPENDENT
        elif name == "harm":
            said[name] = [values[0]]
        else:
            said[name] = AUTHORITY if values[0] == RESPONSIBLE else values[0]
    return said
