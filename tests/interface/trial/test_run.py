"""`ledger run` as a visitor meets it: started, used over HTTP, stopped, killed, started again."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from interface.cli import main
from interface.postgres import EmbeddedPostgres
from interface.settings import from_environment
from tests.support.repository import ROOT
from tests.support.waiting import until

COMMAND = "import sys; from interface.cli import main; sys.exit(main())"
PATIENCE = 180
"""Seconds that a start or a stop may take on a machine that is busy with other things; none waits when it is done."""
EVENT = {
    "specversion": "1.0",
    "id": "1",
    "source": "urn:x:lcs",
    "type": "missing-episode.reported.v1",
    "subject": "E08000025/ME-1",
    "time": "2026-03-01T22:30:00Z",
    "data": {"child": "1"},
}


@pytest.fixture
def data(tmp_path):
    """A data folder, whose database is deleted afterwards wherever root's was put."""
    folder = tmp_path / "trial"
    yield folder
    if folder.exists():
        EmbeddedPostgres(folder, from_environment().pg_bindir).remove()


@pytest.fixture
def ledger(data):
    """Starts `ledger …` on the data folder; what still runs afterwards is killed, with its children."""
    with contextlib.ExitStack() as ending:

        def start(*arguments):
            started = subprocess.Popen(
                [sys.executable, "-P", "-c", COMMAND, *arguments, "--data", data],
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
            ending.callback(finish, started)
            return started

        yield start


def finish(started):
    """End it if it runs, and close its ends."""
    if started.poll() is None:
        started.kill()
    with contextlib.suppress(
        subprocess.TimeoutExpired
    ):  # while a child that should have ended holds its ends
        started.communicate(timeout=PATIENCE / 3)


def ready(started):
    """The one line that it prints when it can be used."""
    line = started.stdout.readline()
    if not line:
        raise AssertionError(started.communicate(timeout=PATIENCE)[1])
    return json.loads(line)


def stopped(started, how=signal.SIGTERM):
    """Ask it to stop; its exit status, and what else it had printed."""
    started.send_signal(how)
    out, err = started.communicate(timeout=PATIENCE)
    return started.returncode, out, err


def sealed(data):
    """The last checkpoint that is kept outside the database."""
    kept = data / "trial.keys.checkpoint"
    return kept.read_text() if kept.exists() else ""


def ask(url, token, body=None):
    """A request with a token: status and JSON."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/cloudevents+json"}
    content = None if body is None else json.dumps(body).encode()
    try:
        with urllib.request.urlopen(
            urllib.request.Request(url, content, headers), timeout=PATIENCE
        ) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def test_a_trial_records_keeps_and_hands_out_new_tokens_at_each_start(ledger, data):
    first = ledger("run", "--port", "0", "--json")
    told = ready(first)
    assert set(told) == {"url", "tokens", "pages"}
    with urllib.request.urlopen(told["pages"], timeout=PATIENCE) as answer:
        assert "Who are you?" in answer.read().decode()
    assert list(told["tokens"]) == ["recorder", "reader", "manager", "auditor", "administrator"]
    assert (data / "trial.keys").stat().st_mode & 0o777 == 0o600
    status, receipt = ask(f"{told['url']}/v1/events", told["tokens"]["recorder"], EVENT)
    assert (status, receipt["status"], receipt["position"]) == (201, "recorded", 3)
    status, episode = ask(f"{told['url']}/v1/episodes/E08000025/ME-1", told["tokens"]["recorder"])
    assert (status, episode["standing"]) == (200, "missing")
    until(lambda: "ledger/1\n3\n" in sealed(data))
    assert stopped(first)[:2] == (0, "")

    second = ledger("run", "--port", "0", "--json")
    again = ready(second)
    status, receipt = ask(f"{again['url']}/v1/events", again["tokens"]["recorder"], EVENT)
    assert (status, receipt["status"], receipt["position"]) == (200, "duplicate", 3)
    assert ask(f"{again['url']}/v1/episodes/E08000025/ME-1", told["tokens"]["reader"])[0] == 401
    assert stopped(second, signal.SIGINT)[:2] == (0, "")


@pytest.mark.slow
def test_a_killed_trial_starts_again_with_everything_acknowledged(ledger):
    first = ledger("run", "--port", "0", "--json")
    told = ready(first)
    assert ask(f"{told['url']}/v1/events", told["tokens"]["recorder"], EVENT)[0] == 201
    first.kill()
    first.wait()
    deadline = time.monotonic() + PATIENCE
    with contextlib.suppress(OSError):  # its server ends as well, although nobody could tell it to
        while time.monotonic() < deadline:
            urllib.request.urlopen(f"{told['url']}/livez", timeout=PATIENCE).close()
    assert time.monotonic() < deadline
    second = ledger("run", "--port", "0", "--json")
    again = ready(second)
    assert ask(f"{again['url']}/v1/events", again["tokens"]["recorder"], EVENT)[1]["status"] == "duplicate"
    assert stopped(second)[0] == 0


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT, signal.SIGKILL])
def test_a_database_that_ends_by_itself_comes_back_and_nothing_acknowledged_is_lost(ledger, data, how):
    running = ledger("run", "--port", "0", "--json")
    told = ready(running)
    url, token = f"{told['url']}/v1/events", told["tokens"]["recorder"]
    assert ask(url, token, EVENT)[0] == 201
    folder = EmbeddedPostgres(data, from_environment().pg_bindir).folder
    before, deadline, met = folder.postmaster().pid, time.monotonic() + PATIENCE, []
    os.kill(before, how)
    while (now := folder.postmaster()) is None or now.pid == before:
        met.append(ask(url, token, EVENT | {"id": "after"}))
        assert time.monotonic() < deadline
    while (answer := ask(url, token, EVENT | {"id": "after"}))[0] == 503 and time.monotonic() < deadline:
        met.append(answer)
    assert answer[0] in {200, 201}, answer
    assert {status for status, _ in met} <= {200, 201, 503}
    assert ask(url, token, EVENT)[1]["status"] == "duplicate"
    assert stopped(running)[0] == 0


def test_commands_use_the_running_trial_and_a_second_one_is_told_who_has_it(ledger, capsys):
    running = ledger("run", "--port", "0", "--json")
    told = ready(running)
    url = told["url"]
    made = ledger("tokens", "new", "--role", "reader", "--json")
    token = json.loads(made.communicate(timeout=PATIENCE)[0])["token"]
    assert ask(f"{url}/v1/episodes/E08000025/none", token)[0] == 404
    simulate = ["simulate", "--namespace", "E06000001", "--children", "2", "--seed", "1"]
    simulate += ["--from", "2026-01-01", "--to", "2026-01-31", "--post", url, "--json"]
    assert main([*simulate, "--token", told["tokens"]["recorder"]]) == 0
    assert json.loads(capsys.readouterr().out)["recorded"] > 10
    assert main([*simulate, "--token", token]) == 1
    assert "403" in capsys.readouterr().err
    second = ledger("run", "--port", "0")
    assert f"in use by process {running.pid}" in second.communicate(timeout=PATIENCE)[1]
    assert second.returncode == 1
    assert stopped(running)[0] == 0
    alone = ledger("tokens", "list", "--json")
    assert token not in (listed := alone.communicate(timeout=PATIENCE)[0])
    assert len(json.loads(listed)["items"]) == 6


def test_a_port_in_use_is_a_sentence(ledger, data):
    with socket.create_server(("127.0.0.1", 0)) as other:
        refused = ledger("run", "--port", str(other.getsockname()[1]))
        assert "name another with --port" in refused.communicate(timeout=PATIENCE)[1]
    assert refused.returncode == 1
    assert not data.exists()


@pytest.mark.slow
def test_a_part_that_is_killed_ends_the_trial_with_a_sentence(ledger):
    running = ledger("run", "--port", "0", "--json")
    ready(running)
    children = Path(f"/proc/{running.pid}/task/{running.pid}/children").read_text().split()
    [follower] = [
        pid for pid in children if b"follow" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    ]
    os.kill(int(follower), signal.SIGKILL)
    assert (
        "`ledger follow` has ended by itself (killed by SIGKILL)" in running.communicate(timeout=PATIENCE)[1]
    )
    assert running.returncode == 1


@pytest.mark.slow
def test_a_stop_while_it_fills_the_demonstration_is_continued_by_the_next_start(ledger, data):
    first = ledger("run", "--port", "0", "--json", "--demo")
    while not (data / "demo.json").exists():
        assert first.poll() is None
    assert stopped(first)[:2] == (0, "")
    plan = json.loads((data / "demo.json").read_text())
    assert plan["complete"] is False
    (data / "demo.json").write_text(
        json.dumps({**plan, "children": 5, "seed": 2})
    )  # the rest would take long
    second = ledger("run", "--port", "0", "--json", "--demo")
    told = ready(second)
    assert json.loads((data / "demo.json").read_text())["complete"] is True
    status, overdue = ask(f"{told['url']}/v1/obligations?verdict=overdue&limit=1", told["tokens"]["manager"])
    assert (status, len(overdue["items"])) == (200, 1)
    assert stopped(second)[0] == 0


@pytest.mark.slow
def test_secrets_that_are_gone_are_not_replaced(ledger, data):
    first = ledger("run", "--port", "0", "--json")
    ready(first)
    assert stopped(first)[0] == 0
    (data / "trial.keys").rename(data / "elsewhere")
    second = ledger("run", "--port", "0", "--json")
    assert "put it back" in second.communicate(timeout=PATIENCE)[1]
    assert second.returncode == 1
    assert not (data / "trial.keys").exists()
