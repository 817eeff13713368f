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

from application.crypto.cosignature import Witness
from application.merkle_log.publishing.http_exchange import Address
from application.merkle_log.publishing.witness import WitnessTarget
from tests.support.sealed_ledgers import change, record

pytest_plugins = [
    "tests.support.http_fixtures",
    "tests.support.sealing_fixtures",
    "tests.support.publishing_fixtures",
]

SOURCES = Path(__file__).parent
SHARED = (SOURCES / "checkpoint.go", SOURCES / "cosignature.go")


@pytest.fixture(scope="session")
def build(tmp_path_factory):
    """Build one of the programs from Debian's packages, without any network."""
    built = tmp_path_factory.mktemp("go")
    environment = os.environ | {
        "GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOCACHE": str(built / "cache"),
    }  # fmt: skip

    def build(name):
        arguments = ["go", "build", "-o", built / name, SOURCES / f"{name}.go", *SHARED]
        subprocess.run(arguments, check=True, env=environment, cwd=built)
        return built / name

    return build


@pytest.fixture(scope="session")
def program(build):
    """The program that checks what the ledger proves."""
    return build("check")


@pytest.fixture
def witness(build, keys):
    """Go's witness of the episode log, while it runs, as a place; its key is that of the place."""
    key = keys.verifier_key("test/1")
    with subprocess.Popen(
        [build("witness"), key], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as run:
        address, verifier = (run.stdout.readline().strip() for _ in range(2))
        yield WitnessTarget(Witness.read(verifier), Address(address))
        run.stdin.close()


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


def test_a_witness_by_go_cosigns_what_only_grew_and_go_takes_the_cosignature(
    program, told, witness, publish, seal, api, ledger
):
    assert publish(witness)
    cosigned = told | {"checkpoint": api.get("/v1/ledger/checkpoint").get_data(as_text=True)}
    assert said(program, cosigned) == "good\n"  # whoever does not know the witness takes it too
    assert said(program, cosigned | {"witness": str(witness._witness)}) == "good\n"
    assert said(program, told | {"witness": str(witness._witness)}) == "1 of 2 signatures\n"
    for count in (1, 25, 300):
        seal(count)
        assert publish(witness)
    sizes = ledger.database.rows("select size from ledger.cosignatures order by size")
    assert sizes == [(999,), (1000,), (1025,), (1325,)]


def test_a_witness_by_go_cosigns_nothing_else(told, witness, publish, seal, dsn, reach):
    assert publish(witness)
    change(dsn, "delete from ledger.places")
    seal()
    assert publish(witness)  # it says up to where it has seen the log, and is asked again from there
    seal()
    change(dsn, "update ledger.tiles set hashes = sha256('another') || substr(hashes, 33) where level = 1")
    assert not publish(witness)
    assert "does not accept the proof" in reach(witness.name).problem
