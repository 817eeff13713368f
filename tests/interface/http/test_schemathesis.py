"""Schemathesis asks what nobody thought of: every route answers as its OpenAPI document says.

The seed and the number of examples are fixed, so that a run is short and says the same each time.
"""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi import checks as openapi_checks

from application.access.credentials import Credentials
from application.crypto.keys import Keys
from application.merkle_log.checkpoint_file import CheckpointFile
from application.merkle_log.sealer import Sealer
from application.projections.follower import Follower
from application.recording.ledger import Ledger
from application.store.database import Database
from application.store.logs import EPISODES
from domain.rules.rulebook import england
from interface.http.app import create_app
from interface.http.build_services import wire
from interface.settings import Settings
from tests.support.http_client import AUTHORITY, Api, event

ALL = ("recorder", "reader", "manager", "auditor", "administrator")


@pytest.fixture(scope="module")
def served(postgres, tmp_path_factory):
    """The application on a database of its own with one story in it, and a token for everything."""
    postgres.execute("create database asked template migrated")
    dsn = postgres.dsn("asked")
    ledger = Ledger(dsn, Keys.new(tmp_path_factory.mktemp("keys") / "secrets.json"), "test")
    ledger.initialise(england().text)
    owner = Database(dsn, "postgres")
    _, token = Credentials(owner).new(ALL, purpose="safeguarding")
    app = create_app(wire(ledger, Settings()))
    api = Api(app.test_client(), token)
    for name, time in (("reported", "2026-03-01T22:30:00Z"), ("returned", "2026-03-02T10:00:00Z")):
        assert api.post(event(name, time=time)).status_code == 201
    Follower(dsn).catch_up()
    outside = CheckpointFile(tmp_path_factory.mktemp("outside") / "checkpoint")
    Sealer(dsn, EPISODES, lambda _: ledger.keys.signer(ledger.origin), outside).catch_up()
    yield app, token
    owner.close()
    ledger.close()
    postgres.execute("drop database asked with (force)")


def nothing_broke(_context, response, _case):
    """Any status that is documented may be, and 503 among them; 500 never."""
    assert response.status_code != 500


CHECKS = (
    nothing_broke,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_schema_conformance,
)
FEW = settings(
    max_examples=8,
    derandomize=True,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def test_every_route_answers_as_it_says(served):
    app, token = served
    document = schemathesis.openapi.from_wsgi("/openapi.json", app)
    operations = [found.ok() for found in document.get_all_operations()]
    assert {o.path for o in operations} == document.raw_schema["paths"].keys() - {"/openapi.json"}
    for operation in operations:

        @FEW
        @given(operation.as_strategy())
        def answers_as_it_says(case):
            case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)

        answers_as_it_says()


@pytest.mark.parametrize("rest", ["", "/history", "/timeline"])
def test_what_is_there_answers_as_it_says(served, rest):
    app, token = served
    document = schemathesis.openapi.from_wsgi("/openapi.json", app)
    operation = document[f"/v1/episodes/{{namespace}}/{{reference}}{rest}"]["GET"]
    case = operation.Case(path_parameters={"namespace": AUTHORITY, "reference": "ME-1"})
    answer = case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)
    assert answer.status_code == 200


def test_a_child_that_is_there_answers_as_it_says(served):
    app, token = served
    document = schemathesis.openapi.from_wsgi("/openapi.json", app)
    operation = document["/v1/children/{scheme}/{reference}"]["GET"]
    case = operation.Case(path_parameters={"scheme": AUTHORITY, "reference": "C1"})
    answer = case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("/v1/ledger", {}),
        ("/v1/ledger/checkpoint", {}),
        ("/v1/ledger/proofs/{position}", {"path_parameters": {"position": 3}}),
        ("/v1/ledger/consistency", {"query": {"from": 2}}),
        ("/v1/ledger/entries", {"query": {"from": 2, "limit": 3}}),
    ],
)
def test_what_is_sealed_answers_as_it_says(served, path, given):
    app, token = served
    case = schemathesis.openapi.from_wsgi("/openapi.json", app)[path]["GET"].Case(**given)
    answer = case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)
    assert answer.status_code == 200


@pytest.mark.parametrize("path", ["/v1/episodes", "/v1/obligations"])
def test_a_list_that_has_items_answers_as_it_says(served, path):
    app, token = served
    case = schemathesis.openapi.from_wsgi("/openapi.json", app)[path]["GET"].Case()
    answer = case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)
    assert answer.json()["items"]
