"""Adopting a rulebook: from here on it judges, and what was known before keeps the one of then."""

from __future__ import annotations

import json

import pytest

from application.projections.follower import Follower
from application.rulebooks.adopt import NotToAdopt, UnusableRulebook, adopt
from application.store.line_codec import read_line
from domain.rules.rulebook import cached, england
from tests.support.http_client import SUBJECT, event
from tests.support.local_rulebooks import ENGLAND, adopted, local
from tests.support.repository import ROOT

pytest_plugins = ["tests.support.http_fixtures"]

NOW = "as_at=2026-06-01T00:00:00Z"
HELD = "return-interview-held"


@pytest.fixture
def told(api):
    """Missing, back, and an interview sixty hours later: in time by England's rule, late by the authority's."""
    for name, time, data in (
        ("reported", "2026-03-01T20:00:00Z", {"category": "missing"}),
        ("returned", "2026-03-01T22:30:00Z", {}),
        ("interview-held", "2026-03-04T10:30:00Z", {}),
    ):
        assert api.post(event(name, time=time, data=data)).status_code == 201
    return api


def get(api, path):
    """An answer."""
    answer = api.get(path)
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()


def held(api, query=""):
    """The verdict on holding the interview, and the rulebook that the answer names."""
    answer = get(api, f"/v1/episodes/{SUBJECT}/timeline?{NOW}{query}")
    [duty] = [o for o in answer["obligations"] if o["rule"] == HELD]
    return duty["verdict"], answer["rulebook"]["id"]


def test_what_is_adopted_stands_whole_in_the_ledger(ledger):
    position = adopted(ledger, local())
    entry = read_line(ledger.entries.select_notifications(position, 1)[0].state)
    assert entry.type == "ledger.rulebook-adopted.v1"
    assert entry.data == {
        "id": "local",
        "version": "1",
        "text": local(),
        "extended": [england().text],
        "adopted_by": "head_of_service",
    }
    whole = cached(entry.data["text"], *entry.data["extended"])
    assert {rule.id for rule in england().rules} <= {rule.id for rule in whole.rules}


def test_verdicts_are_judged_by_what_was_adopted_when_they_were_known(told, ledger, recorded):
    before = recorded()
    assert held(told) == ("met", "england")
    position = adopted(ledger, local())
    assert held(told) == ("met_late", "local")
    assert held(told, f"&known_at=position:{before}") == ("met", "england")
    assert held(told, f"&known_at=position:{position}") == ("met_late", "local")


def test_a_verdict_may_be_asked_for_by_any_rulebook_that_was_ever_adopted(told, ledger, recorded):
    before = recorded()
    adopted(ledger, local())
    assert held(told, f"&rulebook={ENGLAND}") == ("met", "england")
    assert held(told, f"&known_at=position:{before}&rulebook=local@1") == ("met_late", "local")


def test_a_list_follows_and_may_be_asked_for_by_another_rulebook(told, ledger, dsn):
    adopted(ledger, local())
    Follower(dsn).catch_up()
    late = f"/v1/obligations?{NOW}&rule={HELD}&verdict=met_late"
    by_local, by_england = get(told, late), get(told, late + f"&rulebook={ENGLAND}")
    assert [(i["rule_version"], "48" in i["explanation"]) for i in by_local["items"]] == [(2, True)]
    assert (by_local["rulebook"], by_england["rulebook"]["id"]) == (
        {"id": "local", "version": "1"},
        "england",
    )
    assert by_england["items"] == []
    [met] = get(told, f"/v1/obligations?{NOW}&rule={HELD}&rulebook={ENGLAND}")["items"]
    assert (met["verdict"], met["rule_version"], "72" in met["explanation"]) == (
        "met",
        england().rules[1].version,
        True,
    )


