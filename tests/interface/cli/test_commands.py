"""Commands on a real database, as an operator would use them with LEDGER_DSN."""

from __future__ import annotations

import json
import time

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from application.access.spool import Spool
from application.projections.follower import Follower
from application.projections.standings_table import EpisodeFilters
from application.queries.lists.episodes_and_obligations import Lists
from application.queries.lists.page import ListQuery
from domain.rules.rulebook import england
from interface.cli import main
from interface.cli.support.signals import Stopped
from interface.settings import from_environment
from interface.trial.demo import Demo
from interface.wiring.open_ledger import opened
from tests.support.access_faults import broken

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


def test_migrate_applies_what_is_missing_once(empty_dsn, tmp_path, monkeypatch, answer):
    run = _deployed(empty_dsn, tmp_path, monkeypatch)
    assert run(["migrate", "--json"]) == 0
    assert answer()["applied"][0] == "0001_tables"
    assert run(["migrate", "--json"]) == 0
    assert answer() == {"applied": []}


def test_a_part_that_finds_no_migrations_says_what_to_run(empty_dsn, tmp_path, monkeypatch, capsys):
    run = _deployed(empty_dsn, tmp_path, monkeypatch)
    for part in ("serve", "follow"):
        assert run([part, "--wait", "0"]) == 1
        assert "ledger migrate" in capsys.readouterr().err


def test_a_part_whose_login_was_granted_nothing_says_what_to_grant(ledger_at, dsn, monkeypatch, capsys):
    with psycopg.connect(dsn, autocommit=True) as owner:
        owner.execute("create role ledger_stranger login")
        try:
            monkeypatch.setenv("LEDGER_DSN", make_conninfo(dsn, user="ledger_stranger"))
            assert ledger_at(["follow", "--wait", "0"]) == 1
            assert "grant it ledger_service and ledger_follower" in capsys.readouterr().err
        finally:
            owner.execute("drop role ledger_stranger")


def test_a_credential_is_made_listed_and_revoked(ledger_at, answer, capsys):
    given = ["--role", "recorder", "--role", "reader", "--namespace", "E08000025", "--source", "urn:x:lcs"]
    assert ledger_at(["tokens", "new", *given, "--label", "case system", "--days", "30", "--json"]) == 0
    made = answer()
    assert made["token"].startswith("ledger_")
    assert made["roles"] == ["reader", "recorder"]
    assert made["namespace"] == "E08000025"
    assert ledger_at(["tokens", "list", "--json"]) == 0
    [listed] = answer()["items"]
    assert listed["id"] == made["id"]
    assert "token" not in listed
    assert ledger_at(["tokens", "revoke", made["id"], "--json"]) == 0
    assert answer() == {"revoked": 1, "revoked_before": 0}
    assert ledger_at(["tokens", "list", "--json"]) == 0
    assert answer() == {"items": []}
    assert ledger_at(["tokens", "revoke", "c_unknown"]) == 1
    assert "no credential c_unknown" in capsys.readouterr().err


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
    assert "cannot be recorded" in said.err


def test_a_token_can_carry_a_purpose_of_the_list(ledger_at, answer, capsys):
    assert ledger_at(["tokens", "new", "--role", "reader", "--purpose", "care", "--json"]) == 0
    assert answer()["purpose"] == "care"
    assert ledger_at(["tokens", "list"]) == 0
    assert "purpose care" in capsys.readouterr().out
    assert ledger_at(["tokens", "new", "--role", "reader", "--purpose", "curiosity"]) == 2
    assert "safeguarding" in capsys.readouterr().err


def test_the_doctor_names_disclosures_that_are_not_in_the_access_log(
    ledger_at, tmp_path, monkeypatch, capsys
):
    found()
    spool = tmp_path / "spool"
    spool.mkdir()
    monkeypatch.setenv("LEDGER_BREAK_GLASS", str(spool))
    assert ledger_at(["doctor"]) == 0
    assert "ok    break glass" in capsys.readouterr().out
    Spool(spool).keep(b"{}")
    assert ledger_at(["doctor"]) == 1
    assert "bad   break glass" in capsys.readouterr().out


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


