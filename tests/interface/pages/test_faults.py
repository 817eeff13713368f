"""Faults of ours, trouble of the database, and anything at all in an address: a page in words, and nobody dropped."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from application.projections.follower import Follower
from tests.support.follower_faults import heal, poison
from tests.support.http_client import AUTHORITY, SUBJECT, event

pytest_plugins = ["tests.support.pages_fixtures"]

PARAMETERS = ("as_at", "known_at", "once", "limit", "cursor", "open", "x")
ODD = st.text(max_size=30) | st.sampled_from(
    ["", "\0", "position:1", "position:99999999999999999999", "2026-03-01T00:00:00Z", "2199-12-31T23:59:59Z",
     "1900-01-01T00:00:00Z", "'--", "%s", "..", "{}", "<b>"]
)  # fmt: skip
"""Values as nobody types them."""


def test_an_episode_that_cannot_be_assessed_is_counted_and_never_dropped(duty_manager, api, ledger, dsn):
    assert api.post(event("reported", SUBJECT, {"child": "C-1", "category": "missing"})).status_code == 201
    Follower(dsn).catch_up()
    poison(ledger, SUBJECT, "C-1")
    poison(ledger, f"{AUTHORITY}/ME-2", "C-2")
    Follower(dsn).catch_up()
    page = duty_manager.page()
    assert "2 cannot be worked out" in page.text
    assert page.subjects == [SUBJECT]
    assert page.counts["#lost"] == 1
    assert "This episode cannot be worked out, by a fault of ours. Ring." in page.text
    heal(dsn)
    for child, subject in (("C-1", SUBJECT), ("C-2", f"{AUTHORITY}/ME-2")):
        assert api.post(event("sighting-reported", subject, {"child": child})).status_code == 201
    Follower(dsn).catch_up()
    healed = duty_manager.page()
    assert "cannot be worked out" not in healed.text
    assert len(healed.subjects) == 2


def test_the_story_of_an_episode_that_cannot_be_read_says_so_and_nothing_of_the_fault(duty_manager, ledger):
    poison(ledger, SUBJECT, "C-1")
    answer = duty_manager.get(f"/pages/episodes/{SUBJECT}")
    assert answer.status_code == 500
    assert "A fault of ours" in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.slow
def test_without_its_database_a_page_says_to_ring_and_comes_back(duty_manager, postgres):
    postgres.stop()
    try:
        answer = duty_manager.get("/pages")
    finally:
        postgres.start()
    assert answer.status_code == 503
    assert "does not answer" in answer.text
    assert "Not back" not in answer.text
    assert duty_manager.get("/pages").status_code == 200


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    path=st.sampled_from(
        ["/pages", f"/pages/episodes/{SUBJECT}", "/pages/sign-in", "/pages/me", "/pages/purpose"]
    ),
    query=st.dictionaries(st.sampled_from(PARAMETERS), ODD, max_size=3),
)
def test_no_query_makes_a_fault(duty_manager, path, query):
    answer = duty_manager.client.get(path, query_string=query, headers={"Accept": "text/html"})
    assert answer.status_code in {200, 400, 401, 404}, (path, query)
    assert "Traceback" not in answer.text


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    path=st.sampled_from(["/pages/sign-in", "/pages/purpose", "/pages/sign-out"]),
    form=st.dictionaries(st.sampled_from(["once", "person", "purpose", "form_token"]), ODD, max_size=4),
)
def test_no_form_makes_a_fault(duty_manager, path, form):
    assert duty_manager.post(path, form).status_code in {400, 401, 403}, (path, form)
    assert duty_manager.get("/pages").status_code == 200


@pytest.mark.parametrize("body", [b"\xff\xfe", b"a" * 100_000, b"person=%FF%FE", b"%", b"=&=&"])
def test_no_body_makes_a_fault(duty_manager, body):
    for kind in (
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/json",
        "text/plain",
    ):
        answer = duty_manager.client.post(
            "/pages/sign-in", data=body, content_type=kind, headers={"Sec-Fetch-Site": "same-origin"}
        )
        assert answer.status_code in {400, 401}
