"""Asking what a figure makes of an episode: counted, not counted, nobody can tell, or not looked at."""

from __future__ import annotations

from typing import Final

from pytest_bdd import then

from features.driver import Story
from features.step_parts import sentence

FIGURES: Final = {
    "missing episodes": "missing-episodes",
    "offered an interview": "interview-offered",
    "interviews offered": "interview-offered",
    "interviewed": "interview-completed-of-ended",
    "interviewed within 72 hours": "interview-within-72h-of-ended",
    "interviews within 72 hours of those held": "interview-within-72h-of-held",
    "unresolved": "unresolved",
    "missing for 24 hours or more": "over-24-hours",
    "lacking oversight": "oversight-gap",
    "reconciled with the police": "reconciliation",
}
"""What stories call the measures."""


@then(sentence("the episode counts as {figure}"))
def counts(api: Story, figure: str):
    assert api.counted(FIGURES[figure]) == "surely"


@then(sentence("the episode does not count as {figure}"))
def counts_not(api: Story, figure: str):
    assert api.counted(FIGURES[figure]) == "surely_not"


@then(sentence("nobody can tell whether the episode counts as {figure}"))
def nobody_can_tell(api: Story, figure: str):
    assert api.counted(FIGURES[figure]) == "cannot_tell"


@then(sentence("the episode is not looked at for {figure}"))
def not_looked_at(api: Story, figure: str):
    assert api.counted(FIGURES[figure]) is None


@then(sentence('as known on "{mark}", the episode does not count as {figure}'))
def counted_not_as_known(api: Story, mark: str, figure: str):
    assert api.counted(FIGURES[figure], mark) == "surely_not"
