"""Access follows the facts that are effective now: who may see, post and open what, at any `known_at` (events.md 3)."""

from __future__ import annotations

import psycopg
import pytest

from application.projections.follower import Follower
from tests.support.http_client import AUTHORITY, SUBJECT, event

pytest_plugins = ["tests.support.http_fixtures"]

POLICE, HOST, PROVIDER, HOME = "E23000014", "E09000001", "ORG-TALK", "ORG-OAK"
EPISODE = f"/v1/episodes/{SUBJECT}"
NOTE = "the secret of the note"


@pytest.fixture
def as_of(sign_in):
    """A credential of one organisation, with the roles and what else is given."""

    def as_of(namespace, *roles, **given):
        return sign_in(*(roles or ("recorder", "reader")), namespace=namespace, **given)

    return as_of


def target(posted):
    """How one event points at another."""
    return {"target": {"source": posted["source"], "id": posted["id"]}}


def said(api, name, **attributes):
    """Post an event that must be recorded; the event."""
    data = attributes.pop("data", None)
    sent = event(name, data=data, **attributes)
    answer = api.post(sent)
    assert answer.status_code == 201, answer.text
    return sent | {"position": answer.get_json()["position"]}


@pytest.mark.parametrize("how", ["retracted", "corrected"])
def test_access_ends_with_the_fact_that_gave_it_at_every_known_at(api, as_of, how):
    said(api, "reported")
    naming = said(api, "police-notified", data={"force": POLICE})
    police = as_of(POLICE)
    known_then = f"{EPISODE}?known_at=position:{naming['position']}"
    assert {police.get(path).status_code for path in (EPISODE, known_then)} == {200}
    assert police.post(event()).status_code == 201
    changes = {"changes": {"data": {"force": "E23000015"}}} if how == "corrected" else {}
    said(api, how, data=target(naming) | changes)
    assert {police.get(path).status_code for path in (EPISODE, known_then)} == {404}
    assert police.post(event()).status_code == 403


def test_a_list_shows_nothing_that_its_reader_lost_though_the_tables_do_not_know_it_yet(api, as_of, dsn):
    said(api, "reported", data={"category": "missing"})
    naming = said(api, "police-notified", data={"force": POLICE})
    Follower(dsn).catch_up()
    police = as_of(POLICE, "reader", "manager")
    lists = ("/v1/episodes", "/v1/obligations", "/v1/quality", "/v1/quality/sources")
    measure = "/v1/measures?measure=missing-episodes&from=2026-01-01T00:00:00Z"
    assert len(police.get("/v1/episodes").get_json()["items"]) == 1
    assert police.get(measure).get_json()["items"][0]["numerator"] == 1
    said(api, "retracted", data=target(naming))
    assert [police.get(path).get_json()["items"] for path in lists] == [[]] * len(lists)
    assert police.get(measure).get_json()["items"][0]["numerator"] == 0
    Follower(dsn).catch_up()
    assert police.get("/v1/episodes").get_json()["items"] == []
    position = f"known_at=position:{naming['position']}"
    assert police.get(f"/v1/episodes?{position}").get_json()["items"] == []
    assert police.get(f"{measure}&{position}").get_json()["items"][0]["numerator"] == 0


def test_who_is_named_later_sees_what_was_known_before(api, as_of):
    first = said(api, "reported", data={"category": "missing"})
    said(api, "police-notified", data={"force": POLICE})
    past = as_of(POLICE).get(f"/v1/episodes?known_at=position:{first['position']}").get_json()
    assert [item["subject"] for item in past["items"]] == [SUBJECT]


def test_a_retraction_of_somebody_not_entitled_takes_no_access_away(api, as_of):
    said(api, "reported", data={"setting": {"host_authority": HOST}})
    naming = said(api, "police-notified", data={"force": POLICE})
    said(as_of(HOST), "retracted", source="urn:x:host", data=target(naming))
    assert as_of(POLICE).get(EPISODE).status_code == 200


def test_a_provider_and_a_force_that_are_named_let_nobody_in(api, as_of):
    said(api, "police-notified", data={"force": POLICE})
    said(api, "interview-allocated", data={"provider": PROVIDER})
    said(as_of(POLICE), "profile-recorded", data={"setting": {"host_authority": HOST}})
    said(as_of(PROVIDER), "interview-requested", data={"provider": "ORG-FRIEND"})
    assert as_of(HOST).get(EPISODE).status_code == 404
    assert as_of("ORG-FRIEND").get(EPISODE).status_code == 404
    said(api, "profile-recorded", data={"setting": {"host_authority": HOST}})
    assert as_of(HOST).get(EPISODE).status_code == 200


def test_an_authority_that_is_named_names_others_until_it_is_not_named_any_more(api, as_of):
    naming = said(api, "reported", data={"setting": {"host_authority": HOST}})
    said(as_of(HOST), "police-notified", data={"force": POLICE})
    assert as_of(POLICE).get(EPISODE).status_code == 200
    said(api, "retracted", data=target(naming))
    assert as_of(POLICE).get(EPISODE).status_code == 404


def opened(reader, position, known_at=None):
    """The note of an entry as a reader sees it, and what is withheld of it."""
    query = "" if known_at is None else f"?known_at=position:{known_at}"
    items = reader.get(f"{EPISODE}/history{query}").get_json()["items"]
    item = next(i for i in items if i["position"] == position)
    return item["event"]["data"].get("note"), item["withheld"]


WITHHELD, SHOWN = (None, ["note"]), (NOTE, [])


