"""Reading children's records over HTTP: with a purpose, recorded before the answer, and shown to the auditor."""

from __future__ import annotations

import pytest

from application.projections.follower import Follower
from application.store.line_codec import read_line
from domain.moment import instant
from interface.http.app import create_app
from interface.http.build_services import wire
from interface.http.contract.operation import Operation, operation_of, path_of
from interface.http.contract.schema_converter import component_name
from interface.http.responses.bodies import answer, disclosing
from interface.settings import Access, Settings
from tests.support.access_faults import broken, mended
from tests.support.http_client import AUTHORITY, SUBJECT, Api, event

pytest_plugins = ["tests.support.http_fixtures"]

CHILD = f"/v1/children/{AUTHORITY}/C1"

EPISODE = f"/v1/episodes/{SUBJECT}"

POLICE = "E23000014"

NOON = "2026-06-01T12:00:00Z"

READS = {
    "/v1/episodes": "/v1/episodes",
    EPISODE: "/v1/episodes/{namespace}/{reference}",
    f"{EPISODE}/history": "/v1/episodes/{namespace}/{reference}/history",
    f"{EPISODE}/timeline": "/v1/episodes/{namespace}/{reference}/timeline",
    CHILD: "/v1/children/{scheme}/{reference}",
    f"{CHILD}/access": "/v1/children/{scheme}/{reference}/access",
    "/v1/obligations": "/v1/obligations",
    "/v1/measures/missing-episodes/episodes?from=2026-01-01T00:00:00Z": "/v1/measures/{measure}/episodes",
}
"""A question that shows the record of the one child of these tests, and the route that it goes to."""


@pytest.fixture
def accesses(ledger):
    """The entries of the access log."""

    def accesses():
        rows = ledger.database.rows("select line from ledger.access_entries order by position")
        return [read_line(line) for (line,) in rows]

    return accesses


@pytest.fixture
def told(api, dsn):
    """One child, C1, missing, and lists that are complete to it; the position of the entry."""
    position = api.post(event("reported", data={"category": "missing"})).get_json()["position"]
    assert api.post(event()).status_code == 201
    Follower(dsn).catch_up()
    return position


def shapes(document, schema, seen=frozenset()):
    """The names of the members that a schema of the OpenAPI document holds, at any depth."""
    name = schema.get("$ref", "").rpartition("/")[2]
    if name in seen:
        return set()
    if name:
        return shapes(document, document["components"]["schemas"][name], seen | {name})
    found = set(schema.get("properties", {}))
    inner = [*schema.get("properties", {}).values(), *schema.get("anyOf", ()), *schema.get("allOf", ())]
    inner += [schema[key] for key in ("items", "additionalProperties") if isinstance(schema.get(key), dict)]
    return found.union(*(shapes(document, each, seen) for each in inner))


def test_every_route_that_answers_with_a_child_or_a_subject_says_that_it_discloses(app):
    document = app.test_client().get("/openapi.json").get_json()
    for rule in app.url_map.iter_rules():
        operation = operation_of(app.view_functions[rule.endpoint])
        if operation.takes_events:
            continue  # a receipt repeats to a sender what it has sent
        answers = [component_name(a.schema) for a in operation.answers.values() if a.schema]
        held = set().union(*(shapes(document, document["components"]["schemas"][name]) for name in answers))
        assert operation.discloses or not held & {"child", "subject"}, rule.rule
    disclosing = {
        path_of(r) for r in app.url_map.iter_rules() if operation_of(app.view_functions[r.endpoint]).discloses
    }
    assert disclosing >= {*READS.values(), "/v1/access/summary", "/v1/quality", "/v1/ledger/entries"}


@pytest.mark.parametrize(("path", "route"), READS.items())
def test_each_answer_that_shows_a_child_is_one_entry_that_says_which(
    sign_in, ledger, accesses, told, path, route
):
    reader = sign_in("manager", "auditor")
    answer = reader.get(path, Purpose="inspection")
    assert answer.status_code == 200, answer.text
    [(child,)] = ledger.database.rows("select id from ledger.children")
    [entry] = accesses()
    assert entry.data["children"] == [child.hex]
    assert (entry.data["role"], entry.data["purpose"], entry.data["route"]) == (
        "auditor",
        "inspection",
        route,
    )
    assert entry.data["status"] == 200
    assert (entry.by, entry.principal[:2]) == ("ledger", "c_")


