"""The stored form: the golden lines load for ever, exports check out, every type encodes."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from application.recording.ledger import Ledger
from application.recording.outcomes import Recorded
from application.store.adopted_rulebooks import Adopted
from application.store.line_codec import read_line
from domain.facts import FACTS, Fact
from domain.facts.ledger_entries import EPOCH_BEGAN, FOUNDED, KEY_CHANGED, RULEBOOK_ADOPTED
from tests.support.repository import CHECK_LINES, GOLDEN
from tests.support.submission_builder import WORDS, sample, submission

LINES = (GOLDEN / "lines.ndjson").read_bytes().splitlines()
HASHES = (GOLDEN / "hashes.txt").read_text().split()


def check(*files: Path) -> subprocess.CompletedProcess[str]:
    """Run the checker as anybody would, with no part of ours in reach."""
    return subprocess.run(
        [sys.executable, "-I", CHECK_LINES, *files], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(("line", "leaf_hash"), list(zip(LINES, HASHES, strict=True)))
def test_a_golden_line_loads_for_ever_and_keeps_its_hash(line, leaf_hash) -> None:
    entry = read_line(line)
    assert hashlib.sha256(b"\0" + line).hexdigest() == leaf_hash
    assert (entry.position, entry.version) == (json.loads(line)["position"], json.loads(line)["version"])
    if entry.fact_class is not None:
        fact = entry.fact_class.read(entry.data)
        assert fact.child == entry.child
        assert re.fullmatch("[0-9a-f]{32}", fact.child)


def test_every_type_has_a_golden_line() -> None:
    assert {read_line(line).type for line in LINES} == {c.TYPE for c in FACTS.values()} | {
        FOUNDED,
        RULEBOOK_ADOPTED,
        EPOCH_BEGAN,
        KEY_CHANGED,
    }


def test_the_golden_lines_check_out_without_us() -> None:
    checked = check(GOLDEN / "lines.ndjson", GOLDEN / "hashes.txt")
    assert checked.returncode == 0, checked.stderr
    assert checked.stdout.startswith(f"{len(LINES)} lines, ")


def test_the_checker_is_short_and_needs_nothing() -> None:
    source = CHECK_LINES.read_text()
    assert len(source.splitlines()) <= 30
    assert re.findall(r"^(?:import|from) (\w+)", source, re.MULTILINE) == [
        "hashlib",
        "json",
        "sys",
        "pathlib",
    ]


def test_a_real_export_checks_out_and_an_altered_one_does_not(ledger: Ledger, tmp_path) -> None:
    ledger.record([submission(note="n"), submission("returned"), submission(episode="ME-2")])
    stored = ledger.database.rows(
        "select line, encode(leaf_hash, 'hex') from ledger.entries order by position"
    )
    lines, hashes = tmp_path / "lines.ndjson", tmp_path / "hashes.txt"
    lines.write_bytes(b"".join(line + b"\n" for line, _ in stored))
    hashes.write_text("".join(leaf + "\n" for _, leaf in stored))
    assert check(lines, hashes).returncode == check(lines).returncode == 0

    whole = lines.read_bytes()
    lines.write_bytes(whole.replace(b".returned.v1", b".reported.v1"))
    assert "line 4: its hash is" in check(lines, hashes).stderr
    lines.write_bytes(b"".join(line + b"\n" for n, (line, _) in enumerate(stored) if n != 2))
    assert "line 3: form or gap" in check(lines).stderr


@pytest.mark.parametrize("cls", list(FACTS.values()), ids=list(FACTS))
def test_every_type_is_stored_with_all_its_members_and_nothing_personal(
    ledger: Ledger, cls: type[Fact]
) -> None:
    data = sample(cls)
    assert cls.faults(data) == []
    sent = submission(cls.NAME, **data)
    [outcome] = ledger.record([sent])
    assert isinstance(outcome, Recorded)
    [(line,)] = ledger.database.rows("select line from ledger.entries where position = 3")
    assert not any(
        secret in line for secret in (b"free words", b"2010-02-14", b"2011-05-06", b'"P-1"', b'"X-1"')
    )
    entry = read_line(line)
    order = [m.name for m in cls.MEMBERS]
    if "child_scheme" in order:  # what is derived stands after the member that it comes from
        order.insert(order.index("child") + 1, order.pop(order.index("child_scheme")))
    assert [name for name in entry.data if name != "sealed"] == [n for n in order if n in entry.data]
    opened = {d.path: d.value for d in ledger.vault.open([entry])[3].disclosures}
    assert opened["note"] == WORDS
    assert set(opened) == set(entry.data["sealed"])


def test_every_rulebook_that_was_adopted_can_be_read_for_ever() -> None:
    adoptions = [entry for line in LINES if (entry := read_line(line)).type == RULEBOOK_ADOPTED]
    for entry in adoptions:
        assert Adopted(entry).book.rules
    assert {"extended" in entry.data for entry in adoptions} == {True, False}
