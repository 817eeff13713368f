"""Every answer holds the members that the contract names, and has the shape that the OpenAPI document says."""

from __future__ import annotations

import jsonschema
import pytest

from application.projections.follower import Follower
from tests.support.http_client import AUTHORITY, SUBJECT, event

pytest_plugins = ["tests.support.http_fixtures"]

EPISODE = f"/v1/episodes/{SUBJECT}"
EPISODE_MEMBERS = (
    "subject linked child standing since started started_basis end_contradicted category risk police"
    " responsible_authority host_authority last_seen next_due last_entry spells findings version position"
    " obligations as_at known_at"
)
OBLIGATION_MEMBERS = (
    "rule rule_version title source accountable clock due satisfied_by satisfied_at verdict possibly"
    " condition_unknown explanation evidence"
)
"""contract.md 1, and assessment.md 3 for an obligation."""


@pytest.fixture
def told(api, dsn):
    """An episode of which everything is known, of a placed child, in and out of the views."""
    placed = {"responsible_authority": AUTHORITY, "host_authority": "E09000007", "looked_after": "yes"}
    seen = {"last_seen_at": "2026-03-01T19:00:00Z", "last_seen_by": "responsible_adult"}
    for name, time, data in (
        ("reported", "2026-03-01T20:00:00Z", {"category": "missing", "setting": placed, **seen}),
        ("police-notified", "2026-03-01T20:10:00Z", {"force": "E23000014", "accepted": "yes"}),
        ("risk-assessed", "2026-03-01T20:20:00Z", {"scheme": "APP-2017", "level": "high"}),
        ("located", "2026-03-01T21:00:00Z", {"location_type": "friend"}),
        ("returned", "2026-03-01T22:30:00Z", {}),
        ("interview-offered", "2026-03-02T09:00:00Z", {}),
        ("interview-not-required", "2026-03-02T10:00:00Z", {}),
        ("action-agreed", "2026-03-02T11:00:00Z", {"due": {"date": "2026-03-03"}}),
    ):
        api.post(event(name, time=time, data=data))
    Follower(dsn).catch_up()


def fits(api, shape, body):
    """Refuse a body that is not of the shape that the document says."""
    document = api.get("/openapi.json").get_json()
    schema = {"$ref": f"#/components/schemas/{shape}", "components": document["components"]}
    jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker()).validate(body)


def test_an_episode(api, told):
    body = api.get(f"{EPISODE}?as_at=2026-03-03T00:00:00Z").get_json()
    assert set(EPISODE_MEMBERS.split()) <= set(body)
    assert body["category"] == {"DfE-2014": {"initial": "missing", "current": "missing"}}
    assert body["risk"] == {"APP-2017": {"initial": "high", "current": "high", "highest": "high"}}
    assert body["police"] == {"reported": "yes", "accepted": "yes", "force": "E23000014"}
    assert [spell["type"] for spell in body["spells"]] == ["M", "A"]
    assert set(body["last_entry"]) == {"position", "recorded_at", "type"}
    fits(api, "Episode", body)


def test_a_timeline(api, told):
    body = api.get(f"{EPISODE}/timeline?as_at=2026-03-03T00:00:00Z").get_json()
    assert {"subject", "as_at", "known_at", "ledger_size", "rulebook", "obligations"} <= set(body)
    assert set(body["rulebook"]) == {"id", "version"}
    offered = next(o for o in body["obligations"] if o["rule"] == "return-interview-offered")
    assert set(OBLIGATION_MEMBERS.split()) <= set(offered)
    assert set(offered["clock"]) == {"started_by", "started_at", "paused"}
    assert set(offered["accountable"]) == {"role", "holder"}
    assert {e["role"] for e in offered["evidence"]} == {"started", "satisfied", "considered"}
    fits(api, "Timeline", body)
    fits(api, "Timeline", api.get(f"{EPISODE}/timeline?not_applicable=true").get_json())


def test_a_history(api, told):
    body = api.get(f"{EPISODE}/history").get_json()
    assert {"subject", "items", "known_at", "ledger_size"} <= set(body)
    members = "position recorded_at version event leaf_hash withheld findings standing verdicts"
    assert set(members.split()) <= set(body["items"][0])
    assert {"rule", "before", "after"} <= set(body["items"][-3]["verdicts"][0])
    fits(api, "History", body)


def test_a_child(api, told):
    api.post(event("reported", subject=f"{AUTHORITY}/ME-2", time="2026-03-05T20:00:00Z"))
    body = api.get(f"/v1/children/{AUTHORITY}/C1").get_json()
    assert {"child", "episodes", "patterns"} <= set(body)
    patterns = body["patterns"]
    assert [r["window"] for r in patterns["repeats"]] == ["3_in_30_days", "3_in_90_days"]
    assert patterns["intervals"][0]["to"] == f"{AUTHORITY}/ME-2"
    assert [a["subject"] for a in patterns["open_actions"]] == [SUBJECT]
    fits(api, "Child", body)


@pytest.mark.parametrize(
    ("path", "shape"), [("/v1/episodes", "EpisodeList"), ("/v1/obligations", "ObligationList")]
)
def test_a_list(api, told, path, shape):
    body = api.get(path).get_json()
    assert {"items", "next", "complete_to", "ledger_size", "as_at", "known_at"} <= set(body)
    members = f"{EPISODE_MEMBERS if shape == 'EpisodeList' else OBLIGATION_MEMBERS} subject child"
    absent = {"next_due", "due", "satisfied_by", "satisfied_at"}  # where there is none
    assert all(set(members.split()) - absent <= set(item) for item in body["items"])
    fits(api, shape, body)
