"""Data quality over HTTP, at the command line, in metrics and by the doctor: shapes, scope, refusals, alarms."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from application.crypto.keys import Keys
from application.projections.follower import Follower
from interface.cli import cli
from interface.cli.commands.doctor import ledger as recorded
from tests.support.follower_faults import poison
from tests.support.http_client import AUTHORITY, SUBJECT, event

pytest_plugins = ["tests.support.http_fixtures"]

MISSING = {"category": "missing"}


@pytest.fixture
def told(api, dsn):
    """A child back whom nobody reported, and one who is still away."""
    api.post(event("returned"))
    about = {"subject": f"{AUTHORITY}/ME-2", "data": {"child": "C2", **MISSING}}
    api.post(event("reported", source="urn:x:home", **about))
    return Follower(dsn).catch_up()


def ask(api, query="", path="/v1/quality"):
    answer = api.get(f"{path}?{query}")
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()


def test_an_issue_names_episode_child_entries_and_sources(api, told):
    body = ask(api, "kind=return_without_report&as_at=2026-05-01T00:00:00Z")
    assert body["items"] == [
        {
            "kind": "return_without_report",
            "subject": SUBJECT,
            "since": "2026-03-01T22:30:00Z",
            "positions": [told - 1],
            "sources": ["urn:x:lcs"],
            "child": {"scheme": AUTHORITY, "reference": "C1"},
        }
    ]
    assert {name: body[name] for name in ("next", "complete_to", "ledger_size", "as_at", "known_at")} == {
        "next": None,
        "complete_to": told,
        "ledger_size": told,
        "as_at": "2026-05-01T00:00:00Z",
        "known_at": told,
    }
    [silent] = ask(api, "kind=open_without_entry&as_at=2026-03-11T22:00:00Z")["items"]
    assert (silent["subject"], silent["days"]) == (f"{AUTHORITY}/ME-2", 9)


def test_answers_are_of_the_published_shape(api, app, ledger, dsn, told):
    poison(ledger, f"{AUTHORITY}/ME-2", "C2")
    Follower(dsn).catch_up()
    document = app.test_client().get("/openapi.json").get_json()
    for path, shape in (("/v1/quality", "QualityList"), ("/v1/quality/sources", "SourceList")):
        schema = {"$ref": f"#/components/schemas/{shape}", "components": document["components"]}
        body = ask(api, path=path)
        Draft202012Validator(schema).validate(body)
        assert body["items"]
        assert body["not_assessable"] == 1


def test_sources_over_http_are_those_of_the_readers_episodes(api, sign_in, told):
    names = [item["source"] for item in ask(api, path="/v1/quality/sources")["items"]]
    assert names == ["urn:x:home", "urn:x:lcs"]
    other = sign_in("manager", namespace="E10000014")
    assert ask(other, path="/v1/quality/sources")["items"] == ask(other)["items"] == []
    own = sign_in("manager", namespace=AUTHORITY)
    assert len(ask(own, path="/v1/quality/sources")["items"]) == 2


def test_what_looks_like_a_name_says_who_can_expunge_it(api, ledger, dsn):
    named = {"category": "missing", "reported_by": "local:Jane.Smith"}
    position = api.post(event("reported", time="2026-03-01T20:00:00Z", data=named)).get_json()["position"]
    Follower(dsn).catch_up()
    [item] = ask(api, "kind=looks_like_a_name")["items"]
    assert (item["positions"], item["expunge_role"]) == ([position], "administrator")
    assert "Jane" not in str(item)


@pytest.mark.parametrize("role", ["recorder", "reader"])
@pytest.mark.parametrize("path", ["/v1/quality", "/v1/quality/sources"])
def test_they_are_for_managers_and_auditors(sign_in, role, path):
    assert sign_in(role).get(path).status_code == 403


@pytest.mark.parametrize("path", ["/v1/quality", "/v1/quality/sources"])
def test_a_position_that_is_waited_for(api, path, told):
    position = api.post(event(subject=f"{AUTHORITY}/ME-9", data={"child": "C9"})).get_json()["position"]
    assert api.get(f"{path}?position={position}").get_json()["type"] == "/problems/behind"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("kind=odd", "must be one of return_without_report"),
        ("days=0", "must be a whole number from 1 to 3650"),
        ("days=many", "must be a whole number"),
        ("authority=Birmingham", "must be a namespace"),
        ("child=C1", "must be a child"),
        ("cursor=AAAA", "must be the `next` of an answer to the same question"),
        ("silent=true", "is not a parameter of this route"),
    ],
)
def test_what_cannot_be_meant_says_what_is_right(api, query, said):
    answer = api.get(f"/v1/quality?{query}")
    assert (answer.status_code, answer.get_json()["type"]) == (400, "/problems/invalid-query")
    assert said in answer.get_json()["detail"]


def test_how_systems_sent_as_known_at_a_position(api, told):
    path = "/v1/quality/sources"
    then = ask(api, "known_at=position:3&as_at=2026-12-01T00:00:00Z", path)
    assert (then["known_at"], [item["entries"] for item in then["items"]]) == (3, [1])
    assert ask(api, "known_at=position:0", path)["items"] == []
    assert ask(api, "known_at=position:99", path)["past_head"] is True


def test_a_cursor_is_of_its_own_list(api, told):
    following = ask(api, "limit=1", "/v1/quality/sources")["next"]
    assert ask(api, f"limit=1&cursor={following}", "/v1/quality/sources")["items"][0]["source"] == "urn:x:lcs"
    assert api.get(f"/v1/quality?cursor={following}").status_code == 400
    following = ask(api, "limit=1")["next"]
    assert api.get(f"/v1/quality?cursor={following}&days=9").status_code == 400


def test_who_cannot_be_assessed_is_alarmed_about(ledger, dsn, sign_in, told):
    administrator = sign_in("administrator")

    def number(name):
        [found] = re.findall(
            rf"^{name} (\S+)$", administrator.get("/metrics").get_data(as_text=True), re.MULTILINE
        )
        return float(found)

    assert (number("ledger_not_assessable"), number("ledger_behind")) == (0, 0)
    poison(ledger, f"{AUTHORITY}/ME-2", "C2")
    assert (number("ledger_not_assessable"), number("ledger_behind")) == (0, 1)
    Follower(dsn).catch_up()
    assert (number("ledger_not_assessable"), number("ledger_behind")) == (1, 0)
    [check] = [c for c in recorded._following(ledger.database) if c.name == "set aside"]
    assert (check.level.value, f"{AUTHORITY}/ME-2 (ValueError)" in check.finding) == ("bad", True)
    [item] = ask(administrator, "kind=not_assessable")["items"]
    assert (item["subject"], item["positions"]) == (f"{AUTHORITY}/ME-2", [])


@pytest.fixture
def command(dsn, tmp_path, monkeypatch):
    """Run `ledger quality` on the test's database."""
    monkeypatch.setenv("LEDGER_DSN", dsn)
    monkeypatch.setenv("LEDGER_NAME", "test")
    Keys.new(tmp_path / "keys")
    monkeypatch.setenv("LEDGER_KEYS", str(tmp_path / "keys"))

    def run(*arguments):
        return CliRunner().invoke(cli, ["quality", *arguments], standalone_mode=False)

    return run