def test_the_positions_are_those_that_the_answer_shows(api, accesses, told):
    for path in (EPISODE, f"{EPISODE}/history", "/v1/episodes"):
        assert api.get(path).status_code == 200
    assert [e.data["positions"] for e in accesses()] == [[told + 1], [told, told + 1], [told + 1]]
    evidence = {e["position"] for o in api.get("/v1/obligations").get_json()["items"] for e in o["evidence"]}
    assert evidence <= set(accesses()[-1].data["positions"])


def test_what_is_wanting_in_a_childs_record_is_shown_as_that(api, ledger, accesses, dsn, told):
    held = api.post(event("interview-held", f"{AUTHORITY}/ME-9")).get_json()["position"]
    Follower(dsn).catch_up()
    assert api.get("/v1/quality?kind=interview_without_coverage").get_json()["items"]
    [(child,)] = ledger.database.rows("select id from ledger.children")
    assert (accesses()[-1].data["children"], accesses()[-1].data["positions"]) == ([child.hex], [held])


def test_lines_in_bulk_are_one_entry_that_names_their_span_before_the_first_leaves(api, accesses, dsn, told):
    answer = api.get("/v1/ledger/entries?from=3&limit=100000")
    assert len(answer.data.splitlines()) == 2
    data = accesses()[-1].data
    assert (data["route"], data["first"], data["last"]) == ("/v1/ledger/entries", 3, 100002)
    assert not {"children", "positions"} & data.keys()
    assert api.get(f"/v1/ledger/entries?from={2**53}").data == b""
    assert (accesses()[-1].data["first"], accesses()[-1].data["last"]) == (2**53, 2**53)
    broken(dsn)
    assert api.get("/v1/ledger/entries").status_code == 503
    mended(dsn)


def test_a_credential_of_one_organisation_reads_on_its_behalf(sign_in, api, accesses, told):
    assert sign_in("reader", namespace=AUTHORITY).get(EPISODE).status_code == 200
    [read] = accesses()[-1:]
    assert (read.by, read.data["organisation"], read.data["role"]) == ("ledger", AUTHORITY, "reader")


def test_another_child_that_an_answer_names_is_disclosed_too(api, ledger, accesses, told):
    api.post(event("child-linked", data={"same_as": {"scheme": POLICE, "reference": "X-9"}}))
    assert api.get(f"{EPISODE}/history").status_code == 200
    ids = {id_.hex for (id_,) in ledger.database.rows("select id from ledger.children")}
    assert len(ids) == 2
    assert set(accesses()[-1].data["children"]) == ids


def test_five_hundred_children_are_one_entry(api, ledger, accesses, dsn):
    assert (
        api.batch(
            [event("reported", f"{AUTHORITY}/B-{n}", {"child": f"B-{n}"}) for n in range(500)]
        ).status_code
        == 200
    )
    Follower(dsn).catch_up()
    assert len(api.get("/v1/episodes?limit=500").get_json()["items"]) == 500
    [entry] = accesses()
    assert len(entry.data["children"]) == len(set(entry.data["children"])) == 500
    assert len(entry.data["positions"]) == 500
    assert ledger.database.rows("select count(*) from ledger.access_children") == [(500,)]


def test_a_list_on_which_nobody_is_was_looked_at_all_the_same(api, accesses, told):
    assert api.get("/v1/episodes?standing=away").get_json()["items"] == []
    [entry] = accesses()
    assert "children" not in entry.data


@pytest.mark.parametrize(
    "path", [f"{EPISODE}9", f"/v1/children/{AUTHORITY}/C9", "/v1/episodes?limit=0", "/nowhere"]
)
def test_what_is_refused_or_not_there_shows_nothing(api, accesses, told, path):
    assert api.get(path).status_code in {400, 404}
    assert accesses() == []


@pytest.mark.parametrize("path", ["/v1/measures", "/metrics", "/v1/schemas", "/openapi.json", "/livez"])
def test_figures_and_what_is_about_nobody_are_not_entries(sign_in, accesses, told, path):
    assert sign_in("manager", "administrator", purpose=None).get(path).status_code == 200
    assert accesses() == []


