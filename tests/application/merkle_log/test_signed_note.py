"""Signed notes and checkpoints: another's note is taken, and nothing that is malformed or forged (C2SP)."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from application.crypto.checkpoint import Checkpoint
from application.crypto.signed_note import NotANote, Note, Signer, Verifier

# The example of Go's golang.org/x/mod/sumdb/note, made by its own implementation.
VERIFIER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
NOTE = f"""{TEXT}
— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
"""
# The checkpoint that C2SP's issue 99 gives as a test vector for tlog-checkpoint: Sigsum's implementation made it.
SIGSUM = "sigsum.org/v1/tree/e796172b92befd62d9dc67e41c2f5bc9d3100a3023b20b1ca40288dd1c679e69"
SIGSUM_KEY = "66e0b858e462a609e66fe71370c816d8846ff103d5499a22a7fec37fdbc424a7"
SIGSUM_NOTE = f"""{SIGSUM}
10
HA5HAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=

— {SIGSUM} gJ2ho0n8F8olcerUF1FFdv235A/5as/coWrpLrtE7ovMeP5whgwouYExowG/lTznxu6OUGjjt5yJQ6bXtTcf718MqAQ=
"""
SIGNER = Signer("test/1", Ed25519PrivateKey.from_private_bytes(b"\7" * 32))
OTHER = Signer("test/1", Ed25519PrivateKey.from_private_bytes(b"\x08" * 32))
CHECKPOINT = Checkpoint("test/1", 12_570, b"\x11" * 32)
SIGNED = SIGNER.sign(CHECKPOINT.text)


def test_a_note_that_another_implementation_signed_is_taken():
    verifier = Verifier.read(VERIFIER)
    assert str(verifier) == VERIFIER
    assert Note.read(NOTE).text == TEXT
    assert verifier.signed(Note.read(NOTE))


def test_a_checkpoint_is_signed_and_read_as_another_implementation_does():
    verifier = Verifier(SIGSUM, bytes.fromhex(SIGSUM_KEY))
    checkpoint = Checkpoint.read(Note.read(SIGSUM_NOTE))
    assert checkpoint == Checkpoint(SIGSUM, 10, bytes.fromhex("1c0e47").ljust(32, b"\0"))
    assert verifier.signed(Note.read(SIGSUM_NOTE))
    signer = Signer(SIGSUM, Ed25519PrivateKey.from_private_bytes(b"\x11".ljust(32, b"\0")))
    assert (signer.verifier, signer.sign(checkpoint.text)) == (verifier, SIGSUM_NOTE)


@given(st.text(st.characters(exclude_categories=["C"]), min_size=1).map("{}\n".format))
def test_what_is_signed_is_read_back(text):
    note = Note.read(SIGNER.sign(text))
    assert note.text == text
    assert SIGNER.verifier.signed(note)
    assert not OTHER.verifier.signed(note)


def test_a_checkpoint_has_the_form_of_c2sp():
    root = base64.b64encode(CHECKPOINT.root).decode()
    assert SIGNED.startswith(f"test/1\n12570\n{root}\n\n— test/1 ")
    assert Checkpoint.read(Note.read(SIGNED)) == CHECKPOINT


def test_lines_after_the_third_are_others():
    extended = SIGNER.sign(f"{CHECKPOINT.text}something else\n")
    assert Checkpoint.read(Note.read(extended)) == CHECKPOINT


def test_one_note_may_be_signed_by_several():
    both = SIGNED + OTHER.sign(CHECKPOINT.text).rpartition("\n\n")[2]
    assert SIGNER.verifier.signed(Note.read(both))
    assert OTHER.verifier.signed(Note.read(both))


def test_a_false_signature_counts_against_the_note_whatever_else_is_there():
    false = SIGNER.sign("another text\n").rpartition("\n\n")[2]
    assert not SIGNER.verifier.signed(Note.read(SIGNED + false))


@given(st.integers(0, len(SIGNED.encode()) - 1), st.integers(1, 255))
def test_no_byte_of_a_checkpoint_can_be_changed(at, by):
    raw = bytearray(SIGNED.encode())
    raw[at] ^= by
    try:
        note = Note.read(raw.decode())
        assert not (SIGNER.verifier.signed(note) and Checkpoint.read(note))
    except (UnicodeDecodeError, NotANote):
        return


@given(st.integers(0, len(SIGNED) - 1))
def test_a_note_that_was_cut_off_is_none(at):
    with pytest.raises(NotANote):
        Note.read(SIGNED[:at])


@pytest.mark.parametrize(
    "text",
    [
        "", "\n", "test/1\n", "test/1\n5\n", "test/1\n05\n{root}\n", "test/1\n-5\n{root}\n", "\n5\n{root}\n",
        "test/1\n5\n{root}", "test/1\n5\n{root}\n\nmore\n", "test/1\n5\nAAAA\n", "test/1\n５\n{root}\n",
        "test/1\n5\n" + "A" * 42 + "B=\n",
    ],
)  # fmt: skip
def test_what_is_no_checkpoint_is_refused(text):
    root = base64.b64encode(CHECKPOINT.root).decode()
    with pytest.raises(NotANote):
        Checkpoint.read(Note(text.replace("{root}", root), ()))


@pytest.mark.parametrize(
    "key",
    [
        "", "test/1", VERIFIER + "=", VERIFIER.replace("c74f20a3", "c74f20a4"), "Other" + VERIFIER,
        VERIFIER.replace("+c7", " c7"), VERIFIER[:-4], VERIFIER.replace("+ARpc", "+AhpC"), VERIFIER.upper(),
    ],
)  # fmt: skip
def test_what_is_no_verifier_key_is_refused(key):
    with pytest.raises(NotANote):
        Verifier.read(key)
