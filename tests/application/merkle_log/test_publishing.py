"""Checkpoints brought out of the house: which ones, to a folder and to an address, and what happens when that fails."""

from __future__ import annotations

import json
import logging
import re
import threading
from typing import ClassVar

import psycopg
import pytest

from application.merkle_log.checkpoint_file import CheckpointFile
from application.merkle_log.publishing import http_exchange as exchange
from application.merkle_log.publishing.delivery_status import enrol, reaches
from application.merkle_log.publishing.folder import FolderTarget
from application.merkle_log.publishing.http_exchange import Address
from application.merkle_log.publishing.http_post import HttpTarget
from application.merkle_log.publishing.publisher import Publisher
from application.merkle_log.sealer import Sealer
from application.store.logs import ACCESSES, EPISODES
from interface.cli.commands.doctor import publishing as published
from interface.cli.commands.doctor.check import Level, ok
from interface.cli.commands.follow import _sealing
from interface.settings import Publishing, Settings
from interface.wiring.publishers import publishers
from tests.support.http_client import AUTHORITY, event
from tests.support.http_receiver import Answered, listening
from tests.support.sealed_ledgers import change, last_note
from tests.support.waiting import PATIENCE, until

pytest_plugins = [
    "tests.support.http_fixtures",
    "tests.support.sealing_fixtures",
    "tests.support.publishing_fixtures",
]


@pytest.fixture
def folder(tmp_path):
    """A folder as a place."""
    (tmp_path / "outside").mkdir(exist_ok=True)
    return FolderTarget(tmp_path / "outside")


# ------------------------------------------------------------------------------------------------------- a folder


def test_each_checkpoint_is_a_file_and_the_newest_lies_there_twice(ledger, seal, publish, folder, tmp_path):
    seal(5)
    first = last_note(ledger)
    assert publish(folder)
    seal(1)
    assert publish(folder)
    there = tmp_path / "outside" / "test" / "1"
    held = {file.name: file.read_text() for file in there.iterdir()}
    assert held == {"7": first, "8": last_note(ledger), "latest": last_note(ledger)}


def test_both_logs_are_published_under_their_origins(
    api, ledger, sealer, dsn, keys, publish, folder, reach, tmp_path
):
    api.post(event(id="e-1", subject=f"{AUTHORITY}/ME-1"))
    api.get("/v1/episodes")
    sealer.catch_up()
    signers = lambda epoch: keys.signer(ACCESSES.origin("test", epoch), epoch)  # noqa: E731
    Sealer(dsn, ACCESSES, signers, CheckpointFile(tmp_path / "access")).catch_up()
    assert publish(folder)
    kept = (tmp_path / "outside" / "test" / "access" / "1" / "latest").read_text()
    assert kept == last_note(ledger, ACCESSES)
    assert [reach("folder", log).behind for log in (EPISODES, ACCESSES)] == [0, 0]


def test_each_nth_goes_and_always_the_newest(seal, publish, folder, reach, tmp_path):
    for _ in range(2):  # the first of all is due at once
        seal()
        assert publish(folder, every=3)
    assert reach("folder").behind == 1
    seal()
    publish(folder, every=3)
    assert reach("folder").behind == 2
    seal()
    publish(folder, every=3)
    assert reach("folder").behind == 0
    assert sorted(file.name for file in (tmp_path / "outside/test/1").iterdir()) == ["3", "6", "latest"]


def test_one_that_has_waited_for_an_hour_goes_whatever_the_number(seal, publish, folder, reach, dsn):
    seal()
    publish(folder, every=100)
    seal()
    publish(folder, every=100)
    assert reach("folder").behind == 1
    change(dsn, "update ledger.checkpoints set released_at = released_at - interval '61 minutes'")
    publish(folder, every=100)
    assert reach("folder").behind == 0


