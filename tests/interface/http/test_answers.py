"""No answer differs from what the document says: of every route, a real answer goes through its schema.

The application under test does that to each of its answers (tests/support/strict_answers.py). Here every route is
asked, and every example of the document is held against the same schemas.
"""

from __future__ import annotations

import pytest

from application.projections.follower import Follower
from interface.http.contract.episode_schemas import EpisodeSchema
from interface.http.contract.examples import EXAMPLES
from interface.http.contract.operation import operation_of, path_of
from interface.http.contract.recording_schemas import POSTED
from tests.support.http_client import AUTHORITY, SUBJECT, event
from tests.support.local_rulebooks import local
from tests.support.strict_answers import differs

pytest_plugins = ["tests.support.http_fixtures", "tests.support.sealing_fixtures"]

AT = "as_at=2026-03-03T00:00:00Z"
CHILD = f"{AUTHORITY}/C1"
ASKED = {
    "/v1/episodes/{namespace}/{reference}": f"/v1/episodes/{SUBJECT}?{AT}",
    "/v1/episodes/{namespace}/{reference}/history": f"/v1/episodes/{SUBJECT}/history",
    "/v1/episodes/{namespace}/{reference}/timeline": f"/v1/episodes/{SUBJECT}/timeline?{AT}",
    "/v1/episodes": f"/v1/episodes?{AT}",
    "/v1/children/{scheme}/{reference}": f"/v1/children/{CHILD}?{AT}",
    "/v1/children/{scheme}/{reference}/access": f"/v1/children/{CHILD}/access",
    "/v1/access/summary": "/v1/access/summary",
    "/v1/access/timestamp": "/v1/access/timestamp",
    "/v1/obligations": f"/v1/obligations?{AT}&limit=1",
    "/v1/obligations/changes": f"/v1/obligations/changes?from=3&to=6&{AT}&limit=1",
    "/v1/measures": f"/v1/measures?{AT}&measure=interviews-held",
    "/v1/measures/{measure}/episodes": f"/v1/measures/interviews-held/episodes?{AT}",
    "/v1/quality": f"/v1/quality?{AT}",
    "/v1/quality/sources": "/v1/quality/sources",
    "/v1/rulebook": "/v1/rulebook",
    "/v1/ledger": "/v1/ledger",
    "/v1/ledger/proofs/{position}": "/v1/ledger/proofs/3",
    "/v1/ledger/consistency": "/v1/ledger/consistency?from=3",
    "/v1/ledger/timestamp": "/v1/ledger/timestamp",
    "/v1/schemas": "/v1/schemas",
    "/v1/schemas/{type}": "/v1/schemas/missing-episode.located.v1",
    "/openapi.json": "/openapi.json",
    "/livez": "/livez",
    "/readyz": "/readyz",
}
STAMPED = {"/v1/access/timestamp", "/v1/ledger/timestamp"}
"""Without a time stamping authority their answer is a problem; tests of stamps have one."""
STORY = (
    ("reported", "2026-03-01T20:00:00Z", {"category": "missing", "setting": {"placement_type": "childrens_home"}}),
    ("located", "2026-03-01T21:00:00Z", {"location_type": "friend"}),
    ("returned", "2026-03-01T22:30:00Z", {}),
    ("interview-held", "2026-03-02T09:00:00Z", {"note": "They spoke for an hour."}),
)  # fmt: skip


def declared(app):
    """Each route for programs with what it declares, by method and path."""
    views = [(rule, operation_of(app.view_functions[rule.endpoint])) for rule in app.url_map.iter_rules()]
    return {
        f"{'POST' if 'POST' in r.methods else 'GET'} {path_of(r)}": o for r, o in views if not o.for_people
    }


@pytest.fixture
def told(api, dsn, sealer):
    """One episode, back, with an interview; lists and checkpoint are complete to it."""
    for name, time, data in STORY:
        assert api.post(event(name, id=f"ME-1:{name}", time=time, data=data)).status_code == 201
    Follower(dsn).catch_up()
    sealer.catch_up()
    return api


def test_a_real_answer_of_every_route_is_as_its_schema_says(app, told):
    answers = {f"GET {path}": told.get(asked) for path, asked in ASKED.items()}
    answers["POST /v1/rulebook/what-if"] = told.client.post(
        "/v1/rulebook/what-if", json={"rulebook": local()}, headers=told.headers
    )
    answers["POST /v1/events"] = told.batch([event(), event(type="x"), event(id="ME-1:returned")])
    with_schema = {route for route, o in declared(app).items() if any(a.schema for a in o.answers.values())}
    assert with_schema == answers.keys()
    assert {r for r, answer in answers.items() if answer.status_code != 200} == {
        f"GET {path}" for path in STAMPED
    }


def test_every_route_has_an_example_and_it_is_as_the_schemas_say(app):
    routes = declared(app)
    assert EXAMPLES.keys() == routes.keys()
    for route, example in EXAMPLES.items():
        operation = routes[route]
        schema = operation.answers[200].schema
        assert schema is None or not differs(schema, example["answer"]), route
        assert not operation.query.validate({n: str(v) for n, v in example.get("query", {}).items()}), route


def test_the_examples_are_in_the_document(app):
    paths = app.test_client().get("/openapi.json").get_json()["paths"]
    for route, example in EXAMPLES.items():
        method, _, path = route.partition(" ")
        described = paths[path][method.lower()]
        shown = {p["name"]: p["example"] for p in described["parameters"] if "example" in p}
        assert shown == example.get("path", {}) | example.get("query", {})
        answers = [content.get("example") for content in described["responses"]["200"]["content"].values()]
        assert example.get("answer") in answers


@pytest.mark.parametrize(
    "body",
    [{}, {"position": 3}, {"id": "1", "source": "urn:x", "subject": SUBJECT, "status": "kept"}, [], None],
)
def test_what_is_no_receipt_and_no_outcomes_differs_from_what_a_post_answers(body):
    assert differs(POSTED, body)


def test_a_member_that_is_not_declared_is_found_at_any_depth():
    answer = EXAMPLES["GET /v1/episodes/{namespace}/{reference}"]["answer"]
    assert not differs(EpisodeSchema, answer)
    answer = answer | {"last_entry": {**answer["last_entry"], "colour": "red"}}
    assert differs(EpisodeSchema, answer) == ["/last_entry/colour"]
