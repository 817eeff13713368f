"""Who is an authority, and who the police, by their namespaces (events.md 3)."""

from __future__ import annotations

import pytest

from domain.organisations import is_authority, is_police


@pytest.mark.parametrize(
    "name", ["E06000001", "E08000025", "E09000001", "E10000003", "W06000015", "S12000036", "N09000003"]
)
def test_authorities_with_childrens_services(name: str) -> None:
    """Unitary, metropolitan, London, county; of Wales, Scotland and Northern Ireland."""
    assert (is_authority(name), is_police(name)) == (True, False)


@pytest.mark.parametrize("name", ["E23000014", "W15000003", "N24000001", "ORG-BTP"])
def test_police_forces(name: str) -> None:
    """By their area; the British Transport Police, which has none, by its name."""
    assert (is_authority(name), is_police(name)) == (False, True)


@pytest.mark.parametrize(
    "name", ["E07000008", "E080000251", "E0800002", "XE08000025", "ORG-OAKHOUSE", "ORG-BTP-2", "org-btp"]
)
def test_neither(name: str) -> None:
    """A district has no children's services; a home is a home; and a code is read whole."""
    assert (is_authority(name), is_police(name)) == (False, False)
