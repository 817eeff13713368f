"""/v1/ledger: what anyone needs to check the ledger without trusting it (contract.md 1)."""

from __future__ import annotations

import base64
import hashlib
import json
import threading

import pytest
import scitt_cose

from application.crypto.checkpoint import Checkpoint
from application.crypto.signed_note import Note, Verifier
from domain.merkle.tree import proves_consistency, proves_inclusion
from tests.support.http_client import AUTHORITY, SUBJECT, bad, event
from tests.support.sealed_ledgers import change, lines

pytest_plugins = ["tests.support.http_fixtures", "tests.support.sealing_fixtures"]

OTHER = "E09000001"


def story(api, count=10):
    """Post so many events, each of an episode of its own."""
    outcomes = api.batch([event("reported", f"{AUTHORITY}/ME-{n}") for n in range(count)]).get_json()
    assert outcomes["recorded"] == count
    return [outcome["receipt"] for outcome in outcomes["outcomes"]]


def test_the_ledger_says_how_much_of_it_is_sealed(api, ledger, sealer):
    before = api.get("/v1/ledger").get_json()
    assert before | {"recorded_at": ""} == {
        "name": "test", "origin": "test/1", "size": 2, "checkpoint_size": 0, "recorded_at": "",
        "root": hashlib.sha256(b"").hexdigest(),
    }  # fmt: skip
    story(api)
    sealer.catch_up()
    after = api.get("/v1/ledger").get_json()
    assert (after["size"], after["checkpoint_size"]) == (12, 12)
    assert after["root"] == scitt_cose.merkle_root([line.hex() for line in lines(ledger)])


def test_the_checkpoint_is_a_note_signed_with_the_key_of_the_first_entry(api, ledger, sealer):
    sealer.catch_up()
    answer = api.get("/v1/ledger/checkpoint")
    assert answer.content_type == "text/plain; charset=utf-8"
    note = Note.read(answer.get_data(as_text=True))
    [founding, _] = map(json.loads, api.get("/v1/ledger/entries").get_data().splitlines())
    assert Verifier.read(founding["event"]["data"]["key"]).signed(note)
    assert Checkpoint.read(note).root.hex() == api.get("/v1/ledger").get_json()["root"]


def test_every_entry_is_proved_to_be_under_the_checkpoint(api, ledger, sealer):
    receipts = story(api)
    sealer.catch_up()
    stored = lines(ledger)
    for receipt in receipts:
        proof = api.get(receipt["proof"]).get_json()
        assert proof["leaf_hash"] == receipt["leaf_hash"]
        assert proof["position"] == receipt["position"] == proof["index"] + 1
        assert proof["checkpoint"] == api.get("/v1/ledger/checkpoint").get_data(as_text=True)
        line = stored[proof["index"]].hex()
        assert scitt_cose.verify_inclusion(
            line, proof["index"], proof["size"], proof["hashes"], proof["root"]
        )


def test_a_proof_can_be_asked_for_in_an_earlier_tree(api, sealer):
    story(api)
    sealer.catch_up()
    story(api)
    sealer.catch_up()
    earlier = api.get("/v1/ledger/proofs/5?size=12").get_json()
    assert Checkpoint.read(Note.read(earlier["checkpoint"])).size == earlier["size"] == 12
    unsigned = api.get("/v1/ledger/proofs/5?size=9").get_json()
    assert "checkpoint" not in unsigned
    leaf, root, *hashes = map(bytes.fromhex, [unsigned["leaf_hash"], unsigned["root"], *unsigned["hashes"]])
    assert proves_inclusion(leaf, 4, 9, hashes, root)


def test_a_proof_as_text_is_a_tlog_proof(api, sealer):
    story(api)
    sealer.catch_up()
    answer = api.get("/v1/ledger/proofs/5", Accept="text/plain")
    assert answer.content_type == "text/plain; charset=utf-8"
    proof, text = api.get("/v1/ledger/proofs/5").get_json(), answer.get_data(as_text=True)
    header, index, *hashes = text.removesuffix("\n\n" + proof["checkpoint"]).split("\n")
    assert text.endswith("\n\n" + proof["checkpoint"])
    assert (header, index) == ("c2sp.org/tlog-proof@v1", "index 4")
    assert [base64.b64decode(value).hex() for value in hashes] == proof["hashes"]
    unsigned = api.get("/v1/ledger/proofs/5?size=9", Accept="text/plain")
    bad(unsigned, "invalid-query", "No checkpoint was signed at this size")


