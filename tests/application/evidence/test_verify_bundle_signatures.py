"""The signatures, keys and archive of a bundle: a forged one is found, and the program says so by its exit status."""

from __future__ import annotations

import base64
import hashlib
import io
import re
import subprocess
import sys
import warnings
import zipfile

import pytest
import scitt_cose
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from application.crypto.checkpoint import Checkpoint as ReadCheckpoint
from application.crypto.keys import Keys
from application.crypto.signed_note import NotANote, Note, Signer
from application.evidence import verify_bundle as verifier
from application.evidence.verify_bundle import MANIFEST, NOTE, Bundle, Disagrees, archive
from tests.support.bundle_stories import made
from tests.support.bundle_tampering import bare_bundle, founding, manifest_note, packed, with_files
from tests.support.memory_tree import GrowingTree

pytest_plugins = ["tests.support.evidence_fixtures"]

STRANGER = Signer("test/1", Ed25519PrivateKey.generate())


def rejected(content, key=None):
    """The sentence with which a bundle is rejected."""
    with pytest.raises(Disagrees) as found:
        Bundle(content).check_signer(key, None)
    sentence = str(found.value)
    assert ": " in sentence
    assert len(sentence) > 20
    return sentence


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


def test_a_file_more_is_found(bundle, key):
    for name in ("extra.txt", "../outside", "told/../../outside", "/etc/passwd", "proofs/99"):
        content = with_files(bundle, STRANGER, **{name: b""})
        where = "proofs/6: expected no other proof" if name == "proofs/99" else "manifest.note: "
        assert rejected(content, key).startswith(where)
        unlisted = with_files(bundle, STRANGER, **{name: b"", MANIFEST: bundle.files[MANIFEST]})
        assert rejected(unlisted, key) == (
            "manifest.json: expected the names of all files, found something else"
        )


def test_a_file_twice_is_found(bundle):
    made = io.BytesIO()
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(made, "w") as file:
        for name in sorted([*bundle.files, "index.html"]):
            file.writestr(name, bundle.files[name])
    assert rejected(made.getvalue()).startswith("the archive: expected files in order of name, each once")


def test_a_file_that_grows_when_it_is_unpacked_is_not_unpacked():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("manifest.json", bytes(50_000_000))
    assert rejected(made.getvalue()) == "the archive: expected no compressed file, found something else"


def test_a_manifest_signed_for_another_ledger_or_as_a_checkpoint_is_found(bundle, ours, key):
    manifest = bundle.files[MANIFEST]
    for note in (
        manifest_note(manifest, ours._replace(name="nest/1")),
        manifest_note(manifest + b" ", ours),
        ours.sign(manifest_note(manifest, ours).partition("\n\n")[0] + "\n"),
        bundle.files["checkpoint"].decode(),
    ):
        changed = with_files(bundle, ours, **{MANIFEST: manifest, NOTE: note.encode()})
        assert rejected(changed, key).startswith("manifest.note: ")
    with pytest.raises(NotANote):
        ReadCheckpoint.read(Note.read(bundle.files[NOTE].decode()))


def test_a_checkpoint_signed_by_somebody_else_is_found(bundle, key):
    note = STRANGER.sign(text_of(bundle))
    proofs = {name: resigned(held, note) for name, held in bundle.files.items() if name.startswith("proofs/")}
    forged = with_files(bundle, STRANGER, checkpoint=note.encode(), **proofs)
    for trusted in (key, None, str(STRANGER.verifier)):
        expected = "checkpoint: expected the stated key's signature"
        assert rejected(forged, trusted).startswith(expected)


def test_a_signature_that_is_false_is_none(bundle, ours, key):
    note = bundle.files["checkpoint"].decode()
    false = note.replace(text_of(bundle), text_of(bundle).replace("\n16\n", "\n16\n", 1) + "more\n")
    proofs = {
        name: resigned(held, false) for name, held in bundle.files.items() if name.startswith("proofs/")
    }
    forged = with_files(bundle, ours, checkpoint=false.encode(), **proofs)
    assert rejected(forged, key).startswith("checkpoint: expected the stated key's signature")


def test_a_checkpoint_of_another_log_is_found_though_the_key_signed_it(bundle, keys, key):
    note = keys.signer("test/1").sign(text_of(bundle).replace("test/1", "test/access/1"))
    proofs = {name: resigned(held, note) for name, held in bundle.files.items() if name.startswith("proofs/")}
    forged = with_files(bundle, keys.signer("test/1"), checkpoint=note.encode(), **proofs)
    assert rejected(forged, key).startswith("checkpoint: expected the stated key's signature")


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


def text_of(bundle):
    """What is signed of a bundle's checkpoint."""
    return bundle.files["checkpoint"].decode().partition("\n\n")[0] + "\n"


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
def test_a_manifest_of_another_kind_is_found(bundle, ours, manifest):
    assert rejected(packed(bundle.files, ours, **manifest)).startswith(MANIFEST)


@pytest.mark.parametrize(
    ("order", "compression", "words"),
    [
        (reversed, zipfile.ZIP_STORED, "files in order of name, each once, and nothing else"),
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
@given(st.integers(2, 300), st.data())
def test_proofs_of_any_size_agree_with_another_implementation(size, data):
    first = founding(STRANGER)
    tree = GrowingTree([first, *(b"%d" % number for number in range(1, size))])
    position = data.draw(st.integers(2, size))
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
    (tmp_path / "forged.zip").write_bytes(with_files(bundle, STRANGER, **{"stated/2.text": b"none"}))
    assert run("bundle.zip", "--key", key) == (0, "6 lines and 2 readings, proved.\nEverything agrees.\n")
    assert run("bundle.zip", "--against", "kept")[0] == 0
    status, said = run("bundle.zip")
    assert (status, "the signer is unknown" in said) == (3, True)
    assert run("forged.zip") == (1, "stated/2.text: expected what its entry states, found something else\n")
    assert run("bundle.zip", "--against", "other") == (
        2,
        "The bundle is of 16 entries: ask for one with size=5.\n",
    )
    for wrong in (["none.zip"], [], ["bundle.zip", "--key", "x"], ["bundle.zip", "--against", "bundle.zip"]):
        assert run(*wrong)[0] == 2


def test_without_its_package_the_file_says_what_is_missing(run, tmp_path):
    program = tmp_path / "verify_bundle.py"
    hidden = "import sys\nsys.modules['cryptography'] = None\n"  # so importing it fails, as where it is not installed
    program.write_text(hidden + program.read_text("utf-8"), "utf-8")
    said = "Python's package `cryptography` is missing: pip install cryptography\n"
    assert run("bundle.zip") == (2, said)


def test_the_file_is_short_enough_to_be_read():
    with open(verifier.__file__, encoding="utf-8") as file:  # noqa: PTH123
        assert len(file.readlines()) <= 200
