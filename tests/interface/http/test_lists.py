"""Lists over HTTP: filters, pages, both time axes, scope, and reading what was just written."""

from __future__ import annotations

import threading
from base64 import urlsafe_b64decode
from urllib.parse import quote

import msgspec
import pytest

from application.answers.cursor import Cursor, write
from application.projections.follower import Follower
from tests.support.http_client import AUTHORITY, SUBJECT, event

pytest_plugins = ["tests.support.http_fixtures"]

POLICE = "E23000014"


@pytest.fixture
def catch_up(dsn):
    """Bring the views to the end of what is recorded."""
    return Follower(dsn).catch_up


@pytest.fixture
def five(api, catch_up):
    """ME-1 to ME-5, of a child each: reported at the same hour of five days; ME-1 and ME-2 are back."""
    for n in range(1, 6):
        told = {"subject": f"{AUTHORITY}/ME-{n}", "data": {"child": f"C{n}"}}
        api.post(event("reported", time=f"2026-03-0{n}T22:00:00Z", **told))
        if n <= 2:
            api.post(event("returned", time=f"2026-03-0{n}T23:00:00Z", **told))
    return catch_up()


def subjects(api, query=""):
    """Which episodes are listed."""
    return [
        item["subject"].rpartition("/")[2] for item in api.get(f"/v1/episodes{query}").get_json()["items"]
    ]


def test_episodes_in_the_order_of_their_starts(api, five):
    body = api.get("/v1/episodes").get_json()
    assert [item["subject"] for item in body["items"]] == [f"{AUTHORITY}/ME-{n}" for n in range(1, 6)]
    assert body["next"] is None
    assert body["complete_to"] == body["ledger_size"] == body["known_at"] == five
    assert body["items"][0]["child"] == {"scheme": AUTHORITY, "reference": "C1"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?open=true", ["ME-3", "ME-4", "ME-5"]),
        ("?open=false", ["ME-1", "ME-2"]),
        ("?standing=returned", ["ME-1", "ME-2"]),
        (f"?child={AUTHORITY}/C4", ["ME-4"]),
        (f"?child={AUTHORITY}/C9", []),
        (f"?authority={AUTHORITY}&open=true", ["ME-3", "ME-4", "ME-5"]),
        ("?authority=E10000014", []),
        ("?from=2026-03-04T00:00:00Z", ["ME-4", "ME-5"]),
        ("?to=2026-03-02T00:00:00Z", ["ME-1"]),
        ("?unmatched=true&standing=missing&limit=1", ["ME-3"]),
        ("?as_at=2026-03-01T22:30:00Z", ["ME-1"]),
        ("?as_at=2026-03-01T22:30:00Z&open=true", ["ME-1"]),
        ("?category=missing", []),
        ("?ended_from=2026-03-01T23:00:00Z&ended_to=2026-03-02T23:00:00Z", ["ME-1"]),
        ("?ended_from=2026-03-01T23:00:00.000001Z", ["ME-2"]),
        ("?ended_to=2027-01-01T00:00:00Z", ["ME-1", "ME-2"]),
        ("?ended_from=2026-03-01T00:00:00Z&as_at=2026-03-02T22:59:59Z", ["ME-1"]),
        ("?placement_type=foster", []),
    ],
)
def test_filters(api, five, query, found):
    assert subjects(api, query) == found


@pytest.mark.parametrize("query", ["?ended_from=2026-03-02T00:00:00Z", "?ended_to=2026-03-02T00:00:00Z", "?"])
def test_a_list_as_known_earlier_has_the_same_that_ended(api, five, query):
    assert subjects(api, f"{query}&known_at=position:{five}") == subjects(api, query)


def test_a_period_of_ends_that_is_the_wrong_way_round_is_refused(api, five):
    answer = api.get("/v1/episodes?ended_from=2026-03-02T00:00:00Z&ended_to=2026-03-01T00:00:00Z")
    assert answer.status_code == 400
    assert answer.get_json()["errors"][0]["pointer"] == "/ended_to"


