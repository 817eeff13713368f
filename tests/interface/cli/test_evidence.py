"""`ledger evidence` and `ledger verify --bundle`: files for an inspection, and their check without a database."""

from __future__ import annotations

import hashlib
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from application.crypto.signed_note import Signer
from application.evidence.verify_bundle import Bundle
from interface.cli import main
from tests.support.bundle_stories import FORCE, FREE_WORDS, told
from tests.support.http_client import AUTHORITY, SUBJECT, event

pytest_plugins = ["tests.support.http_fixtures", "tests.support.sealing_fixtures"]

OTHER = f"{AUTHORITY}/ME-2"


@pytest.fixture
def run(api, sign_in, sealer, dsn, secrets, monkeypatch, capsys):
    """The story, sealed, and the command on it; gives the status, and what was printed."""
    told(api, sign_in("recorder", namespace=FORCE))
    sealer.catch_up()
    for name, value in (("DSN", dsn), ("KEYS", secrets), ("NAME", "test")):
        monkeypatch.setenv(f"LEDGER_{name}", str(value))

    def run(*arguments):
        capsys.readouterr()
        status = main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return status, said.out or said.err

    return run


@pytest.fixture
def out(tmp_path):
    """Where the bundle goes."""
    return tmp_path / "evidence.zip"


def positions(out):
    """Which lines are in a bundle."""
    return [
        json.loads(line)["position"] for line in Bundle(out.read_bytes()).files["lines.ndjson"].splitlines()
    ]


def test_a_bundle_is_written_for_its_owner_only_and_its_hash_is_said(run, out):
    status, said = run("evidence", SUBJECT, "--out", out, "--json")
    content = out.read_bytes()
    assert status == 0
    digest = hashlib.sha256(content).hexdigest()
    assert json.loads(said) == {"file": str(out), "bytes": len(content), "sha256": digest}
    assert out.stat().st_mode & 0o777 == 0o600


def test_what_is_sealed_stays_sealed_unless_it_is_asked_for(run, out, tmp_path):
    run("evidence", SUBJECT, "--out", out)
    closed = Bundle(out.read_bytes())
    assert closed.files["disclosures.tsv"] == b""
    assert {row.split("\t")[2] for row in closed.files["redactions.tsv"].decode().splitlines()} == {
        "personal values were not asked for"
    }
    everything = b"".join(closed.files.values()).decode()
    assert FREE_WORDS not in everything
    assert '"reference": "C1"' not in everything
    run("evidence", SUBJECT, "--open", "--out", tmp_path / "opened.zip")
    opened = Bundle((tmp_path / "opened.zip").read_bytes())
    assert FREE_WORDS in opened.files["disclosures.tsv"].decode()
    assert '"reference": "C1"' in opened.files["told/now.json"].decode()


def test_episodes_can_be_asked_for_by_name_by_child_or_by_a_sample(run, out, tmp_path):
    sample = tmp_path / "sample"
    sample.write_text(f"{OTHER}\n\n{SUBJECT}\n")
    for number, (asked, found) in enumerate([
        ([SUBJECT, OTHER], [1, 2, 3, 4, 5, 6, 7]),
        (["--child", f"{AUTHORITY}/C2"], [1, 2, 7]),
        (["--sample", sample], [1, 2, 3, 4, 5, 6, 7]),
    ]):  # fmt: skip
        file = tmp_path / f"{number}.zip"
        assert run("evidence", *asked, "--out", file)[0] == 0
        assert positions(file) == found


def test_an_episode_that_two_organisations_tell_of_is_told_once(run, out, api, sealer):
    link = {"with": OTHER, "relation": "same_episode"}
    assert api.post(event("episodes-linked", data=link | {"child": "C1"})).status_code == 201
    sealer.catch_up()
    assert run("evidence", SUBJECT, OTHER, "--out", out)[0] == 0
    now = json.loads(Bundle(out.read_bytes()).files["told/now.json"])
    assert [(told["subject"], told["episode"]["linked"]) for told in now["episodes"]] == [(SUBJECT, [OTHER])]


