"""`ledger simulate` and the demonstration: the same year each time."""

from __future__ import annotations

import json
import time

import pytest

from application.projections.follower import Follower
from application.projections.standings_table import EpisodeFilters
from application.queries.lists.episodes_and_obligations import Lists
from application.queries.lists.page import ListQuery
from interface.cli import main
from interface.cli.support.signals import Stopped
from interface.trial.demo import Demo

pytest_plugins = ["tests.support.command_fixtures"]


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
    gone = lists.episodes(EpisodeFilters(open=True), ListQuery(now)).json["items"]
    back = lists.episodes(EpisodeFilters(open=False), ListQuery(now)).json["items"]
    assert len(gone) >= 3
    assert "missing" in {item["standing"] for item in gone}
    assert back
