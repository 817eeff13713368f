"""Servers of trials: started by a command of their own, filled, and looked at."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psycopg

from tests.support.repository import ROOT

BINDIR = Path(os.environ["LEDGER_PG_BINDIR"]) if os.environ.get("LEDGER_PG_BINDIR") else None
COMMAND = """
import os, pathlib, sys
from interface.postgres import EmbeddedPostgres
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
