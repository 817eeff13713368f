"""What a command answered."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
def answer(capsys):
    """The JSON answer of what was run last."""

    def read():
        return json.loads(capsys.readouterr().out.splitlines()[-1])

    return read
