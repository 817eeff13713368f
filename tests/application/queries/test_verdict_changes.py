"""Which verdicts moved between two positions, and through which entries."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from application.projections.follower import Follower
from application.queries.lists import verdict_changes as changes
from domain.rules.rulebook import england
from tests.support.follower_faults import poison
from tests.support.http_client import AUTHORITY, event
from tests.support.projection_stories import POLICE, adopt

pytest_plugins = ["tests.support.http_fixtures"]

HELD, OFFERED = "return-interview-held", "return-interview-offered"
AS_AT = "as_at=2026-04-01T00:00:00Z"


def about(n: int, **data):
    """What an event of the nth episode is given: an episode and a child of its own."""
    return {"subject": f"{AUTHORITY}/ME-{n}", "data": {"child": f"C{n}"} | data}


@pytest.fixture
def back(api, recorded):
    """ME-1 to ME-4 were missing for an hour on 1 March; the position up to then."""
    for n in range(1, 5):
        api.post(event("reported", time="2026-03-01T21:00:00Z", **about(n)))
        api.post(event("returned", time="2026-03-01T22:00:00Z", **about(n)))
    return recorded()


def post(api, name: str, n: int, time: str, **data) -> int:
    """Record one more of the nth episode; its position."""
    answer = api.post(event(name, time=time, **about(n, **data)))
    assert answer.status_code == 201, answer.get_json()
    return answer.get_json()["position"]


def ask(api, start: int, end: int, query: str = AS_AT):
    """A page of changes."""
    answer = api.get(f"/v1/obligations/changes?from={start}&to={end}&{query}")
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()


def moved(body):
    """What moved, in short: episode, rule, before, after, positions."""
    return [
        (
            item["subject"].rpartition("/")[2],
            item["rule"],
            item.get("before"),
            item.get("after"),
            [entry["position"] for entry in item["entries"]],
        )
        for item in body["items"]
        if item["rule"] in {HELD, OFFERED}
    ]


def test_what_moved_and_through_which_entry(api, back):
    late = post(api, "interview-held", 2, "2026-03-09T10:00:00Z")
    post(api, "notification-sent", 3, "2026-03-09T10:00:00Z", recipient_role="ofsted")
    body = ask(api, back, late + 1)
    assert moved(body) == [
        ("ME-2", HELD, "overdue", "met_late", [late]),
        ("ME-2", OFFERED, "overdue", "met_late", [late]),
    ]
    first = body["items"][0]
    assert first["child"] == {"scheme": AUTHORITY, "reference": "C2"}
    assert first["trigger"] == back - 4
    assert first["entries"][0]["type"] == "missing-episode.interview-held.v1"
    assert (body["from"], body["to"], body["known_at"], body["complete_to"]) == (
        back,
        late + 1,
        late + 1,
        late + 1,
    )
    assert body["as_at"] == "2026-04-01T00:00:00Z"


def test_it_is_asked_as_at_an_instant(api, back):
    late = post(api, "interview-held", 2, "2026-03-09T10:00:00Z")
    assert moved(ask(api, back, late, "as_at=2026-03-08T00:00:00Z")) == []


def test_a_duty_that_there_was_not_before_has_no_before(api, back):
    first, end = back - 1, back
    assert moved(ask(api, first, end)) == [
        ("ME-4", HELD, None, "overdue", [end]),
        ("ME-4", OFFERED, None, "overdue", [end]),
    ]


def test_every_entry_that_moved_it_is_named_and_what_came_back_is_not_listed(api, back):
    late = post(api, "interview-held", 2, "2026-03-09T10:00:00Z")
    sent = event("interview-held", time="2026-03-03T10:00:00Z", **about(1))
    early = api.post(sent).get_json()["position"]
    target = {"source": sent["source"], "id": sent["id"]}
    gone = post(api, "retracted", 1, "2026-03-10T10:00:00Z", target=target)
    again = post(api, "interview-held", 1, "2026-03-09T10:00:00Z")
    assert moved(ask(api, back, gone)) == [
        ("ME-2", HELD, "overdue", "met_late", [late]),
        ("ME-2", OFFERED, "overdue", "met_late", [late]),
    ]
    assert moved(ask(api, back, again))[2:] == [
        ("ME-1", HELD, "overdue", "met_late", [early, gone, again]),
        ("ME-1", OFFERED, "overdue", "met_late", [early, gone, again]),
    ]


def test_an_entry_on_another_episode_is_named_where_it_moved_this_one(api, back):
    linked = post(api, "reported", 7, "2026-03-05T10:00:00Z", child="C1")
    covers = post(api, "interview-held", 7, "2026-03-09T10:00:00Z", child="C1", covers=[f"{AUTHORITY}/ME-1"])
    assert moved(ask(api, linked, covers)) == [
        ("ME-1", HELD, "overdue", "met_late", [covers]),
        ("ME-1", OFFERED, "overdue", "met_late", [covers]),
    ]


def test_a_rulebook_adopted_meanwhile_moves_verdicts_of_whom_nothing_was_recorded(
    api, ledger, back, recorded
):
    text = england().text.replace('version = "', 'version = "x', 1)
    assert text.count("limit = { hours = 72 }") > 1
    adopt(ledger, text.replace("limit = { hours = 72 }", "limit = { hours = 2400 }"))
    body = ask(api, back, recorded())
    assert moved(body) == [
        (f"ME-{n}", rule, "overdue", "due", [back + 1]) for n in range(1, 5) for rule in (HELD, OFFERED)
    ]
    assert body["items"][0]["entries"][0]["type"] == "ledger.rulebook-adopted.v1"


def test_nobody_else_is_read(api, ledger, back, recorded):
    poison(ledger, f"{AUTHORITY}/ME-9", "C9")
    start = recorded()
    late = post(api, "interview-held", 2, "2026-03-09T10:00:00Z")
    assert "not_assessable" not in ask(api, start, late)
    body = ask(api, back, late)
    assert body["rulebook"]["id"] == "england"
    assert body["not_assessable"] == 1  # said, not passed over
    assert body["set_aside"] == [f"{AUTHORITY}/ME-9"]
    assert [item[0] for item in moved(body)] == ["ME-2", "ME-2"]


def test_scope_is_kept(api, sign_in, back):
    late = post(api, "interview-held", 2, "2026-03-09T10:00:00Z")
    police = sign_in("auditor", namespace=POLICE)
    assert ask(police, back, late)["items"] == []
    named = post(api, "police-notified", 2, "2026-03-01T22:30:00Z", force=POLICE)
    assert [item[0] for item in moved(ask(police, back, named))] == ["ME-2", "ME-2"]
    assert ask(police, 0, named)["next"] is None


@pytest.mark.parametrize(("limit", "most"), [(1, 20_000), (3, 20_000), (500, 1)])
def test_pages_make_the_whole_list(api, back, monkeypatch, limit, most):
    whole = [item["entries"] for item in ask(api, 0, back, f"{AS_AT}&limit=500")["items"]]
    monkeypatch.setattr(changes, "MOST", most)
    seen, following, pages = [], "", 0
    while following is not None:
        body = ask(api, 0, back, f"limit={limit}" + (f"&cursor={following}" if following else f"&{AS_AT}"))
        assert body["as_at"] == "2026-04-01T00:00:00Z"  # the first page's
        assert len(body["items"]) <= limit
        seen += [item["entries"] for item in body["items"]]
        following, pages = body["next"], pages + 1
    assert seen == whole
    assert pages > 3


def test_a_cursor_goes_with_its_question(api, back):
    following = ask(api, 0, back, "limit=1")["next"]
    for query in (f"from=1&to={back}", f"from=0&to={back}&as_at=2026-03-02T00:00:00Z"):
        answer = api.get(f"/v1/obligations/changes?{query}&cursor={following}")
        assert (answer.status_code, answer.get_json()["type"]) == (400, "/problems/invalid-query")


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("from=5&to=3", "from must not be after to"),
        ("from=1", "to is needed"),
        ("to=1", "from is needed"),
        ("from=1&to=999999", "is past the last entry, which is entry"),
        ("from=1&to=2026-03-01T00:00:00Z", "to must be a position"),
        ("from=-1&to=2", "from must be a position"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_sentence(api, back, query, says):
    answer = api.get(f"/v1/obligations/changes?{query}")
    assert (answer.status_code, answer.get_json()["type"]) == (400, "/problems/invalid-query")
    assert says in answer.get_json()["detail"]


def test_positions_may_be_said_as_elsewhere(api, back):
    said = ask(api, f"position:{back - 1}", quote(f"position:{back}"))
    assert moved(said) == moved(ask(api, back - 1, back))


def test_whose_verdicts_were_shown_is_in_the_access_log(api, ledger, back):
    ask(api, back - 1, back)
    [line] = ledger.database.rows(
        "select convert_from(line, 'UTF8') from ledger.access_entries order by position desc limit 1"
    )
    assert '"route":"/v1/obligations/changes"' in line[0]
    assert f'"positions":[{back}]' in line[0]


def test_readers_may_not(sign_in, back):
    assert sign_in("reader").get(f"/v1/obligations/changes?from=0&to={back}").status_code == 403


def test_it_agrees_with_the_lists_of_both_positions(api, dsn, back):
    late = post(api, "interview-held", 2, "2026-03-09T10:00:00Z")
    Follower(dsn).catch_up()
    listed = [
        {
            (item["subject"], item["rule"], item["trigger"]): item["verdict"]
            for item in api.get(f"/v1/obligations?known_at=position:{at}&limit=500&{AS_AT}").get_json()[
                "items"
            ]
        }
        for at in (back, late)
    ]
    differ = {key: tuple(each.get(key) for each in listed) for key in listed[0] | listed[1]}
    said = {
        (item["subject"], item["rule"], item["trigger"]): (item.get("before"), item.get("after"))
        for item in ask(api, back, late)["items"]
    }
    assert said == {key: both for key, both in differ.items() if both[0] != both[1]}
