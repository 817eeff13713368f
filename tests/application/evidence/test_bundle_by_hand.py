"""The recipe of docs/evidence.md, run as it stands there: it takes what is whole, and nothing that is forged."""

from __future__ import annotations

import os
import re
import subprocess

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from application.crypto.signed_note import Signer
from tests.support.bundle_tampering import with_files
from tests.support.repository import DOCS

pytest_plugins = ["tests.support.evidence_fixtures"]

PAGE = (DOCS / "evidence.md").read_text("utf-8")
STEPS = re.findall(r"^```sh\n(.*?)^```", PAGE.partition("## By hand")[2], re.MULTILINE | re.DOTALL)


def by_a_stranger(note):
    """A checkpoint with somebody else's signature."""
    stranger = Signer("test/1", Ed25519PrivateKey.generate())
    return stranger.sign(note.decode().partition("\n\n")[0] + "\n").encode()


@pytest.fixture
def by_hand(tmp_path, key):
    """Run the steps on a bundle; the one at which it ended, and what was printed."""

    def by_hand(content, steps=STEPS):
        (tmp_path / "bundle.zip").write_bytes(content)
        told = "".join(f"{step}echo step {number} >&2\n" for number, step in enumerate(steps, 1))
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", told],
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], "KEY": key},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stderr.count("step "), done.stdout + done.stderr

    return by_hand


def test_a_bundle_that_is_whole_passes_every_step(by_hand, content):
    steps, said = by_hand(content)
    assert steps == len(STEPS) == 6, said
    assert said.count("Signature Verified Successfully") == 3


def of_a_reading(step):
    """A step about a line, said of the first reading."""
    return step.replace("FOLDER=. POSITION=3", "FOLDER=access POSITION=1")


def test_a_reading_is_proved_by_the_same_steps(by_hand, bundle, ours, content):
    steps = [of_a_reading(step) for step in STEPS[:-1]]
    assert steps != STEPS[:-1]
    assert by_hand(content, steps)[0] == 5
    other = bundle.files["access/lines.ndjson"].replace(b"oversight", b"careless_")
    assert by_hand(with_files(bundle, ours, **{"access/lines.ndjson": other}), steps)[0] == 4


@pytest.mark.parametrize(
    ("passed", "change"),
    [
        (0, lambda files: {"extra": b"", "manifest.json": files["manifest.json"]}),
        (1, lambda files: {"index.html": b"", "manifest.json": files["manifest.json"]}),
        (2, lambda files: {"checkpoint": files["checkpoint"].replace(b"\n16\n", b"\n15\n")}),
        (2, lambda files: {"checkpoint": by_a_stranger(files["checkpoint"])}),
        (2, lambda files: {"access/checkpoint": files["access/checkpoint"].replace(b"\n3\n", b"\n2\n")}),
        (2, lambda files: {"manifest.json": files["manifest.json"] + b" "}),
        (4, lambda files: {"lines.ndjson": files["lines.ndjson"].replace(b"22:30", b"23:30")}),
        (4, lambda files: {"proofs/3": files["proofs/4"]}),
        (5, lambda files: {"disclosures.tsv": files["disclosures.tsv"].replace(b"free", b"other")}),
    ],
)  # fmt: skip
def test_what_is_forged_fails_at_the_step_that_is_for_it(by_hand, bundle, ours, passed, change):
    changed = change(bundle.files)
    assert by_hand(with_files(bundle, ours, **changed))[0] == passed