def test_waiting_is_a_filter_and_a_member_at_every_instant_and_in_every_answer(api, five, catch_up):
    """The same in the list, in the answer about one, and in the list as known earlier."""
    one = {
        "subject": f"{AUTHORITY}/ME-2",
        "data": {"child": "C2", "recipient_role": "edt", "channel": "email"},
    }
    sent = api.post(event("notification-sent", time="2026-03-02T22:30:00Z", **one)).get_json()["position"]
    del one["data"]["channel"]
    api.post(event("notification-acknowledged", time="2026-03-04T22:30:00Z", **one))
    known = f"&known_at=position:{catch_up()}"
    for as_at, waits in (("02T22:29:59Z", False), ("04T22:29:59Z", True), ("04T22:30:00Z", False)):
        at = f"as_at=2026-03-{as_at}"
        single = api.get(f"/v1/episodes/{AUTHORITY}/ME-2?{at}").get_json()
        said = {key: single[key] for key in ("waiting", "told")}
        assert bool(said["waiting"]) is waits
        for known_at in ("", known):
            assert ("ME-2" in subjects(api, f"?waiting=true&{at}{known_at}")) is waits
            assert ("ME-2" in subjects(api, f"?waiting=false&{at}{known_at}")) is not waits
            items = api.get(f"/v1/episodes?{at}{known_at}").get_json()["items"]
            [listed] = [item for item in items if item["subject"].endswith("ME-2")]
            assert {key: listed[key] for key in said} == said
    when = {"earliest": "2026-03-02T22:30:00Z", "latest": "2026-03-02T22:30:00Z"}
    acknowledged = {"earliest": "2026-03-04T22:30:00Z", "latest": "2026-03-04T22:30:00Z"}
    message = {"role": "edt", "channel": "email", "position": sent}
    assert said == {"waiting": [], "told": [message | {"sent": when, "acknowledged": acknowledged}]}
    [before] = api.get(f"/v1/episodes?waiting=true&as_at=2026-03-03T00:00:00Z{known}").get_json()["items"]
    assert before["waiting"] == [message | {"kind": "notification", "since": when}]
    assert before["told"] == [message | {"sent": when}]


def test_pages_make_the_whole_list(api, five):
    seen, cursor = [], ""
    while cursor is not None:
        body = api.get(f"/v1/episodes?limit=2{cursor and '&cursor=' + cursor}").get_json()
        assert len(body["items"]) <= 2
        seen += [item["subject"] for item in body["items"]]
        cursor = body["next"]
    assert seen == [f"{AUTHORITY}/ME-{n}" for n in range(1, 6)]


def test_a_list_as_known_earlier(api, five):
    assert subjects(api, "?known_at=position:3") == ["ME-1"]
    assert api.get("/v1/episodes?known_at=position:3").get_json()["known_at"] == 3


def test_what_does_not_apply_is_listed_on_request(api, catch_up):
    for n in (1, 2, 3):
        told = {"subject": f"{AUTHORITY}/ME-{n}", "data": {"child": f"C{n}"}}
        category = "missing" if n == 2 else "away_without_authorisation"
        api.post(event("reported", **(told | {"data": told["data"] | {"category": category}})))
        api.post(event("returned", time="2026-03-01T23:00:00Z", **told))
    known = catch_up()
    path = "/v1/obligations?verdict=not_applicable&rule=return-interview-held&limit=1"
    first = api.get(path).get_json()
    rest = api.get(f"{path}&cursor={first['next']}").get_json()
    items = [*first["items"], *rest["items"]]
    assert [item["subject"].rpartition("/")[2] for item in items] == ["ME-1", "ME-3"]
    assert {item["verdict"] for item in items} == {"not_applicable"}
    assert [item["condition_failed"] for item in items] == [["ever_missing"]] * 2
    assert first["known_at"] == rest["known_at"] == known
    assert api.get(f"{path}&known_at=position:{known}").get_json()["items"] == first["items"]
    assert not [i for i in api.get("/v1/obligations").get_json()["items"] if i["verdict"] == "not_applicable"]


