"""What is read back: episode, history, timeline, child; both time axes; who sees what is sealed."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from application.projections.follower import Follower
from tests.support.http_client import AUTHORITY, SUBJECT, event

pytest_plugins = ["tests.support.http_fixtures"]

POLICE, HOME = "E23000014", "URN-SC123456"
EPISODE = f"/v1/episodes/{SUBJECT}"
INTERVIEW_LATE = "2026-03-05T00:00:00Z"


@pytest.fixture
def story(api):
    """Reported on the 1st, located and returned on the 2nd, interviewed on the 3rd; positions by name."""
    told = {
        "reported": event("reported", time="2026-03-01T22:30:00Z", data={"note": "left after supper"}),
        "located": event("located", time="2026-03-02T08:00:00Z"),
        "returned": event("returned", time="2026-03-02T10:00:00Z"),
        "interview-held": event("interview-held", time="2026-03-03T15:00:00Z"),
    }
    return {name: api.post(sent).get_json()["position"] for name, sent in told.items()}


def standing(api, query=""):
    """The standing in an answer."""
    return api.get(f"{EPISODE}{query}").get_json()["standing"]


def test_the_world_moves_with_as_at(api, story):
    assert standing(api) == "returned"
    assert standing(api, "?as_at=2026-03-01T22:29:59Z") == "nothing"
    assert standing(api, "?as_at=2026-03-01T22:30:00Z") == "missing"
    assert standing(api, "?as_at=2026-03-02T08:00:00%2B00:00") == "located"
    assert standing(api, "?as_at=2026-03-02T08:59:59+01:00") == "missing"  # a plus sent as it is


def test_knowledge_moves_with_known_at(api, story):
    known = f"?known_at=position:{story['located']}"
    answer = api.get(EPISODE + known).get_json()
    assert (answer["standing"], answer["known_at"]) == ("located", story["located"])
    first = api.get(f"{EPISODE}/history").get_json()["items"][0]
    by_time = api.get(f"{EPISODE}?known_at={quote(first['recorded_at'])}").get_json()
    assert (by_time["standing"], by_time["known_at"]) == ("missing", story["reported"])
    assert api.get(f"{EPISODE}?known_at=position:1").status_code == 404


def test_past_the_head_is_the_head(api, story):
    answer = api.get(f"{EPISODE}?known_at=position:1000000").get_json()
    assert (answer["known_at"], answer["past_head"]) == (story["interview-held"], True)
    assert "past_head" not in api.get(EPISODE).get_json()


def test_an_episode_says_where_it_stands(api, story):
    answer = api.get(EPISODE).get_json()
    assert answer["subject"] == SUBJECT
    assert answer["child"] == {"scheme": AUTHORITY, "reference": "C1"}
    assert answer["since"] == {"earliest": "2026-03-02T10:00:00Z", "latest": "2026-03-02T10:00:00Z"}
    assert (answer["version"], answer["position"]) == (4, story["interview-held"])
    assert answer["obligations"]["met"] >= 1


def test_an_episode_says_what_a_duty_manager_asks_first(api, dsn):
    seen = {"last_seen_at": "2026-03-01T20:00:00Z", "last_seen_by": "other", "date_of_birth": "2012-01-05"}
    home = {"placement_type": "childrens_home", "urn": "SC123456", "provider": "OAK", "distance": "in_area"}
    due = "2026-03-02T08:00:00Z"
    api.post(event("reported", time="2026-03-01T22:30:00Z", data={"setting": home, **seen}))
    risk = {"scheme": "APP-2017", "level": "high", "next_review_due": due}
    api.post(event("risk-assessed", time="2026-03-01T23:00:00Z", data=risk))
    sighted = api.post(event("sighting-reported", time="2026-03-02T01:00:00Z")).get_json()["position"]
    api.post(event("risk-assessed", time="2026-03-01T22:45:00Z", data=risk | {"level": "low"}))
    Follower(dsn).catch_up()
    answer = api.get(EPISODE).get_json()
    [listed] = api.get("/v1/episodes").get_json()["items"]
    [past] = api.get(f"/v1/episodes?known_at=position:{answer['known_at']}").get_json()["items"]
    for found in (answer, listed, past):
        assert found["risk"]["APP-2017"]["next_review_due"] == {"earliest": due, "latest": due}
        assert found["placement"] == {
            "type": "childrens_home",
            "urn": "SC123456",
            "provider": "OAK",
            "distance": "in_area",
        }
        assert (found["age_band"], found["last_seen_by"]) == ("12_to_15", "other")
        when = {"earliest": "2026-03-02T01:00:00Z", "latest": "2026-03-02T01:00:00Z"}
        type_ = "missing-episode.sighting-reported.v1"
        assert found["last_heard"] == {"at": when, "type": type_, "by": AUTHORITY, "position": sighted}


def test_an_etag_changes_when_a_review_begins_to_wait(api):
    api.post(event("reported", time="2026-03-01T22:30:00Z"))
    risk = {"scheme": "APP-2017", "level": "high", "next_review_due": "2026-03-02T01:00:00Z"}
    api.post(event("risk-assessed", time="2026-03-01T23:00:00Z", data=risk))
    first, later = (api.get(f"{EPISODE}?as_at=2026-03-02T0{hour}:30:00Z") for hour in (0, 1))
    assert (first.get_json()["waiting"], later.get_json()["waiting"][0]["kind"]) == ([], "risk_review")
    assert first.headers["ETag"] != later.headers["ETag"]


def test_an_etag_changes_with_what_was_heard_last(api):
    api.post(event("reported", time="2026-03-01T22:30:00Z"))
    api.post(event("sighting-reported", time="2026-03-02T01:00:00Z"))
    first, later = (api.get(f"{EPISODE}?as_at=2026-03-02T0{hour}:30:00Z") for hour in (0, 1))
    assert first.headers["ETag"] != later.headers["ETag"]


def test_what_does_not_apply_is_told_when_asked_for(api):
    api.post(
        event(
            "reported",
            time="2026-03-01T20:00:00Z",
            subject="E08000025/AWAY",
            data={"child": "C-9", "category": "away_without_authorisation"},
        )
    )
    api.post(event("returned", time="2026-03-01T22:30:00Z", subject="E08000025/AWAY", data={"child": "C-9"}))
    path = "/v1/episodes/E08000025/AWAY/timeline"
    assert api.get(path).get_json()["obligations"] == []
    told = api.get(f"{path}?not_applicable=true").get_json()["obligations"]
    assert {(o["verdict"], *o["condition_failed"]) for o in told} == {("not_applicable", "ever_missing")}
    assert all("Does not apply: " in o["explanation"] for o in told)


def test_the_timeline_names_rule_verdict_and_evidence(api, story):
    answer = api.get(f"{EPISODE}/timeline").get_json()
    held = next(o for o in answer["obligations"] if o["rule"] == "return-interview-held")
    assert held["verdict"] == "met"
    assert held["clock"]["started_by"] == story["returned"]
    assert held["satisfied_by"] == story["interview-held"]
    assert answer["rulebook"]["id"]
    assert answer["ledger_size"] == story["interview-held"]
    before = api.get(
        f"{EPISODE}/timeline?known_at=position:{story['returned']}&as_at={INTERVIEW_LATE}"
    ).get_json()
    verdicts = {o["rule"]: o["verdict"] for o in before["obligations"]}
    assert verdicts["return-interview-held"] == "due"


def test_the_history_is_in_the_order_recorded_or_happened(api, story):
    api.post(event("absence-noticed", time="2026-03-01T21:00:00Z"))
    recorded = [i["event"]["type"] for i in api.get(f"{EPISODE}/history").get_json()["items"]]
    happened = [i["event"]["type"] for i in api.get(f"{EPISODE}/history?order=happened").get_json()["items"]]
    assert recorded[-1] == happened[0] == "missing-episode.absence-noticed.v1"
    assert sorted(recorded) == sorted(happened)


def test_a_history_item_is_the_event_as_it_was_sent_and_what_it_changed(api, story):
    item = api.get(f"{EPISODE}/history").get_json()["items"][0]
    assert item["event"]["data"]["note"] == "left after supper"
    assert item["event"]["time"] == "2026-03-01T22:30:00Z"
    assert item["withheld"] == []
    assert item["standing"]["before"] == "nothing"
    assert len(item["leaf_hash"]) == 64


@pytest.mark.parametrize(
    ("handling", "roles", "namespace", "opened"),
    [
        ("normal", ["reader"], HOME, True),
        ("normal", ["reader"], POLICE, True),
        ("restricted", ["reader"], HOME, False),
        ("restricted", ["manager"], HOME, True),
        ("restricted", ["auditor"], HOME, True),
        ("restricted", ["administrator"], HOME, True),
        ("restricted", ["reader"], POLICE, True),  # asserted it
        ("restricted", ["reader"], AUTHORITY, True),  # is responsible
        ("police_only", ["reader"], POLICE, True),
        ("police_only", ["reader"], "E23000020", True),
        ("police_only", ["auditor", "manager"], AUTHORITY, False),
        ("police_only", ["administrator"], HOME, False),
        ("local:secret", ["reader"], HOME, False),
    ],
)
def test_handling_says_who_sees_what_is_sealed(api, sign_in, handling, roles, namespace, opened):
    api.post(event("reported", data={"setting": {"responsible_authority": AUTHORITY}}))
    api.post(event("police-notified", data={"force": POLICE}))
    sign_in("recorder", namespace=POLICE).post(
        event("located", data={"place": "a flat", "handling": handling})
    )
    reader = sign_in(*roles, namespace=namespace, authorities=[AUTHORITY])
    item = reader.get(f"{EPISODE}/history").get_json()["items"][-1]
    assert item["event"]["data"].get("place") == ("a flat" if opened else None)
    assert item["withheld"] == ([] if opened else ["place"])


def test_a_child_and_their_episodes(api, story):
    api.post(event("reported", subject=f"{AUTHORITY}/ME-2", time="2026-04-01T22:30:00Z"))
    answer = api.get(f"/v1/children/{AUTHORITY}/C1").get_json()
    assert answer["child"] == {"scheme": AUTHORITY, "reference": "C1"}
    assert [e["subject"] for e in answer["episodes"]] == [SUBJECT, f"{AUTHORITY}/ME-2"]
    assert api.get(f"/v1/children/{AUTHORITY}/C2").status_code == 404
    assert api.get("/v1/children/nowhere/C1").status_code == 404


def test_an_etag_saves_what_has_not_changed(api, story):
    at = "?as_at=2026-03-04T00:00:00Z"
    first = api.get(EPISODE + at)
    again = api.get(EPISODE + at, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    api.post(event("plan-reviewed", time="2026-03-04T00:00:00Z"))
    changed = api.get(EPISODE + at, **{"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]


def test_an_etag_changes_with_the_span_of_as_at(api, story):
    tags = [
        api.get(f"{EPISODE}?as_at={day}T12:00:00Z").headers["ETag"] for day in ("2026-03-02", "2026-03-09")
    ]
    assert tags[0] != tags[1]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("as_at=2026-03-01", "as_at"),
        ("as_at=2026-03-01T00:00:00", "as_at"),
        ("known_at=17", "known_at"),
        ("known_at=position:-1", "known_at"),
        ("known_at=position:x", "known_at"),
        ("asat=2026-03-01T00:00:00Z", "asat"),
        ("as_at=2026-03-01T00:00:00Z&as_at=2026-03-01T00:00:00Z", "as_at"),
        ("order=happened", "order"),
    ],
)
def test_a_parameter_that_cannot_be_meant_is_named(api, story, query, names):
    answer = api.get(f"{EPISODE}?{query}")
    problem = answer.get_json()
    assert (answer.status_code, problem["type"]) == (400, "/problems/invalid-query")
    assert names in problem["detail"]
    assert problem["errors"][0]["pointer"] == f"/{names}"


def test_another_order_is_refused(api, story):
    assert api.get(f"{EPISODE}/history?order=random").status_code == 400


@pytest.mark.parametrize(
    "path", ["E08000025/..", "nowhere/ME-1", "E08000025/ME-404", "ledger/test", "E08000025/%00"]
)
def test_what_is_not_there_is_not_found(api, path):
    answer = api.get(f"/v1/episodes/{path}")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
