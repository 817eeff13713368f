"""What the documentation says to type, run as it stands there."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from tests.support.repository import DOCS

_DOCS = DOCS


def by_hand(page: str, word: str, folder: Path, **given: str) -> tuple[bool, str]:
    """Run the one block of shell in a page that has the word, in a folder: whether it succeeds, and what it prints."""
    [block] = [
        block
        for block in re.findall(
            r"^```sh\n(.*?)^```", (_DOCS / page).read_text("utf-8"), re.MULTILINE | re.DOTALL
        )
        if word in block
    ]
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", block],
        cwd=folder,
        env={"PATH": os.environ["PATH"], **given},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode == 0, done.stdout + done.stderr
