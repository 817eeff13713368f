"""Go's own transparency log code agrees with every proof, and with no forged one.

Not part of `make test`, because it needs Go: `.ci/run` installs it and names this file. What is checked is what anyone
gets over HTTP.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.sealed_ledgers import record

pytest_plugins = ["tests.http_fixtures", "tests.sealing_fixtures"]

SOURCE = Path(__file__).parent / "check.go"


@pytest.fixture(scope="session")
def program(tmp_path_factory):
    """The program, built from Debian's packages without any network."""
    built = tmp_path_factory.mktemp("go")
    environment = os.environ | {
        "GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOCACHE": str(built / "cache"),
    }  # fmt: skip
    subprocess.run(["go", "build", "-o", built / "check", SOURCE], check=True, env=environment, cwd=built)
    return built / "check"


@pytest.fixture
def told(api, ledger, sealer):
    """What the ledger tells an auditor about one of its entries."""
    record(ledger, 700)
    sealer.catch_up()
    older = api.get("/v1/ledger/checkpoint").get_data(as_text=True)
    record(ledger, 297)
    sealer.catch_up()
    proof = api.get("/v1/ledger/proofs/422").get_json()
    first, *_ = api.get("/v1/ledger/entries?limit=1").get_data().splitlines()
    line, *_ = api.get("/v1/ledger/entries?from=422&limit=1").get_data(as_text=True).splitlines()
    return {
        "key": json.loads(first)["event"]["data"]["key"],
        "checkpoint": proof["checkpoint"],
        "older": older,
        "line": line,
        "index": proof["index"],
        "hashes": in_base64(proof["hashes"]),
        "consistency": in_base64(api.get("/v1/ledger/consistency?from=702").get_json()["hashes"]),
    }


def in_base64(hashes):
    """Hashes as Go reads them."""
    return [base64.b64encode(bytes.fromhex(value)).decode() for value in hashes]


def said(program, told):
    """What Go says."""
    return subprocess.run(
        [program], input=json.dumps(told), capture_output=True, text=True, check=False
    ).stdout


def test_go_agrees_with_what_the_ledger_proves(program, told):
    assert said(program, told) == "good\n"


@pytest.mark.parametrize(
    ("member", "forge", "words"),
    [
        ("line", lambda line: line.replace("22:30", "23:30"), "invalid transparency proof"),
        ("index", lambda index: index + 1, "invalid transparency proof"),
        ("hashes", lambda hashes: hashes[::-1], "invalid transparency proof"),
        ("consistency", lambda hashes: hashes[1:], "invalid transparency proof"),
        ("checkpoint", lambda note: note.replace("\n999\n", "\n998\n"), "invalid signature"),
    ],
)
def test_go_agrees_with_nothing_that_is_forged(program, told, member, forge, words):
    assert words in said(program, told | {member: forge(told[member])})
