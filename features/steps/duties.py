"""Asking which duties there are, whether they were met, and why."""

from __future__ import annotations

from pytest_bdd import then

from features import times
from features.driver import Story
from features.spoken_words import ORGANISATIONS
from features.step_parts import sentence


@then(sentence("the duty to {duty:Duty} is {verdict:Verdict}"))
def judged(api: Story, duty: str, verdict: str):
    assert api.verdict(duty) == verdict


@then(sentence("{at:At} the duty to {duty:Duty} was {verdict:Verdict}"))
def was_judged(api: Story, at: str, duty: str, verdict: str):
    assert api.verdict(duty, at) == verdict


@then(sentence('as known on "{mark}", the duty to {duty:Duty} is {verdict:Verdict}'))
def judged_as_known(api: Story, mark: str, duty: str, verdict: str):
    assert api.verdict(duty, known=mark) == verdict


@then(
    sentence(
        'between "{one}" and "{other}" the duty to {duty:Duty} moved from {before:Verdict} to {after:Verdict}, by:'
    )
)
def moved(api: Story, one: str, other: str, duty: str, before: str, after: str, datatable: list[list[str]]):
    assert api.moved(duty, one, other) == (before, after, [name for [name] in datatable])


@then(sentence("there is no duty to {duty:Duty}"))
def no_duty(api: Story, duty: str):
    assert api.duty(duty) is None


@then(sentence('the duty to {duty:Duty} is explained: "{text}"'))
def explained(api: Story, duty: str, text: str):
    assert (api.duty(duty) or {})["explanation"] == text


@then(sentence('the duty to {duty:Duty}, {at:At}, is explained: "{text}"'))
def explained_then(api: Story, duty: str, at: str, text: str):
    assert (api.duty(duty, at) or {})["explanation"] == text


@then(sentence("the duty to {duty:Duty} rests on an unknown: {condition}"))
def unknown(api: Story, duty: str, condition: str):
    assert condition.replace(" ", "_") in (api.duty(duty) or {})["condition_unknown"]


@then(sentence("the duty to {duty:Duty} falls to {who:Who}"))
def accountable(api: Story, duty: str, who: str):
    assert (api.duty(duty) or {})["accountable"]["holder"] == ORGANISATIONS[who].namespace


@then(sentence("the duty to {duty:Duty} rests on:"))
def rests_on(api: Story, duty: str, datatable: list[list[str]]):
    assert api.evidence(duty) == [tuple(row) for row in datatable]


@then(sentence("{at:At} the next duty was due {due:When}"))
def due_next(api: Story, at: str, due: times.Moment):
    assert times.same(api.episode(at)["next_due"], due)


@then(sentence("{at:At} no duty was due next"))
def nothing_due(api: Story, at: str):
    assert "next_due" not in api.episode(at)


@then(sentence("the duty to {duty:Duty} is on the manager's list of what is overdue"))
def listed(api: Story, duty: str):
    assert api.on_overdue_list(duty)


@then(sentence("the duty to {duty:Duty} is not on the manager's list of what is overdue"))
def not_listed(api: Story, duty: str):
    assert not api.on_overdue_list(duty)


@then(sentence("{at:At} the duty to {duty:Duty} was on the manager's list of what is overdue"))
def was_listed(api: Story, at: str, duty: str):
    assert api.on_overdue_list(duty, at)


@then(sentence("{at:At} the duty to {duty:Duty} was not on the manager's list of what is overdue"))
def was_not_listed(api: Story, at: str, duty: str):
    assert not api.on_overdue_list(duty, at)


@then(sentence("the decision was considered for the duty to {duty:Duty}, and excused nothing"))
def considered(api: Story, duty: str):
    [evidence] = [e for e in (api.duty(duty) or {})["evidence"] if e["role"] == "considered"]
    assert evidence["position"] == api.position