def test_the_pages_of_a_list_stay_with_the_rulebook_that_was_asked_for(told, ledger, dsn):
    adopted(ledger, local())
    Follower(dsn).catch_up()
    path = f"/v1/obligations?{NOW}&limit=1&rulebook={ENGLAND}"
    first = get(told, path)
    second = get(told, f"{path}&cursor={first['next']}")
    assert (second["rulebook"]["id"], second["items"] != first["items"]) == ("england", True)
    assert told.get(f"/v1/obligations?{NOW}&limit=1&cursor={first['next']}").status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        f"/v1/episodes/{SUBJECT}?{NOW}",
        f"/v1/episodes/{SUBJECT}/timeline?{NOW}",
        f"/v1/episodes/{SUBJECT}/history?order=recorded",
        f"/v1/obligations?{NOW}",
        f"/v1/measures?{NOW}",
        "/v1/rulebook?",
    ],
)
def test_an_answer_for_a_past_position_never_changes_by_what_is_adopted_later(
    told, ledger, dsn, recorded, path
):
    Follower(dsn).catch_up()
    asked = f"{path}&known_at=position:{recorded()}"
    before = get(told, asked)
    adopted(ledger, local())
    Follower(dsn).catch_up()
    adopted(ledger, local(47, version="2", rule=3))
    Follower(dsn).catch_up()
    after = get(told, asked)
    for answer in (before, after):
        answer.pop("ledger_size")
    assert json.dumps(after) == json.dumps(before)


@pytest.mark.parametrize(
    "path",
    [
        f"/v1/episodes/{SUBJECT}?",
        f"/v1/episodes/{SUBJECT}/timeline?",
        f"/v1/episodes/{SUBJECT}/history?",
        "/v1/obligations?",
        "/v1/measures?",
        "/v1/rulebook?",
    ],
)
def test_a_rulebook_that_was_never_adopted_is_refused_with_those_that_were(told, ledger, path):
    adopted(ledger, local())
    answer = told.get(f"{path}rulebook=england@1999")
    assert (answer.status_code, answer.get_json()["type"]) == (400, "/problems/invalid-query")
    assert f"{ENGLAND}, local@1" in answer.get_json()["detail"]


def test_adopting_what_is_in_force_records_nothing(ledger, recorded):
    first = adopt(ledger, local(), None)
    size = recorded()
    again = adopt(ledger, local(), None)
    assert (again.again, again.position, recorded()) == (True, first.position, size)


def test_one_can_go_back_to_an_earlier_rulebook(told, ledger):
    adopted(ledger, local())
    adopted(ledger, england().text)
    assert held(told) == ("met", "england")


def test_a_ledger_that_judges_by_the_rulebook_before_goes_over_to_this_one(told, ledger, recorded):
    """England's own versions are numbered so that they never meet an authority's."""
    adopted(ledger, (ROOT / "tests/golden/england-2026.2.toml").read_text("utf-8"))
    for number in (2, 3, 4):
        adopted(ledger, local(48, version=str(number), rule=number))
    before = recorded()
    adopted(ledger, england().text)
    adopted(ledger, local(48, version="5", rule=5))
    assert held(told) == ("met_late", "local")
    assert get(told, "/v1/rulebook?")["ends_agree_minutes"] == 60
    assert "ends_agree_minutes" not in get(told, f"/v1/rulebook?known_at=position:{before}")


def test_one_name_never_means_two_rulebooks(ledger, recorded):
    adopted(ledger, local())
    size = recorded()
    with pytest.raises(
        NotToAdopt, match="local@1 was adopted with other content; give this one another version"
    ):
        adopted(ledger, local(47, rule=3))
    with pytest.raises(NotToAdopt, match="return-interview-held: version 2 was adopted with other content"):
        adopted(ledger, local(47, version="2"))
    assert recorded() == size


def test_a_version_of_a_rule_may_end_and_keep_its_number(ledger):
    adopted(ledger, local())
    ended = local(version="2").replace("limit =", 'in_force_to = "2026-04-01T00:00:00Z"\nlimit =')
    assert adopt(ledger, ended, None).again is False


def test_a_faulty_rulebook_is_not_adopted(ledger, recorded):
    size = recorded()
    with pytest.raises(UnusableRulebook) as refused:
        adopted(ledger, local(-1))
    assert [(fault.line, "more than none" in fault.reason) for fault in refused.value.found] == [(17, True)]
    assert recorded() == size


def test_what_is_extended_is_the_one_that_the_ledger_adopted_last(ledger):
    newer = england().text.replace(england().version, "2999.1")
    adopted(ledger, newer)
    assert adopt(ledger, local(), None).book.extends == "england"
    entry = read_line(ledger.entries.select_notifications(4, 1)[0].state)
    assert entry.data["extended"] == [newer]