def test_what_lies_in_the_folder_is_never_covered_up(seal, publish, folder, reach, dsn, tmp_path):
    seal(5)
    publish(folder)
    there = tmp_path / "outside" / "test" / "1"
    kept = (there / "7").read_text()
    (there / "8").write_text(kept.replace("\n7\n", "\n8\n"))
    seal(1)
    assert not publish(folder)
    assert "another checkpoint of 8 entries lies there" in reach("folder").problem
    (there / "latest").write_text(kept.replace("\n7\n", "\n70\n"))
    seal(1)
    assert not publish(folder)
    assert "the folder has a checkpoint of 70 entries, the ledger's last is of 9" in reach("folder").problem
    assert not (there / "9").exists()


def test_a_folder_that_is_gone_is_not_made(seal, publish, folder, reach, tmp_path):
    (tmp_path / "outside").rmdir()
    seal()
    assert not publish(folder)
    assert reach("folder").problem == "No such file or directory"


def test_what_was_cut_short_before_it_was_noted_is_brought_again(seal, publish, folder, reach, dsn):
    seal()
    publish(folder)
    change(dsn, "update ledger.places set epoch = null, size = null")
    assert publish(folder)
    assert reach("folder").behind == 0


# ------------------------------------------------------------------------------------------------------- the publisher


def test_a_failure_is_said_once_and_what_comes_after_it_is_the_newest(
    ledger, seal, dsn, connection, post, reach, caplog
):
    caplog.set_level(logging.WARNING)
    with listening(lambda _: Answered(500)) as somebody:
        publisher = Publisher(dsn, post(somebody.url), 1)
        for _ in range(3):
            seal()
            assert not publisher.step(connection)
        since = reach("url").failing_since
        somebody.reply = lambda _: Answered(200)
        seal()
        assert publisher.step(connection)
        assert publisher.step(connection)
    assert since is not None
    assert reach("url").failing_since is None
    assert len(somebody.asked) == 4
    assert somebody.asked[-1].body.decode() == last_note(ledger)
    assert [record.getMessage() for record in caplog.records] == [
        "no checkpoint of the episode log gets to url: the answer was 500",
        "checkpoints of the episode log get to url again",
    ]


def test_it_is_tried_again_ever_later_and_at_least_each_minute(seal, dsn):
    class Fails:
        name, outcomes = "somewhere", iter([*"........", None, "."])

        def take(self, *_):
            if next(self.outcomes):
                raise OSError

    class Stop:
        waits: ClassVar = []

        def is_set(self):
            return len(self.waits) == 11

        def wait(self, seconds):
            self.waits.append(seconds)
            if len(self.waits) == 10:
                seal()

    seal()
    Publisher(dsn, Fails(), 1).run(Stop())
    assert Stop.waits == [1, 2, 4, 8, 16, 32, 60, 60, 1, 1, 1]


def test_a_place_that_breaks_in_some_other_way_holds_nothing_up(seal, publish, reach):
    class Breaks:
        name = "somewhere"

        def take(self, *_):
            raise ZeroDivisionError("what a stranger sent")

    seal()
    assert not publish(Breaks())
    assert reach("somewhere").problem == "ZeroDivisionError"


def test_sealing_goes_on_while_a_place_hangs_and_one_of_two_publishers_works(
    ledger, seal, dsn, post, monkeypatch
):
    monkeypatch.setattr(exchange, "_PATIENCE", PATIENCE)
    seal()
    stop, answer = threading.Event(), threading.Event()

    def hang(_):
        answer.wait()
        return Answered(200)

    with listening(hang) as somebody:
        runs = [Publisher(dsn, post(somebody.url), 1).run for _ in range(2)]
        threads = [threading.Thread(target=run, args=(stop,)) for run in runs]
        for thread in threads:
            thread.start()
        until(lambda: somebody.asked)
        assert seal() == 4
        answer.set()
        until(lambda: len(somebody.asked) == 2)
        stop.set()
        for thread in threads:
            thread.join()
    assert [asked.body.decode().split("\n")[1] for asked in somebody.asked] == ["3", "4"]
    assert somebody.asked[-1].body.decode() == last_note(ledger)


