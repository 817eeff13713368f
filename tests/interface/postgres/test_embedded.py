"""The trial's own PostgreSQL: it keeps what it was given, says why when it cannot, and leaves nothing running.

Run as root and as an ordinary user these tests take different ways through the same sentences.
"""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import psycopg
import pytest

from interface.postgres import EmbeddedPostgres
from interface.postgres.binaries import choose
from interface.postgres.errors import InUse
from interface.postgres.os_account import account_for
from tests.support.trial_servers import BINDIR, command, keep, kept, modes, postmaster, setting
from tests.support.waiting import until

pytestmark = pytest.mark.slow

pytest_plugins = ["tests.support.trial_server_fixtures"]


@pytest.mark.parametrize("where", ["data", "open_data"])
def test_what_was_committed_is_there_at_the_next_start(trials, where, request):
    folder = request.getfixturevalue(where)
    with trials(folder) as postgres:
        keep(postgres.dsn, "first")
    with trials(folder) as postgres:
        assert kept(postgres.dsn) == ["first"]


def test_it_is_durable_private_and_not_root(trials, data):
    with trials(data) as postgres:
        assert setting(postgres.dsn, "fsync") == "on"
        assert setting(postgres.dsn, "data_checksums") == "on"
        assert setting(postgres.dsn, "server_encoding") == "UTF8"
        assert not setting(postgres.dsn, "listen_addresses")
        assert Path(f"/proc/{postmaster(postgres)}").stat().st_uid != 0
        assert postgres.folder.postmaster().socket.stat().st_mode & 0o077 == 0
        assert postgres.folder.cluster.stat().st_mode & 0o077 == 0


def test_no_permission_outside_the_data_folder_changes(trials, data):
    before = modes(data.parent)
    with trials(data):
        assert modes(data.parent) == before


def test_a_database_that_any_account_can_reach_stays_in_its_data_folder(trials, open_data):
    with trials(open_data) as postgres:
        assert postgres.folder.cluster == open_data / "server" / "cluster"


def test_a_killed_server_recovers_at_the_next_start(trials, data):
    postgres = trials(data).start()
    keep(postgres.dsn, "before the kill")
    os.kill(postmaster(postgres), signal.SIGKILL)
    postgres.stop()
    with trials(data) as again:
        assert kept(again.dsn) == ["before the kill"]


def test_a_pid_file_whose_number_is_another_process_by_now_is_no_obstacle(trials, data):
    postgres = trials(data).start()
    keep(postgres.dsn, "kept")
    os.kill(postmaster(postgres), signal.SIGKILL)
    postgres.stop()
    stranger = subprocess.Popen(["/bin/sleep", "60"], **account_for(postgres.folder.cluster).identity)
    pid_file = postgres.folder.cluster / "postmaster.pid"
    pid_file.write_text("\n".join([str(stranger.pid), *pid_file.read_text().splitlines()[1:]]))
    try:
        with trials(data) as again:
            assert kept(again.dsn) == ["kept"]
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_server_that_a_killed_command_left_is_ended_and_replaced(trials, data):
    first = command(data)
    dsn = first.stdout.readline().strip()
    keep(dsn, "by the first")
    first.kill()
    first.communicate()
    second = trials(data)
    assert second.attach()
    assert kept(second.dsn) == ["by the first"]
    left = postmaster(second)
    second.start()
    assert kept(second.dsn) == ["by the first"]
    assert postmaster(second) != left


def test_a_server_in_use_is_not_taken_over(trials, data):
    with trials(data) as first:
        with pytest.raises(InUse, match=f"in use by process {os.getpid()}"):
            EmbeddedPostgres(data, BINDIR).start()
        keep(first.dsn, "still here")


def test_a_server_that_runs_and_lets_nobody_in_is_told_from_one_in_use(trials, data):
    with trials(data) as first:
        (first.folder.cluster / "pg_hba.conf").write_text("local all all reject\n")
        with psycopg.connect(first.dsn, autocommit=True) as connection:
            connection.execute("select pg_reload_conf()")
        until(lambda: not EmbeddedPostgres(data, BINDIR).attach())
        with pytest.raises(InUse, match=rf"process {os.getpid()}, whose server does not answer \(.*pg_hba"):
            EmbeddedPostgres(data, BINDIR).join()


def test_another_command_uses_the_running_server_and_leaves_it_running(trials, data):
    with trials(data) as first:
        second = EmbeddedPostgres(data, BINDIR).join()
        keep(second.dsn, "by the second")
        second.stop()
        assert kept(first.dsn) == ["by the second"]
    assert not EmbeddedPostgres(data, BINDIR).attach()


def test_a_command_without_a_running_server_starts_it_for_the_time(trials, data):
    trials(data).start().stop()
    for_the_time = trials(data).join()
    assert for_the_time.alive
    for_the_time.stop()
    assert not for_the_time.attach()


def test_an_interrupt_stops_the_server_in_good_order(trials, data):
    running = command(data)
    running.stdout.readline()
    os.killpg(running.pid, signal.SIGINT)
    said, _ = running.communicate()
    assert said == "interrupted\n"
    left = trials(data)
    assert left.folder.postmaster() is None
    assert "database system is shut down" in left.folder.log.read_text()


def test_an_ordinary_user_has_it_from_first_start_to_last(trials, open_data):
    open_data.mkdir()
    if os.geteuid() == 0:
        os.chown(open_data, 65534, 65534)
    usable = choose(BINDIR, account_for(open_data), None).folder
    for value in ("first", "second"):
        running = command(open_data, unprivileged=True, bindir=usable)
        dsn = running.stdout.readline().strip()
        keep(dsn, value)
        running.communicate("")
        assert running.returncode == 0
    with trials(open_data, usable) as postgres:  # root may look after a user's data, as that user
        assert kept(postgres.dsn) == ["first", "second"]
        assert Path(f"/proc/{postmaster(postgres)}").stat().st_uid == open_data.stat().st_uid


def test_a_path_too_long_for_a_socket_is_no_obstacle(trials, open_data):
    long = open_data / ("long" * 20) / "data"
    with trials(long) as postgres:
        socket = postgres.folder.postmaster().socket
        keep(postgres.dsn, "kept")
        assert EmbeddedPostgres(long, BINDIR).attach()
    assert not socket.exists()


def test_its_log_never_holds_a_value(trials, data):
    with trials(data) as postgres:
        keep(postgres.dsn, "Ada Byron")
        with pytest.raises(psycopg.errors.UniqueViolation):
            keep(postgres.dsn, "Ada Byron")
        with psycopg.connect(postgres.dsn) as connection, pytest.raises(psycopg.Error):
            connection.execute("select nothing from kept where value = 'Ada Byron'")
        log = postgres.folder.log.read_text()
    assert "duplicate key" in log
    assert "Byron" not in log


def test_removing_deletes_the_database_wherever_it_lies(data):
    postgres = EmbeddedPostgres(data, BINDIR).start()
    place = postgres.folder.place
    postgres.remove()
    assert not place.exists()
    assert list(data.iterdir()) == []
