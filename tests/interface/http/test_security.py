"""Who may do what, and what every answer carries (design.md 7, contract.md 1)."""

from __future__ import annotations

import logging

import pytest

from interface.http.app import create_app
from interface.http.build_services import wire
from interface.http.contract.operation import Operation, operation_of
from interface.http.guards.rate_limit import Limiter
from interface.settings import Limits, Settings
from tests.support.http_client import AUTHORITY, SUBJECT, Api, event

pytest_plugins = ["tests.support.http_fixtures"]

OPEN = {"/v1/schemas", "/v1/schemas/<type_>", "/openapi.json", "/docs", "/livez", "/readyz"}
OPEN_PAGES = {"/", "/pages/sign-in", "/pages/<path:_>", "/static/pages/<digest>/<name>"}
POLICE = "E23000014"


def type_of(answer):
    """The problem's type."""
    assert answer.mimetype == "application/problem+json"
    body = answer.get_json()
    assert body["status"] == answer.status_code
    assert {"type", "title", "status", "instance"} <= body.keys()
    return body["type"]


def test_every_route_has_an_access_decision(app):
    for rule in app.url_map.iter_rules():
        operation = operation_of(app.view_functions[rule.endpoint])
        assert isinstance(operation, Operation), rule.rule
        is_open = OPEN_PAGES if operation.for_people else OPEN
        assert (operation.roles is None) == (rule.rule in is_open), rule.rule


def test_a_route_without_a_decision_is_answered_by_nobody(app, api):
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    answer = api.get("/forgotten")
    assert type_of(answer) == "/problems/forbidden"


@pytest.mark.parametrize(
    "header", [None, "Basic abc", "Bearer", "Bearer ", "Bearer wrong", "wrong", "Bearer \xff"]
)
def test_without_a_good_token_nothing_is_answered(app, recorded, header):
    before = recorded()
    headers = {} if header is None else {"Authorization": header}
    answer = app.test_client().post("/v1/events", json=event(), headers=headers)
    assert (answer.status_code, type_of(answer)) == (401, "/problems/unauthenticated")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert recorded() == before


def test_a_revoked_token_is_no_token(app, credentials):
    credential, token = credentials.new(["reader"])
    credentials.revoke(credential.id)
    assert Api(app.test_client(), token).get("/metrics").status_code == 401


@pytest.mark.parametrize("role", ["reader", "manager", "auditor", "administrator"])
def test_only_a_recorder_records(sign_in, recorded, role):
    before = recorded()
    answer = sign_in(role).post(event())
    assert (answer.status_code, type_of(answer)) == (403, "/problems/forbidden")
    assert "role" in answer.get_json()["detail"]
    assert recorded() == before


def test_a_recorder_reads_nothing(sign_in):
    recorder = sign_in("recorder")
    recorder.post(event())
    assert recorder.get(f"/v1/episodes/{SUBJECT}").status_code == 403


@pytest.mark.parametrize("role", ["reader", "manager", "auditor", "administrator"])
def test_every_other_role_reads_an_episode(api, sign_in, role):
    api.post(event())
    assert sign_in(role).get(f"/v1/episodes/{SUBJECT}").status_code == 200


def test_a_token_posts_for_its_own_namespace(sign_in, recorded):
    own = sign_in("recorder", namespace=AUTHORITY)
    assert own.post(event()).status_code == 201
    before = recorded()
    answer = own.post(event(subject=f"{POLICE}/X"))
    assert (answer.status_code, type_of(answer)) == (403, "/problems/forbidden")
    assert "another organisation" in answer.get_json()["detail"]
    assert recorded() == before


def test_a_token_posts_for_the_sources_that_it_lists(sign_in, recorded):
    one = sign_in("recorder", sources=["urn:x:lcs"])
    assert one.post(event()).status_code == 201
    before = recorded()
    answer = one.post(event(source="urn:x:other"))
    assert (answer.status_code, type_of(answer)) == (403, "/problems/forbidden")
    assert answer.get_json()["errors"][0]["pointer"] == "/source"
    assert recorded() == before


def test_who_is_named_on_an_episode_may_post_and_read_it(api, sign_in):
    police = sign_in("recorder", "reader", namespace=POLICE)
    api.post(event("reported"))
    assert police.post(event()).status_code == 403
    assert police.get(f"/v1/episodes/{SUBJECT}").status_code == 404
    api.post(event("police-notified", data={"force": POLICE}))
    assert police.post(event()).status_code == 201
    assert police.get(f"/v1/episodes/{SUBJECT}").status_code == 200


