"""The documentation is true: what can be checked of it is checked."""

from __future__ import annotations

import ast
import hashlib
import json
import re
from typing import Any

import httpx
import pytest
from cloudevents.core.bindings.http import to_binary_event, to_structured_event
from flask import Flask

from application.rulebooks.adopt import adopt
from domain.assessment.obligations.verdict import VERDICTS
from domain.assessment.standing.overlaps import OVERLAPS
from domain.entries.access_entry import Disclosed
from domain.facts import FACTS, of_type
from domain.moment import instant
from domain.rules.condition_parser import PROFILE
from domain.rules.rule_parser import _READERS
from domain.rules.rulebook import england
from domain.vocabulary import CASE_STATUS, CATEGORY, PLACEMENT_TYPE, RISK_LEVEL, STANDINGS
from interface import VERSION
from interface.cli import cli
from interface.http.app import BLUEPRINTS
from interface.http.responses.problems import KINDS
from interface.settings import PURPOSES, Limits
from interface.validation import parse_event
from tests.support.repository import DOCS, ROOT

pytest_plugins = ["tests.support.http_fixtures"]

PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *(ROOT / "tests").rglob("*.md")])
WRITTEN = [*sorted(ROOT.glob("*.md")), *(p for p in sorted(DOCS.glob("*.md")) if p.name != "events.md")]
"""The pages that people write; the catalogue is generated, and has a test of its own."""
TODAY = instant("2026-11-23T12:00:00Z")
"""When the examples of the documentation are sent."""


def text(name):
    """A page of docs."""
    return (DOCS / name).read_text("utf-8")


def blocks(page, language):
    """The fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", page, re.MULTILINE | re.DOTALL)


def examples():
    """Every whole event that a page shows: in a block of JSON, or posted by curl."""
    for path in WRITTEN:
        page = path.read_text("utf-8")
        posted = [
            body for shell in blocks(page, "sh") for body in re.findall(r"-d '(\{.*?\})'", shell, re.DOTALL)
        ]
        for source in [*blocks(page, "json"), *posted]:
            event = json.loads(source)
            if "specversion" in event:
                yield pytest.param(event, id=f"{path.name}:{event['id']}")


def rows(page):
    """The cells of every row of a page's tables."""
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in page.splitlines()
        if line.startswith("|")
    ]


def named(page):
    """The words that stand in code in the first cell of a row."""
    return {word for row in rows(page) for word in re.findall(r"`([^`]+)`", row[0])}


@pytest.mark.parametrize("event", list(examples()))
def test_an_event_that_is_shown_can_be_posted(event):
    submission = parse_event(event, principal="c_docs", namespace=None, now=TODAY)
    cls = of_type(submission.type)
    assert cls is not None
    assert cls.faults(submission.data) == []


def test_there_are_events_to_check():
    assert len(list(examples())) >= 8


def test_the_body_of_the_binary_example_fits_the_type_in_its_headers():
    shell = next(s for s in blocks(text("connecting.md"), "sh") if "ce-type" in s)
    attributes = dict(re.findall(r"'ce-([a-z]+): ([^']+)'", shell))
    body = re.search(r"-d '(.*)'", shell)
    assert body is not None
    parse_event(attributes | {"data": json.loads(body[1])}, principal="c_docs", namespace=None, now=TODAY)


@pytest.mark.parametrize("mode", [to_structured_event, to_binary_event])
def test_what_is_shown_with_the_sdk_is_recorded(app, api, mode, monkeypatch):
    monkeypatch.setenv("LEDGER", "http://ledger")
    monkeypatch.setenv("RECORDER", api.headers["Authorization"].removeprefix("Bearer "))
    connected, *sent = blocks(text("connecting.md"), "python")
    world: dict[str, Any] = {}
    exec(connected, world)
    with httpx.Client(
        transport=httpx.WSGITransport(app=app), base_url="http://ledger", headers=world["ledger"].headers
    ) as ledger:
        world |= {"ledger": ledger, "to_structured_event": mode}
        for event in sent:
            exec(event, world)
            assert (world["answer"].status_code, world["answer"].json()["status"]) == (201, "recorded")


def test_every_route_is_in_the_readme():
    app = Flask("docs", static_folder=None)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    readme = (ROOT / "README.md").read_text("utf-8")
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<([a-z]+)_?>", r"{\1}", rule.rule)
        method = "POST" if "POST" in (rule.methods or ()) else "GET"
        assert f"`{method} {path}`" in readme, f"{method} {path}"


def test_every_problem_is_explained_with_its_status():
    told = {
        row[0].strip("`"): row[1] for row in rows(text("connecting.md")) if row[0].startswith("`/problems/")
    }
    assert told == {f"/problems/{reason}": str(kind.status) for reason, kind in KINDS.items()}


def test_the_limits_are_those_of_the_program():
    page, limits = text("connecting.md"), Limits()
    assert f"| one event | {limits.event // 1024} KiB" in page
    assert f"| a batch | {limits.batch_events:,} events, {limits.batch // 2**20} MiB |" in page
    assert f"{limits.requests_per_second:,} requests a second" in page