def test_it_is_proved_that_the_ledger_only_grew(api, sealer):
    checkpoints = []
    for _ in range(3):
        story(api, 7)
        sealer.catch_up()
        checkpoints.append(
            Checkpoint.read(Note.read(api.get("/v1/ledger/checkpoint").get_data(as_text=True)))
        )
    for first in checkpoints:
        path = f"/v1/ledger/consistency?from={first.size}"
        for second in checkpoints:
            if second.size < first.size:
                bad(api.get(f"{path}&to={second.size}"), "invalid-query", "Sizes must be in order")
                continue
            proof = api.get(f"{path}&to={second.size}").get_json()
            assert (proof["from"], proof["to"]) == (first.size, second.size)
            hashes = [bytes.fromhex(value) for value in proof["hashes"]]
            assert proves_consistency(first.size, first.root, second.size, second.root, hashes)
            roots = first.root.hex(), second.root.hex()
            assert scitt_cose.verify_consistency(*roots, first.size, second.size, proof["hashes"])
        assert api.get(path).get_json()["to"] == checkpoints[-1].size


def test_lines_are_told_as_they_are_stored(api, ledger, monkeypatch):
    monkeypatch.setattr("application.access.lines_in_scope._PAGE", 4)
    story(api)
    answer = api.get("/v1/ledger/entries")
    assert answer.content_type == "application/x-ndjson"
    assert answer.get_data().splitlines() == lines(ledger)
    assert api.get("/v1/ledger/entries?from=5&limit=6").get_data().splitlines() == lines(ledger)[4:10]
    assert api.get("/v1/ledger/entries?from=12").get_data() == lines(ledger)[11] + b"\n"
    assert api.get("/v1/ledger/entries?from=13").get_data() == b""


def test_an_auditor_of_one_authority_can_recompute_every_root(api, sign_in, sealer):
    story(api, 3)
    api.post(event("reported", f"{OTHER}/ME-1", {"child": "C9", "setting": {"host_authority": AUTHORITY}}))
    api.post(event("reported", f"{OTHER}/ME-2", {"child": "C8"}))
    sealer.catch_up()
    told = sign_in("auditor", namespace=OTHER).get("/v1/ledger/entries").get_data().splitlines()
    leaves, seen = [], []
    for line in told:
        entry = json.loads(line)
        if "leaf_hash" in entry:
            assert list(entry) == ["v", "position", "leaf_hash"]
        else:
            seen.append(entry["event"]["subject"])
        leaves.append(entry.get("leaf_hash") or hashlib.sha256(b"\0" + line).hexdigest())
    assert seen == ["ledger/test", "ledger/test", f"{OTHER}/ME-1", f"{OTHER}/ME-2"]
    hosted = sign_in("auditor", namespace=AUTHORITY).get("/v1/ledger/entries").get_data()
    assert hosted.count(b'"leaf_hash"') == 1
    for number, leaf in enumerate(leaves, 1):
        proof = api.get(f"/v1/ledger/proofs/{number}").get_json()
        assert proof["leaf_hash"] == leaf


def test_whoever_waits_gets_the_proof_with_the_receipt(api, sealer):
    stop = threading.Event()
    thread = threading.Thread(target=sealer.run, args=(stop,))
    thread.start()
    try:
        single = api.post(event(), headers={"Prefer": "wait=20"})
        again = api.batch([event("reported", f"{AUTHORITY}/ME-{n}") for n in range(2, 5)])
        waited = api.post(
            [event("reported", f"{AUTHORITY}/ME-{n}") for n in range(5, 8)],
            "application/cloudevents-batch+json",
            headers={"Prefer": "respond-async, wait=20"},
        )
    finally:
        stop.set()
        thread.join()
    assert single.status_code == 201
    assert "inclusion" not in again.get_json()["outcomes"][0]["receipt"]
    for receipt in [single.get_json(), *(o["receipt"] for o in waited.get_json()["outcomes"])]:
        proof = receipt["inclusion"]
        checkpoint = Checkpoint.read(Note.read(proof["checkpoint"]))
        assert (checkpoint.size, checkpoint.root.hex()) == (proof["size"], proof["root"])
        assert proof["leaf_hash"] == receipt["leaf_hash"]
        hashes = [bytes.fromhex(value) for value in proof["hashes"]]
        leaf = bytes.fromhex(receipt["leaf_hash"])
        assert proves_inclusion(leaf, receipt["position"] - 1, proof["size"], hashes, checkpoint.root)


