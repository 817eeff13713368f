"""Asking who has to put right what in what was recorded, and how their systems send."""

from __future__ import annotations

from pytest_bdd import then

from features.driver import Story
from features.spoken_words import ORGANISATIONS
from features.step_parts import sentence


def _systems(*who: str) -> list[str]:
    return sorted(ORGANISATIONS[each].source for each in who)


@then(sentence("it is for {who:Who} to put right: {kind}"))
def is_for(api: Story, who: str, kind: str):
    assert api.to_put_right(kind) == _systems(who)


@then(sentence("it is for {who:Who} and {other:Who} to put right: {kind}"))
def is_for_both(api: Story, who: str, other: str, kind: str):
    assert api.to_put_right(kind) == _systems(who, other)


@then(sentence("nobody has to put right: {kind}"))
def is_for_nobody(api: Story, kind: str):
    assert api.to_put_right(kind) is None


@then(sentence("{at:At} it was for {who:Who} to put right: {kind}"))
def was_for(api: Story, at: str, who: str, kind: str):
    assert api.to_put_right(kind, at) == _systems(who)


@then(sentence("{at:At} nobody had to put right: {kind}"))
def was_for_nobody(api: Story, at: str, kind: str):
    assert api.to_put_right(kind, at) is None


@then(sentence('as known on "{mark}", it is for {who:Who} to put right: {kind}'))
def is_for_as_known(api: Story, mark: str, who: str, kind: str):
    assert api.to_put_right(kind, known=mark) == _systems(who)


@then(sentence("the system of {who:Who} has sent something, and is not silent"))
def sends(api: Story, who: str):
    source = api.source(ORGANISATIONS[who].source)
    assert source["last_entry"]["position"] >= api.position
    assert source["entries"] >= 1
    assert source["silent"] is False
