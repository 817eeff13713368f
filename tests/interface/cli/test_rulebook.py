"""The commands that check, adopt, show and try rulebooks, and that list duties by them."""

from __future__ import annotations

import json
import signal

import pytest

from application.projections.follower import Follower
from application.queries.measures import streams_to_replay as concerned
from domain.rules.rulebook import england, shipped
from interface.cli import main
from interface.settings import from_environment
from interface.wiring.open_ledger import opened
from tests.support.local_rulebooks import ENGLAND, local

pytest_plugins = ["tests.support.command_fixtures"]

EPISODE = "E08000025/ME-1"
HELD = "return-interview-held"
STORY = [
    ("reported", "2026-03-01T20:00:00Z"),
    ("returned", "2026-03-01T22:30:00Z"),
    ("interview-held", "2026-03-04T10:30:00Z"),
]
AS_AT = ["--as-at", "2026-06-01T00:00:00Z"]


@pytest.fixture
def files(tmp_path):
    """Write a file of this text; its name."""

    def write(text, name="local.toml"):
        (tmp_path / name).write_text(text, "utf-8")
        return str(tmp_path / name)

    return write


@pytest.fixture
def ledger_at(dsn, tmp_path, monkeypatch, capsys):
    """A ledger with one story, named in the environment."""
    keys = tmp_path / "ledger.keys"
    assert main(["keys", "new", str(keys)]) == 0
    monkeypatch.setenv("LEDGER_DSN", dsn)
    monkeypatch.setenv("LEDGER_KEYS", str(keys))
    with opened(from_environment()) as ledger:
        ledger.initialise(england().text)
    story = tmp_path / "story.ndjson"
    lines = [
        {"specversion": "1.0", "id": name, "source": "urn:x:lcs", "type": f"missing-episode.{name}.v1",
         "subject": EPISODE, "time": time, "data": {"child": "hidden-child"}}
        for name, time in STORY
    ]  # fmt: skip
    story.write_text("\n".join(map(json.dumps, lines)))
    assert main(["import", "--format", "cloudevents", str(story)]) == 0
    Follower(dsn).catch_up()
    capsys.readouterr()
    return main


def test_a_good_rulebook_is_checked_without_a_database(files, capsys, monkeypatch):
    monkeypatch.delenv("LEDGER_DSN", raising=False)
    assert main(["rulebook", "check", files(local())]) == 0
    assert (
        f"local 1 is good: {1 + len(england().rules)} rules, with those of england."
        in capsys.readouterr().out
    )


def test_a_bad_rulebook_is_refused_with_file_line_and_reason(files, capsys, answer):
    file = files(local(-3))
    assert main(["rulebook", "check", file]) == 1
    said = capsys.readouterr().out
    assert said == f"{file}:17: rule {HELD}, limit: hours must be a whole number, more than none.\n"
    assert main(["rulebook", "check", file, "--json"]) == 1
    assert answer()["faults"] == [
        {"line": 17, "reason": f"rule {HELD}, limit: hours must be a whole number, more than none"}
    ]


def test_a_circle_among_files_is_found(files, capsys):
    mine = files(local().replace('"england"', '"other"'))
    other = files(
        local().replace('"england"', '"local"').replace('id = "local"', 'id = "other"'), "other.toml"
    )
    assert main(["rulebook", "check", mine, "--with", other]) == 1
    assert ":6: extends goes round in a circle: local extends other extends local" in capsys.readouterr().out


def test_a_file_that_is_not_text_is_refused(files, tmp_path, capsys):
    (tmp_path / "x.toml").write_bytes(b'id = "x"\ntitle = "\xe9"\n')
    assert main(["rulebook", "check", str(tmp_path / "x.toml")]) == 1
    assert "x.toml:2: this is not UTF-8" in capsys.readouterr().err


def test_a_rulebook_is_adopted_once_and_shown(ledger_at, files, answer, capsys):
    file = files(local())
    assert ledger_at(["rulebook", "adopt", file, "--by", "head_of_service", "--json"]) == 0
    told = answer()
    assert (told["recorded"], told["rules"]["changed"]) == (True, [HELD])
    assert ledger_at(["rulebook", "adopt", file, "--json"]) == 0
    assert answer() == told | {"recorded": False, "rules": {"new": [], "gone": [], "changed": []}}
    assert ledger_at(["rulebook", "show", "--json"]) == 0
    assert (answer()["adopted"]["by"], told["position"]) == ("head_of_service", 6)
    assert ledger_at(["rulebook", "show"]) == 0
    assert "limit 48 hours" in capsys.readouterr().out
    assert ledger_at(["rulebook", "show", ENGLAND, "--text"]) == 0
    assert capsys.readouterr().out == shipped()["england"]
    assert ledger_at(["rulebook", "show", "england@7"]) == 1
    assert f"{ENGLAND}, local@1" in capsys.readouterr().err