@pytest.mark.parametrize(
    "undo",
    [
        {"name": "corrected", "changes": {"data": {"handling": "restricted"}}},
        {"name": "corrected", "changes": {"data": {"note": None}}},
        {"name": "retracted"},
    ],
)
def test_what_is_tightened_removed_or_retracted_is_withheld_at_every_known_at(api, as_of, undo):
    said(api, "police-notified", data={"force": POLICE})
    note = said(api, "returned", data={"note": NOTE})
    assert opened(as_of(POLICE, "manager"), note["position"]) == SHOWN
    name = undo.pop("name")
    said(api, name, data=target(note) | undo)
    for known_at in (None, note["position"]):
        for roles in (("reader",), ("manager",), ("auditor",)):
            assert opened(as_of(POLICE, *roles), note["position"], known_at) == WITHHELD
        assert opened(as_of(AUTHORITY, "reader"), note["position"], known_at) == SHOWN
        inspector = as_of("ORG-INSPECTS", "auditor", authorities=[AUTHORITY])
        assert opened(inspector, note["position"], known_at) == SHOWN


def test_a_correction_tells_no_more_than_what_it_corrects(api, as_of):
    said(api, "police-notified", data={"force": POLICE})
    note = said(api, "returned", data={"note": "first", "handling": "restricted"})
    change = said(api, "corrected", data=target(note) | {"changes": {"data": {"note": NOTE}}})
    items = as_of(POLICE, "reader").get(f"{EPISODE}/history").get_json()["items"]
    assert NOTE not in str(items)
    assert next(i for i in items if i["position"] == change["position"])["withheld"] == ["changes/data/note"]


def test_loosening_opens_where_the_source_says_so_and_nowhere_else(api, as_of):
    said(api, "police-notified", data={"force": POLICE})
    note = said(api, "returned", data={"note": NOTE, "handling": "restricted"})
    loosen = target(note) | {"changes": {"data": {"handling": "normal"}}}
    said(as_of(POLICE), "corrected", source="urn:x:police", data=loosen)
    assert opened(as_of(POLICE, "reader"), note["position"]) == WITHHELD
    said(api, "corrected", data=loosen)
    assert opened(as_of(POLICE, "reader"), note["position"]) == SHOWN


@pytest.mark.parametrize("handling", ["restricted", "police_only"])
@pytest.mark.parametrize("role", ["reader", "manager", "auditor", "administrator"])
def test_a_credential_without_an_organisation_opens_nothing_sealed(api, sign_in, handling, role):
    note = said(api, "returned", data={"note": NOTE, "handling": handling})
    assert opened(sign_in(role, authorities=[AUTHORITY]), note["position"]) == WITHHELD


def test_scope_is_asked_before_anything_is_read(api, as_of, monkeypatch):
    said(api, "reported")
    other, asked = as_of("E10000014", "reader", "manager", "auditor"), []
    execute = psycopg.Cursor.execute

    def noted(cursor, query, *given, **how):
        asked.append(str(query))
        return execute(cursor, query, *given, **how)

    monkeypatch.setattr(psycopg.Cursor, "execute", noted)
    paths = [
        "/v1/episodes/{}", "/v1/episodes/{}/history", "/v1/episodes/{}/timeline", "/v1/children/{}",
        "/v1/children/{}/access", "/v1/episodes?child={}", "/v1/quality?child={}",
    ]  # fmt: skip
    for path in paths:
        seen = []
        for name in ("ME-1", "ME-2") if "episodes/" in path else ("C1", "C2"):
            other.get(path.format(f"{AUTHORITY}/missing"))
            asked.clear()
            answer = other.get(path.format(f"{AUTHORITY}/{name}"))
            body = {k: v for k, v in answer.get_json().items() if k not in {"instance", "as_at"}}
            seen.append((answer.status_code, body, list(asked)))
        assert seen[0] == seen[1], path
        if "?" not in path:
            assert not any("ledger.entries" in statement for statement in seen[0][2]), path


def test_the_refusal_of_a_time_before_anything_names_no_time_and_knows_the_scope(api, as_of, dsn):
    said(api, "reported", data={"category": "missing"})
    Follower(dsn).catch_up()
    early = "/v1/episodes?as_at=2001-01-01T00:00:00Z"
    assert api.get(early).status_code == 400
    assert "2026" not in api.get(early).text
    assert as_of("E10000014", "reader").get(early).status_code == 200


def test_an_overlap_that_a_reader_may_not_see_is_not_said(api, as_of):
    shared = {"child": {"scheme": AUTHORITY, "reference": "C1"}, "category": "missing"}
    said(api, "reported", data={"category": "missing"})
    mine = f"{HOME}/1"
    said(as_of(HOME), "reported", subject=mine, data=shared)
    assert "overlaps_episode" in str(api.get(f"/v1/episodes/{mine}").get_json())
    assert "overlaps_episode" not in str(as_of(HOME).get(f"/v1/episodes/{mine}").get_json())


def test_a_source_counts_only_what_its_reader_may_see(api, as_of, dsn):
    for subject in (SUBJECT, f"{AUTHORITY}/ME-2", f"{HOME}/1"):
        said(api, "reported", subject=subject)
    Follower(dsn).catch_up()
    [source] = as_of(HOME, "manager").get("/v1/quality/sources").get_json()["items"]
    assert (source["entries"], source["of_last"]) == (1, 1)
    [source] = api.get("/v1/quality/sources").get_json()["items"]
    assert source["entries"] == 3
