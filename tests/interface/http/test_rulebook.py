"""The rulebook over HTTP, and what another would change."""

from __future__ import annotations

import json

import pytest

from interface.http.routes import rulebook as route
from tests.support.http_client import AUTHORITY, SUBJECT, event
from tests.support.local_rulebooks import ENGLAND, adopted, local

pytest_plugins = ["tests.support.http_fixtures"]

OTHER = "E09000001"
HELD = "return-interview-held"
YEAR = {"as_at": "2026-06-01T00:00:00Z"}


@pytest.fixture
def told(api):
    """Two authorities, each with a child back, and an interview sixty hours later."""
    for authority in (AUTHORITY, OTHER):
        subject = f"{authority}/ME-1"
        for name, time in (
            ("reported", "2026-03-01T20:00:00Z"),
            ("returned", "2026-03-01T22:30:00Z"),
            ("interview-held", "2026-03-04T10:30:00Z"),
        ):
            assert api.post(event(name, subject, time=time)).status_code == 201
    return api


def what_if(api, text, **members):
    """Ask what another rulebook would change."""
    body = json.dumps({"rulebook": text, **members})
    return api.client.post(
        "/v1/rulebook/what-if", data=body, content_type="application/json", headers=api.headers
    )


def test_the_rulebook_is_shown_as_it_is_written(api):
    answer = api.get("/v1/rulebook").get_json()
    assert f"{answer['id']}@{answer['version']}" == ENGLAND
    assert answer["adopted"]["position"] == 2
    rule = next(rule for rule in answer["rules"] if rule["id"] == HELD)
    assert rule["limit"] == {"hours": 72}
    assert rule["in_force_from"] == "2014-01-16T00:00:00Z"
    assert {"fact": "interview-held"} in rule["met_by"]
    assert all(rule["source"] for rule in answer["rules"])


def test_the_rulebook_is_that_of_the_position_asked_for(api, ledger):
    position = adopted(ledger, local())
    now = api.get("/v1/rulebook").get_json()
    assert (now["id"], now["extends"], now["adopted"]["by"]) == ("local", "england", "head_of_service")
    national, own = (rule for rule in now["rules"] if rule["id"] == HELD)
    assert (national["except_for"], own["authorities"], own["version"]) == ([AUTHORITY], [AUTHORITY], 2)
    assert api.get(f"/v1/rulebook?known_at=position:{position - 1}").get_json()["id"] == "england"
    assert api.get(f"/v1/rulebook?rulebook={ENGLAND}").get_json()["id"] == "england"


def test_who_may_ask_for_the_rulebook(sign_in):
    for role, status in (("manager", 200), ("auditor", 200), ("reader", 403), ("recorder", 403)):
        assert sign_in(role).get("/v1/rulebook").status_code == status
        assert what_if(sign_in(role), local()).status_code == status


def test_what_if_says_who_changes_from_what_to_what_and_why(told, recorded):
    size = recorded()
    answer = what_if(told, local(), **YEAR).get_json()
    assert (answer["rulebook"]["id"], answer["what_if"]) == ("england", {"id": "local", "version": "1"})
    assert (answer["episodes"], answer["episodes_changed"]) == (2, 1)
    assert answer["counts"] == [
        {"rule": HELD, "authority": AUTHORITY, "before": "met", "after": "met_late", "count": 1}
    ]
    [change] = answer["changes"]
    assert (change["subject"], change["child"]) == (SUBJECT, {"scheme": AUTHORITY, "reference": "C1"})
    assert "in time (limit 72 hours)" in change["explanation"]["before"]
    assert "12 h late (limit 48 hours)" in change["explanation"]["after"]
    assert recorded() == size
    assert told.get("/v1/rulebook").get_json()["id"] == "england"


def test_what_if_is_about_one_authority_and_one_period_when_that_is_asked(told):
    assert what_if(told, local(), **YEAR, authority=OTHER).get_json()["changes"] == []
    march = {"from": "2026-03-01T00:00:00Z", "to": "2026-04-01T00:00:00Z", **YEAR}
    assert len(what_if(told, local(), **march).get_json()["changes"]) == 1
    april = march | {"from": "2026-04-01T00:00:00Z", "to": "2026-05-01T00:00:00Z"}
    assert what_if(told, local(), **april).get_json()["episodes"] == 0


def test_what_if_as_at_and_as_known_at(told):
    open_still = what_if(told, local(), as_at="2026-03-04T00:00:00Z").get_json()
    assert [(c["before"], c["after"]) for c in open_still["changes"]] == [("due", "overdue")]
    unheard_of = what_if(told, local(), known_at="position:4", **YEAR).get_json()
    assert [(c["before"], c["after"]) for c in unheard_of["changes"]] == []
    assert unheard_of["known_at"] == 4