def test_what_is_overdue(api, five):
    body = api.get("/v1/obligations?verdict=overdue&rule=return-interview-held").get_json()
    assert [item["subject"].rpartition("/")[2] for item in body["items"]] == ["ME-2", "ME-1"]
    first = body["items"][0]
    assert (first["verdict"], first["rule"]) == ("overdue", "return-interview-held")
    assert first["child"] == {"scheme": AUTHORITY, "reference": "C2"}
    before = api.get("/v1/obligations?verdict=overdue&as_at=2026-03-02T00:00:00Z").get_json()
    assert before["items"] == []
    due = api.get(
        f"/v1/obligations?verdict=due&as_at=2026-03-02T00:00:00Z&authority={AUTHORITY}"
        "&due_before=2026-03-05T00:00:00Z&accountable=responsible_authority"
    )
    assert due.status_code == 200


def test_scope_is_kept_in_lists(api, sign_in, five, catch_up):
    police = sign_in("manager", namespace=POLICE)
    assert subjects(police) == []
    api.post(event("police-notified", time="2026-03-04T23:00:00Z", subject=f"{AUTHORITY}/ME-4",
                   data={"child": "C4", "force": POLICE}))  # fmt: skip
    catch_up()
    assert subjects(police) == ["ME-4"]
    items = police.get("/v1/obligations").get_json()["items"]
    assert [(item["rule"], item["accountable"]["holder"]) for item in items] == [
        ("police-risk-assessed", POLICE)
    ]


@pytest.mark.parametrize("role", ["recorder", "reader"])
def test_obligations_are_for_managers_and_auditors(sign_in, role):
    assert sign_in(role).get("/v1/obligations").status_code == 403


def test_a_list_that_is_behind_says_so_or_waits(api, dsn, five):
    position = api.post(event(subject=f"{AUTHORITY}/ME-6", data={"child": "C6"})).get_json()["position"]
    behind = api.get(f"/v1/episodes?position={position}")
    assert (behind.status_code, behind.get_json()["type"]) == (503, "/problems/behind")
    assert behind.headers["Retry-After"].isdigit()
    following = threading.Thread(target=Follower(dsn).catch_up)
    following.start()
    held = api.get(f"/v1/episodes?position={position}", Prefer="respond-async, wait=20")
    following.join()
    assert held.status_code == 200
    assert held.get_json()["complete_to"] >= position
    assert "ME-6" in [item["subject"].rpartition("/")[2] for item in held.get_json()["items"]]


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=501", "limit=x", "cursor=nonsense", "cursor=a b", "open=yes", "standing=lost",
     "child=C1", "authority=Kent", "from=2026-03-01", "verdict=overdue", "position=-1", "category=two%20words"],
)  # fmt: skip
def test_a_filter_that_cannot_be_meant_is_named(api, query):
    answer = api.get(f"/v1/episodes?{query}")
    assert (answer.status_code, answer.get_json()["type"]) == (400, "/problems/invalid-query")
    assert query.partition("=")[0] in answer.get_json()["detail"]


def test_a_cursor_is_of_one_question(api, five):
    cursor = api.get("/v1/episodes?limit=2").get_json()["next"]
    assert api.get(f"/v1/episodes?limit=2&open=true&cursor={cursor}").status_code == 400
    assert SUBJECT.partition("/")[2] not in cursor


