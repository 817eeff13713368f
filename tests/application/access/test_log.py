"""The access log: the form of its lines, once each, in one order, and what happens when it cannot be written."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from application.access.log import AccessContext
from application.access.spool import Spool, lines
from application.answers.disclosures import NOTHING, DisclosedRecords
from application.recording.ledger import Ledger
from application.store.append_access import ACCESSES
from application.store.line_codec import read_line
from domain.entries.access_entry import Disclosed
from domain.errors import NotRecorded
from domain.facts.members import member_faults
from tests.support.access_faults import broken, mended
from tests.support.repository import CHECK_LINES, GOLDEN
from tests.support.submission_builder import submission
from tests.support.waiting import until

READING = AccessContext("c_test", "E08000025", "manager", "oversight", "/v1/episodes/{namespace}/{reference}")
ACCESS = (GOLDEN / "access.ndjson").read_bytes().splitlines()
HASHES = (GOLDEN / "access-hashes.txt").read_text().split()


def entries(ledger):
    """Every entry of the access log: position, line and leaf hash, in order."""
    return ledger.database.rows(
        "select position, line, leaf_hash from ledger.access_entries order by position"
    )


def child_of(ledger):
    """The stored id of the child of a recorded submission."""
    ledger.record([submission()])
    return ledger.database.rows("select id from ledger.children")[0][0].hex


@pytest.mark.parametrize(("line", "leaf_hash"), list(zip(ACCESS, HASHES, strict=True)))
def test_a_golden_line_loads_for_ever_and_keeps_its_hash(line, leaf_hash):
    entry = read_line(line)
    assert hashlib.sha256(b"\0" + line).hexdigest() == leaf_hash
    assert entry.type == Disclosed.TYPE
    assert member_faults(Disclosed.MEMBERS, entry.data, "/data") == []
    assert json.loads(json.dumps(Disclosed.read(entry.data).data())) == entry.data
    assert list(entry.data) == [m.name for m in Disclosed.MEMBERS if m.name in entry.data]


def test_the_golden_lines_have_every_member_and_leave_every_optional_one_out():
    given = [set(read_line(line).data) for line in ACCESS]
    assert set.union(*given) == {m.name for m in Disclosed.MEMBERS}
    assert set.intersection(*given) == {m.name for m in Disclosed.MEMBERS if m.required}


def test_an_export_of_the_access_log_is_checked_as_one_of_episodes_is(ledger, tmp_path):
    child = child_of(ledger)
    for _ in range(3):
        assert ledger.access.record(READING, DisclosedRecords({child}, {3}), 200)
    file, hashes = tmp_path / "access.ndjson", tmp_path / "hashes.txt"
    file.write_bytes(b"".join(line + b"\n" for _, line, _ in entries(ledger)))
    hashes.write_text("".join(leaf.hex() + "\n" for *_, leaf in entries(ledger)))

    def check():
        return subprocess.run(
            [sys.executable, "-I", CHECK_LINES, file, hashes], capture_output=True, text=True, check=False
        )

    assert check().stdout.startswith("3 lines, ")
    file.write_bytes(file.read_bytes().replace(b"oversight", b"inspectio", 1))
    assert "line 1: its hash is" in check().stderr


def test_an_entry_says_who_why_and_what_in_the_form_of_every_line(ledger):
    child = child_of(ledger)
    assert ledger.access.record(READING, DisclosedRecords({child}, {3, 1}), 200)
    [(position, line, leaf)] = entries(ledger)
    assert leaf == hashlib.sha256(b"\0" + line).digest()
    said = json.loads(line)
    assert list(said) == ["v", "position", "recorded_at", "version", "salt", "principal", "by", "event"]
    assert (position, said["position"], said["version"]) == (1, 1, 1)
    assert (said["principal"], said["by"]) == ("c_test", "ledger")
    event = said["event"]
    assert (event["source"], event["type"], event["subject"]) == (
        "ledger",
        "access.disclosed.v1",
        "ledger/test",
    )
    assert event["data"] == {
        "role": "manager",
        "organisation": "E08000025",
        "purpose": "oversight",
        "route": "/v1/episodes/{namespace}/{reference}",
        "status": 200,
        "children": [child],
        "positions": [1, 3],
    }


def test_reading_never_moves_the_episode_log(ledger):
    child = child_of(ledger)
    before = ledger.database.rows("select * from ledger.heads where log = 1")
    assert ledger.access.record(READING, DisclosedRecords({child}, {3}))
    assert ledger.database.rows("select * from ledger.heads where log = 1") == before
    assert ledger.database.rows("select position, writes, name from ledger.heads where log = 2") == [
        (1, 1, "test")
    ]


def test_what_happens_at_once_keeps_one_gapless_order_whoever_writes(ledger, open_ledger):
    child, other = child_of(ledger), open_ledger()
    with ThreadPoolExecutor(16) as pool:
        written = pool.map(
            lambda n: (ledger, other)[n % 2].access.record(READING, DisclosedRecords({child}, {n + 1})),
            range(200),
        )
        assert all(written)
    found = [read_line(line) for _, line, _ in entries(ledger)]
    assert [e.position for e in found] == list(range(1, 201))
    assert sorted(e.recorded_at for e in found) == [e.recorded_at for e in found]
    assert sorted(e.data["positions"][0] for e in found) == list(range(1, 201))
    [(writes,)] = ledger.database.rows("select writes from ledger.heads where log = 2")
    assert writes <= 200


def test_a_disclosure_that_is_sent_again_after_a_broken_link_is_recorded_once(ledger, monkeypatch):
    lost = []

    def lose_first(connection, requests, **how):
        answers = ACCESSES.append(connection, requests, **how)
        if not lost:
            lost.append(answers)
            connection.close()
            raise psycopg.OperationalError("the link broke before the answer came")
        return answers

    monkeypatch.setattr(ledger.access._writer, "_log", ACCESSES._replace(append=lose_first))
    assert ledger.access.record(READING, DisclosedRecords(set(), {1}))
    assert lost
    assert len(entries(ledger)) == 1


def test_the_same_disclosure_twice_in_one_call_is_recorded_once(ledger):
    request = ledger.access._request(READING, DisclosedRecords(set(), {1}), 200)
    with ledger.database.connection() as connection:
        answers = ACCESSES.append(connection, [request, request])
        again = ACCESSES.append(connection, [request])
    assert [a.status for a in (*answers, *again)] == ["recorded", "duplicate", "duplicate"]
    assert {a.position for a in (*answers, *again)} == {1}
    assert len(entries(ledger)) == 1


def test_what_cannot_be_recorded_must_not_be_shown(ledger, dsn):
    broken(dsn)
    with pytest.raises(NotRecorded, match="nothing is shown"):
        ledger.access.record(READING, DisclosedRecords(set(), {1}))
    mended(dsn)
    assert entries(ledger) == []


def test_break_glass_keeps_it_on_disk_and_records_it_later_once(ledger, open_ledger, dsn, tmp_path, caplog):
    child, urgent = child_of(ledger), open_ledger(spool=tmp_path)
    broken(dsn)
    assert not urgent.access.record(READING, DisclosedRecords({child}, {3}), 200)
    assert not urgent.access.record(READING, DisclosedRecords({child}, {1}), 304)
    assert [r.levelname for r in caplog.records if "without an entry" in r.message] == [
        "CRITICAL",
        "CRITICAL",
    ]
    assert Spool(tmp_path).count() == 2
    with pytest.raises(NotRecorded):
        urgent.access.catch_up()
    assert Spool(tmp_path).count() == 2
    mended(dsn)
    kept = {path: path.read_bytes() for path in Spool(tmp_path).taken()}
    assert urgent.access.catch_up() == 2
    for path, held in kept.items():
        path.write_bytes(held)  # as after a crash between recording and removing
    assert open_ledger(spool=tmp_path).access.catch_up() == 2
    assert Spool(tmp_path).count() == 0
    found = [read_line(line) for _, line, _ in entries(ledger)]
    assert [Disclosed.read(e.data).status for e in found] == [200, 304]
    assert all(e.recorded_at > 0 and e.time is not None for e in found)


def test_a_service_that_starts_records_what_an_earlier_one_kept_aside(ledger, open_ledger, dsn, tmp_path):
    first = open_ledger(spool=tmp_path)
    broken(dsn)
    assert not first.access.record(READING, DisclosedRecords(set(), {1}))
    mended(dsn)
    second = open_ledger(spool=tmp_path)
    with psycopg.connect(dsn, autocommit=True) as listener:
        listener.execute("listen ledger_access")
        second.access.watch()
        assert next(listener.notifies(timeout=20, stop_after=1)).payload == "1"
    assert len(entries(ledger)) == 1


def test_a_disclosure_that_can_be_kept_nowhere_is_not_made(ledger, open_ledger, dsn, tmp_path):
    urgent = open_ledger(spool=tmp_path / "gone")
    broken(dsn)
    with pytest.raises(NotRecorded):
        urgent.access.record(READING, DisclosedRecords(set(), {1}))


def test_a_line_that_a_crash_cut_short_is_left_out_and_the_rest_kept(tmp_path):
    spool = Spool(tmp_path)
    spool.keep(b"whole")
    [taken] = spool.taken()
    taken.write_bytes(taken.read_bytes() + b"cut sho")
    assert lines(taken) == [b"whole"]


def test_closing_records_what_waits(ledger, open_ledger, dsn):
    other = open_ledger()
    with psycopg.connect(dsn) as holder, ThreadPoolExecutor(4) as pool:
        holder.execute("select * from ledger.heads where log = 2 for update")
        waiting = [
            pool.submit(other.access.record, READING, DisclosedRecords(set(), {n})) for n in range(1, 4)
        ]
        until(lambda: other.access._writer._waiting == 3)
        closing = pool.submit(other.access.close)
        holder.rollback()
        closing.result()
        assert all(future.result() for future in waiting)
    assert len(entries(ledger)) == 3


def test_answers_that_are_joined_disclose_all_that_each_of_them_does():
    one = DisclosedRecords({"a"}, {1, 2})
    assert one | DisclosedRecords({"a", "b"}, {3}) == DisclosedRecords({"a", "b"}, {1, 2, 3})
    assert one | NOTHING == one
    spans = DisclosedRecords(span=(5, 9)) | one | DisclosedRecords(span=(2, 6))
    assert spans == DisclosedRecords({"a"}, {1, 2}, (2, 9))


def test_every_leaf_can_be_read_by_position(ledger: Ledger):
    for n in range(1, 4):
        ledger.access.record(READING, DisclosedRecords(set(), {n}))
    leaves = ledger.database.rows(
        "select leaf_hash from ledger.access_entries where position between 2 and 3 order by position"
    )
    assert [leaf for (leaf,) in leaves] == [leaf for *_, leaf in entries(ledger)][1:]


def test_the_spool_is_in_the_folder_that_was_named_and_nowhere_else(tmp_path: Path):
    spool = Spool(tmp_path)
    spool.keep(b"{}")
    assert {path.name for path in tmp_path.iterdir()} == {"waiting.ndjson", "lock"}
