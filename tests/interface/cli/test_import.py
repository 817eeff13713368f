"""`ledger import`: recorded once, with a report of what was not taken."""

from __future__ import annotations

from tests.support.deployed_commands import found

pytest_plugins = ["tests.support.command_fixtures"]


EXTRACT = """\
miss_table_id,miss_person_id,miss_missing_episode_start_date,miss_missing_episode_type,miss_missing_episode_end_date,\
miss_missing_rhi_offered,miss_missing_rhi_accepted
M1,P1,2026-03-01T22:30:00,M,2026-03-02T09:10:00,Y,N
M2,Hidden Name,2026-03-05T10:00:00,M,,,
"""


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
