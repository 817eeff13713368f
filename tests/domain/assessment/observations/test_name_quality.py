"""What reads like a name where only references and codes belong."""

from __future__ import annotations

from typing import Any

import pytest

from domain.assessment.observations.name_quality import reads_like_a_name
from domain.vocabulary import CATEGORY, HARM, REASONS, RECIPIENT_ROLE
from tests.support.entry_builder import AUTHORITY, SUBJECT, Telling, assessed


@pytest.mark.parametrize(
    "text",
    [
        "Jane.Smith", "JaneSmith", "jane-Smith-Jones", "local:Jane.Smith", "SMITH-JANE", "Smith_Jane_2",
        "JS-2009-03-14", "14.03.2009", "seen-with-older-man", "local:he_went_to_his_girlfriends_flat",
        f"{AUTHORITY}/Jane.Smith",
    ],
)  # fmt: skip
def test_names_dates_of_birth_and_sentences(text: str) -> None:
    assert reads_like_a_name(text, 2026)


@pytest.mark.parametrize(
    "text",
    [
        "ME-2026-0173", "INC-1", "ME-2026-11-20-3", "MISPER-12", "Oakhouse-12", "3f2a9c00-11bb-4aef-9d2e-aabbccddeeff",
        "K7QZ-XBM-PLR-TTR", "head_of_service", "local:seen_by_police", "local:advocate", "WBRI", SUBJECT, "URN-1234567",
        *CATEGORY.values, *RECIPIENT_ROLE.values,
    ],
)  # fmt: skip
def test_references_and_codes(text: str) -> None:
    assert not reads_like_a_name(text, 2026)


def positions(tell: Telling, subject: str = SUBJECT) -> tuple[int, ...] | None:
    """The entries that look like a name."""
    found = [i.positions for i in assessed(tell, subject).issues if i.kind == "looks_like_a_name"]
    return found[0] if found else None


def test_a_reference_is_on_every_entry_of_the_episode() -> None:
    subject, tell = f"{AUTHORITY}/Jane.Smith", Telling()
    tell("reported", "2026-03-01T20:00:00Z", subject=subject)
    tell("returned", "2026-03-01T22:00:00Z", subject=subject)
    assert (
        positions(tell, subject) == (2,)
        or positions(tell, subject) == (1,)
        or positions(tell, subject) == (1, 2)
    )
    assert [i.positions for i in assessed(tell, subject).issues if i.kind == "looks_like_a_name"] == [
        (1,),
        (1, 2),
    ]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("reported", {"reported_by": "local:Jane.Smith"}),
        ("reported", {"setting": {"provider": "Jane.Smith"}}),
        ("interview-held", {"reasons": ["local:Jane.Smith"]}),
        ("profile-recorded", {"team": "told_us_that_he_was_afraid"}),
    ],
)
def test_a_code_is_named_with_its_entry(name: str, data: dict[str, Any]) -> None:
    tell = Telling()
    tell("reported", "2026-03-01T20:00:00Z")
    tell(name, "2026-03-01T21:00:00Z", **data)
    assert positions(tell) == (2,)


def test_times_lists_and_what_is_sealed_are_not_read() -> None:
    tell = Telling()
    tell("reported", {"date": "2009-03-14"}, left_at="2009-03-14T20:00:00Z", sealed={"note": "Jane.Smith"})
    tell("interview-held", "2026-03-01T21:00:00Z", reasons=[*REASONS.values], harm=[*HARM.values])
    assert positions(tell) is None


def test_what_is_corrected_or_retracted_still_stands_in_clear() -> None:
    tell = Telling()
    said = tell("reported", "2026-03-01T20:00:00Z", reported_by="local:Jane.Smith")
    tell("corrected", target=tell.about(said), changes={"data": {"reported_by": "parent"}})
    other = tell("reported", "2026-03-01T20:00:00Z", reported_by="parent")
    tell("corrected", target=tell.about(other), changes={"data": {"reported_by": "local:Jane.Smith"}})
    tell("retracted", target=tell.about(said))
    kinds = [i.positions for i in assessed(tell).issues if i.kind == "looks_like_a_name"]
    assert kinds[-1] == (1, 4)
