"""`ledger rebuild`: what it compares, shows and puts right."""

from __future__ import annotations

import psycopg

from tests.support.deployed_commands import EPISODE, found

pytest_plugins = ["tests.support.command_fixtures"]


def test_rebuild_finds_that_the_live_views_are_behind_and_then_that_they_agree(ledger_at, story, answer):
    found()
    assert ledger_at(["import", "--format", "cloudevents", str(story)]) == 0
    assert ledger_at(["rebuild", "--json"]) == 0
    assert answer()["position"] == 5
    assert ledger_at(["rebuild", "--json"]) == 0
    again = answer()
    assert (again["episodes"], again["compared"], again["differences"]) == (1, 1, [])


def test_rebuild_checks_only_and_goes_back_and_lets_go(ledger_at, dsn, story, answer, capsys):
    found()
    assert ledger_at(["import", "--format", "cloudevents", str(story)]) == 0
    assert ledger_at(["rebuild", "--drop-old", "--json"]) == 0
    assert answer() == {"kept": None}
    assert ledger_at(["rebuild"]) == 0
    with psycopg.connect(dsn, autocommit=True) as owner:
        owner.execute("update views.verdicts set verdict = 'met' where verdict = 'met_late'")
    assert ledger_at(["rebuild", "--check"]) == 1
    said = capsys.readouterr().out
    assert "return-interview-held: met, rebuilt met_late" in said
    assert "The live lists are as they were." in said
    assert ledger_at(["rebuild", "--check", "--json"]) == 1
    told = answer()
    assert {"rule": "return-interview-held", "before": "met", "after": "met_late", "count": 1} in told[
        "verdicts"
    ]
    change = next(each for each in told["changes"] if each["rule"] == "return-interview-held")
    assert (change["subject"], change["since"]) == (EPISODE, "2026-03-07T09:00:00Z")
    assert told["switched"] is False
    assert ledger_at(["rebuild"]) == 1
    assert ledger_at(["rebuild", "--check"]) == 0
    assert ledger_at(["rebuild", "--back", "--json"]) == 0
    assert answer()["kept"]["position"] == 5
    assert ledger_at(["rebuild", "--check"]) == 1
    ledger_at(["doctor"])
    assert "views from before the last rebuild" in capsys.readouterr().out
    assert ledger_at(["rebuild", "--drop-old", "--json"]) == 0
    assert answer()["kept"]["position"] == 5
    ledger_at(["doctor"])
    assert "views from before" not in capsys.readouterr().out
    assert ledger_at(["rebuild", "--back"]) == 1


def test_rebuild_says_which_live_rows_were_wrong(ledger_at, dsn, story, answer):
    found()
    assert ledger_at(["import", "--format", "cloudevents", str(story)]) == 0
    assert ledger_at(["rebuild"]) == 0
    with psycopg.connect(dsn, autocommit=True) as owner:
        owner.execute("update views.standings set standing = 'away' where standing = 'missing'")
    assert ledger_at(["rebuild", "--json"]) == 1
    [wrong] = answer()["differences"]
    assert (wrong["view"], wrong["episodes"], wrong["examples"]) == ("standings", 1, [EPISODE])
