"""The OpenAPI document says what the routes do (contract.md 1)."""

from __future__ import annotations

import json
import re
from itertools import chain

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from domain.facts import FACTS
from interface.http.contract.operation import operation_of
from interface.http.responses.problems import KINDS

pytest_plugins = ["tests.support.http_fixtures"]


@pytest.fixture
def document(app):
    """The document as served."""
    return app.test_client().get("/openapi.json").get_json()


def test_it_is_valid_openapi_3_1(document):
    assert document["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(document).validate()


def test_every_route_is_in_it(app, document):
    routes = {
        re.sub(r"<([a-z_]+?)_?>", r"{\1}", rule.rule)
        for rule in app.url_map.iter_rules()
        if not operation_of(app.view_functions[rule.endpoint]).for_people
    }
    assert document["paths"].keys() == routes


def test_every_type_is_a_component_and_can_be_posted(document):
    types = {cls.TYPE for cls in FACTS.values()}
    assert types <= document["components"]["schemas"].keys()
    body = document["paths"]["/v1/events"]["post"]["requestBody"]["content"]
    offered = {
        one["$ref"].rpartition("/")[2] for one in body["application/cloudevents+json"]["schema"]["oneOf"]
    }
    assert offered == types


def test_every_problem_that_a_route_can_give_is_described(document):
    described = str(document["paths"])
    of_no_route = {"method-not-allowed", "invalid-request", "head-too-large"}
    assert not [r for r in KINDS if f"/problems/{r}" not in described and r not in of_no_route | {"behind"}]


def test_a_token_is_asked_for_where_it_is_needed(document):
    assert document["paths"]["/v1/events"]["post"]["security"] == [{"token": []}]
    assert document["paths"]["/livez"]["get"]["security"] == []


def test_the_page_is_whole_in_itself_and_allows_nothing_else(app):
    answer = app.test_client().get("/docs")
    page = answer.get_data(as_text=True)
    assert answer.mimetype == "text/html"
    assert "/v1/episodes/{namespace}/{reference}/timeline" in page
    assert "/problems/child-differs" in page
    assert "missing-episode.interview-held.v1" in page
    assert not re.search(r"(src|href)=\"(https?:)?//|<script|style=|@import|url\(", page)
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


NAMED = {"properties", "schemas"}
HOLDERS = NAMED | {"schema", "items", "unevaluatedItems", "not", "if", "then", "else"}


def schemas(value):
    """Every schema in a document, at any depth."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in HOLDERS:
                yield from inner.values() if isinstance(inner, dict) and name in NAMED else [inner]
            if name != "example":
                yield from schemas(inner)
    elif isinstance(value, list):
        yield from chain.from_iterable(map(schemas, value))


def test_no_schema_is_a_boolean_or_a_constant(document):
    found = list(schemas(document))
    assert len(found) > 1000
    assert not [schema for schema in found if isinstance(schema, bool)]
    assert '"const":' not in json.dumps(document["components"])


def test_it_says_where_the_server_is_and_what_the_routes_are_for(document):
    assert document["servers"][0]["url"] == "/"
    tags = {tag["name"] for tag in document["tags"]}
    used = {
        tag
        for methods in document["paths"].values()
        for operation in methods.values()
        for tag in operation["tags"]
    }
    assert tags == used