def test_doctor_finds_a_sound_deployment_good_and_names_what_is_not(ledger_at, dsn, answer, tmp_path, capsys):
    found()
    assert ledger_at(["doctor", "--json"]) == 0
    levels = {check["name"]: check["level"] for check in answer()["checks"]}
    assert "bad" not in levels.values()
    assert levels["ledger"] == levels["migrations"] == levels["entries"] == "ok"
    (tmp_path / "ledger.keys").chmod(0o644)
    with psycopg.connect(dsn, autocommit=True) as owner:
        owner.execute("grant insert on ledger.entries to ledger_service")
    assert ledger_at(["doctor"]) == 1
    said = capsys.readouterr().out
    assert "bad   secrets" in said
    assert "bad   roles" in said


def test_doctor_knows_secrets_of_another_ledger_and_a_missing_migration(
    ledger_at, dsn, answer, tmp_path, monkeypatch
):
    found()
    assert main(["keys", "new", str(tmp_path / "other.keys")]) == 0
    monkeypatch.setenv("LEDGER_KEYS", str(tmp_path / "other.keys"))
    assert ledger_at(["doctor", "--json"]) == 1
    assert {check["name"] for check in answer()["checks"] if check["level"] == "bad"} == {"ledger"}
    with psycopg.connect(dsn, autocommit=True) as owner:
        owner.execute("delete from ledger.migrations where number = 4")
    assert ledger_at(["doctor", "--json"]) == 1
    assert "migrations" in {check["name"] for check in answer()["checks"] if check["level"] == "bad"}


def test_doctor_says_what_it_can_of_a_deployment_whose_database_does_not_answer(
    ledger_at, answer, tmp_path, monkeypatch
):
    monkeypatch.setenv("LEDGER_DSN", f"host={tmp_path} user=u password=hidden-word")
    assert ledger_at(["doctor", "--json"]) == 4
    checks = {check["name"]: check for check in answer()["checks"]}
    assert checks["secrets"]["level"] == "ok"
    assert checks["database"]["level"] == "bad"
    assert checks["database"]["finding"].startswith(
        "The database cannot be reached: No such file or directory."
    )
    assert "hidden-word" not in str(checks)


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


def test_a_simulation_is_the_same_to_a_file_and_to_standard_output(tmp_path, capsys):
    command = ["simulate", "--namespace", "E08000025", "--children", "2", "--from", "2026-01-01",
               "--to", "2026-01-31", "--seed", "7"]  # fmt: skip
    out = tmp_path / "events.ndjson"
    assert main([*command, "--out", str(out), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert main(command) == 0
    assert capsys.readouterr().out == out.read_text()
    assert len(out.read_text().splitlines()) == told["events"] > 10
    assert list(tmp_path.iterdir()) == [out]


def test_a_demonstration_that_was_stopped_goes_on_with_the_same_year_until_it_is_whole(ledger, tmp_path):
    demo = Demo(tmp_path, children=8)

    def stop(_share, _sent):
        raise Stopped

    assert demo.wanted(ledger)
    with pytest.raises(Stopped):
        demo.fill(ledger, stop)
    first = ledger.entries.max_notification_id() - 2
    assert first > 0
    assert Demo(tmp_path).wanted(ledger)
    seen = []
    rest = Demo(tmp_path).fill(ledger, lambda share, sent: seen.append((share, sent)))
    assert ledger.entries.max_notification_id() - 2 == first + rest
    assert seen == sorted(seen)
    assert 0.9 < seen[-1][0] <= 1
    assert not Demo(tmp_path).wanted(ledger)


def test_a_demonstration_shows_children_who_are_missing_now_and_some_who_are_back(ledger, dsn, tmp_path):
    Demo(tmp_path, children=1).fill(ledger, lambda _share, _sent: None)
    Follower(dsn).catch_up()
    now, lists = time.time_ns() // 1000, Lists(ledger.database, ledger.vault)
    gone = lists.episodes(EpisodeFilters(open=True), ListQuery(now))["items"]
    back = lists.episodes(EpisodeFilters(open=False), ListQuery(now))["items"]
    assert len(gone) >= 3
    assert "missing" in {item["standing"] for item in gone}
    assert back
