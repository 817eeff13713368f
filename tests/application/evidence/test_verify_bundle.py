"""The file that ships in every bundle finds whatever is malformed, truncated, reordered or forged, and says where."""

from __future__ import annotations

import io
import zipfile

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from application.crypto.signed_note import Signer
from application.evidence.verify_bundle import MANIFEST, Bundle, Disagrees
from domain.merkle.tree import leaf_hash
from tests.support.bundle_tampering import with_files

pytest_plugins = ["tests.support.evidence_fixtures"]

STRANGER = Signer("test/1", Ed25519PrivateKey.generate())

MANY = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])


def rejected(content, key=None):
    """The sentence with which a bundle is rejected."""
    with pytest.raises(Disagrees) as found:
        Bundle(content).check_signer(key, None)
    sentence = str(found.value)
    assert ": " in sentence
    assert len(sentence) > 20
    return sentence


def test_what_is_whole_is_good(bundle, key):
    assert bundle.check_signer(None, None) is False
    assert bundle.check_signer(key, None) is True
    assert bundle.check_signer(None, bundle.files["checkpoint"].decode()) is True
    assert (list(bundle.lines), list(bundle.readings)) == ([1, 2, 3, 4, 5, 6], [1, 2])


@MANY
@given(data=st.data())
def test_one_byte_changed_is_found(content, data):
    at = data.draw(st.integers(0, len(content) - 1))
    changed = bytes([content[at] ^ data.draw(st.integers(1, 255))])
    rejected(content[:at] + changed + content[at + 1 :])


@MANY
@given(data=st.data())
def test_what_is_cut_off_or_added_is_found(content, data):
    cut = data.draw(st.integers(0, len(content) - 1))
    more = data.draw(st.binary(min_size=1, max_size=40))
    for forged in (content[:cut], content[cut:][1:], content + more, more + content):
        rejected(forged)


@MANY
@given(st.binary(max_size=300))
def test_no_bytes_are_too_strange(content):
    assert rejected(content).startswith("the archive: ")


PROVED = ("checkpoint", "lines.ndjson", "disclosures.tsv", "redactions.tsv", "proofs/", "stated/", "access/")

CHANGES = (
    lambda content, at, _: content[:at] + content[at + 1 :],
    lambda content, at, other: content[:at] + bytes([other]) + content[at + 1 :],
    lambda content, at, other: content[:at] + bytes([other]) + content[at:],
    lambda content, at, _: content[:at],
    lambda content, at, _: content[at:],
    lambda content, at, other: b"\n".join(moved(content.split(b"\n"), at, other)),
    lambda content, at, _: content + content[at:],
)


def moved(lines, at, other):
    """The same lines, two of them exchanged."""
    one, two = at % len(lines), other % len(lines)
    lines[one], lines[two] = lines[two], lines[one]
    return lines


@MANY
@given(data=st.data())
def test_whatever_is_done_to_a_file_that_is_proved_is_found_though_the_ledger_signed_it(
    bundle, ours, key, data
):
    name = data.draw(st.sampled_from([name for name in bundle.files if name.startswith(PROVED)]))
    held = bundle.files[name]
    at = data.draw(st.integers(0, max(0, len(held) - 1)))
    forged = data.draw(st.sampled_from(CHANGES))(held, at, data.draw(st.integers(0, 255)))
    assume(said(name, forged) != said(name, held))
    rejected(with_files(bundle, ours, **{name: forged}), key)


@pytest.mark.parametrize("name", ["lines.ndjson", "access/lines.ndjson"])
def test_a_proof_whose_line_was_taken_out_is_found_though_the_ledger_signed_it(bundle, ours, key, name):
    *_, last = bundle.files[name].splitlines(keepends=True)
    for left in (b"", bundle.files[name].removesuffix(last)):
        rejected(with_files(bundle, ours, **{name: left}), key)


def said(name, content):
    """What a file proves: its lines, in any order where they are a table; of what is withheld the place, no reason."""
    lines = [line for line in content.split(b"\n") if line]
    if name == "redactions.tsv" and all(line.count(b"\t") == 2 for line in lines):
        lines = [line.rpartition(b"\t")[0] for line in lines]
    if name.endswith(("checkpoint", "/3", "/1")):
        return content
    return sorted(lines) if name.endswith(".tsv") else lines


def line(bundle, number):
    """One stored line, with its end."""
    return bundle.files["lines.ndjson"].splitlines(keepends=True)[number]


def swapped(bundle, one, two):
    """Two files with each other's content."""
    return {one: bundle.files[two], two: bundle.files[one]}