def test_an_answer_that_the_reader_has_already_is_recorded_as_that(api, accesses, told):
    as_at = "?as_at=2026-06-01T00:00:00Z"
    first = api.get(EPISODE + as_at)
    again = api.get(EPISODE + as_at, **{"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    shown, confirmed = (entry.data for entry in accesses())
    assert (shown.pop("status"), confirmed.pop("status")) == (200, 304)
    assert shown == confirmed


def test_asking_for_the_headers_alone_is_recorded(api, accesses, told):
    answer = api.client.head(EPISODE, headers=api.headers)
    assert (answer.status_code, len(accesses())) == (200, 1)


def test_without_a_purpose_nothing_is_shown_and_it_is_said_what_would_be_right(sign_in, accesses, told):
    reader = sign_in("reader", purpose=None)
    answer = reader.get(EPISODE)
    assert (answer.status_code, answer.get_json()["type"]) == (400, "/problems/invalid-query")
    assert answer.get_json()["errors"][0]["pointer"] == "/Purpose"
    assert "safeguarding" in answer.get_json()["detail"]
    assert accesses() == []
    assert reader.get(EPISODE, Purpose="safeguarding").status_code == 200


def test_a_purpose_that_is_not_on_the_list_is_refused_and_not_repeated(api, accesses, told):
    answer = api.get(EPISODE, Purpose="curious about Jonathan")
    assert (answer.status_code, answer.get_json()["type"]) == (400, "/problems/invalid-query")
    assert "Jonathan" not in answer.text
    assert accesses() == []


def test_a_tokens_own_purpose_holds_until_the_request_gives_another(sign_in, accesses, told):
    reader = sign_in("reader", purpose="care")
    reader.get(EPISODE)
    reader.get(EPISODE, Purpose="audit")
    assert [entry.data["purpose"] for entry in accesses()] == ["care", "audit"]


def test_the_list_of_purposes_is_the_installations(ledger, credentials, told):
    app = create_app(wire(ledger, Settings(access=Access(purposes=("local:panel",)))))
    reader = Api(app.test_client(), credentials.new(["reader"], purpose="care")[1])
    assert "local:panel" in reader.get(EPISODE).get_json()["detail"]
    assert reader.get(EPISODE, Purpose="local:panel").status_code == 200
    document = app.test_client().get("/openapi.json").get_json()
    headers = document["paths"]["/v1/episodes/{namespace}/{reference}"]["get"]["parameters"]
    assert next(h for h in headers if h["name"] == "Purpose")["schema"]["enum"] == ["local:panel"]


def test_the_role_is_the_one_under_which_the_route_is_open(sign_in, accesses, told):
    assert sign_in("recorder", "reader").get(EPISODE).status_code == 200
    assert sign_in("administrator").get(EPISODE).status_code == 200
    assert [entry.data["role"] for entry in accesses()] == ["reader", "administrator"]


@pytest.mark.parametrize("path", READS)
def test_when_the_log_cannot_be_written_nothing_is_shown(open_ledger, credentials, dsn, told, path):
    app = create_app(wire(open_ledger(deadline=1.0), Settings()))
    reader = Api(app.test_client(), credentials.new(["manager", "auditor"], purpose="audit")[1])
    broken(dsn)
    answer = reader.get(path)
    assert (answer.status_code, answer.get_json()["type"]) == (503, "/problems/not-recorded")
    assert answer.headers["Retry-After"].isdigit()
    assert not {"C1", "ME-1"} & set(answer.text.replace('"', " ").split())
    mended(dsn)
    assert reader.get(path).status_code == 200


def test_with_break_glass_it_is_shown_counted_and_recorded_later(
    open_ledger, credentials, dsn, told, tmp_path, accesses
):
    urgent = open_ledger(spool=tmp_path)
    app = create_app(wire(urgent, Settings()))
    reader = Api(app.test_client(), credentials.new(["reader", "administrator"], purpose="safeguarding")[1])
    broken(dsn)
    assert reader.get(EPISODE).status_code == 200
    assert "ledger_disclosures_kept_aside_total 1.0" in reader.get("/metrics").text
    assert accesses() == []
    mended(dsn)
    assert urgent.access.catch_up() == 1
    [entry] = accesses()
    assert entry.data["route"] == "/v1/episodes/{namespace}/{reference}"


@pytest.mark.parametrize(
    ("declared", "shown"),
    [
        (False, lambda reader: disclosing(reader.episode(SUBJECT, None, instant(NOON), reader.known_at()))),
        (True, lambda reader: answer(reader.episode(SUBJECT, None, instant(NOON), reader.known_at()).json)),
    ],
    ids=["names a child and does not declare it", "declares it and does not tell whom"],
)
def test_a_route_whose_declaration_and_disclosures_differ_is_answered_by_nobody(
    ledger, credentials, accesses, told, declared, shown
):
    app = create_app(wire(ledger, Settings()))

    @Operation(summary="", roles=frozenset({"reader"}), discloses=declared)
    def careless():
        return shown(app.extensions["ledger"].reader)

    app.add_url_rule("/careless", "careless", careless)
    given = Api(app.test_client(), credentials.new(["reader"], purpose="audit")[1]).get("/careless")
    assert (given.status_code, given.get_json()["type"]) == (500, "/problems/internal")
    assert "C1" not in given.text
    assert accesses() == []
