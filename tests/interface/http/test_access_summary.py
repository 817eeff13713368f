"""Who read a child's records, and the summary of readings: what an auditor sees."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from application.projections.follower import Follower
from interface.http.app import create_app
from interface.http.build_services import wire
from interface.settings import Access, Settings
from tests.support.http_client import AUTHORITY, SUBJECT, Api, event

pytest_plugins = ["tests.support.http_fixtures"]

CHILD = f"/v1/children/{AUTHORITY}/C1"

EPISODE = f"/v1/episodes/{SUBJECT}"

POLICE = "E23000014"


@pytest.fixture
def told(api, dsn):
    """One child, C1, missing, and lists that are complete to it; the position of the entry."""
    position = api.post(event("reported", data={"category": "missing"})).get_json()["position"]
    assert api.post(event()).status_code == 201
    Follower(dsn).catch_up()
    return position


def test_the_auditor_sees_who_looked_at_a_child_the_latest_first(sign_in, api, told):
    officer = sign_in("manager", namespace=AUTHORITY, purpose="oversight")
    officer.get(f"{EPISODE}/history")
    api.post(event("reported", f"{AUTHORITY}/ME-2", {"child": "C2"}))
    officer.get(f"/v1/episodes/{AUTHORITY}/ME-2")
    found = sign_in("auditor").get(f"{CHILD}/access").get_json()
    assert found["child"] == {"scheme": AUTHORITY, "reference": "C1"}
    [item] = found["items"]
    assert (item["by"], item["role"], item["purpose"]) == (AUTHORITY, "manager", "oversight")
    assert item["route"] == "/v1/episodes/{namespace}/{reference}/history"
    assert (item["children"], item["positions"], item["status"]) == (1, [told, told + 1], 200)
    assert item["read_at"] <= item["recorded_at"]


def test_of_a_list_only_the_positions_about_this_child_are_shown(sign_in, api, dsn, told):
    other = api.post(event("reported", f"{AUTHORITY}/ME-2", {"child": "C2"})).get_json()["position"]
    Follower(dsn).catch_up()
    api.get("/v1/episodes")
    auditor = sign_in("auditor")
    [mine] = auditor.get(f"{CHILD}/access").get_json()["items"]
    [theirs] = auditor.get(f"/v1/children/{AUTHORITY}/C2/access").get_json()["items"]
    assert (mine["children"], theirs["children"]) == (2, 2)
    assert (mine["positions"], theirs["positions"]) == ([told + 1], [other])


def test_reading_the_access_log_is_in_it(sign_in, told):
    auditor = sign_in("auditor")
    assert auditor.get(f"{CHILD}/access").get_json()["items"] == []
    [item] = auditor.get(f"{CHILD}/access").get_json()["items"]
    assert item["route"] == "/v1/children/{scheme}/{reference}/access"


def test_the_list_goes_on_page_by_page(sign_in, api, told):
    for _ in range(5):
        api.get(EPISODE)
    auditor, seen, path = sign_in("auditor"), [], f"{CHILD}/access?limit=2"
    page = auditor.get(path).get_json()
    while page["next"] is not None:
        seen += page["items"]
        page = auditor.get(f"{path}&cursor={page['next']}").get_json()
    seen += page["items"]
    assert [item["position"] for item in seen] == [5, 4, 3, 2, 1]
    assert auditor.get(f"{path}&cursor=wrong").status_code == 400


def test_the_list_is_of_the_person_under_whichever_reference(sign_in, api, told):
    api.get(EPISODE)
    api.post(event("child-linked", data={"same_as": {"scheme": POLICE, "reference": "X-9"}}))
    theirs = {"child": "X-9", "same_as": {"scheme": AUTHORITY, "reference": "C1"}}
    api.post(event("child-linked", f"{POLICE}/MIS-1", theirs))
    auditor = sign_in("auditor")
    assert len(auditor.get(f"/v1/children/{POLICE}/X-9/access").get_json()["items"]) == 1
    assert len(auditor.get(f"{CHILD}/access").get_json()["items"]) == 2


def test_who_may_see_the_access_log(sign_in, told):
    for path in (f"{CHILD}/access", "/v1/access/summary"):
        assert [sign_in(role).get(path).status_code for role in ("auditor", "administrator")] == [200, 200]
        assert [sign_in(role).get(path).status_code for role in ("reader", "manager", "recorder")] == [
            403
        ] * 3
    elsewhere = sign_in("auditor", namespace="E10000014")
    assert elsewhere.get(f"{CHILD}/access").status_code == 404


def summary(auditor, query=""):
    """The readers of a summary, by what they act for."""
    found = auditor.get(f"/v1/access/summary{query}").get_json()
    return {item["by"]: item for item in found["items"]}


def test_the_summary_says_who_read_how_much_and_why(sign_in, api, told):
    officer = sign_in("manager", namespace=AUTHORITY, purpose="oversight")
    for purpose in ("oversight", "oversight", "care"):
        officer.get(EPISODE, Purpose=purpose)
    found = summary(sign_in("auditor", namespace=AUTHORITY))
    assert found.keys() == {AUTHORITY}
    item = found[AUTHORITY]
    assert (item["reads"], item["children"], item["most_children_in_a_day"]) == (3, 1, 1)
    assert item["purposes"] == {"oversight": 2, "care": 1}
    assert item["beyond_own_area"] == 0
    assert set(item["unusual"]) <= {"outside_hours"}


def test_children_whose_episodes_others_keep_are_beyond_the_own_area(sign_in, api, told):
    api.post(event("police-notified", data={"force": POLICE}))
    police = sign_in("reader", namespace=POLICE)
    assert police.get(EPISODE).status_code == 200
    wide = sign_in("reader", namespace=POLICE, authorities=[AUTHORITY])
    assert wide.get(EPISODE).status_code == 200
    found = sign_in("auditor").get("/v1/access/summary").get_json()["items"]
    beyond = [
        (item["beyond_own_area"], "beyond_own_area" in item["unusual"])
        for item in found
        if item["by"] == POLICE
    ]
    assert sorted(beyond) == [(0, False), (1, True)]


def test_many_children_in_one_day_are_pointed_out(ledger, credentials, api, dsn, told):
    api.post(event("reported", f"{AUTHORITY}/ME-2", {"child": "C2"}))
    Follower(dsn).catch_up()
    app = create_app(wire(ledger, Settings(access=Access(many_children=1))))
    auditor = Api(app.test_client(), credentials.new(["auditor"], namespace=AUTHORITY, purpose="audit")[1])
    auditor.get("/v1/episodes?limit=1")
    assert "many_children" not in summary(auditor)[AUTHORITY]["unusual"]
    auditor.get("/v1/episodes")
    assert "many_children" in summary(auditor)[AUTHORITY]["unusual"]


def read_on(dsn, at):
    """Let all that was read have been read then."""
    with psycopg.connect(dsn) as owner:
        owner.execute("update ledger.access_entries set read_at = %s", (at,))
        owner.execute(
            "update ledger.access_days set day = (%s::timestamptz at time zone 'Europe/London')::date", (at,)
        )


@pytest.mark.parametrize(("read_at", "outside"), [
    ("2026-07-01T05:59:59Z", True),  # a Wednesday; London is an hour ahead in summer
    ("2026-07-01T06:00:00Z", False),
    ("2026-07-01T17:59:59Z", False),
    ("2026-07-01T18:00:00Z", True),
    ("2026-12-02T18:59:59Z", False),
    ("2026-07-04T10:00:00Z", True),  # a Saturday
])  # fmt: skip
def test_hours_are_those_of_weekdays_in_london(sign_in, dsn, told, read_at, outside):
    sign_in("reader", namespace=AUTHORITY).get(EPISODE)
    read_on(dsn, read_at)
    item = summary(sign_in("auditor"), "?from=2026-01-01T00:00:00Z&to=2027-01-01T00:00:00Z")[AUTHORITY]
    assert (item["outside_hours"], "outside_hours" in item["unusual"]) == (int(outside), outside)


def test_the_summary_is_of_a_period(sign_in, dsn, told):
    reader, auditor = sign_in("reader", namespace=AUTHORITY), sign_in("auditor")
    reader.get(EPISODE)
    now = datetime.now(UTC)
    read_on(dsn, now - timedelta(days=8))
    assert AUTHORITY not in summary(auditor)
    longer = (now - timedelta(days=9)).strftime("?from=%Y-%m-%dT%H:%M:%SZ")
    found = summary(auditor, longer)[AUTHORITY]
    assert (found["reads"], found["children"]) == (1, 1)


def test_a_summary_of_too_many_readings_asks_for_a_shorter_period(sign_in, monkeypatch, told):
    reader = sign_in("reader")
    for _ in range(3):
        reader.get(EPISODE)
    monkeypatch.setattr("application.access.summary.MOST", 2)
    answer = sign_in("auditor").get("/v1/access/summary")
    assert (answer.status_code, answer.get_json()["type"]) == (400, "/problems/invalid-query")
    assert "shorter" in answer.get_json()["detail"]


def test_a_bound_auditor_sees_only_readings_of_what_it_may_see(sign_in, api, told):
    officer = sign_in("manager", namespace=AUTHORITY, purpose="oversight")
    officer.get(EPISODE)
    shared = {"child": {"scheme": AUTHORITY, "reference": "C1"}}
    mine = sign_in("recorder", "reader", "auditor", namespace="ORG-OTHER")
    assert mine.post(event("reported", "ORG-OTHER/1", shared)).status_code == 201
    mine.get("/v1/episodes/ORG-OTHER/1")
    readings = mine.get(f"{CHILD}/access?limit=1").get_json()
    assert [item["by"] for item in readings["items"]] == ["ORG-OTHER"]
    assert readings["next"] is None
    assert {item["by"] for item in sign_in("auditor").get(f"{CHILD}/access").get_json()["items"]} >= {
        AUTHORITY,
        "ORG-OTHER",
    }
    assert set(summary(mine)) == {"ORG-OTHER"}


def test_the_authority_sees_in_the_summary_who_else_read_of_its_children(sign_in, api, told):
    api.post(event("police-notified", data={"force": POLICE}))
    police = sign_in("reader", namespace=POLICE)
    police.get(EPISODE)
    api.post(event("reported", f"{POLICE}/X", {"child": "K"}))
    police.get(f"/v1/episodes/{POLICE}/X")
    found = summary(sign_in("auditor", namespace=AUTHORITY))
    assert (found[POLICE]["reads"], found[POLICE]["children"]) == (1, 1)