def findings():
    """The names of all findings: the first argument of Finding and `_find`, or paired with a position."""
    yield OVERLAPS
    for path in (ROOT / "domain" / "assessment").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Name("Finding") | ast.Attribute(attr="_find"), args=[ast.Constant(str(name)), *_]
                ):
                    yield name
                case ast.Tuple([ast.Constant(str(name)), ast.Attribute(attr="position")]):
                    yield name


def test_every_finding_is_explained():
    section = text("reading.md").partition("## Odd entries: findings")[2].partition("\n## ")[0]
    assert named(section) == set(findings())


def test_every_verdict_standing_and_rule_is_explained():
    assert set(VERDICTS) | set(STANDINGS) | {rule.id for rule in england().rules} <= named(text("reading.md"))


def test_every_member_of_an_episode_is_explained():
    source = ast.parse((ROOT / "application" / "answers" / "as_json.py").read_text("utf-8"))
    functions = [
        n for n in source.body if isinstance(n, ast.FunctionDef) and n.name in {"episode", "_pictured"}
    ]
    members = {
        key.value
        for function in functions
        for node in ast.walk(function)
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant)
    }
    page = text("reading.md")
    assert {member for member in members if f"`{member}`" not in page} <= {
        "subject",
        "child",
        "version",
        "position",
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        if "://" in target:
            continue
        file, _, anchor = target.partition("#")
        there = (page.parent / file).resolve() if file else page
        assert there.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", there.read_text("utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in headings}, target


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: page.name)
def test_every_command_that_is_shown_exists(page):
    shown, makefile = page.read_text("utf-8"), (ROOT / "Makefile").read_text("utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony is not None
    assert set(re.findall(r"(?:^ {4}|`)make ([a-z]+)", shown, re.MULTILINE)) <= set(phony[1].split())
    assert set(re.findall(r"(?:bin/|`|^ {4})ledger ([a-z]+)(?![\w-])", shown, re.MULTILINE)) <= set(
        cli.commands
    )


def test_every_command_of_the_program_is_described():
    told = text("commands.md")
    assert {name for name in cli.commands if f"`ledger {name}" not in told} == set()


@pytest.mark.parametrize(
    "page",
    [DOCS / f"{name}.md" for name in ("code", "architecture", "auditing", "operating")],
    ids=lambda p: p.name,
)
def test_every_file_that_is_named_exists(page):
    roots = "domain|application|interface|features|tests|scripts|docs|deploy|bin"
    for path in re.findall(rf"`((?:{roots})/[^`\s]*)`", page.read_text("utf-8")):
        assert list(ROOT.glob(path.rstrip("/"))), path


def test_the_line_that_is_shown_has_the_hash_that_is_shown():
    page = text("auditing.md")
    line, access = re.findall(r"^\{\"v\":1,.*$", page, re.MULTILINE)
    leaf = hashlib.sha256(b"\0" + line.encode("ascii")).hexdigest()
    assert f"{leaf}  -" in page
    assert set(json.loads(line)) <= named(page)
    assert access in (ROOT / "tests" / "golden" / "access.ndjson").read_text("ascii").splitlines()
    assert {f"data.{member.name}" for member in Disclosed.MEMBERS} <= named(page)


def test_the_purposes_that_are_shown_are_those_of_the_program():
    section = text("reading.md").partition("## Why you read")[2].partition("\n## ")[0]
    assert set(re.findall(r"`([a-z_]+)`", section)) >= set(PURPOSES)


def test_every_name_in_the_glossary_is_in_the_code():
    modules = [path for part in ("domain", "application", "interface") for path in (ROOT / part).rglob("*.*")]
    code = "\n".join(
        path.name + path.read_text("utf-8") for path in modules if path.suffix in {".py", ".toml"}
    )
    for row in rows(text("glossary.md"))[2:]:
        for name in re.findall(r"`(?:[A-Za-z_]+\.)?([A-Za-z_]+(?:\.py|\.toml)?)`", row[-1]):
            assert re.search(rf"\b{re.escape(name)}\b", code), (row[0], name)


def test_the_number_of_types_is_right():
    assert f"{len(FACTS)} event types" in (ROOT / "README.md").read_text("utf-8")


def test_the_release_has_its_place_in_the_changelog():
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    newest = re.search(r"^## \[([^]]+)\]", changelog, re.MULTILINE)
    assert newest is not None
    assert newest[1] in {VERSION, "Unreleased"}


def test_every_condition_and_member_of_a_rule_is_explained():
    page = named(text("rulebooks.md"))
    assert {"standing", "category", "risk_level", "age", "area", *PROFILE} <= page
    assert _READERS.keys() <= page
    values = {*STANDINGS, *CATEGORY.values, *RISK_LEVEL.values, *PLACEMENT_TYPE.values, *CASE_STATUS.values}
    assert {value for value in values if f"`{value}`" not in text("rulebooks.md")} == set()


def test_the_rulebook_that_is_shown_can_be_adopted(ledger):
    shown = [block for block in blocks(text("rulebooks.md"), "toml") if "extends" in block]
    assert [adopt(ledger, block, None).again for block in shown] == [False]
