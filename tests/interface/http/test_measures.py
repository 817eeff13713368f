"""Measures over HTTP and at the command line: parameters, scope, links, refusals, documentation."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from application.crypto.keys import Keys
from application.projections.follower import Follower
from domain.measures.breakdowns import BREAKDOWNS
from domain.measures.definitions import MEASURES, SURVEY, table
from interface.cli import cli
from tests.support.http_client import AUTHORITY, event
from tests.support.repository import DOCS

pytest_plugins = ["tests.support.http_fixtures"]

PERIOD = "from=2026-03-01T00:00:00Z&to=2026-04-01T00:00:00Z"


@pytest.fixture
def told(api, dsn):
    """Six children of March: each missing for an hour; one was offered an interview."""
    for n in range(1, 7):
        about = {"subject": f"{AUTHORITY}/ME-{n}", "data": {"child": f"C{n}"}}
        api.post(event("reported", time=f"2026-03-0{n}T22:00:00Z", **about))
        api.post(event("returned", time=f"2026-03-0{n}T23:00:00Z", **about))
    api.post(
        event(
            "interview-offered",
            time="2026-03-07T12:00:00Z",
            subject=f"{AUTHORITY}/ME-1",
            data={"child": "C1"},
        )
    )
    return Follower(dsn).catch_up()


def ask(api, query=""):
    """The figures, by measure."""
    answer = api.get(f"/v1/measures?{PERIOD}{query}")
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()


def test_an_answer_says_all_that_it_hangs_on(api, told):
    body = ask(api, f"&authority={AUTHORITY}&as_at=2026-05-01T00:00:00Z")
    assert [item["measure"] for item in body["items"]] == [measure.id for measure in MEASURES]
    assert body["rulebook"].keys() == {"id", "version"}
    about = {name: body[name] for name in ("from", "to", "as_at", "known_at", "ledger_size", "authority")}
    assert about == {
        "from": "2026-03-01T00:00:00Z",
        "to": "2026-04-01T00:00:00Z",
        "as_at": "2026-05-01T00:00:00Z",
        "known_at": told,
        "ledger_size": told,
        "authority": AUTHORITY,
    }
    offered = next(item for item in body["items"] if item["measure"] == "interview-offered")
    assert offered["definition"].endswith(".")
    assert (offered["unit"], offered["numerator"], offered["denominator"], offered["value"]) == (
        "episode",
        1,
        6,
        0.1667,
    )
    assert (offered["surely"], offered["surely_not"], offered["cannot_tell"]) == (1, 5, 0)


def test_answers_are_of_the_published_shape(api, app, told):
    document = app.test_client().get("/openapi.json").get_json()
    for path, shape in (("", "Measures"), ("/missing-episodes/episodes", "MeasuredEpisodes")):
        schema = {"$ref": f"#/components/schemas/{shape}", "components": document["components"]}
        Draft202012Validator(schema).validate(
            api.get(f"/v1/measures{path}?{PERIOD}&group_by=month").get_json()
        )
    schema = {"$ref": "#/components/schemas/Measures", "components": document["components"]}
    Draft202012Validator(schema).validate(ask(api, "&suppress=true"))


def test_every_link_lists_the_episodes_behind_its_figure(api, told):
    for item in ask(api, "&group_by=month")["items"]:
        rows = api.get(item["rows"]).get_json()
        assert rows["measure"] == item["measure"]
        assert len(rows["items"]) == item["denominator"]
        assert {row["group"] for row in rows["items"]} == {"2026-03"}
    [offered] = ask(api, "&measure=interview-offered")["items"]
    api.post(
        event(
            "interview-offered",
            time="2026-03-07T12:00:00Z",
            subject=f"{AUTHORITY}/ME-2",
            data={"child": "C2"},
        )
    )
    rows = api.get(offered["rows"]).get_json()["items"]
    assert [row["counted"] for row in rows].count("surely") == 1  # as it was known then


def test_every_breakdown_adds_up(api, told):
    for by in BREAKDOWNS:
        items = ask(api, f"&measure=missing-episodes&group_by={by}")["items"]
        assert sum(item["numerator"] for item in items) == 6
        assert {item["group_by"] for item in items} == {by}


def test_the_survey(api, told):
    assert {item["measure"] for item in ask(api, "&set=survey")["items"]} == set(SURVEY) - {"interviews-held"}


def test_small_numbers_are_left_out_when_asked(api, told):
    items = {item["measure"]: item for item in ask(api, "&suppress=true")["items"]}
    assert items["interview-offered"].keys() == {"measure", "definition", "unit", "suppressed"}
    assert items["missing-episodes"]["numerator"] == 6


def test_repeats_are_as_asked(api, told):
    [item] = ask(api, "&measure=repeat&repeat=2/90")["items"]
    assert "number 2 of theirs to start within 90 days" in item["definition"]
    assert "repeat=2/90" in item["rows"]


def test_scope_is_kept(api, sign_in, told):
    assert (
        ask(sign_in("manager", namespace="E10000014"), "&measure=missing-episodes")["items"][0]["numerator"]
        == 0
    )
    assert (
        ask(sign_in("manager", namespace=AUTHORITY), "&measure=missing-episodes")["items"][0]["numerator"]
        == 6
    )


@pytest.mark.parametrize("role", ["recorder", "reader"])
@pytest.mark.parametrize("path", ["", "/repeat/episodes"])
def test_they_are_for_managers_and_auditors(sign_in, role, path):
    assert sign_in(role).get(f"/v1/measures{path}").status_code == 403


def test_a_position_that_is_waited_for(api, told):
    position = api.post(event(subject=f"{AUTHORITY}/ME-9", data={"child": "C9"})).get_json()["position"]
    assert api.get(f"/v1/measures?position={position}").status_code == 503


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (
            "from=2026-04-01T00:00:00Z&to=2026-03-01T00:00:00Z",
            "ends before it starts: give a `to` that is later",
        ),
        ("from=2026-04-01T00:00:00Z&to=2026-04-01T00:00:00Z", "ends before it starts"),
        ("as_at=1950-01-01T00:00:00Z", "before 2000"),
        ("group_by=postcode", "must be one of authority, first_or_repeat, month"),
        ("measure=happiness", "must be one of missing-episodes"),
        ("set=survey&group_by=month", "takes neither"),
        ("repeat=1/30", "such as 3/30"),
        ("repeat=many", "such as 3/30"),
        ("from=2026-04-01", "RFC 3339"),
    ],
)
def test_what_cannot_be_meant_says_what_is_right(api, query, said):
    answer = api.get(f"/v1/measures?{query}")
    assert (answer.status_code, answer.get_json()["type"]) == (400, "/problems/invalid-query")
    assert said in answer.get_json()["detail"]


def test_as_at_before_anything_says_what_is_right(api, told):
    answer = api.get("/v1/measures?as_at=2025-01-01T00:00:00Z")
    assert answer.status_code == 400
    assert answer.get_json()["detail"] == "No episode had started by `as_at`. Give a later time."


def test_rows_of_what_is_not_there(api):
    assert api.get("/v1/measures/happiness/episodes").status_code == 404
    assert "needs group_by" in api.get("/v1/measures/repeat/episodes?group=a").get_json()["detail"]
    assert api.get("/v1/measures/repeat/episodes?cursor=nonsense").status_code == 400


@pytest.fixture
def command(dsn, tmp_path, monkeypatch):
    """The command on the test's ledger: no secret is needed for figures."""
    Keys.new(tmp_path / "ledger.keys")
    monkeypatch.setenv("LEDGER_KEYS", str(tmp_path / "ledger.keys"))
    monkeypatch.setenv("LEDGER_DSN", dsn)
    monkeypatch.setenv("LEDGER_NAME", "test")
    return lambda *given: CliRunner().invoke(cli, ["measures", *given], prog_name="ledger")


