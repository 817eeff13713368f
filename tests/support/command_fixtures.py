"""A command on a ledger of its own, a story in a file for it, and what it answered."""

from __future__ import annotations

import json

import pytest

from tests.support.deployed_commands import EPISODE, deployed

_STORY = [
    ("1", "reported", "2026-03-01T22:30:00Z", {"category": "missing", "note": "hidden words"}),
    ("2", "returned", "2026-03-02T09:00:00Z", {"to_setting_type": "childrens_home"}),
    ("3", "interview-held", "2026-03-07T09:00:00Z", {"seen_alone": "yes"}),
]


@pytest.fixture
def ledger_at(dsn, tmp_path, monkeypatch):
    """The command, on a migrated database with fresh secrets."""
    return deployed(dsn, tmp_path, monkeypatch)


@pytest.fixture
def story(tmp_path):
    """A file of one episode's events."""
    file = tmp_path / "story.ndjson"
    lines = [
        {"specversion": "1.0", "id": id_, "source": "urn:x:lcs", "type": f"missing-episode.{name}.v1",
         "subject": EPISODE, "time": time, "data": {"child": "hidden-child", **data}}
        for id_, name, time, data in _STORY
    ]  # fmt: skip
    file.write_text("\n".join(map(json.dumps, lines)))
    return file


@pytest.fixture
def answer(capsys):
    """The JSON answer of what was run last."""

    def read():
        return json.loads(capsys.readouterr().out.splitlines()[-1])

    return read