def test_the_command_lists_without_the_children(command, told):
    found = json.loads(command("--as-at", "2026-05-01T00:00:00Z", "--json").stdout)
    assert {item["kind"] for item in found["items"]} == {
        "return_without_report",
        "report_without_police_reference",
        "open_without_entry",
        "no_birth_month",
    }
    assert all("child" not in item for item in found["items"])
    text = command("--kind", "return_without_report").stdout
    assert f"return_without_report, {SUBJECT}, since 1 March 2026 22:30" in text
    assert "to look: urn:x:lcs" in text
    assert "nothing" in command("--kind", "not_assessable").stdout


def test_the_command_tells_how_systems_send(command, told):
    found = json.loads(command("--sources", "--json").stdout)
    assert [(item["source"], item["entries"]) for item in found["items"]] == [
        ("urn:x:home", 1),
        ("urn:x:lcs", 1),
    ]
    then = json.loads(command("--sources", "--json", "--known-at", "position:3").stdout)
    assert [item["entries"] for item in then["items"]] == [1]
    assert "as known at position 3:" in command("--sources", "--known-at", "position:3").stdout
    text = command("--sources", "--limit", "1").stdout
    assert "urn:x:home: 1 entry, last" in text
    assert "There are more" in text


@pytest.mark.parametrize(
    "arguments",
    [("--sources", "--days", "9"), ("--sources", "--kind", "known_to_the_day"), ("--days", "0")],
)
def test_wrong_usage(command, arguments, told):
    assert type(command(*arguments).exception).__name__ in {"UsageError", "BadParameter"}