def test_the_command_answers_as_http_does(api, told, command):
    given = ["--from", "2026-03-01", "--to", "2026-04-01T00:00:00+00:00", "--as-at", "2026-05-01T00:00:00Z"]
    said = command(*given, "--authority", AUTHORITY, "--json")
    assert said.exit_code == 0, said.output
    assert json.loads(said.stdout) == ask(api, f"&authority={AUTHORITY}&as_at=2026-05-01T00:00:00Z")
    words = command(
        *given, "--group-by", "month", "--measure", "interview-offered", "--known-at", f"position:{told}"
    )
    assert "interview-offered: 2026-03        1   6  16.7%" in words.output


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--group-by", "postcode"], "first_or_repeat"),
        (["--from", "2026-04-01", "--to", "2026-03-01"], "ends before it starts"),
        (["--from", "yesterday"], "or a day such as 2026-03-01"),
        (["--authority", "Kent"], "a namespace"),
        (["--survey", "--group-by", "month"], "takes neither"),
        (["--repeat", "1"], "such as 3/30"),
    ],
)
def test_wrong_usage_of_the_command_says_what_is_right(command, given, said):
    answer = command(*given)
    assert answer.exit_code == 2
    assert said in " ".join(answer.output.split())


def test_the_documentation_quotes_the_definitions():
    page = (DOCS / "measures.md").read_text("utf-8")
    assert table() in page
    assert [by for by in BREAKDOWNS if f"`{by}`" not in page] == []
