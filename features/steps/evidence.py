"""An inspector takes evidence home, and checks it there: with nothing but Python and what is in the file."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pytest_bdd import then, when

from application.crypto.keys import Keys
from application.crypto.signed_note import Signer
from application.evidence.verify_bundle import Bundle
from features.driver import Story
from tests.support.bundle_tampering import with_files


class Home(NamedTuple):
    """What the inspector has at home: the file, and the ledger's key from elsewhere."""

    folder: Path
    key: str

    @property
    def bundle(self) -> Path:
        """The file."""
        return self.folder / "bundle.zip"

    def check(self, *options: str) -> tuple[int, str]:
        """Run the program that came with the file: its exit status, and what it says."""
        command = [sys.executable, "-I", "verify_bundle.py", "bundle.zip", *options]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr


@pytest.fixture
def home(tmp_path: Path, keys: Keys) -> Home:
    """The inspector's own machine."""
    return Home(tmp_path, keys.verifier_key("features/1"))


@when("the inspector takes the evidence of the episode home")
def take(api: Story, home: Home) -> None:
    home.bundle.write_bytes(api.bundle())
    with zipfile.ZipFile(home.bundle) as archived:
        archived.extract("verify_bundle.py", home.folder)


@when("one byte of it is changed on the way")
def change(home: Home) -> None:
    content = bytearray(home.bundle.read_bytes())
    content[content.index(b"missing-episode.returned")] ^= 1
    home.bundle.write_bytes(content)


@when("somebody on the way puts another page in, and makes the rest fit")
def another_page(home: Home) -> None:
    held = Bundle(home.bundle.read_bytes())
    page = held.files["index.html"].replace(b"returned", b"not seen")
    stranger = Signer("features/1", Ed25519PrivateKey.generate())
    home.bundle.write_bytes(with_files(held, stranger, **{"index.html": page}))


@then("it tells that the child was reported missing, and that the child returned")
def tells(home: Home) -> None:
    with zipfile.ZipFile(io.BytesIO(home.bundle.read_bytes())) as archived:
        [episode] = json.loads(archived.read("told/now.json"))["episodes"]
        page = archived.read("index.html").decode()
    assert [step["event"]["type"].split(".")[1] for step in episode["steps"]] == ["reported", "returned"]
    assert "1. reported: happened 1 March 2026 20:00" in page
    assert "2. returned: happened 2 March 2026 07:00" in page


@then("checked with the ledger's key everything agrees")
def agrees(home: Home) -> None:
    status, said = home.check("--key", home.key)
    assert (status, said.splitlines()[-1]) == (0, "Everything agrees.")


@then("without the ledger's key nobody can know who signed it")
def signer_unknown(home: Home) -> None:
    status, said = home.check()
    assert status == 3
    assert "the signer is unknown" in said


@then("the check says that something disagrees")
def disagrees(home: Home) -> None:
    status, said = home.check("--key", home.key)
    assert status == 1
    assert ": " in said


@then("asked again for the same, it is the same to the byte")
def same(api: Story, home: Home) -> None:
    with zipfile.ZipFile(home.bundle) as archived:
        size = json.loads(archived.read("manifest.json"))["size"]
    assert api.bundle(size=size) == home.bundle.read_bytes()


@then("the child's access list says that evidence was taken")
def taken(api: Story) -> None:
    assert "/v1/episodes/{namespace}/{reference}/evidence" in api.questions()
