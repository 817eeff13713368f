"""Dates from which some authorities exist: those that reorganisations of local government made since 2014.

An authority that is not here is older than any duty in the rulebooks. Sources:

* Office for National Statistics, Code History Database (GSS codes and their operative dates)
* the structural changes orders for Bournemouth, Dorset and Poole (2018), Buckinghamshire (2019), Northamptonshire
  (2020), and Cumbria, North Yorkshire and Somerset (2022)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

BEGAN: Final[Mapping[str, date]] = MappingProxyType(
    {
        "E06000058": date(2019, 4, 1),  # Bournemouth, Christchurch and Poole
        "E06000059": date(2019, 4, 1),  # Dorset
        "E06000060": date(2020, 4, 1),  # Buckinghamshire
        "E06000061": date(2021, 4, 1),  # North Northamptonshire
        "E06000062": date(2021, 4, 1),  # West Northamptonshire
        "E06000063": date(2023, 4, 1),  # Cumberland
        "E06000064": date(2023, 4, 1),  # Westmorland and Furness
        "E06000065": date(2023, 4, 1),  # North Yorkshire
        "E06000066": date(2023, 4, 1),  # Somerset
    }
)
"""The first day, in London, by GSS code."""


_AUTHORITY: Final = re.compile(r"(?:E06|E08|E09|E10|W06|S12|N09)[0-9]{6}", re.ASCII)
"""GSS codes of upper-tier authorities: unitary, metropolitan, London, county; Wales, Scotland, Northern Ireland."""


_FORCE: Final = re.compile(r"(?:E23|W15|N24)[0-9]{6}", re.ASCII)
"""GSS codes of police force areas; the British Transport Police has none and is an ORG-…"""


def namespace(subject: str) -> str:
    """Return the namespace that issued a subject's reference."""
    return subject.partition("/")[0]


def is_authority(name: str) -> bool:
    """Return whether a namespace is an authority with children's services."""
    return _AUTHORITY.fullmatch(name) is not None


def is_police(name: str) -> bool:
    """Return whether a namespace is a police force."""
    return _FORCE.fullmatch(name) is not None or name == "ORG-BTP"
