"""Trying and adopting rules: what would change, what changes, and what stays as it was."""

from __future__ import annotations

import httpx
import pytest
from pytest_bdd import given, then, when

from application.crypto.keys import Keys
from application.recording.ledger import Ledger
from application.rulebooks.adopt import UnusableRulebook, adopt
from features.conftest import Told
from features.driver import Story
from features.spoken_words import DUTIES
from features.step_parts import sentence
from tests.support.local_rulebooks import ENGLAND, local


@given("a ledger judged by the rules of England", target_fixture="api")
def judged_by_england(apart: Told) -> Story:
    return apart.story()


@when(sentence("the authority adopts a limit of {hours:d} hours for the interview"))
def adopts(apart: Told, keys: Keys, hours: int):
    _adopt(apart, keys, local(hours, version=str(hours), rule=hours + 2))


@then(sentence("the authority cannot adopt a limit of {hours:d} hours for the interview"))
def cannot_adopt(apart: Told, keys: Keys, hours: int):
    with pytest.raises(UnusableRulebook):
        _adopt(apart, keys, local(hours))


def _adopt(told: Told, keys: Keys, text: str) -> None:
    """What an administrator does at the deployment."""
    ledger = Ledger(told.dsn, keys, "features")
    try:
        adopt(ledger, text, "head_of_service")
    finally:
        ledger.close()


@when(
    sentence("the manager asks what a limit of {hours:d} hours for the interview would change"),
    target_fixture="answered",
)
def asks_what_would_change(api: Story, hours: int) -> httpx.Response:
    return api.what_if(local(hours, version=str(hours), rule=hours + 2))


@then(sentence("the duty to {duty:Duty} would be {after:Verdict} instead of {before:Verdict}"))
def would_be(answered: httpx.Response, duty: str, after: str, before: str):
    changes = [(c["rule"], c["before"], c["after"]) for c in answered.json()["changes"]]
    assert changes == [(DUTIES[duty], before, after)]


@then(sentence('the change is explained: "{text}"'))
def change_explained(answered: httpx.Response, text: str):
    [change] = answered.json()["changes"]
    assert change["explanation"]["after"] == text


@then("nothing would change")
def nothing_would_change(answered: httpx.Response):
    told = answered.json()
    assert (told["episodes"], told["episodes_changed"], told["changes"]) == (1, 0, [])


@then(sentence("the manager is told that {text} on line {line:d}"))
def told_what_is_wrong(answered: httpx.Response, text: str, line: int):
    [fault] = answered.json()["errors"]
    assert f"line {line}: " in fault["detail"]
    assert text in fault["detail"]


@then(sentence("by the rules of England the duty to {duty:Duty} is {verdict:Verdict}"))
def judged_by_the_rules_of_england(api: Story, duty: str, verdict: str):
    assert api.verdict_by(duty, ENGLAND) == verdict