def test_what_is_not_sealed_in_time_gets_the_plain_receipt(api, sealer):
    answer = api.post(event(id="e-1"), headers={"Prefer": "wait=1"})
    assert answer.status_code == 201
    assert answer.get_json()["proof"] == "/v1/ledger/proofs/3"
    assert "inclusion" not in answer.get_json()
    sealer.catch_up()
    again = api.post(event(id="e-1"), headers={"Prefer": "wait=1"})
    assert (again.status_code, again.get_json()["inclusion"]["position"]) == (200, 3)


def test_a_proof_that_cannot_be_read_never_unsays_what_is_recorded(api, sealer, dsn):
    sealer.catch_up()
    change(dsn, "delete from ledger.tiles; update ledger.checkpoints set size = 9")
    answer = api.post(event(), headers={"Prefer": "wait=1"})
    assert (answer.status_code, answer.get_json()["status"]) == (201, "recorded")


def test_before_the_first_checkpoint_there_is_nothing_to_prove(api):
    for path in ("checkpoint", "proofs/1", "consistency?from=1"):
        answer = api.get(f"/v1/ledger/{path}")
        bad(answer, "behind", "No checkpoint was signed yet.")
        assert answer.headers["Retry-After"]


def test_an_entry_that_is_not_sealed_yet_is_worth_asking_for_again(api, sealer):
    sealer.catch_up()
    api.post(event())
    bad(api.get("/v1/ledger/proofs/3"), "behind", "No checkpoint covers this entry yet")


@pytest.mark.parametrize(
    ("path", "kind", "words"),
    [
        ("proofs/0", "not-found", "whole numbers from 1"),
        ("proofs/-1", "not-found", "whole numbers from 1"),
        ("proofs/1.5", "not-found", "whole numbers from 1"),
        ("proofs/x", "not-found", "whole numbers from 1"),
        ("proofs/99999999999999999999", "not-found", "whole numbers from 1"),
        ("proofs/4", "not-found", "There is no entry at this position yet."),
        ("proofs/3?size=2", "invalid-query", "Size must be from 3, the position, to 3"),
        ("proofs/3?size=4", "invalid-query", "Size must be from 3, the position, to 3"),
        ("proofs/3?size=0", "invalid-query", "size must be a whole number from 1"),
        ("proofs/3?colour=red", "invalid-query", "colour is not a parameter of this route"),
        ("consistency", "invalid-query", "from must be given"),
        ("consistency?from=0", "invalid-query", "from must be a whole number from 1"),
        ("consistency?from=4", "invalid-query", "at most 3, which is the last checkpoint's"),
        ("consistency?from=1&to=4", "invalid-query", "at most 3, which is the last checkpoint's"),
        ("consistency?from=3&to=2", "invalid-query", "Sizes must be in order"),
        ("entries?limit=0", "invalid-query", "limit must be a whole number from 1 to 100000"),
        ("entries?limit=100001", "invalid-query", "limit must be a whole number from 1 to 100000"),
        ("entries?from=0", "invalid-query", "from must be a whole number from 1"),
        ("entries?from=1&from=2", "invalid-query", "from must be given once"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_would_be_right(api, sealer, path, kind, words):
    api.post(event())
    sealer.catch_up()
    bad(api.get(f"/v1/ledger/{path}"), kind, words)


@pytest.mark.parametrize("role", ["recorder", "reader", "manager", "auditor", "administrator"])
def test_anyone_with_a_token_may_keep_a_checkpoint(sign_in, sealer, role):
    sealer.catch_up()
    assert sign_in(role).get("/v1/ledger").status_code == 200
    assert sign_in(role).get("/v1/ledger/checkpoint").status_code == 200


@pytest.mark.parametrize("role", ["reader", "manager"])
def test_the_rest_is_for_auditors(sign_in, sealer, role):
    sealer.catch_up()
    for path in ("proofs/1", "consistency?from=1", "entries"):
        bad(sign_in(role).get(f"/v1/ledger/{path}"), "forbidden", "role")
    bad(sign_in("recorder").get("/v1/ledger/entries"), "forbidden", "role")


def test_a_recorder_has_proofs_of_its_own_entries(sign_in, sealer):
    own, other = sign_in("recorder", namespace=AUTHORITY), sign_in("recorder", namespace=OTHER)
    position = own.post(event("reported", SUBJECT)).get_json()["position"]
    sealer.catch_up()
    assert own.get(f"/v1/ledger/proofs/{position}").status_code == 200
    bad(other.get(f"/v1/ledger/proofs/{position}"), "not-found", "no entry of yours")
    bad(own.get("/v1/ledger/proofs/1"), "not-found", "no entry of yours")
    bad(own.get("/v1/ledger/proofs/99"), "not-found", "no entry of yours")
