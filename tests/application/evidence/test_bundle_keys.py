"""Bundles after a change of key and after a recovery: who signed what, and what each key from elsewhere says of it."""

from __future__ import annotations

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from application.crypto.keys import Keys
from application.crypto.signed_note import Signer
from application.evidence.verify_bundle import Bundle, Disagrees
from application.merkle_log.key_rotation import rotate
from tests.support.bundle_tampering import with_files
from tests.support.http_client import SUBJECT, event

pytest_plugins = ["tests.support.installation_fixtures"]

DAY = 86_400


def keys_of(installation, epoch=1):
    """The verifier keys of an epoch, in the order in which they came."""
    held = Keys.load(installation.keys)
    return [str(each.verifier) for each in held.signer(f"test/{epoch}", epoch).each()]


def bundle(api, subject=SUBJECT, **options):
    """The bytes of an episode's bundle, which agree with themselves."""
    query = "&".join(f"{name}={value}" for name, value in options.items())
    answer = api.get(f"/v1/episodes/{subject}/evidence?{query}")
    assert answer.status_code == 200, answer.get_json()
    Bundle(answer.get_data())
    return answer.get_data()


def says(content, key):
    """What is said of a bundle with a key from elsewhere."""
    try:
        return "good" if Bundle(content).check_signer(key, None) else "unknown"
    except Disagrees as error:
        return str(error).partition(" ")[0]


@pytest.fixture
def stranger():
    """The key of somebody else, in the ledger's name."""
    return str(Signer("test/1", Ed25519PrivateKey.generate()).verifier)


@pytest.fixture
def first(dsn, install):
    """An episode that somebody read, at position 3, sealed."""
    made = install(dsn)
    api = made.api()
    api.post(event(id="reported"))
    api.get(f"/v1/episodes/{SUBJECT}")
    assert made.seal() == {"episode": 3, "access": 1}
    return made


def rotated(installation, overlap=0):
    """Another key signs, from position 4 on; then 2 more entries of the episode, each under a checkpoint of its own."""
    rotate(installation.ledger, installation.keys, overlap)
    api = installation.api()
    for n in range(2):
        api.post(event("sighting-reported", id=f"sighting-{n}"))
        installation.seal()
    return api


def test_after_a_change_of_key_the_new_one_and_the_one_before_it_say_who_signed(first, stranger):
    api = rotated(first)
    content = bundle(api)
    old, new = keys_of(first)
    held = Bundle(content)
    assert held.checkpoint.size == 6
    assert {name for name in held.files if name.startswith("stated/")} == {
        "stated/1.key", "stated/2.text", "stated/4.key", "stated/4.handover",
    }  # fmt: skip
    assert [held.files[f"stated/{at}.key"].decode() for at in (1, 4)] == [old, new]
    assert "test/1\n5\n" in held.files["stated/4.handover"].decode()
    assert [says(content, key) for key in (new, old, None, stranger)] == [
        "good", "good", "unknown", "checkpoint:",
    ]  # fmt: skip
    assert "<tr><td>1</td><td>3</td>" in held.files["index.html"].decode()


def test_without_the_old_keys_word_the_new_one_is_nobodys(first):
    content, (old, _) = bundle(rotated(first)), keys_of(first)
    held, ours = Bundle(content), Keys.load(first.keys).signer("test/1").each()[1]
    for handover in (None, b"", held.files["proofs/4"]):
        forged = with_files(held, ours, **{"stated/4.handover": handover})
        assert says(forged, old) == "stated/4.handover:"


def test_of_several_changes_each_key_vouches_for_the_next(first, stranger):
    rotate(first.ledger, first.keys, 0)
    content = bundle(rotated(first))
    assert len(keys_of(first)) == 3
    assert [says(content, key) for key in (*keys_of(first), stranger)] == ["good"] * 3 + ["checkpoint:"]


def test_while_both_sign_either_says_who_signed(first):
    content = bundle(rotated(first, DAY))
    assert Bundle(content).files["checkpoint"].decode().count("\n— ") == 2
    assert [says(content, key) for key in keys_of(first)] == ["good", "good"]


def test_an_earlier_size_is_the_same_bundle_after_the_change_and_only_the_key_of_then_signed_it(first):
    before = bundle(first.api(), size=3, access_to=1)
    assert bundle(rotated(first), size=3, access_to=1) == before
    assert [says(before, key) for key in keys_of(first)] == ["good", "checkpoint:"]


def test_readings_under_the_key_before_are_the_ledgers_too(first, stranger):
    content = bundle(rotated(first))
    old, new = keys_of(first)
    held = Bundle(content)
    assert (list(held.readings), old.split("+")[1] == new.split("+")[1]) == ([1], False)
    assert held.files["access/checkpoint"].decode().startswith("test/access/1\n1\n")
    other = Signer("test/access/1", Ed25519PrivateKey.generate())
    note = other.sign(held.files["access/checkpoint"].decode().partition("\n\n")[0] + "\n").encode()
    ours = Keys.load(first.keys).signer("test/1").each()[1]
    proof = held.files["access/proofs/1"].partition(b"\n\n")[0] + b"\n\n" + note
    forged = with_files(held, ours, **{"access/checkpoint": note, "access/proofs/1": proof})
    assert says(forged, new) == "access/checkpoint:"


def test_a_service_that_was_not_started_anew_signs_with_the_new_key_and_without_its_file_says_so(
    first, tmp_path
):
    api = first.api()
    earlier = first.keys.read_bytes()
    rotated(first)
    assert says(bundle(api), keys_of(first)[1]) == "good"
    for secrets in (earlier, b"nonsense"):
        first.keys.write_bytes(secrets)
        answer = api.get(f"/v1/episodes/{SUBJECT}/evidence")
        assert (answer.status_code, answer.get_json()["type"]) == (503, "/problems/behind")
        assert "Copy the file from where `ledger keys rotate`" in answer.get_json()["detail"]
        assert str(first.keys) not in answer.get_data(as_text=True)


def test_after_a_recovery_a_bundle_holds_what_was_left_and_what_came_since(lost, stranger):
    back, _ = lost
    earlier = bundle(back.api(), f"{SUBJECT}0", size=4, access_to=1)
    back.recover()
    api = back.api()
    api.post(event("sighting-reported", id="since", subject=f"{SUBJECT}0"))
    api.get(f"/v1/episodes/{SUBJECT}0")
    back.seal()
    content = bundle(api, f"{SUBJECT}0", access_to=1000)
    held, [old], [new] = Bundle(content), keys_of(back), keys_of(back, 2)
    assert (held.checkpoint.origin, list(held.lines)) == ("test/2", [1, 2, 3, 5, 6])
    assert held.files["access/checkpoint"].decode().startswith("test/access/2\n")
    assert json.loads(held.files["manifest.json"])["access_to"] > 1
    assert [says(content, key) for key in (new, old, None, stranger)] == [
        "good", "unknown", "unknown", "checkpoint:",
    ]  # fmt: skip
    assert bundle(api, f"{SUBJECT}0", size=4, access_to=1) == earlier
    assert [says(earlier, key) for key in (new, old)] == ["checkpoint:", "good"]


def test_readings_from_before_a_recovery_are_proved_by_the_checkpoint_of_then(lost):
    back, _ = lost
    back.recover()
    back.seal()
    held = Bundle(bundle(back.api(), f"{SUBJECT}0", access_to=1))
    assert held.checkpoint.origin == "test/2"
    assert held.files["access/checkpoint"].decode().startswith("test/access/1\n1\n")
    assert list(held.readings) == [1]