def test_out_of_scope_is_not_found_as_if_it_were_not_there(api, sign_in):
    api.post(event())
    other = sign_in("reader", namespace="E10000014")
    hidden, nothing = other.get(f"/v1/episodes/{SUBJECT}"), other.get(f"/v1/episodes/{AUTHORITY}/ME-2")
    assert type_of(hidden) == type_of(nothing) == "/problems/not-found"
    assert {**hidden.get_json(), "instance": ""} == {**nothing.get_json(), "instance": ""}
    for rest in ("/history", "/timeline"):
        assert other.get(f"/v1/episodes/{SUBJECT}{rest}").status_code == 404
    assert other.get(f"/v1/children/{AUTHORITY}/C1").status_code == 404


def test_an_administrator_of_one_organisation_stays_in_it(api, sign_in):
    api.post(event())
    assert sign_in("administrator", namespace=AUTHORITY).get(f"/v1/episodes/{SUBJECT}").status_code == 200
    assert sign_in("administrator", namespace="E10000014").get(f"/v1/episodes/{SUBJECT}").status_code == 404
    assert (
        sign_in("administrator", authorities=["E10000014"]).get(f"/v1/episodes/{SUBJECT}").status_code == 404
    )


def test_authorities_widen_what_is_seen(api, sign_in):
    api.post(event())
    reader = sign_in("reader", namespace="ORG-HOMES", authorities=[AUTHORITY])
    assert reader.get(f"/v1/episodes/{SUBJECT}").status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status", "reason"),
    [
        ("GET", "/nowhere", 404, "not-found"),
        ("GET", "/v1/events", 405, "method-not-allowed"),
        ("DELETE", f"/v1/episodes/{SUBJECT}", 405, "method-not-allowed"),
        ("OPTIONS", "/v1/events", 405, "method-not-allowed"),
        ("GET", "/v1/schemas/missing-episode.vanished.v1", 404, "not-found"),
        ("GET", f"/v1/episodes/{AUTHORITY}/ME%2F2", 404, "not-found"),
    ],
)
def test_every_error_is_a_problem(api, method, path, status, reason):
    answer = api.client.open(path, method=method, headers=api.headers)
    assert (answer.status_code, type_of(answer)) == (status, f"/problems/{reason}")
    assert ("Allow" in answer.headers) == (status == 405)


def test_an_unforeseen_error_says_nothing_of_itself(app, api, caplog):
    @Operation(summary="", roles=None)
    def broken():
        raise RuntimeError("Jonathan")

    app.add_url_rule("/broken", "broken", broken)
    answer = api.get("/broken")
    assert (answer.status_code, type_of(answer)) == (500, "/problems/internal")
    assert b"Jonathan" not in answer.data
    assert "Jonathan" not in caplog.text
    assert "RuntimeError" in caplog.text


@pytest.mark.parametrize("path", ["/livez", f"/v1/episodes/{SUBJECT}", "/nowhere", "/metrics"])
def test_every_answer_has_strict_headers(api, path):
    api.post(event())
    headers = api.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert headers["Referrer-Policy"] == "no-referrer"
    assert {"no-store", "no-cache"} & set(headers["Cache-Control"].replace(",", " ").split())


def test_the_log_names_routes_and_never_what_was_asked(api, caplog):
    caplog.set_level(logging.INFO, logger="ledger.access")
    answer = api.get(f"/v1/episodes/{SUBJECT}?as_at=2026-03-01T00:00:00Z")
    assert "/v1/episodes/<namespace>/<reference> 404" in caplog.text
    assert answer.headers["Correlation-Id"] in caplog.text
    assert "ME-1" not in caplog.text
    assert "2026-03-01" not in caplog.text


def test_metrics_are_the_administrators_and_name_routes_only(api, sign_in):
    api.post(event())
    api.post(event(data={"child": "C2"}))
    api.get(f"/v1/episodes/{SUBJECT}")
    assert api.get("/metrics").status_code == 403
    text = sign_in("administrator").get("/metrics").get_data(as_text=True)
    assert 'ledger_events_total{outcome="recorded"} 1.0' in text
    assert 'ledger_events_total{outcome="child-differs"} 1.0' in text
    assert 'route="/v1/episodes/<namespace>/<reference>"' in text
    assert "ME-1" not in text


def test_a_credential_that_asks_too_often_waits(ledger, credentials):
    app = create_app(wire(ledger, Settings(limits=Limits(requests_per_second=1))))
    _, token = credentials.new(["administrator"])
    _, other = credentials.new(["administrator"])
    answers = [Api(app.test_client(), token).get("/metrics") for _ in range(20)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert type_of(refused[0]) == "/problems/rate-limited"
    assert refused[0].headers["Retry-After"].isdigit()
    assert Api(app.test_client(), other).get("/metrics").status_code == 200


def test_the_limiter_gives_back_with_time():
    now = [0.0]
    limiter = Limiter(2, lambda: now[0])
    assert [limiter.passes("a") for _ in range(5)] == [True] * 4 + [False]
    assert limiter.passes("b")
    now[0] = 0.5
    assert [limiter.passes("a"), limiter.passes("a")] == [True, False]
    assert all(Limiter(0).passes("a") for _ in range(100))
