"""`ledger import`: recorded once, with a report of what was not taken."""

from __future__ import annotations

import json

import pytest

from domain.rules.rulebook import england
from interface.cli import main
from interface.settings import from_environment
from interface.wiring.open_ledger import opened

pytest_plugins = ["tests.support.command_fixtures"]

EPISODE = "E08000025/ME-1"

STORY = [
    ("1", "reported", "2026-03-01T22:30:00Z", {"category": "missing", "note": "hidden words"}),
    ("2", "returned", "2026-03-02T09:00:00Z", {"to_setting_type": "childrens_home"}),
    ("3", "interview-held", "2026-03-07T09:00:00Z", {"seen_alone": "yes"}),
]

EXTRACT = """\
miss_table_id,miss_person_id,miss_missing_episode_start_date,miss_missing_episode_type,miss_missing_episode_end_date,\
miss_missing_rhi_offered,miss_missing_rhi_accepted
M1,P1,2026-03-01T22:30:00,M,2026-03-02T09:10:00,Y,N
M2,Hidden Name,2026-03-05T10:00:00,M,,,
"""


@pytest.fixture
def ledger_at(dsn, tmp_path, monkeypatch):
    """A migrated database and fresh secrets, named in the environment; gives the command, run in process."""
    return _deployed(dsn, tmp_path, monkeypatch)


def _deployed(dsn, tmp_path, monkeypatch):
    keys = tmp_path / "ledger.keys"
    assert main(["keys", "new", str(keys)]) == 0
    monkeypatch.setenv("LEDGER_DSN", dsn)
    monkeypatch.setenv("LEDGER_KEYS", str(keys))
    return main


@pytest.fixture
def story(tmp_path):
    """A file of one episode's events."""
    file = tmp_path / "story.ndjson"
    lines = [
        {"specversion": "1.0", "id": id_, "source": "urn:x:lcs", "type": f"missing-episode.{name}.v1",
         "subject": EPISODE, "time": time, "data": {"child": "hidden-child", **data}}
        for id_, name, time, data in STORY
    ]  # fmt: skip
    file.write_text("\n".join(map(json.dumps, lines)))
    return file


def found():
    """Begin the ledger, as `ledger serve` would."""
    with opened(from_environment()) as ledger:
        ledger.initialise(england().text)


def test_an_import_is_recorded_once_and_reports_what_it_did_not_take(ledger_at, tmp_path, answer, capsys):
    found()
    file = tmp_path / "extract.csv"
    file.write_text(EXTRACT)
    command = [
        "import",
        "--format",
        "ssd-missing",
        str(file),
        "--namespace",
        "E08000025",
        "--source",
        "urn:x:ssd",
    ]
    assert ledger_at([*command, "--json"]) == 1
    first = answer()
    assert (first["rows"], first["taken"], first["recorded"]) == (2, 1, 3)
    assert [one["row"] for one in first["not_taken"]] == [3]
    assert ledger_at(command) == 1
    said = capsys.readouterr().out
    assert "recorded now: 0, recorded before: 3" in said
    assert "row 3, miss_person_id" in said
    assert "Hidden" not in said


def test_a_later_extract_is_told_what_changed_and_what_vanished(ledger_at, tmp_path, answer, capsys):
    found()
    file = tmp_path / "extract.csv"
    command = [
        "import",
        "--format",
        "ssd-missing",
        str(file),
        "--namespace",
        "E08000025",
        "--source",
        "urn:x:ssd",
    ]
    file.write_text(EXTRACT.replace("Hidden Name", "P2"))
    assert ledger_at([*command, "--extracted-at", "2026-04-01"]) == 0
    changed = [line for line in EXTRACT.splitlines() if not line.startswith("M2")]
    file.write_text("\n".join(changed).replace("09:10:00,Y,N", "11:00:00,,"))
    assert ledger_at([*command, "--extracted-at", "2026-05-01"]) == 0
    said = capsys.readouterr().out
    assert "row 2, miss_missing_episode_end_date: corrected" in said
    assert "row 2, miss_missing_rhi_offered: retracted" in said
    assert "E08000025/M2: in an earlier extract, and not in this one" in said
    assert ledger_at([*command, "--extracted-at", "2026-05-01", "--json"]) == 0
    again = answer()
    assert (again["recorded"], again["changed"], again["vanished"]) == (0, [], ["E08000025/M2"])


def test_an_import_takes_only_what_the_namespace_and_source_may_post(ledger_at, story, answer):
    found()
    command = ["import", "--format", "cloudevents", str(story), "--json"]
    assert ledger_at([*command, "--source", "urn:x:other"]) == 1
    assert answer()["refused"] == {"forbidden": 3}
    assert ledger_at([*command, "--namespace", "E08000026"]) == 1
    assert answer()["refused"] == {"forbidden": 3}
    assert ledger_at([*command, "--namespace", "E08000025", "--source", "urn:x:lcs"]) == 0
    assert answer()["recorded"] == 3
