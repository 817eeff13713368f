"""Secrets, sealing, fingerprints and tokens: the laws that hold for any value."""

from __future__ import annotations

import base64
import hashlib
import json
import stat
from datetime import timedelta, timezone

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from application.access.credentials import Credentials, UnknownRole
from application.crypto.keys import Keys, KeysUnusable
from application.crypto.sealed_values import CannotOpen, commitment, disclose, join, seal, split, unseal
from application.recording.ledger import Ledger
from application.store.database import Database
from application.store.fingerprint import canonical, compared_content, fingerprint
from application.store.line_codec import _ascii
from domain.moment import rfc3339, to_datetime
from tests.support.submission_builder import submission

KEY, OTHER = AESGCM(b"k" * 32), AESGCM(b"o" * 32)
SECRETS = Keys({1: b"1" * 32}, b"2" * 32, b"3" * 32, b"4" * 32, b"5" * 32)
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abcxyz_", max_size=5), inner, max_size=4)
    ),
    max_leaves=20,
)
MOMENTS = st.integers(946684800_000000, 4102444800_000000)


@given(st.dictionaries(st.text("abc/_", min_size=1), TEXT, max_size=5))
def test_what_is_sealed_opens_with_the_exact_bytes_committed_to(values) -> None:
    disclosures = [disclose(path, value) for path, value in values.items()]
    blob = seal(KEY, join(disclosures), ["a", "b"])
    opened = split(unseal(KEY, blob, ["a", "b"]))
    assert [d.text for d in opened] == disclosures
    assert {d.path: d.value for d in opened} == values
    assert (len(blob) - 1 - 12 - 16) % 256 == 0


@given(TEXT)
def test_a_commitment_tells_nothing_and_is_checked_with_a_hash_alone(value) -> None:
    one, two = disclose("note", value), disclose("note", value)
    assert commitment(one) != commitment(two)
    raw = base64.urlsafe_b64decode(commitment(one) + "=")
    assert raw == hashlib.sha256(one).digest()
    assert json.loads(one)[1:] == ["note", value]


@pytest.mark.parametrize(("key", "about"), [(OTHER, ["a"]), (KEY, ["b"])])
def test_what_is_sealed_opens_for_no_other_key_and_no_other_entry(key, about) -> None:
    blob = seal(KEY, b"[]", ["a"])
    with pytest.raises(CannotOpen):
        unseal(key, blob, about)


@given(st.integers(0, 284))
def test_any_altered_byte_is_noticed(at) -> None:
    blob = bytearray(seal(KEY, b"[]", ["a"]))
    blob[at % len(blob)] ^= 1
    with pytest.raises(CannotOpen):
        unseal(KEY, bytes(blob), ["a"])


@given(JSON)
def test_our_canonical_json_is_rfc_8785(value) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@given(JSON)
def test_a_line_is_printable_ascii_whatever_it_holds(value) -> None:
    """By the standard library's account; ours takes a quicker way where nothing needs an escape."""
    assert _ascii(value) == json.dumps(value, separators=(",", ":")).encode("ascii")
    assert _ascii([value, "\x7fé"]) == json.dumps([value, "\x7fé"], separators=(",", ":")).encode("ascii")


@given(MOMENTS, st.integers(-840, 840), st.booleans())
def test_an_instant_is_the_same_in_any_offset(at, minutes, upper) -> None:
    elsewhere = to_datetime(at).astimezone(timezone(timedelta(minutes=minutes))).isoformat()
    members = [{"happened": {"earliest": text}, "learned_at": text} for text in (rfc3339(at), elsewhere)]
    one, two = (submission(id="a", time=None, **each) for each in members)
    assert fingerprint(SECRETS, one) == fingerprint(SECRETS, two)


@given(MOMENTS, st.integers(1, 10**9))
def test_another_instant_is_something_else(at, by) -> None:
    one, two = (submission(id="a", left_at=rfc3339(each)) for each in (at, at + by))
    assert fingerprint(SECRETS, one) != fingerprint(SECRETS, two)


@pytest.mark.parametrize("other", [
    {"note": "x"}, {"name": "returned"}, {"episode": "ME-2"}, {"time": None}, {"child": "P-2"}, {"basis": "witnessed"},
])  # fmt: skip
def test_anything_said_otherwise_is_something_else(other) -> None:
    assert fingerprint(SECRETS, submission()) != fingerprint(SECRETS, submission(**other))


