"""The people of a trial: eight that are made up, each of one organisation. Each sees what such a person sees."""

from __future__ import annotations

from typing import Final

from application.access.persons import Person
from application.simulation.people import FORCE, PROVIDER
from interface.trial.demo import NAMESPACE

_AUTHORITY: Final = "Birmingham"
_HOME: Final = "URN-SC999010"


def _person(number: int, name: str, organisation: str, namespace: str, role: str) -> Person:
    return Person(
        id=f"p_trial_{number}", name=name, organisation=organisation, namespace=namespace, roles=(role,)
    )


PERSONAS: Final = (
    _person(1, "Duty manager", _AUTHORITY, NAMESPACE, "manager"),
    _person(2, "Team manager", _AUTHORITY, NAMESPACE, "manager"),
    _person(3, "Independent Reviewing Officer", _AUTHORITY, NAMESPACE, "reader"),
    _person(4, "Auditor", _AUTHORITY, NAMESPACE, "auditor"),
    _person(5, "Information officer", _AUTHORITY, NAMESPACE, "auditor"),
    _person(6, "Manager of a home", "a children's home (made up)", _HOME, "reader"),
    _person(7, "Interview coordinator", "Sim Voices (made up)", PROVIDER, "manager"),
    _person(8, "Police officer", "a police force (made up)", FORCE, "reader"),
)