def test_a_duty_that_comes_or_goes_has_one_verdict(told):
    off = local().replace("limit =", "enabled = false\nlimit =")
    [change] = what_if(told, off, **YEAR).get_json()["changes"]
    assert (change["before"], "after" in change, list(change["explanation"])) == ("met", False, ["before"])


def test_who_sees_one_authority_only_sees_no_other_s_changes(told, sign_in):
    everyone = local().replace(f'authorities = ["{AUTHORITY}"]\n', "")
    assert len(what_if(told, everyone, **YEAR).get_json()["changes"]) == 2
    [change] = what_if(sign_in("manager", namespace=OTHER), everyone, **YEAR).get_json()["changes"]
    assert change["subject"] == f"{OTHER}/ME-1"


@pytest.mark.parametrize("page", [1, 2, 3])
def test_a_person_with_episodes_on_several_pages_comes_once(api, monkeypatch, page):
    order = [(AUTHORITY, 1), (AUTHORITY, 2), (AUTHORITY, 3), (OTHER, 1), (AUTHORITY, 4), (OTHER, 2)]
    for authority, month in order:
        for name, at in (("reported", "01T08"), ("returned", "01T10"), ("interview-held", "03T22")):
            time = f"2026-0{month}-{at}:00:00Z"
            assert api.post(event(name, f"{authority}/ME-{month}", time=time)).status_code == 201
    monkeypatch.setattr("application.queries.measures.streams_to_replay.PAGE", page)
    everyone = local().replace(f'authorities = ["{AUTHORITY}"]\n', "")
    answer = what_if(api, everyone, **YEAR).get_json()
    found = sorted(change["subject"] for change in answer["changes"])
    assert found == sorted(f"{authority}/ME-{month}" for authority, month in order)
    assert answer["episodes"] == len(order)


def test_more_than_one_answer_can_take_is_refused_with_what_to_do(told, monkeypatch):
    monkeypatch.setattr(route, "EPISODES", 1)
    answer = what_if(told, local(), **YEAR)
    assert (answer.status_code, answer.get_json()["type"]) == (400, "/problems/invalid-query")
    assert "ledger what-if" in answer.get_json()["detail"]


def test_a_long_list_is_cut_and_says_by_how_much(told, monkeypatch):
    everyone = local().replace(f'authorities = ["{AUTHORITY}"]\n', "")
    monkeypatch.setattr(route, "LISTED", 1)
    answer = what_if(told, everyone, **YEAR).get_json()
    assert (len(answer["changes"]), answer["changes_left_out"]) == (1, 1)
    assert sum(each["count"] for each in answer["counts"]) == 2


@pytest.mark.parametrize(
    ("body", "pointer", "said"),
    [
        ({}, "/rulebook", "must be there"),
        ({"rulebook": 5}, "/rulebook", "must be text"),
        ({"rulebook": "x"}, "/rulebook", "line 1: not TOML"),
        ({"rulebook": local(-1)}, "/rulebook", "line 17: rule return-interview-held, limit"),
        ({"rulebook": local().replace('"england"', '"atlantis"')}, "/rulebook", "line 6: extends"),
        ({"rulebook": local(), "colour": "red"}, "/colour", "is not a parameter"),
        ({"rulebook": local(), "from": None}, "/from", "must not be null"),
        ({"rulebook": local(), "from": "yesterday"}, "/from", "RFC 3339"),
        ({"rulebook": local(), "authority": "Birmingham"}, "/authority", "a namespace"),
        ({"rulebook": local(), "from": "2026-03-01T00:00:00Z", "to": "2026-02-01T00:00:00Z"}, "/to", "before it"),
        ({"rulebook": local(), "to": "1999-02-01T00:00:00Z"}, "/from", "before 2000"),
        ([], None, "must be an object"),
    ],
)  # fmt: skip
def test_a_question_that_cannot_be_meant_is_refused(api, body, pointer, said):
    answer = api.client.post("/v1/rulebook/what-if", json=body, headers=api.headers)
    problem = answer.get_json()
    assert (answer.status_code, problem["type"]) == (400, "/problems/invalid-query")
    where = [error["pointer"] for error in problem.get("errors", [])]
    assert where == ([] if pointer is None else [pointer])
    assert said in problem["detail"] + str(problem.get("errors"))


def test_a_body_that_is_not_json_or_too_large_is_refused(api):
    def status(data, content_type="application/json"):
        asked = {"data": data, "content_type": content_type, "headers": api.headers}
        return api.client.post("/v1/rulebook/what-if", **asked).status_code

    assert status(b"{") == 400
    assert status(b"{}", "text/plain") == 415
    assert status(b" " * 300_000) == 413


def test_the_members_of_the_question_are_described(app):
    page = app.test_client().get("/docs").get_data(as_text=True)
    assert "<td><code>rulebook</code></td><td>body</td>" in page
    assert "<td><code>known_at</code></td><td>body</td>" in page
