"""POST /v1/events: receipts, duplicates, batches, atomic, dry run, versions (contract.md 1)."""

from __future__ import annotations

import re

import pytest

from tests.support.http_client import SUBJECT, event

pytest_plugins = ["tests.support.http_fixtures"]


def test_one_event_is_recorded_and_receipted(api, recorded):
    before, sent = recorded(), event()
    answer = api.post(sent)
    receipt = answer.get_json()
    assert answer.status_code == 201
    assert receipt["status"] == "recorded"
    assert (receipt["id"], receipt["source"], receipt["subject"]) == (sent["id"], "urn:x:lcs", SUBJECT)
    assert (receipt["position"], receipt["version"]) == (before + 1, 1)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", receipt["recorded_at"])
    assert re.fullmatch(r"[0-9a-f]{64}", receipt["leaf_hash"])


def test_the_same_again_gives_the_original_receipt(api, recorded):
    sent = event()
    first = api.post(sent)
    again = api.post(sent)
    assert again.status_code == 200
    assert again.get_json() == first.get_json() | {"status": "duplicate"}
    assert recorded() == first.get_json()["position"]


def test_binary_mode_takes_any_json_by_its_content_type(api):
    headers = {f"ce-{n}": v for n, v in event().items() if n != "data"}
    answer = api.post({"child": "C1"}, "application/vnd.x+json; charset=utf-8", headers=headers)
    assert answer.status_code == 201
    assert api.post({"child": "C1"}, "application/xml", headers=headers).status_code == 415
    assert api.post(event(), "application/vnd.x+json").status_code == 415


def test_binary_mode_is_the_same_event(api):
    sent = event(data={"note": "é"})
    first = api.post(sent).get_json()
    headers = {
        f"Ce-{name.title()}": sent[name]
        for name in ("specversion", "id", "source", "type", "subject", "time")
    }
    again = api.post(sent["data"], "application/json", headers=headers)
    assert again.get_json() == first | {"status": "duplicate"}


def test_a_batch_has_an_outcome_for_each_in_order(api, recorded):
    before, twice = recorded(), event()
    answer = api.batch([twice, event(data={"mode": "by bus"}), event(), twice, event(subject="nowhere")])
    body = answer.get_json()
    assert answer.status_code == 200
    assert [o["status"] for o in body["outcomes"]] == [
        "recorded",
        "refused",
        "recorded",
        "duplicate",
        "refused",
    ]
    assert (body["recorded"], body["duplicate"], body["refused"]) == (2, 1, 2)
    assert body["outcomes"][3]["receipt"] == body["outcomes"][0]["receipt"] | {"status": "duplicate"}
    problem = body["outcomes"][1]["problem"]
    assert (problem["type"], problem["status"]) == ("/problems/invalid-event", 422)
    assert problem["errors"][0]["pointer"] == "/1/data/mode"
    assert body["outcomes"][4]["problem"]["errors"][0]["pointer"] == "/4/subject"
    assert recorded() == before + 2


def test_an_empty_batch_is_a_batch(api):
    answer = api.batch([])
    assert answer.status_code == 200
    assert answer.get_json() == {"outcomes": [], "recorded": 0, "duplicate": 0, "refused": 0}


def test_an_atomic_batch_is_recorded_whole(api, recorded):
    events = [event(), event()]
    before = recorded()
    assert api.batch(events, "?atomic=true").status_code == 201
    assert recorded() == before + 2
    again = api.batch(events, "?atomic=true")
    assert again.status_code == 200
    assert again.get_json()["duplicate"] == 2
    assert api.batch([*events, event()], "?atomic=true").status_code == 201


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (event(type="missing-episode.vanished.v1"), "/problems/invalid-event"),
        (event(id=None), "/problems/invalid-cloudevent"),
        (event(data={"child": "someone-else"}), "/problems/child-differs"),
    ],
)
def test_an_atomic_batch_with_a_fault_is_recorded_not_at_all(api, recorded, bad, reason):
    api.post(event())
    before = recorded()
    answer = api.batch([event(), bad, event()], "?atomic=true")
    body = answer.get_json()
    assert (answer.status_code, body["type"]) == (422, "/problems/atomic")
    assert answer.mimetype == "application/problem+json"
    types = [o["problem"]["type"] for o in body["outcomes"]]
    assert types == ["/problems/atomic", reason, "/problems/atomic"]
    assert (body["recorded"], body["duplicate"], body["refused"]) == (0, 0, 3)
    assert recorded() == before


