"""Recording through `Ledger`: what each submission's outcome is, and that nothing else happens."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from application.recording.ledger import Ledger, WrongLedger
from application.recording.outcomes import Duplicate, Recorded, WouldRecord, WouldRepeat
from domain.rules.rulebook import england
from tests.support.recorded_entries import entries, lines, reasons
from tests.support.submission_builder import HOME, submission


def test_a_new_ledger_begins_with_its_founding_and_a_rulebook(ledger: Ledger) -> None:
    first, second = (json.loads(line) for line in lines(ledger))
    assert (first["position"], first["version"], first["event"]["type"]) == (1, 1, "ledger.founded.v1")
    assert first["event"]["data"] == {"name": "test", "format": 1, "key": ledger.keys.verifier_key("test/1")}
    assert second["event"]["data"]["text"] == england().text
    assert ledger.database.rows("select name from ledger.heads where log = 1") == [("test",)]


def test_founding_again_changes_nothing(ledger: Ledger, open_ledger: Callable[..., Ledger]) -> None:
    before = lines(ledger)
    open_ledger().initialise(england().text)
    assert lines(ledger) == before


def test_another_ledgers_name_is_refused(ledger: Ledger, dsn: str) -> None:
    other = Ledger(dsn, ledger.keys, "other")
    with pytest.raises(WrongLedger):
        other.initialise(england().text)
    other.close()


def test_a_receipt_says_where_and_the_hash_is_of_the_stored_line(ledger: Ledger) -> None:
    sent = submission(note="Zoë \\x41 went “out”\n")
    [outcome] = ledger.record([sent])
    assert isinstance(outcome, Recorded)
    receipt = outcome.receipt
    assert (receipt.id, receipt.position, receipt.version) == (sent.id, 3, 1)
    line = lines(ledger)[2]
    assert hashlib.sha256(b"\0" + line).hexdigest() == receipt.leaf_hash
    assert line.isascii()
    assert b"\n" not in line
    assert entries(ledger)[0].recorded_at == receipt.recorded_at


def test_a_line_has_its_members_in_the_order_of_the_stored_form(ledger: Ledger) -> None:
    ledger.record([submission(category="missing", note="n", date_of_birth="2010-02-14", reported_by="carer")])
    line = json.loads(lines(ledger)[2])
    assert list(line) == ["v", "position", "recorded_at", "version", "salt", "principal", "by", "event"]
    assert list(line["event"]) == ["specversion", "id", "source", "type", "subject", "time", "data"]
    assert list(line["event"]["data"]) == ["child", "category", "reported_by", "birth_month", "sealed"]
    assert line["event"]["data"]["birth_month"] == "2010-02"
    assert list(line["event"]["data"]["sealed"]) == ["date_of_birth", "note"]


def test_personal_values_are_nowhere_in_clear_and_open_again(ledger: Ledger, dsn: str) -> None:
    words = "ran to Aunt Mo"
    ledger.record(
        [submission(note=words, asserted_by={"role": "carer", "reference": "Mo Smith"}, child="Zed-99")]
    )
    stored = b"".join(row for rows in _every_row(ledger) for row in rows)
    assert not any(secret in stored for secret in (b"Aunt", b"Smith", b"Zed-99"))
    [entry] = entries(ledger)
    opened = ledger.vault.open([entry])[entry.position].disclosures
    assert {d.path: d.value for d in opened} == {"note": words, "asserted_by/reference": "Mo Smith"}
    assert ledger.vault.reference(entry.data["child"]) == (HOME, "Zed-99")


def _every_row(ledger: Ledger) -> list[list[bytes]]:
    """The rows of the tables that know of a person, as text and as bytes."""
    queries = (
        "select e::text, e.line from ledger.entries e",
        "select c::text, c.sealed_reference from ledger.children c",
        "select v::text, v.blob from ledger.sealed_values v",
    )
    return [[text.encode() + bytes(raw) for text, raw in ledger.database.rows(query)] for query in queries]


def test_the_same_again_is_a_duplicate_with_the_first_receipt(ledger: Ledger) -> None:
    sent = submission(note="once")
    [first], [second] = ledger.record([sent]), ledger.record([sent])
    assert isinstance(second, Duplicate)
    assert second.receipt == first.receipt
    assert len(entries(ledger)) == 1


def test_a_duplicate_is_acknowledged_by_a_write(ledger: Ledger) -> None:
    sent = submission()
    ledger.record([sent])
    writes = ledger.database.rows("select writes from ledger.heads where log = 1")[0][0]
    ledger.record([sent])
    assert ledger.database.rows("select writes from ledger.heads where log = 1")[0][0] == writes + 1


def test_the_same_instant_with_another_offset_is_the_same(ledger: Ledger) -> None:
    ledger.record([submission(id="a", time="2026-07-01T10:00:00Z", left_at="2026-07-01T09:00:00.5Z")])
    again = submission(id="a", time="2026-07-01T11:00:00+01:00", left_at="2026-07-01T10:00:00.500+01:00")
    assert reasons(ledger.record([again])) == ["duplicate"]


def test_the_same_id_with_other_content_is_refused(ledger: Ledger) -> None:
    ledger.record([submission(id="a", note="one")])
    assert reasons(ledger.record([submission(id="a", note="two")])) == ["id-reused"]
    assert len(entries(ledger)) == 1


def test_another_source_may_use_the_same_id(ledger: Ledger) -> None:
    assert (
        reasons(ledger.record([submission(id="a"), submission(id="a", source="urn:x:b")])) == ["recorded"] * 2
    )


def test_another_child_is_refused_until_a_child_corrected_names_it(ledger: Ledger) -> None:
    other = {"child": "P-2"}
    assert reasons(ledger.record([submission(), submission(**other)])) == ["recorded", "child-differs"]
    ledger.record([submission("child-corrected", to="P-2")])
    assert reasons(ledger.record([submission(**other), submission(), submission(child="P-3")])) == [
        "recorded", "recorded", "child-differs",
    ]  # fmt: skip


def test_a_child_corrected_counts_at_once_within_a_call(ledger: Ledger) -> None:
    sent = [
        submission(),
        submission("child-corrected", to="P-2"),
        submission(child="P-2"),
        submission(child="P-3"),
    ]
    assert reasons(ledger.record(sent)) == ["recorded", "recorded", "recorded", "child-differs"]


def test_versions_count_within_a_subject_and_positions_across_all(ledger: Ledger) -> None:
    sent = [submission(), submission(episode="ME-2"), submission(), submission(episode="ME-2"), submission()]
    receipts = [o.receipt for o in ledger.record(sent)]
    assert [r.version for r in receipts] == [1, 1, 2, 2, 3]
    assert [r.position for r in receipts] == [3, 4, 5, 6, 7]
    assert len({r.recorded_at for r in receipts}) == 1


def test_an_expected_version_is_checked_and_only_when_given(ledger: Ledger) -> None:
    sent = [submission(expected_version=0), submission(expected_version=0), submission(expected_version=1)]
    assert reasons(ledger.record(sent)) == ["recorded", "stale-version", "recorded"]


def test_a_refusal_refuses_only_itself_and_leaves_no_gap(ledger: Ledger) -> None:
    ledger.record([submission(id="a")])
    sent = [submission(), submission(id="a", note="x"), submission(child="P-9"), submission()]
    outcomes = ledger.record(sent)
    assert reasons(outcomes) == ["recorded", "id-reused", "child-differs", "recorded"]
    assert [e.position for e in entries(ledger)] == [3, 4, 5]


def test_the_same_id_twice_in_one_call(ledger: Ledger) -> None:
    one = submission(id="a", note="one")
    outcomes = ledger.record([one, one, submission(id="a", note="two"), one])
    assert reasons(outcomes) == ["recorded", "duplicate", "id-reused", "duplicate"]
    assert outcomes[3].receipt == outcomes[0].receipt


def test_after_a_refused_one_the_same_id_in_the_same_call_is_new(ledger: Ledger) -> None:
    sent = [
        submission(id="a", expected_version=7),
        submission(id="a", note="x"),
        submission(id="a", note="x"),
    ]
    assert reasons(ledger.record(sent)) == ["stale-version", "recorded", "duplicate"]


def test_an_atomic_group_is_recorded_whole(ledger: Ledger) -> None:
    first = submission()
    ledger.record([first])
    assert reasons(ledger.record([first, submission(), submission()], atomic=True)) == [
        "duplicate", "recorded", "recorded",
    ]  # fmt: skip


def test_an_atomic_group_with_a_fault_leaves_nothing_behind(ledger: Ledger) -> None:
    before = _counts(ledger)
    sent = [submission(episode="ME-9", note="n"), submission(episode="ME-9", child="P-2")]
    outcomes = ledger.record(sent, atomic=True)
    assert reasons(outcomes) == ["atomic", "child-differs"]
    assert _counts(ledger) == before
    assert reasons(ledger.record([submission(episode="ME-9", child="P-2")])) == ["recorded"]
    assert [e.position for e in entries(ledger)] == [3]


def test_a_dry_run_says_the_same_and_writes_nothing(ledger: Ledger) -> None:
    first = submission()
    ledger.record([first])
    before = _counts(ledger)
    sent = [first, submission(note="n"), submission(child="P-2"), submission(episode="ME-3", child="P-7")]
    outcomes = ledger.record(sent, dry_run=True)
    assert reasons(outcomes) == ["duplicate", "wouldrecord", "child-differs", "wouldrecord"]
    assert isinstance(outcomes[1], WouldRecord)
    assert _counts(ledger) == before
    assert reasons(ledger.record(sent)) == ["duplicate", "recorded", "child-differs", "recorded"]


def test_a_dry_run_of_the_same_twice_says_the_same_as_recording_it(ledger: Ledger) -> None:
    once = submission()
    sent = [once, once, replace(once, data={**once.data, "note": "n"})]
    for atomic in (False, True):
        outcomes = ledger.record(sent[:2], atomic=atomic, dry_run=True)
        assert outcomes[1] == WouldRepeat(once.id, once.source, once.subject)
    assert reasons(ledger.record(sent, dry_run=True)) == ["wouldrecord", "wouldrepeat", "id-reused"]
    assert reasons(ledger.record(sent)) == ["recorded", "duplicate", "id-reused"]


def _counts(ledger: Ledger) -> list[tuple[str, int]]:
    """How many rows every table has, and where the head is."""
    tables = ("children", "streams", "stream_children", "entries", "sources", "event_ids", "sealed_values",
              "stream_names", "mentions", "child_mentions")  # fmt: skip
    counts = [(table, ledger.database.rows(f"select count(*) from ledger.{table}")[0][0]) for table in tables]
    return [*counts, ("head", ledger.database.rows("select position from ledger.heads where log = 1")[0][0])]