def test_order_id_and_who_sent_it_do_not_count() -> None:
    one = submission(note="n", basis="witnessed")
    two = submission(basis="witnessed", note="n", by="E23000014", principal="c_other", expected_version=4)
    assert compared_content(one) == compared_content(two)
    assert fingerprint(SECRETS, one) == fingerprint(SECRETS, two)


def test_times_inside_a_correction_are_instants_too() -> None:
    changes = [
        {"time": "2026-07-01T10:00:00Z", "data": {"left_at": "2026-07-01T10:00:00Z"}},
        {"time": "2026-07-01T11:00:00+01:00", "data": {"left_at": "2026-07-01T11:00:00.0+01:00"}},
    ]
    one, two = (submission("corrected", target={"source": "s", "id": "1"}, changes=c) for c in changes)
    assert fingerprint(SECRETS, one) == fingerprint(SECRETS, two)


def test_secrets_are_written_once_for_the_owner_only_and_read_back(tmp_path) -> None:
    path = tmp_path / "secrets.json"
    made = Keys.new(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert Keys.load(path) == made
    with pytest.raises(KeysUnusable, match="never written over"):
        Keys.new(path)
    assert Keys.load(path) == made


@pytest.mark.parametrize("spoil", [
    lambda path: path.chmod(0o640), lambda path: path.unlink(), lambda path: path.write_text("{}"),
    lambda path: path.write_text("no json"), lambda path: path.write_bytes(b"\xff"),
    lambda path: path.write_text(path.read_text().replace('"lookup": "', '"lookup": "AAAA')),
])  # fmt: skip
def test_a_secrets_file_that_is_not_right_is_refused_without_its_content(tmp_path, spoil) -> None:
    path = tmp_path / "secrets.json"
    made = Keys.new(path)
    spoil(path)
    with pytest.raises(KeysUnusable) as refused:
        Keys.load(path)
    assert base64.b64encode(made.lookup).decode()[:8] not in str(refused.value)


def test_secrets_show_in_no_repr(ledger: Ledger) -> None:
    [request] = [ledger.codec.encode(submission(note="free words", child="Zed-9"))]
    shown = repr((ledger.keys, ledger.vault, ledger.codec, ledger, request, ledger.vault._known))
    shown += repr(split(join([disclose("note", "free words")])))
    keys = ledger.keys
    for secret in (*keys.keks.values(), keys.lookup, keys.fingerprint, keys.refusal, keys.signing):
        assert repr(secret)[2:-1] not in shown
        assert secret.hex() not in shown
    assert "free words" not in shown
    assert "Zed-9" not in shown


def test_the_verifier_key_is_a_signed_notes() -> None:
    name, key_id, key = SECRETS.verifier_key("test/1").split("+", 2)
    public = base64.b64decode(key)
    assert (name, public[0], len(public)) == ("test/1", 1, 33)
    assert key_id == hashlib.sha256(b"test/1\n" + public).hexdigest()[:8]
    Ed25519PublicKey.from_public_bytes(public[1:]).verify(SECRETS.signer("test/1").key.sign(b"x"), b"x")


@pytest.fixture
def credentials(dsn) -> Credentials:
    return Credentials(Database(dsn, role=None))


def test_a_token_is_found_by_the_service_and_stored_nowhere(credentials, dsn) -> None:
    made, token = credentials.new(["recorder", "reader"], namespace="E08000025", sources=["urn:x:lcs"])
    service = Credentials(Database(dsn))
    assert service.find(token) == made
    assert (made.namespace, made.sources, made.authorities) == ("E08000025", ("urn:x:lcs",), None)
    assert service.find(token + "x") is None
    stored = credentials._database.rows("select c::text from ledger.credentials c")
    assert token not in str(stored)
    assert token not in repr(made)


def test_a_revoked_or_expired_token_is_good_for_nothing(credentials, dsn) -> None:
    made, token = credentials.new(["auditor"], label="trial")
    old = credentials.new(["auditor"], expires_at=1)[1]
    assert credentials.find(token) == made
    assert credentials.find(old) is None
    assert credentials.revoke_labelled("trial") == 1
    assert credentials.find(token) is None
    assert Credentials(Database(dsn)).find(token) is None
    assert credentials.revoke(made.id) == 0
    assert [c.revoked_at is None for c in credentials.list()] == [False, True]


def test_only_roles_that_exist(credentials) -> None:
    for roles in ([], ["owner"], ["reader", "god"]):
        with pytest.raises(UnknownRole):
            credentials.new(roles)