def test_what_cannot_be_adopted_is_refused_and_nothing_is_recorded(ledger_at, files, capsys, answer):
    assert ledger_at(["rulebook", "adopt", files(local(-1))]) == 1
    assert "local.toml:17: rule" in capsys.readouterr().err
    assert ledger_at(["rulebook", "adopt", files(local()), "--by", "Jane Doe"]) == 2
    assert ledger_at(["rulebook", "adopt", files(local())]) == 0
    assert ledger_at(["rulebook", "adopt", files(local(47))]) == 1
    assert "give this one another version" in capsys.readouterr().err
    assert ledger_at(["rulebook", "show", "--json"]) == 0
    assert answer()["ledger_size"] == 6


def test_what_if_counts_lists_and_keeps_nothing(ledger_at, files, answer, capsys, tmp_path):
    file, out = files(local()), tmp_path / "changes.ndjson"
    assert ledger_at(["what-if", file, *AS_AT, "--out", str(out), "--json"]) == 0
    told = answer()
    assert told["counts"] == [
        {"rule": HELD, "authority": "E08000025", "before": "met", "after": "met_late", "count": 1}
    ]
    assert [json.loads(line) for line in out.read_text().splitlines()] == told["changes"]
    assert "hidden-child" not in json.dumps(told)
    assert ledger_at(["what-if", file, *AS_AT]) == 0
    words = capsys.readouterr().out
    assert "1 of 1 episodes would be judged otherwise" in words
    assert f"{EPISODE}, {HELD}: met -> met late" in words
    assert ledger_at(["rulebook", "show", "--json"]) == 0
    assert (answer()["id"], sorted(p.name for p in tmp_path.glob("*.part"))) == ("england", [])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--from", "2026-03-01", "--to", "2026-02-01"], "give a `to` that is later than `from`"),
        (
            ["--as-at", "2026-02-01T00:00:00Z"],
            "No episode had started by `as_at`.",
        ),
        (["--authority", "Birmingham"], "must be a namespace"),
    ],
)
def test_a_what_if_that_cannot_be_meant_is_refused(ledger_at, files, capsys, given, said):
    assert ledger_at(["what-if", files(local()), *given]) == 2
    assert said in capsys.readouterr().err


def test_a_what_if_of_a_bad_rulebook_is_refused_with_its_lines(ledger_at, files, capsys):
    assert ledger_at(["what-if", files(local(0))]) == 1
    assert "local.toml:17: rule" in capsys.readouterr().err


def test_a_what_if_can_be_stopped_and_leaves_nothing_behind(ledger_at, files, capsys, tmp_path, monkeypatch):
    streams = concerned.StreamsToReplay.streams

    def interrupted(self, *given):
        signal.raise_signal(signal.SIGINT)
        return streams(self, *given)

    monkeypatch.setattr(concerned.StreamsToReplay, "streams", interrupted)
    out = tmp_path / "changes.ndjson"
    assert ledger_at(["what-if", files(local()), *AS_AT, "--out", str(out)]) == 1
    assert "Stopped. Nothing was adopted, and nothing is left behind." in capsys.readouterr().err
    assert list(tmp_path.glob("changes*")) == []


def test_duties_are_listed_as_the_service_lists_them(ledger_at, answer, capsys):
    assert ledger_at(["obligations", "--rule", HELD, *AS_AT, "--json"]) == 0
    told = answer()
    [item] = told["items"]
    assert (item["subject"], item["verdict"], told["rulebook"]["id"]) == (EPISODE, "met", "england")
    assert "child" not in item
    assert ledger_at(["obligations", "--rule", HELD, *AS_AT]) == 0
    assert "60 h after the return: in time (limit 72 hours)." in capsys.readouterr().out


def test_duties_are_filtered_paged_and_judged_by_another_rulebook(ledger_at, files, answer, capsys):
    assert ledger_at(["obligations", "--verdict", "overdue", "--authority", "E09000001", *AS_AT]) == 0
    assert "None." in capsys.readouterr().out
    assert ledger_at(["obligations", "--limit", "1", *AS_AT, "--json"]) == 0
    first = answer()
    assert ledger_at(["obligations", "--limit", "1", *AS_AT, "--cursor", first["next"], "--json"]) == 0
    assert answer()["items"][0]["rule"] != first["items"][0]["rule"]
    assert ledger_at(["rulebook", "adopt", files(local())]) == 0
    capsys.readouterr()
    assert ledger_at(["obligations", "--rule", HELD, "--rulebook", "local@1", *AS_AT, "--json"]) == 0
    assert [item["verdict"] for item in answer()["items"]] == ["met_late"]
    assert ledger_at(["obligations", "--rule", "no-such-rule"]) == 1
    assert "the id of an adopted rule" in capsys.readouterr().err
    assert ledger_at(["obligations", "--verdict", "fine"]) == 2


def test_figures_name_the_rulebook_that_was_asked_for(ledger_at, files, answer, capsys):
    assert ledger_at(["rulebook", "adopt", files(local())]) == 0
    capsys.readouterr()
    assert ledger_at(["measures", "--rulebook", ENGLAND, *AS_AT, "--json"]) == 0
    assert answer()["rulebook"] == {"id": "england", "version": england().version}
