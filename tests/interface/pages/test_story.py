"""The story of an episode over HTTP: what it shows to whom, as known when, recorded once."""

from __future__ import annotations

import re

import pytest

from tests.support.http_client import AUTHORITY, SUBJECT, event
from tests.support.pages_client import Page

pytest_plugins = ["tests.support.pages_fixtures"]

STORY = f"/pages/episodes/{SUBJECT}"
CANARY = "the-canary of the police"
FORCE = "E23999001"


@pytest.fixture
def told(api, sign_in):
    """An episode of four entries: reported, told to the police, seen by them as only the police may read, and back."""
    police = sign_in("recorder", namespace=FORCE)

    def post(by, name, time, **data):
        answer = by.post(event(name, time=f"2026-03-{time}:00:00Z", data=data))
        assert answer.status_code == 201, answer.text
        return answer.get_json()["position"]

    return [
        post(api, "reported", "01T20", category="missing", note="an ordinary note"),
        post(api, "police-notified", "01T21", force=FORCE),
        post(police, "sighting-reported", "01T22", handling="police_only", note=CANARY),
        post(api, "returned", "02T08"),
    ]


def test_it_says_where_the_episode_stands_its_duties_and_what_was_said(duty_manager, told):
    page = duty_manager.page(STORY)
    for title in ("Reported", "Police notified", "Sighting reported", "Returned"):
        assert title in page.text
    assert "Recorded as back" in page.text
    assert "Standing: missing → returned" in page.text
    assert "Answers for it: responsible authority" in page.text
    assert {f"entry-{position}" for position in told} <= set(page.ids)


def test_every_duty_has_its_verdict_and_sentence_as_the_interface_for_programs_has_them(
    duty_manager, told, sign_in
):
    html = duty_manager.get(STORY).text
    timeline = sign_in("manager", namespace=AUTHORITY).get(f"/v1/episodes/{SUBJECT}/timeline").get_json()
    assert sorted(re.findall(r'data-verdict="(\w+)"', html)) == sorted(
        d["verdict"] for d in timeline["obligations"]
    )
    said = Page(html).text
    assert timeline["obligations"]
    for duty in timeline["obligations"]:
        assert re.sub(r"\s+", " ", duty["explanation"]) in said


def test_links_to_entries_lead_to_entries_of_the_page(duty_manager, told):
    page = duty_manager.page(STORY)
    inside = [link for link in page.links if link.startswith("#entry-")]
    assert inside
    assert {link[1:] for link in inside} <= set(page.ids)


def test_one_view_is_one_entry_with_the_pages_own_route(duty_manager, told, sign_in):
    duty_manager.page(STORY)
    entries = (
        sign_in("auditor", purpose="audit").get(f"/v1/children/{AUTHORITY}/C1/access").get_json()["items"]
    )
    assert [(e["route"], e["principal"], e["status"]) for e in entries] == [
        ("/pages/episodes/{namespace}/{reference}", "p_trial_1", 200)
    ]


@pytest.mark.parametrize("person", [f"p_trial_{n}" for n in range(1, 9)])
def test_what_only_the_police_may_see_is_shown_to_the_police_only(browser, told, person):
    answer = browser().sign_in(person).get(STORY)
    if person == "p_trial_8":  # the force that the episode names
        assert CANARY in answer.text
    else:
        assert CANARY not in answer.text + str(answer.headers)
        assert ("withheld, not for your role" in answer.text) == (answer.status_code == 200)


@pytest.mark.parametrize("path", ["E08000025/none", "E10000001/ME-9", "E08000025/..", "x/%00"])
def test_not_there_and_not_yours_are_one_sentence(duty_manager, api, path):
    api.post(event("reported", "E10000001/ME-9", {"child": "X"}))
    answer = duty_manager.get(f"/pages/episodes/{path}")
    assert answer.status_code == 404
    assert "There is no such page or episode, or it is not yours to see." in answer.text


def test_a_past_page_shows_what_was_known_then_and_the_way_back(duty_manager, told):
    page = duty_manager.page(STORY)
    [first] = [link for link in page.links if f"known_at=position:{told[0]}&" in link]
    past = duty_manager.page(first)
    assert [each for each in past.ids if each.startswith("entry-")] == [f"entry-{told[0]}"]
    assert f"What the ledger had been told by entry {told[0]}, of how things stood on" in past.text
    assert STORY in past.links
    assert "had been told by" not in page.text


def test_before_it_began_nothing_was_recorded(duty_manager, told):
    assert (
        "Nothing was recorded for that time." in duty_manager.page(f"{STORY}?as_at=2026-01-01T00:00:00Z").text
    )


@pytest.mark.parametrize(
    "query", ["as_at=x", "known_at=position:-1", "as_at=1999-01-01", "rulebook=x", "as_at=%00"]
)
def test_a_time_that_is_none_is_a_page_in_words(duty_manager, told, query):
    answer = duty_manager.get(f"{STORY}?{query}")
    assert answer.status_code == 400
    assert "The address is not right" in answer.text


def test_a_note_is_shown_as_it_was_written_and_never_as_html(duty_manager, api):
    api.post(event("reported", data={"note": "<script>alert(1)</script> & more"}))
    html = duty_manager.get(STORY).text
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in html


@pytest.mark.parametrize("path", [STORY, "/pages", "/pages/me", "/pages/purpose"])
def test_no_code_stands_in_what_is_said(duty_manager, told, path):
    said = duty_manager.page(path).text
    for word in re.findall(r"\S+", said):
        assert "_" not in word, word
        assert not re.fullmatch(r"\W*([EWNS]\d{8}|URN-\S+|ORG-\S+|missing-episode\.\S+|/v1/\S*)\W*", word), (
            word
        )