def test_the_same_is_the_same_file(run, out, tmp_path):
    asked = [
        "evidence",
        SUBJECT,
        "--as-at",
        "2026-03-05T00:00:00Z",
        "--known-at",
        "position:4",
        "--size",
        "7",
    ]
    for file in (out, tmp_path / "again.zip"):
        assert run(*asked, "--out", file)[0] == 0
    assert out.read_bytes() == (tmp_path / "again.zip").read_bytes()


def test_making_one_is_in_the_access_log(run, out, ledger):
    run("evidence", SUBJECT, "--out", out)
    [(line,)] = ledger.database.rows("select line from ledger.access_entries order by position desc limit 1")
    entry = json.loads(line)
    assert (entry["principal"], entry["event"]["data"]["route"]) == ("operator", "ledger:evidence")
    assert entry["event"]["data"]["positions"] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        ([], 2, "Give one or more SUBJECTs, or --child"),
        ([SUBJECT, "--child", f"{AUTHORITY}/C1"], 2, "Give one or more SUBJECTs, or --child"),
        (["nonsense"], 2, "SUBJECT is <namespace>/<reference>"),
        (["--child", "nonsense"], 2, "must be <scheme>/<reference>"),
        (["--child", f"{AUTHORITY}/C9"], 1, "There is no such child."),
        ([f"{AUTHORITY}/none"], 1, "There is no such episode."),
        ([SUBJECT, f"{AUTHORITY}/none"], 1, "Of the 2 episodes not every one is there: look at number 2."),
        ([SUBJECT, "--size", "6"], 1, "Size must be that of a checkpoint"),
    ],
)
def test_what_cannot_be_made_is_a_sentence_and_no_file(run, out, arguments, status, words):
    ended, said = run("evidence", *arguments, "--out", out)
    assert ended == status
    assert words in said
    assert not out.exists()


def test_a_sample_says_which_line_is_wrong_and_a_file_is_never_overwritten(run, out, tmp_path):
    (tmp_path / "sample").write_text(f"{SUBJECT}\nnonsense\n")
    status, said = run("evidence", "--sample", tmp_path / "sample", "--out", out)
    assert (status, "line 2 must be <namespace>/<reference>" in said) == (2, True)
    out.write_bytes(b"kept")
    assert run("evidence", SUBJECT, "--out", out)[0] == 2
    assert out.read_bytes() == b"kept"


def test_a_bundle_is_verified_without_a_database(run, out, tmp_path, keys, outside, monkeypatch):
    run("evidence", SUBJECT, "--out", out)
    monkeypatch.setenv("LEDGER_DSN", "host=/nowhere")
    assert run("verify", "--bundle", out)[0] == 3
    assert run("verify", "--bundle", out, "--key", keys.verifier_key("test/1")) == (
        0, "6 lines of test/1, under its checkpoint of 7 entries; 0 readings.\nEverything agrees.\n",
    )  # fmt: skip
    assert run("verify", "--bundle", out, "--against", outside.path)[0] == 0
    stranger = str(Signer("test/1", Ed25519PrivateKey.generate()).verifier)
    status, said = run("verify", "--bundle", out, "--key", stranger, "--json")
    assert (status, json.loads(said)["verdict"]) == (1, "disagrees")
    out.write_bytes(out.read_bytes()[:-1])
    assert run("verify", "--bundle", out)[0] == 1
    assert run("verify", "--bundle", out, "--key", "nonsense")[0] == 1


def test_a_bundle_is_checked_by_itself(run, out, tmp_path):
    run("evidence", SUBJECT, "--out", out)
    assert run("verify", "--bundle", out, "--data", tmp_path)[0] == 2
    assert run("verify", "--bundle", out, "--key", "nonsense")[0] == 2
    assert run("verify", "--bundle", out, "--against", out)[0] == 2