def test_it_goes_on_after_the_database_ended_its_connection(ledger, seal, dsn, folder, reach):
    stop = threading.Event()
    seal()
    thread = threading.Thread(target=Publisher(dsn, folder, 1).run, args=(stop,))
    thread.start()
    try:
        until(lambda: reaches(ledger.database))
        change(dsn, "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()"
                    " and datname = current_database() and query like '%ledger.places%'")  # fmt: skip
        seal()
        until(lambda: reach("folder").behind == 0)
    finally:
        stop.set()
        thread.join()


# ------------------------------------------------------------------------------------------- the settings, the doctor


@pytest.fixture
def settings(dsn, keys, tmp_path):
    """An installation that publishes."""
    (tmp_path / "outside").mkdir(exist_ok=True)
    file = tmp_path / "ledger.keys"
    file.touch(mode=0o600)
    file.write_text(json.dumps(keys.as_json()))
    url = Address("http://127.0.0.1:9/")
    return Settings(
        dsn=dsn, keys=file, name="test", publishing=Publishing(every=1, folder=tmp_path / "outside", url=url)
    )


def test_the_follower_publishes_where_it_is_told_and_nowhere_else(settings, dsn, ledger):
    assert set(_sealing(settings)) == {
        "episode sealer",
        "access sealer",
        "publisher to folder",
        "publisher to url",
    }
    assert {each.place for each in reaches(ledger.database)} == {"folder", "url"}
    settings.publishing.folder.rmdir()
    assert len(_sealing(settings)) == 4  # what is not there keeps nothing from starting
    assert publishers(Settings(dsn=dsn)) == {}
    assert reaches(ledger.database) == []


def test_the_doctor_says_how_far_each_place_is_and_what_is_wrong(
    settings, ledger, seal, connection, folder, publish
):
    off = ok("publishing", "off: nobody outside has a checkpoint unless they fetch it")
    assert list(published.examine(ledger.database, Settings())) == [off]
    assert [check.level for check in published.examine(ledger.database, settings)] == [Level.WARN] * 2
    seal()
    enrol(connection, ["folder", "url"])
    publish(folder)
    publish(HttpTarget(settings.publishing.url, lambda _: None))
    said = [(c.level, c.finding) for c in published.examine(ledger.database, settings)]
    assert said[0][0] == Level.OK
    assert said[0][1].startswith("folder, episode log: 3 of 3 sealed entries, last brought 20")
    assert said[1] == (Level.OK, "folder, access log: 0 of 0 sealed entries")
    assert said[2][0] == Level.BAD
    assert re.match(r"url, episode log: 0 of 3 sealed entries; failing since 20.*: TypeError$", said[2][1])


def test_the_doctor_says_when_nobody_publishes(ledger, seal, folder, publish, dsn):
    seal()
    publish(folder)
    seal()
    told = [check.level for check in published.examine(ledger.database, Settings())]
    change(dsn, "update ledger.checkpoints set released_at = released_at - interval '3 hours'")
    [episodes] = published.examine(ledger.database, Settings())
    assert (told, episodes.level) == ([Level.OK], Level.BAD)
    assert "3 of 4 sealed entries" in episodes.finding
    assert "what came after it has waited for 10,8" in episodes.finding


def test_the_metrics_say_it_too(seal, publish, folder, post, connection, sign_in):
    seal()
    publish(folder)
    seal()
    publish(post("http://127.0.0.1:9/"))
    told = sign_in("administrator").get("/metrics").get_data(as_text=True)
    assert 'ledger_unpublished{log="episode",place="folder"} 1.0' in told
    assert 'ledger_unpublished{log="episode",place="url"} 4.0' in told
    assert 'ledger_publishing_fails{log="episode",place="folder"} 0.0' in told
    assert 'ledger_publishing_fails{log="episode",place="url"} 1.0' in told
    enrol(connection, [])
    assert "place=" not in sign_in("administrator").get("/metrics").get_data(as_text=True)


def test_nobody_but_the_follower_may_say_where_checkpoints_are(ledger):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ledger.database.rows("delete from ledger.places returning 1")
