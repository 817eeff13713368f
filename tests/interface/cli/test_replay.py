"""`ledger replay` and lists at the command line: the story, and its entry in the access log."""

from __future__ import annotations

import json

import psycopg
import pytest

from application.projections.follower import Follower
from tests.support.access_faults import broken
from tests.support.deployed_commands import EPISODE, found

pytest_plugins = ["tests.support.command_fixtures"]


def test_replay_tells_the_story_and_keeps_sealed_what_is_sealed(ledger_at, story, capsys):
    found()
    assert ledger_at(["import", "--format", "cloudevents", str(story)]) == 0
    capsys.readouterr()
    assert ledger_at(["replay", EPISODE]) == 0
    told = capsys.readouterr().out
    assert "nothing -> missing" in told
    assert "missing -> returned" in told
    assert "Return interview held within 72 hours of the return: overdue -> met late" in told
    assert "5 days after the return" in told
    assert "Where it stands: returned since 2 March 2026 09:00." in told
    assert "sealed    note" in told
    assert "hidden" not in told


def test_a_replay_is_an_entry_of_the_access_log(ledger_at, story, dsn):
    found()
    assert ledger_at(["import", "--format", "cloudevents", str(story)]) == 0
    assert ledger_at(["replay", EPISODE]) == 0
    assert ledger_at(["replay", "E08000025/none"]) == 1
    with psycopg.connect(dsn) as owner:
        [(line,)] = owner.execute("select line from ledger.access_entries").fetchall()
    said = json.loads(line)
    assert (said["principal"], said["by"]) == ("operator", "ledger")
    told = said["event"]["data"]
    assert (told["role"], told["purpose"], told["route"]) == ("operator", "operation", "ledger:replay")
    assert (told["positions"], len(told["children"])) == ([3, 4, 5], 1)


def test_what_should_be_put_right_is_shown_as_an_entry_and_how_systems_send_is_not(ledger_at, story, dsn):
    found()
    assert ledger_at(["import", "--format", "cloudevents", str(story)]) == 0
    assert ledger_at(["quality"]) == 0
    assert ledger_at(["quality", "--sources"]) == 0
    with psycopg.connect(dsn) as owner:
        [(line,)] = owner.execute("select line from ledger.access_entries").fetchall()
    assert json.loads(line)["event"]["data"]["route"] == "ledger:quality"


@pytest.mark.parametrize("command", ["obligations", "quality"])
def test_a_list_as_at_a_time_before_anything_had_begun_is_refused(ledger_at, story, dsn, capsys, command):
    found()
    assert ledger_at(["import", "--format", "cloudevents", str(story)]) == 0
    Follower(dsn).catch_up()
    assert ledger_at([command, "--as-at", "2001-01-01T00:00:00Z"]) == 2
    assert "No episode had started by" in capsys.readouterr().err
    assert ledger_at([command, "--as-at", "2001-01-01T00:00:00Z", "--known-at", "position:3"]) == 0


def test_a_replay_that_cannot_be_recorded_tells_nothing(ledger_at, story, dsn, capsys):
    found()
    assert ledger_at(["import", "--format", "cloudevents", str(story)]) == 0
    broken(dsn)
    capsys.readouterr()
    assert ledger_at(["replay", EPISODE]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "so nothing is shown" in said.err


def test_replay_goes_back_in_both_times(ledger_at, story, answer, capsys):
    found()
    assert ledger_at(["import", "--format", "cloudevents", str(story)]) == 0
    capsys.readouterr()
    assert ledger_at(["replay", EPISODE, "--json", "--as-at", "2026-03-01T23:00:00Z"]) == 0
    then = answer()
    assert then["episode"]["standing"] == "missing"
    assert "hidden" not in json.dumps(then)
    assert ledger_at(["replay", EPISODE, "--json", "--known-at", "position:4"]) == 0
    known = answer()
    assert [step["position"] for step in known["steps"]] == [3, 4]
    verdicts = {duty["rule"]: duty["verdict"] for duty in known["obligations"]}
    assert verdicts["return-interview-held"] == "overdue"
    assert ledger_at(["replay", "E08000025/none"]) == 1
