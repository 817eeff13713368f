"""A client that somebody generates from /openapi.json imports, posts and reads."""

from __future__ import annotations

import importlib
import os
import pkgutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from application.projections.follower import Follower
from tests.support.http_client import AUTHORITY, SUBJECT, event

pytest_plugins = ["tests.support.http_fixtures"]

NAME = "ledger_client"


@pytest.fixture
def generated(app, tmp_path, monkeypatch):
    """The package as generated, with every module of it imported."""
    document = tmp_path / "openapi.json"
    document.write_bytes(app.test_client().get("/openapi.json").data)
    bin_ = Path(sys.executable).parent
    into = ["--path", document, "--output-path", tmp_path / NAME, "--meta", "none"]
    subprocess.run(
        [bin_ / "openapi-python-client", "generate", *into],
        check=True,
        capture_output=True,
        env=os.environ | {"PATH": f"{bin_}:{os.environ['PATH']}"},  # it formats with ruff
    )  # fmt: skip
    monkeypatch.syspath_prepend(tmp_path)
    package = importlib.import_module(NAME)
    for module in pkgutil.walk_packages(package.__path__, f"{NAME}."):
        importlib.import_module(module.name)
    yield package
    for name in [name for name in sys.modules if name.partition(".")[0] == NAME]:
        del sys.modules[name]


def test_it_posts_events_and_reads_them_back(app, api, dsn, generated):
    token = api.headers["Authorization"].removeprefix("Bearer ")
    client = generated.AuthenticatedClient(
        base_url="http://ledger", token=token, httpx_args={"transport": httpx.WSGITransport(app=app)}
    )
    models, routes = importlib.import_module(f"{NAME}.models"), f"{NAME}.api"
    post = importlib.import_module(f"{routes}.events.events_post").sync_detailed
    reported = models.MissingEpisodeReportedV1.from_dict(event("reported", data={"category": "missing"}))
    returned = models.MissingEpisodeReturnedV1.from_dict(event("returned", time="2026-03-02T10:00:00Z"))

    for body, status, code in (
        (reported, "recorded", 201),
        (reported, "duplicate", 200),
        (returned, "recorded", 201),
    ):
        receipt = post(client=client, body=body)
        assert (receipt.status_code, receipt.parsed.status.value) == (code, status)
    wrong = post(client=client, body=models.EventsPostJsonBody.from_dict({"child": "C1"}))
    assert (wrong.status_code, wrong.parsed.to_dict()["type"]) == (400, "/problems/invalid-cloudevent")

    Follower(dsn).catch_up()
    episode = importlib.import_module(f"{routes}.episodes.episodes_episode").sync(
        AUTHORITY, "ME-1", client=client
    )
    assert (episode.subject, episode.standing.value, episode.version) == (SUBJECT, "returned", 2)
    listed = importlib.import_module(f"{routes}.episodes.episodes_episodes").sync(
        client=client, open_=False, limit=1
    )
    assert [item.subject for item in listed.items] == [SUBJECT]