FORGED = {
    "a time": (
        lambda b: {"lines.ndjson": b.files["lines.ndjson"].replace(b"22:30", b"23:30", 1)},
        "proofs/3",
    ),
    "a line twice": (
        lambda b: {"lines.ndjson": line(b, 0) + b.files["lines.ndjson"]},
        "lines.ndjson, line 2",
    ),
    "lines in another order": (
        lambda b: {"lines.ndjson": b"".join(reversed(b.files["lines.ndjson"].splitlines(keepends=True)))},
        "lines.ndjson, line 2",
    ),
    "a line told by its hash only": (
        lambda b: {"lines.ndjson": b.files["lines.ndjson"].replace(line(b, 2), bare(b, 3))},
        "disclosures.tsv",
    ),
    "a hash that is too long": (
        lambda b: {"lines.ndjson": b.files["lines.ndjson"].replace(line(b, 2), bare(b, 3, beyond="00"))},
        "proofs/3",
    ),
    "a hash with more beside it": (
        lambda b: {"lines.ndjson": b.files["lines.ndjson"].replace(line(b, 2), bare(b, 3, more=',"by":"x"'))},
        "proofs/3",
    ),
    "proofs exchanged": (lambda b: swapped(b, "proofs/3", "proofs/4"), "proofs/3"),
    "a proof taken out": (lambda _: {"proofs/4": None}, "proofs/4"),
    "a proof cut short": (lambda b: {"proofs/3": without_hash(b.files["proofs/3"])}, "proofs/3"),
    "a proof in another order": (lambda b: {"proofs/3": turned(b.files["proofs/3"])}, "proofs/3"),
    "a disclosure taken out": (lambda _: {"disclosures.tsv": b""}, "redactions.tsv"),
    "a value": (
        lambda b: {"disclosures.tsv": b.files["disclosures.tsv"].replace(b"free words", b"other words")},
        "disclosures.tsv, note of position 3",
    ),
    "a disclosure of another entry": (
        lambda b: {"disclosures.tsv": b.files["disclosures.tsv"].replace(b"3\tnote", b"4\tnote")},
        "disclosures.tsv, note of position 4",
    ),
    "a disclosure twice": (
        lambda b: {"disclosures.tsv": 2 * b.files["disclosures.tsv"]},
        "disclosures.tsv, note of position 3",
    ),
    "nothing withheld": (lambda _: {"redactions.tsv": b""}, "redactions.tsv"),
    "the rulebook": (lambda b: {"stated/2.text": b.files["stated/2.text"] + b"#"}, "stated/2.text"),
    "the key": (lambda _: {"stated/1.key": str(STRANGER.verifier).encode()}, "stated/1.key"),
    "a reading": (
        lambda b: {"access/lines.ndjson": b.files["access/lines.ndjson"].replace(b"oversight", b"careless_")},
        "access/proofs/1",
    ),
    "a reading taken out of its proof": (lambda _: {"access/proofs/2": None}, "access/proofs/2"),
    "the access log of another size": (
        lambda b: {"access/checkpoint": b.files["access/checkpoint"].replace(b"\n3\n", b"\n4\n")},
        "access/checkpoint",
    ),
    "the episode log's checkpoint as the access log's": (
        lambda b: {"access/checkpoint": b.files["checkpoint"]},
        "access/checkpoint",
    ),
    "no checkpoint": (lambda _: {"checkpoint": None}, "checkpoint"),
    "no lines": (lambda _: {"lines.ndjson": b""}, "lines.ndjson: expected no other proof"),
}


def bare(bundle, position, *, beyond="", more=""):
    """What stands for a line that is withheld; with a longer hash, or with more than there should be."""
    leaf = leaf_hash(line(bundle, position - 1)[:-1]).hex()
    return f'{{"v":1,"position":{position},"leaf_hash":"{leaf}{beyond}"{more}}}\n'.encode()


def without_hash(proof):
    """A proof without its first hash."""
    head, _, rest = proof.partition(b"\n\n")
    lines = head.split(b"\n")
    return b"\n".join([*lines[:2], *lines[3:]]) + b"\n\n" + rest


def turned(proof):
    """A proof with its hashes in the other order."""
    head, _, rest = proof.partition(b"\n\n")
    lines = head.split(b"\n")
    return b"\n".join([*lines[:2], *reversed(lines[2:])]) + b"\n\n" + rest


@pytest.mark.parametrize("forgery", FORGED)
def test_each_forgery_is_said_of_the_file_that_shows_it_though_the_ledger_signed_it(
    bundle, ours, key, forgery
):
    forge, where = FORGED[forgery]
    assert rejected(with_files(bundle, ours, **forge(bundle)), key).startswith(where)


TOLD = {
    "what is told": ("told/now.json", b'"standing": "returned"', b'"standing": "missing"'),
    "who looked": ("told/access.json", b"oversight", b"careless_"),
    "the page": ("index.html", b"returned", b"unknown_"),
    "why something is withheld": ("redactions.tsv", b"others only", b"nobody else"),
    "the program": ("verify_bundle.py", b"else 3", b"else 0"),
}


@pytest.mark.parametrize("what", TOLD)
def test_what_follows_from_no_line_is_found_by_the_signature_over_the_manifest(bundle, key, what):
    name, before, after = TOLD[what]
    forged = bundle.files[name].replace(before, after)
    assert forged != bundle.files[name]
    changed = with_files(bundle, STRANGER, **{name: forged})
    for trusted in (key, None):
        assert rejected(changed, trusted).startswith("manifest.note: expected the stated key's signature")
    with zipfile.ZipFile(io.BytesIO(changed)) as archived:
        manifest = archived.read(MANIFEST)
    changed = with_files(bundle, STRANGER, **{name: forged, MANIFEST: manifest})
    assert rejected(changed).startswith("manifest.note: expected the stated key's signature")


def test_a_line_left_out_is_found_by_it_too(bundle, key):
    rest = bundle.files["lines.ndjson"].replace(line(bundle, 3), b"")
    changed = with_files(bundle, STRANGER, **{"lines.ndjson": rest, "proofs/4": None})
    assert rejected(changed, key).startswith("manifest.note: expected the stated key's signature")
