"""Asking for the history: every entry, what it says, and what it changed."""

from __future__ import annotations

from pytest_bdd import then

from features.driver import Story
from features.step_parts import sentence


@then(sentence("the history tells, in the order in which it was recorded:"))
def recorded(api: Story, datatable: list[list[str]]):
    assert api.told() == [name for [name] in datatable]


@then(sentence("the history tells, in the order in which it happened:"))
def happened(api: Story, datatable: list[list[str]]):
    assert api.told("happened") == [name for [name] in datatable]


@then(sentence("the history holds {count:d} entry"))
@then(sentence("the history holds {count:d} entries"))
def length(api: Story, count: int):
    assert len(api.history()) == count


@then(sentence("the last entry took the duty to {duty:Duty} from {before:Verdict} to {after:Verdict}"))
def changed(api: Story, duty: str, before: str, after: str):
    assert api.changes(duty) == (before, after)


@then(sentence('{who:Who} can read the note "{note}"'))
def readable(api: Story, who: str, note: str):
    assert note in api.notes(who)


@then(sentence("{who:Who} can read no note"))
def unreadable(api: Story, who: str):
    assert api.notes(who) == []


@then(sentence("{who:Who} can see that there is a note"))
def withheld(api: Story, who: str):
    assert api.history(who)[-1]["withheld"] == ["note"]
