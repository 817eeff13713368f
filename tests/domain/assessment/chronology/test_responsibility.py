"""Which authority answers for an episode, by whose word, and whose word makes nobody responsible (events.md 3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from tests.support.entry_builder import (
    AUTHORITY,
    HOME,
    HOST,
    LONG_AFTER,
    POLICE,
    SUBJECT,
    Telling,
    assessed,
    findings,
    instant,
    standing,
)

OTHER, PROVIDER = "E09000002", "ORG-TALK"
OWN, HOMES, FORCES = SUBJECT, f"{HOME}/INC-1", f"{POLICE}/M-1"
Naming = tuple[str, str]
"""Who says so, and whom they name."""


def told(subject: str, namings: Sequence[Naming]) -> Telling:
    """An absence on a subject, and then an hour apart who names whom."""
    tell = Telling()
    keeper = subject.partition("/")[0]
    tell("reported", "2026-03-01T10:00:00Z", subject=subject, by=keeper, source=f"urn:x:{keeper}")
    for n, (by, name) in enumerate(namings):
        where = {"subject": subject, "by": by, "source": f"urn:x:{by}"}
        setting: dict[str, Any] = {"setting": {"responsible_authority": name}}
        tell("setting-changed", f"2026-03-01T{11 + n}:00:00Z", **where, **setting)
    return tell


@pytest.mark.parametrize(
    ("subject", "namings", "answers"),
    [
        (OWN, [], AUTHORITY),
        (OWN, [(AUTHORITY, HOST)], HOST),
        (OWN, [(AUTHORITY, HOST), (AUTHORITY, AUTHORITY)], AUTHORITY),
        (OWN, [(AUTHORITY, HOST), (AUTHORITY, OTHER)], OTHER),
        (OWN, [(HOST, HOST)], AUTHORITY),
        (OWN, [(PROVIDER, PROVIDER)], AUTHORITY),
        (OWN, [(PROVIDER, OTHER), (POLICE, OTHER)], AUTHORITY),
        (OWN, [(AUTHORITY, HOST), (HOST, OTHER)], HOST),
        (OWN, [(AUTHORITY, PROVIDER)], AUTHORITY),
        (HOMES, [], None),
        (HOMES, [(HOME, HOST)], HOST),
        (HOMES, [(HOST, HOST)], HOST),
        (HOMES, [(HOME, HOST), (OTHER, OTHER)], HOST),
        (HOMES, [(OTHER, OTHER), (HOME, HOST)], HOST),
        (HOMES, [(HOST, OTHER)], OTHER),
        (HOMES, [(HOST, HOST), (OTHER, OTHER)], OTHER),
        (HOMES, [(HOME, HOME)], None),
        (HOMES, [(PROVIDER, PROVIDER)], None),
        (HOMES, [(PROVIDER, HOST)], None),
        (HOMES, [(POLICE, HOST), (HOME, OTHER)], OTHER),
        (FORCES, [(POLICE, HOST)], HOST),
        (FORCES, [(POLICE, POLICE)], None),
    ],
)
def test_who_answers_for_it(subject: str, namings: list[Naming], answers: str | None) -> None:
    """The keeper of the record says it, or is it; then the authority itself; a provider or a force never."""
    found = assessed(told(subject, namings), subject).picture(instant(LONG_AFTER))
    assert found.responsible_authority == answers


@pytest.mark.parametrize(
    ("subject", "namings", "in_vain"),
    [
        (OWN, [(PROVIDER, PROVIDER)], [2]),
        (OWN, [(HOST, HOST)], [2]),
        (OWN, [(PROVIDER, AUTHORITY), (POLICE, AUTHORITY)], []),
        (OWN, [(AUTHORITY, PROVIDER)], [2]),
        (HOMES, [(HOME, HOME), (PROVIDER, HOST)], [2, 3]),
        (HOMES, [(HOME, HOST), (OTHER, OTHER)], [3]),
        (FORCES, [(POLICE, POLICE)], [2]),
    ],
)
def test_a_naming_without_effect_is_shown_as_one(
    subject: str, namings: list[Naming], in_vain: list[int]
) -> None:
    """As not entitled, and among what contests other entries."""
    tell = told(subject, namings)
    assert findings(tell, subject).get("not_entitled", []) == [(position,) for position in in_vain]
    assert list(assessed(tell, subject).disputes) == in_vain


def test_a_provider_that_names_itself_decides_nothing() -> None:
    """It is allocated, names itself responsible, and says that there was no such episode."""
    tell = told(OWN, [(PROVIDER, PROVIDER)])
    tell("episode-recorded-in-error", "2026-03-02T10:00:00Z", by=PROVIDER, source="urn:x:talk")
    assert standing(tell) == "missing"


def test_a_host_that_keeps_its_own_record_does_not_become_responsible_by_it() -> None:
    """Until the authority that it names has recorded anything there, that is a finding."""
    theirs = f"{HOST}/h"
    tell = Telling()
    where = {"subject": theirs, "by": HOST, "source": "urn:x:host"}
    places: dict[str, Any] = {"setting": {"responsible_authority": AUTHORITY, "host_authority": HOST}}
    tell("reported", "2026-03-01T10:00:00Z", **where, **places)
    tell("returned", "2026-03-02T10:00:00Z", **where)
    found = assessed(tell, theirs).picture(instant(LONG_AFTER))
    assert (found.responsible_authority, found.host_authority) == (AUTHORITY, HOST)
    assert {duty.verdicts[-1].value.holder for duty in assessed(tell, theirs).obligations} == {AUTHORITY}
    assert findings(tell, theirs) == {"names_another_authority": [(1,)]}
    tell("risk-assessed", "2026-03-01T11:00:00Z", subject=theirs, scheme="APP-2017", level="low")
    assert findings(tell, theirs) == {}


def transferred(tell: Telling, to: str, *, by: str, subject: str = SUBJECT) -> int:
    """One more hand-over, acknowledged by who got it; its position."""
    where = {"subject": subject, "by": by, "source": f"urn:x:{by}"}
    transfer = tell("responsibility-transferred", "2026-03-03T10:00:00Z", **where, to=to)
    receiver = {"subject": subject, "by": to, "source": f"urn:x:{to}"}
    tell("handover-acknowledged", "2026-03-03T11:00:00Z", **receiver, of=tell.about(transfer))
    return transfer.position


@pytest.mark.parametrize(
    ("subject", "by", "to", "answers"),
    [
        (OWN, AUTHORITY, HOST, HOST),
        (OWN, AUTHORITY, PROVIDER, AUTHORITY),
        (OWN, HOST, HOST, AUTHORITY),
        (HOMES, HOME, HOST, HOST),
        (HOMES, PROVIDER, HOST, None),
        (HOMES, HOME, PROVIDER, None),
    ],
)
def test_what_a_hand_over_does(subject: str, by: str, to: str, answers: str | None) -> None:
    """It is made by who answers for the episode, or keeps its record, and to an authority."""
    tell = told(subject, [])
    transfer = transferred(tell, to, by=by, subject=subject)
    found = assessed(tell, subject).picture(instant(LONG_AFTER))
    assert found.responsible_authority == answers
    in_vain = [] if answers == to else [(transfer,)]
    assert findings(tell, subject).get("not_entitled", []) == in_vain


def test_no_side_of_a_united_episode_hands_it_over_for_the_other() -> None:
    """The police hand over their record, and its receiver agrees that both records are of one episode."""
    tell = told(OWN, [])
    theirs = {"subject": FORCES, "by": POLICE, "source": "urn:x:police"}
    tell("reported", "2026-03-01T10:05:00Z", **theirs, setting={"responsible_authority": AUTHORITY})
    tell("episodes-linked", "2026-03-04T10:00:00Z", with_=FORCES, relation="same_episode")
    host = {"subject": FORCES, "by": HOST, "source": "urn:x:host"}
    tell("episodes-linked", "2026-03-04T11:00:00Z", **host, with_=OWN, relation="same_episode")
    transfer = transferred(tell, HOST, by=POLICE, subject=FORCES)
    found = assessed(tell)
    assert found.subjects == (OWN, FORCES)
    assert found.picture(instant(LONG_AFTER)).responsible_authority == AUTHORITY
    assert (transfer,) in findings(tell)["not_entitled"]


def test_two_organisations_on_one_system_do_not_correct_each_other() -> None:
    """The source is the same, and the organisation is not."""
    tell = told(OWN, [])
    shared = {"by": HOST, "source": f"urn:x:{AUTHORITY}"}
    tell("retracted", "2026-03-02T10:00:00Z", **shared, target=tell.about(tell[0]))
    assert (standing(tell), findings(tell)) == ("missing", {"not_entitled": [(2,)]})
