"""What long work says of itself in a log."""

from __future__ import annotations

import time

import pytest

from interface.cli.support.progress_bar import ProgressBar


@pytest.fixture
def clock(monkeypatch):
    """Seconds, as this list's last number says."""
    seconds = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: seconds[-1])
    return seconds


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ([(0, 0.0), (20, 0.25)], "Counting: 25 %, 60 s left"),
        ([(0, 0.5), (20, 0.75)], "Counting: 75 %, 20 s left"),  # what was resumed says nothing of the pace
        (
            [(0, 0.0), (20, 1.0), (20, 0.0), (40, 0.2)],
            "Counting: 20 %, 80 s left",
        ),  # another part of the work
        ([(0, 0.5), (20, 0.5)], "Counting: 50 %"),
    ],
    ids=["from the beginning", "resumed", "a second part", "standing still"],
)
def test_the_time_left_follows_from_the_pace_since_the_first_share(clock, capsys, told, said):
    with ProgressBar("Counting") as progress:
        for seconds, share in told:
            clock.append(100.0 + seconds)
            progress.at(share)
    assert capsys.readouterr().err.splitlines()[-1] == said
