"""`ledger verify` as an auditor uses it: exit statuses, files from elsewhere, a receipt without any database."""

from __future__ import annotations

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from application.crypto.signed_note import NotANote, Signer, Verifier
from application.verification.receipt import NoProof, verify_receipt
from interface.cli import main
from tests.support.http_client import AUTHORITY, event
from tests.support.sealed_ledgers import change, record

pytest_plugins = ["tests.support.http_fixtures", "tests.support.sealing_fixtures"]

STRANGER = str(Signer("test/1", Ed25519PrivateKey.generate()).verifier)


@pytest.fixture
def verify(dsn, ledger, sealer, monkeypatch, capsys):
    """A sealed ledger, and the command on it; gives the status, and what it printed."""
    record(ledger, 5)
    sealer.catch_up()
    monkeypatch.setenv("LEDGER_DSN", dsn)

    def verify(*options):
        capsys.readouterr()
        status = main(["verify", *map(str, options)])
        said = capsys.readouterr()
        return status, said.out or said.err

    return verify


@pytest.fixture
def receipt(api, ledger, sealer, tmp_path):
    """The file of a receipt with its proof."""
    posted = event(id="e-1", subject=f"{AUTHORITY}/OWN")
    first = api.post(posted).get_json()
    record(ledger, 3)
    sealer.catch_up()
    held = api.post(posted, headers={"Prefer": "wait=1"}).get_json()
    assert held["position"] == first["position"]
    file = tmp_path / "receipt.json"
    file.write_text(json.dumps(held))
    return file


def test_without_anything_from_elsewhere_the_signer_is_unknown(verify, keys):
    status, said = verify()
    assert status == 3
    assert said.startswith("7 entries, 7 of them under 1 checkpoints.")
    assert f"Key  {keys.verifier_key('test/1')}" in said
    assert "without --key or --against from elsewhere the signer is unknown" in said


def test_with_the_key_or_a_checkpoint_kept_all_is_good(verify, keys, outside):
    for trusted in (["--key", keys.verifier_key("test/1")], ["--against", outside.path]):
        assert verify(*trusted)[0] == 0
        assert verify(*trusted)[1].endswith("Everything agrees.\n")


def test_from_a_checkpoint_on_it_says_what_was_not_read(verify, ledger, outside):
    record(ledger, 2)
    status, said = verify("--from", outside.path)
    assert status == 0
    assert said.startswith(
        "9 entries, 7 of them under 0 checkpoints.\nThe first 7 were not read: the checkpoint"
    )
    assert json.loads(verify("--from", outside.path, "--json")[1])["taken"] == 7
    for other in ("--against", "--receipt"):
        assert verify("--from", outside.path, other, outside.path)[0] == 2


def test_the_answer_in_json_has_everything(verify, keys):
    status, said = verify("--json")
    answer = json.loads(said)
    assert (status, answer["verdict"], answer["findings"]) == (3, "signer unknown", [])
    assert (answer["entries"], answer["sealed"], answer["checkpoints"]) == (7, 7, 1)
    assert answer["key"] == keys.verifier_key("test/1")


def test_what_disagrees_is_named_with_its_position(verify, dsn, keys):
    change(dsn, "update ledger.entries set leaf_hash = '\\x00' where position in (4, 6)")
    status, said = verify("--key", keys.verifier_key("test/1"))
    assert status == 1
    assert "position 4: leaf_hash: expected " in said
    assert "found 00 (2 of this kind)" in said
    assert json.loads(verify("--json")[1])["findings"][0]["position"] == 4


def test_the_key_of_somebody_else_disagrees(verify):
    status, said = verify("--key", STRANGER)
    assert status == 1
    assert "position 7: signature: expected the signature of test/1+" in said


@pytest.mark.parametrize(
    ("option", "content", "words"),
    [
        ("--against", "nothing", "not a signed note"),
        ("--against", "a text\n\n— test/1 AAAAAAAA\n", "not a checkpoint"),
        ("--receipt", "nothing", "not a receipt"),
        ("--receipt", '{"position": 3, "leaf_hash": "' + "0" * 64 + '"}', "only a promise"),
    ],
)
def test_a_file_that_is_something_else_is_a_sentence(verify, tmp_path, option, content, words):
    file = tmp_path / "file"
    file.write_text(content)
    status, said = verify(option, file)
    assert status == 1
    assert words in said


def test_wrong_usage_is_said(verify, tmp_path, receipt):
    for more in ((), ("--receipt", receipt)):
        status, said = verify("--key", "nonsense", *more)
        assert status == 2
        assert "not the verifier key of an Ed25519 signature: <name>+<key id>+<key>" in said
    assert verify("--receipt", tmp_path / "none")[0] == 2
    assert verify("--receipt", receipt, "--against", receipt)[0] == 2


def test_a_receipt_is_checked_without_a_database(verify, keys, receipt, monkeypatch):
    monkeypatch.setenv("LEDGER_DSN", "host=/nowhere")
    status, said = verify("--receipt", receipt)
    assert status == 3
    assert said.startswith("Position 8 of test/1, under its checkpoint of 11 entries.")
    assert verify("--receipt", receipt, "--key", keys.verifier_key("test/1"))[0] == 0
    status, said = verify("--receipt", receipt, "--key", STRANGER, "--json")
    assert (status, json.loads(said)["verdict"]) == (1, "disagrees")
    assert verify()[0] == 4


def altered(receipt, *path, to):
    """The receipt with one of its values changed."""
    held = json.loads(receipt)
    place = held
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to(place[path[-1]])
    return json.dumps(held).encode()


@pytest.fixture(scope="module")
def forged():
    """Receipts that were forged, each in one place."""
    return [
        (["position"], lambda n: n + 1, "receipt"),
        (["leaf_hash"], lambda h: h[::-1], "receipt"),
        (["inclusion", "leaf_hash"], lambda h: h[::-1], "receipt"),
        (["inclusion", "position"], lambda n: n + 1, "receipt"),
        (["inclusion", "index"], lambda n: n + 1, "receipt"),
        (["inclusion", "size"], lambda n: n + 1, "checkpoint"),
        (["inclusion", "root"], lambda h: h[::-1], "checkpoint"),
        (["inclusion", "hashes"], lambda h: h[::-1], "inclusion"),
        (["inclusion", "hashes"], lambda h: h[1:], "inclusion"),
        (["inclusion", "hashes"], lambda h: [*h, h[0]], "inclusion"),
        (["inclusion", "checkpoint"], lambda n: n.replace("\n6\n", "\n7\n"), "checkpoint"),
    ]


def test_a_forged_receipt_is_found_out(keys, receipt, forged):
    key = Verifier.read(keys.verifier_key("test/1"))
    assert verify_receipt(receipt.read_bytes(), key).findings == ()
    for path, to, kind in forged:
        found = verify_receipt(altered(receipt.read_bytes(), *path, to=to), key).findings
        assert kind in {finding.kind for finding in found}, (path, found)


@given(st.binary(max_size=200) | st.text().map(str.encode))
def test_no_bytes_are_too_strange_for_a_receipt(content):
    with pytest.raises((NoProof, NotANote)):
        verify_receipt(content, None)