def test_a_dry_run_says_the_same_and_records_nothing(api, recorded):
    known = event()
    api.post(known)
    before, sent = recorded(), event()
    one = api.post(sent, query="?dry_run=true")
    assert one.status_code == 200
    assert one.get_json() == {
        "id": sent["id"],
        "source": sent["source"],
        "subject": SUBJECT,
        "status": "would_record",
    }
    body = api.batch([sent, known, event(data={"child": "other"})], "?dry_run=true").get_json()
    assert [o["status"] for o in body["outcomes"]] == ["would_record", "duplicate", "refused"]
    assert (body["recorded"], body["duplicate"], body["refused"]) == (0, 1, 1)
    assert recorded() == before


def test_a_dry_run_of_the_same_event_twice_calls_the_second_a_duplicate(api, recorded):
    before, sent = recorded(), event()
    answer = api.batch([sent, sent], "?dry_run=true")
    first, second = answer.get_json()["outcomes"]
    place = {"id": sent["id"], "source": sent["source"], "subject": SUBJECT}
    assert first == {"status": "would_record", "receipt": {**place, "status": "would_record"}}
    assert second == {"status": "duplicate", "receipt": {**place, "status": "duplicate"}}
    assert recorded() == before


def test_if_match_asks_for_the_version_of_the_stream(api, recorded):
    assert api.post(event(), headers={"If-Match": '"0"'}).status_code == 201
    assert api.post(event(), headers={"If-Match": '"1"'}).get_json()["version"] == 2
    before = recorded()
    stale = api.post(event(), headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.get_json()["type"]) == (412, "/problems/stale-version")
    assert recorded() == before


@pytest.mark.parametrize("tag", ["2", 'W/"2"', "*", '"17-england-1"', '"1", "2"', '""', ""])
def test_an_if_match_that_is_no_version_is_not_a_stale_one(api, recorded, tag):
    before = recorded()
    answer = api.post(event(), headers={"If-Match": tag})
    body = answer.get_json()
    assert (answer.status_code, body["type"]) == (400, "/problems/invalid-query")
    assert body["detail"] == 'The header If-Match must be the version of the stream in quotes, such as "3".'
    assert recorded() == before


def test_an_event_with_many_faults_is_answered_with_the_first_twenty_and_how_many_more(api):
    wrong = event(data={f"unknown_{n}": 1 for n in range(1000)})
    one = api.post(wrong).get_json()["errors"]
    assert len(one) == 21
    assert one[-1] == {"pointer": "", "detail": "and 980 more that are not shown"}
    batched = api.batch([event(), wrong]).get_json()["outcomes"][1]["problem"]["errors"]
    assert (len(batched), batched[-1]["pointer"]) == (21, "/1")
    twenty = event(data={f"unknown_{n}": 1 for n in range(20)})
    assert len(api.post(twenty).get_json()["errors"]) == 20


def test_if_match_is_not_for_batches(api):
    answer = api.post([event()], "application/cloudevents-batch+json", headers={"If-Match": '"0"'})
    assert (answer.status_code, answer.get_json()["type"]) == (400, "/problems/invalid-query")


def test_the_same_id_with_other_content_is_refused(api, recorded):
    api.post(event(id="reused"))
    before = recorded()
    answer = api.post(event(id="reused", data={"mode": "police"}))
    assert (answer.status_code, answer.get_json()["type"]) == (409, "/problems/id-reused")
    assert recorded() == before


def test_another_child_is_refused_and_told_how_it_is_said(api, recorded):
    api.post(event())
    before = recorded()
    answer = api.post(event(data={"child": "C2"}))
    assert (answer.status_code, answer.get_json()["type"]) == (409, "/problems/child-differs")
    assert "child-corrected" in answer.get_json()["detail"]
    assert recorded() == before
