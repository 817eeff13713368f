"""The file that ships in every bundle finds whatever is malformed, truncated, reordered or forged, and says where."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import subprocess
import sys
import zipfile

import pytest
import scitt_cose
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from application.evidence import verifier
from application.evidence.verifier import MANIFEST, Bundle, Disagrees, archive
from application.keys import Keys
from application.note import Signer
from tests.bundles import made
from tests.forging import bare_bundle, packed, with_files
from tests.growing_tree import GrowingTree

pytest_plugins = ["tests.evidence_fixtures"]

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
    assert {path: name for name, path in bundle.sealed} == {"note": 6, "place": 6}


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


PROVED = ("checkpoint", "lines.ndjson", "disclosures.tsv", "redactions.tsv", "proofs/", "stated/")
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
def test_whatever_a_forger_does_to_a_file_that_is_proved_is_found(bundle, key, data):
    name = data.draw(st.sampled_from([name for name in bundle.files if name.startswith(PROVED)]))
    held = bundle.files[name]
    at = data.draw(st.integers(0, max(0, len(held) - 1)))
    forged = data.draw(st.sampled_from(CHANGES))(held, at, data.draw(st.integers(0, 255)))
    assume(said(name, forged) != said(name, held))
    rejected(with_files(bundle, **{name: forged}), key)


def said(name, content):
    """What a file proves: of what is withheld the place, not the reason."""
    rows = [row.split(b"\t") for row in content.split(b"\n")]
    return [row[:2] for row in rows] if name == "redactions.tsv" and all(map(whole, rows)) else content


def whole(row):
    """Whether a row of what is withheld has all that it needs."""
    return row == [b""] or (len(row) == 3 and row[2] != b"")


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
    "a line taken out": (
        lambda b: {"lines.ndjson": b.files["lines.ndjson"].replace(line(b, 3), b"")},
        "proofs/4",
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
        lambda b: {"lines.ndjson": b.files["lines.ndjson"].replace(line(b, 2), bare(b, 3, "00"))},
        "proofs/3",
    ),
    "proofs exchanged": (lambda b: swapped(b, "proofs/3", "proofs/4"), "proofs/3"),
    "a proof taken out": (lambda _: {"proofs/4": None}, "proofs/4"),
    "a proof of nothing": (lambda b: {"proofs/99": b.files["proofs/4"]}, "proofs/99"),
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
    "disclosures in another order": (
        lambda b: {
            "disclosures.tsv": b"".join(reversed(b.files["disclosures.tsv"].splitlines(keepends=True)))
        },
        "disclosures.tsv",
    ),
    "a hash written otherwise": (lambda b: {"proofs/3": rewritten(b.files["proofs/3"])}, "proofs/3"),
    "nothing withheld": (lambda _: {"redactions.tsv": b""}, "redactions.tsv"),
    "the rulebook": (lambda b: {"stated/2.text": b.files["stated/2.text"] + b"#"}, "stated/2.text"),
    "the key": (lambda _: {"stated/1.key": str(STRANGER.verifier).encode()}, "stated/1.key"),
    "a file more": (lambda _: {"extra.txt": b""}, "extra.txt"),
}


def bare(bundle, position, more=""):
    """What stands for a line that is withheld."""
    leaf = verifier._sha256(b"\0", line(bundle, position - 1)[:-1]).hex()
    return json.dumps({"v": 1, "position": position, "leaf_hash": leaf + more}).encode() + b"\n"


def without_hash(proof):
    """A proof without its first hash."""
    head, _, rest = proof.partition(b"\n\n")
    lines = head.split(b"\n")
    return b"\n".join([*lines[:2], *lines[3:]]) + b"\n\n" + rest


def rewritten(proof):
    """A proof whose first hash is the same bytes in base64 that is not how it is written: with a spare bit set."""
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    last = proof.split(b"\n")[2][-2:]
    other = alphabet[alphabet.index(last[0]) + 1 : alphabet.index(last[0]) + 2] + b"="
    return proof.replace(last + b"\n", other + b"\n", 1)


def turned(proof):
    """A proof with its hashes in the other order."""
    head, _, rest = proof.partition(b"\n\n")
    lines = head.split(b"\n")
    return b"\n".join([*lines[:2], *reversed(lines[2:])]) + b"\n\n" + rest


@pytest.mark.parametrize("forgery", FORGED)
def test_each_forgery_is_said_of_the_file_that_shows_it(bundle, key, forgery):
    forge, where = FORGED[forgery]
    assert rejected(with_files(bundle, **forge(bundle)), key).startswith(where)


def test_a_checkpoint_signed_by_somebody_else_is_found(bundle, key):
    note = STRANGER.sign(bundle.checkpoint.text)
    proofs = {name: resigned(held, note) for name, held in bundle.files.items() if name.startswith("proofs/")}
    forged = with_files(bundle, checkpoint=note.encode(), **proofs)
    assert rejected(forged, key).startswith("checkpoint: expected the signature of test/1+")
    assert "a key it states" in rejected(forged)


def test_a_checkpoint_of_another_log_is_found_though_the_key_signed_it(bundle, keys, key):
    note = keys.signer("test/1").sign(bundle.checkpoint.text.replace("test/1", "test/access/1"))
    proofs = {name: resigned(held, note) for name, held in bundle.files.items() if name.startswith("proofs/")}
    forged = with_files(bundle, checkpoint=note.encode(), **proofs)
    assert rejected(forged, key).startswith("checkpoint: expected the signature of test/1+")


@pytest.mark.parametrize("wrong", [r"\+[0-9a-f]{8}\+", r"\+A"])
def test_a_key_that_is_not_whole_is_none(bundle, key, wrong):
    broken = re.sub(
        wrong, lambda found: found[0].replace(found[0][1], "0" if found[0][1] != "0" else "1"), key
    )
    assert broken != key
    with pytest.raises(ValueError, match="not the verifier key"):
        bundle.check_signer(broken, None)


def test_a_key_of_another_kind_is_none(bundle):
    other = b"\x02" + bytes(32)
    key_id = hashlib.sha256(b"test/1\n" + other).hexdigest()[:8]
    with pytest.raises(ValueError, match="not the verifier key"):
        bundle.check_signer(f"test/1+{key_id}+{base64.b64encode(other).decode()}", None)


def resigned(proof, note):
    """A proof that ends with another checkpoint."""
    return proof.partition(b"\n\n")[0] + b"\n\n" + note.encode()


def test_another_ledger_of_the_same_name_is_consistent_and_not_the_one(databases, tmp_path, content, key):
    dsn = databases.take()
    other = made(dsn, Keys.new(tmp_path / "keys"), tmp_path)
    databases.give_back(dsn)
    assert Bundle(other).check_signer(None, None) is False
    assert rejected(other, key).startswith("checkpoint: expected the signature of ")
    with pytest.raises(Disagrees, match="the root "):
        Bundle(other).check_signer(None, Bundle(content).files["checkpoint"].decode())


@pytest.mark.parametrize("manifest", [{"format": "another/1"}, {"files": {}}, {"files": []}])
def test_a_manifest_of_another_kind_is_found(bundle, manifest):
    assert rejected(packed(bundle.files, **manifest)).startswith(MANIFEST)


@pytest.mark.parametrize(
    ("order", "compression", "words"),
    [
        (reversed, zipfile.ZIP_STORED, "every byte as it was made"),
        (list, zipfile.ZIP_DEFLATED, "no compressed file"),
    ],
)
def test_an_archive_in_another_form_is_found(bundle, content, order, compression, words):
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w", compression) as file:
        for name in order(sorted(bundle.files)):
            file.writestr(name, bundle.files[name])
    assert rejected(other.getvalue()) == f"the archive: expected {words}, found something else"
    assert archive(bundle.files) == content


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 300), st.data())
def test_proofs_of_any_size_agree_with_another_implementation(size, data):
    tree = GrowingTree(b"%d" % number for number in range(size))
    position = data.draw(st.integers(1, size))
    held = Bundle(bare_bundle(tree, position, STRANGER))
    assert held.check_signer(str(STRANGER.verifier), None)
    head = held.files[f"proofs/{position}"].decode().partition("\n\n")[0]
    hashes = [base64.b64decode(each).hex() for each in head.split("\n")[2:]]
    root = held.checkpoint.root.hex()
    assert scitt_cose.verify_inclusion((b"%d" % (position - 1)).hex(), position - 1, size, hashes, root)


@pytest.fixture
def run(tmp_path, content):
    """Run the file as it ships in the bundle, in a Python that knows nothing of this project."""
    with zipfile.ZipFile(io.BytesIO(content)) as archived:
        archived.extract("verify_bundle.py", tmp_path)
    (tmp_path / "bundle.zip").write_bytes(content)

    def run(*options):
        command = [sys.executable, "-I", "verify_bundle.py", *map(str, options)]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    return run


def test_the_file_in_the_bundle_says_so_by_its_exit_status(run, tmp_path, content, bundle, key):
    (tmp_path / "kept").write_bytes(bundle.files["checkpoint"])
    (tmp_path / "other").write_text(STRANGER.sign("test/1\n5\n" + "A" * 43 + "=\n"))
    (tmp_path / "forged.zip").write_bytes(with_files(bundle, **{"stated/2.text": b"none"}))
    assert run("bundle.zip", "--key", key) == (0, "6 lines, proved.\nEverything agrees.\n")
    assert run("bundle.zip", "--against", "kept")[0] == 0
    status, said = run("bundle.zip")
    assert (status, "who signed it nobody can know" in said) == (3, True)
    assert run("forged.zip") == (1, "stated/2.text: expected what its entry states, found something else\n")
    assert run("bundle.zip", "--against", "other") == (
        2,
        "The bundle is of 16 entries: ask for one with size=5.\n",
    )
    for wrong in (["none.zip"], [], ["bundle.zip", "--key", "x"], ["bundle.zip", "--against", "bundle.zip"]):
        assert run(*wrong)[0] == 2


def test_the_file_is_short_enough_to_be_read():
    with open(verifier.__file__, encoding="utf-8") as file:  # noqa: PTH123
        assert len(file.readlines()) <= 200
