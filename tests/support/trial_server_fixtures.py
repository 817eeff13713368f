"""Folders and servers of trials, which are gone after the test."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from pathlib import Path

import pytest

from interface.postgres import EmbeddedPostgres
from tests.support.trial_servers import BINDIR


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
