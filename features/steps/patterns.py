"""Asking for the periods of being missing or away, and what a child's episodes show together."""

from __future__ import annotations

from pytest_bdd import then

from features import times
from features.driver import Story
from features.step_parts import sentence


@then("the periods for the return are:")
def periods(api: Story, datatable: list[list[str]]):
    spells = api.episode()["spells"]
    assert [spell["type"] for spell in spells] == [row[0] for row in datatable]
    for spell, (_, begin, end) in zip(spells, datatable, strict=True):
        assert times.same(spell["from"], times.moment(begin))
        assert times.same(spell["to"], times.moment(end)) if end else "to" not in spell


@then("there are no periods for the return")
def no_periods(api: Story):
    assert api.episode()["spells"] == []


@then(sentence("{at:At} {name:Name} had gone {count:d} times in {days:d} days"))
def gone(api: Story, at: str, name: str, count: int, days: int):
    [window] = [r for r in api.patterns(name, at)["repeats"] if r["within_days"] == days]
    assert window["now"] == count


@then(sentence("of {name:Name}'s episodes, {count:d} share the {kind} {code:w}"))
def share(api: Story, name: str, count: int, kind: str, code: str):
    found = {
        c["code"]: c["episodes"] for c in api.patterns(name)["recurring"][kind.replace(" ", "_")]["codes"]
    }
    assert found == {code: count}


@then(sentence("{name:Name} has gone {count:d} times since a plan was reviewed"))
@then(sentence("{name:Name} has gone {count:d} time since a plan was reviewed"))
def since_review(api: Story, name: str, count: int):
    assert api.patterns(name)["since_plan_review"]["episodes"] == count


@then(sentence("{at:At} {name:Name} had {count:d} actions past their date"))
@then(sentence("{at:At} {name:Name} had {count:d} action past its date"))
def past_actions(api: Story, at: str, name: str, count: int):
    assert len(api.patterns(name, at)["open_actions"]) == count
