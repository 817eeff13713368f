"""The interview is the child's: what a parent was offered, or declined, neither meets nor excuses a duty."""

from __future__ import annotations

import pytest

from domain.assessment.assess import assess
from domain.moment import instant
from domain.rules.rulebook import Rulebook, england, parse
from domain.spans import at
from tests.support.entry_builder import HELD, LONG_AFTER, OFFERED, Telling, missing_and_back
from tests.support.repository import ROOT

BEFORE = parse((ROOT / "tests/golden/england-2026.2.toml").read_text("utf-8"))


def verdicts(tell: Telling, book: Rulebook | None = None) -> dict[str, str]:
    """The verdict of each duty, by its rule."""
    (episode,) = assess(tell, book or england())
    spans = {duty.rule: at(duty.verdicts, instant(LONG_AFTER)) for duty in episode.obligations}
    return {rule: span.value.verdict for rule, span in spans.items() if span is not None}


def answered(to: str | None, by: str | None) -> Telling:
    """Offered to somebody, and declined by somebody; None: nobody says."""
    tell = missing_and_back()
    tell("interview-offered", "2026-03-02T15:00:00Z", **({} if to is None else {"to": to}))
    if by != "nobody":
        tell("interview-declined", "2026-03-02T15:05:00Z", **({} if by is None else {"by_": by}))
    return tell


@pytest.mark.parametrize(
    ("to", "by", "offered", "held"),
    [
        ("parent", "parent", "overdue", "overdue"),
        ("parent", "nobody", "overdue", "overdue"),
        ("child", "parent", "met", "overdue"),
        ("parent", "child", "met", "excused"),
        ("parent", None, "met", "excused"),
        ("child", "child", "met", "excused"),
        (None, None, "met", "excused"),
        ("local:advocate", "local:advocate", "met", "excused"),
    ],
)
def test_who_was_asked_and_who_declined(to: str | None, by: str | None, offered: str, held: str) -> None:
    """A parent's word is not the child's; where nobody says whose it is, it counts as the child's."""
    found = verdicts(answered(to, by))
    assert (found[OFFERED], found[HELD]) == (offered, held)
    assert found["return-interview-independent"] == found["return-interview-held-from-notified"].replace(
        "cannot_tell", found[HELD]
    )


def test_the_rulebook_before_took_either() -> None:
    """What was adopted then means what it meant then."""
    found = verdicts(answered("parent", "parent"), BEFORE)
    assert (found[OFFERED], found[HELD]) == ("met", "excused")