def test_a_cursor_with_any_character_changed_is_refused(api, five):
    cursor = api.get("/v1/episodes?limit=2").get_json()["next"]
    assert api.get(f"/v1/episodes?limit=2&cursor={cursor}").status_code == 200
    others = [cursor[:n] + ("A" if was != "A" else "B") + cursor[n + 1 :] for n, was in enumerate(cursor)]
    others += [cursor[:n] + chr(ord(was) ^ 1) + cursor[n + 1 :] for n, was in enumerate(cursor)]
    answers = [api.get(f"/v1/episodes?limit=2&cursor={quote(other)}") for other in others]
    assert {(a.status_code, a.get_json()["type"]) for a in answers} == {(400, "/problems/invalid-query")}


@pytest.mark.parametrize(
    "forged",
    [{"after": [0, "a\0b"]}, {"after": [2**63, "a"]}, {"after": [[], "a"]}, {"after": []}, {"as_at": 2**62}],
)
def test_a_cursor_that_holds_what_no_key_can_is_refused(api, five, forged):
    made = api.get("/v1/episodes?limit=2").get_json()["next"]
    packed = urlsafe_b64decode(made + "=" * (-len(made) % 4))[:-4]
    held = msgspec.structs.replace(msgspec.msgpack.decode(packed, type=Cursor), **forged)
    assert api.get(f"/v1/episodes?limit=2&cursor={write(held)}").status_code == 400


@pytest.mark.parametrize(
    ("query", "right"),
    [
        ("episodes?category=mising", "away_without_authorisation"),
        ("episodes?placement_type=fostr", "foster"),
        ("episodes?standing=retruned", "returned"),
        ("obligations?verdict=over-due", "overdue"),
        ("obligations?rule=return-interview-hold", "return-interview-held"),
        ("obligations?accountable=responsible_authorty", "responsible_authority"),
    ],
)
def test_a_misspelt_filter_is_refused_with_what_would_be_right(api, five, query, right):
    answer = api.get(f"/v1/{query}")
    assert (answer.status_code, answer.get_json()["type"]) == (400, "/problems/invalid-query")
    name = query.partition("?")[2].partition("=")[0]
    [fault] = answer.get_json()["errors"]
    assert (fault["pointer"], name in answer.get_json()["detail"]) == (f"/{name}", True)
    assert right in fault["detail"]


@pytest.mark.parametrize(
    "query",
    ["episodes?category=absent", "episodes?category=not_known", "episodes?category=local:runaway",
     "episodes?placement_type=other", "episodes?placement_type=local:boat",
     f"obligations?accountable={POLICE}", "obligations?rule=return-interview-offered"],
)  # fmt: skip
def test_a_filter_that_can_be_meant_is_answered(api, five, query):
    assert api.get(f"/v1/{query}").status_code == 200


FIFTH = "2026-03-05T23:30:00Z"


@pytest.mark.parametrize(
    ("first", "then", "status"),
    [
        (f"as_at={FIFTH}", "", 200),
        (f"as_at={FIFTH}", f"as_at={FIFTH}", 200),
        (f"as_at={FIFTH}", "as_at=2026-03-05T23:30:00%2B00:00", 200),
        (f"as_at={FIFTH}", "as_at=2026-03-05T23:30:01Z", 400),
        ("", f"as_at={FIFTH}", 400),
        ("known_at=position:8", "", 200),
        ("known_at=position:8", "known_at=position:8", 200),
        ("known_at=position:8", "known_at=position:7", 400),
        ("known_at=position:9", "known_at=position:8", 400),
        ("known_at=position:99", "known_at=position:99", 200),
        ("", "known_at=position:8", 400),
    ],
)
def test_a_cursor_goes_on_at_the_times_it_was_made_with(api, five, first, then, status):
    cursor = api.get(f"/v1/episodes?limit=1{first and '&' + first}").get_json()["next"]
    second = api.get(f"/v1/episodes?limit=1&cursor={cursor}{then and '&' + then}")
    assert second.status_code == status
    if status == 200:
        third = f"/v1/episodes?limit=1&cursor={second.get_json()['next']}{then and '&' + then}"
        assert api.get(third).status_code == 200
    else:
        assert second.get_json()["type"] == "/problems/invalid-query"
