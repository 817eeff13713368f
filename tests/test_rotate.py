"""Another key signs: announced by an entry that the key before it signed, and known to whoever verifies."""

from __future__ import annotations

import json
import shutil
import threading
from dataclasses import replace

import psycopg
import pytest

from application.access import Reading
from application.disclosure import Shown
from application.keys import Keys, KeysUnusable
from application.logs import ACCESSES, EPISODES, LOGS
from application.note import Note, Signer, Verifier
from application.outcomes import Recorded
from application.record import Ledger
from application.recover import recover
from application.rotate import CannotRotate, rotate
from application.store import tree
from application.store.codec import read_line
from application.store.database import as_role
from application.tree_growth import CameBack, Refuses
from application.verify.history import Trusted
from application.verify.ledger import verify
from domain.moment import instant
from domain.rulebook import england
from interface.cli import main
from interface.sealing import outside, sealers
from interface.settings import Settings
from tests.sealed_ledgers import change, record
from tests.store_builders import submission
from tests.waiting import until

DAY = 86_400
NOTES = "select size, note from ledger.checkpoints where log = %s order by size"
RENOTED = "update ledger.checkpoints set note = '{}' where log = 1 and size = {}"


class Installed:
    """One ledger with its secrets in a file, sealed when told to."""

    def __init__(self, dsn, file):
        Keys.new(file)
        self.settings = Settings(name="test", dsn=dsn, keys=file)
        self.ledger = Ledger(dsn, Keys.load(file), "test")
        self.ledger.found(england().text)

    def rotate(self, overlap=0, settings=None):
        """As `ledger keys rotate` does it."""
        return rotate(self.ledger, (settings or self.settings).keys, overlap)

    def grow(self, count=1):
        """Record something and seal it; the size then."""
        record(self.ledger, count)
        return sealers(self.settings)["episode"].catch_up()

    def signers(self):
        """The numbers of the keys that signed each checkpoint, by its size."""
        keys = [each.verifier for each in Keys.load(self.settings.keys).signer("test/1").each()]
        return {
            size: {number for number, key in enumerate(keys, 1) if key.signed(Note.read(note))}
            for size, note in self.ledger.database.rows(NOTES, (EPISODES.number,))
        }

    def verified(self, log=EPISODES, **trusted):
        """The report of `ledger verify`."""
        dsn = as_role(self.settings.dsn, "ledger_service")
        with psycopg.connect(dsn, autocommit=True) as connection:
            return verify(connection, log, Trusted(**trusted), lambda *_: None)

    def found(self, **trusted):
        """What disagrees: kind and position."""
        return {finding.kind: finding.position for finding in self.verified(**trusted).findings}


@pytest.fixture
def installed(dsn, tmp_path):
    """A ledger of two entries, sealed."""
    made = Installed(dsn, tmp_path / "ledger.keys")
    sealers(made.settings)["episode"].catch_up()
    yield made
    made.ledger.close()


def test_the_key_before_signs_the_entry_that_names_the_next_and_then_no_more(installed):
    done = installed.rotate()
    assert (installed.grow(), installed.grow()) == (4, 5)
    assert installed.signers() == {2: {1}, 4: {1, 2}, 5: {2}}
    entry = read_line(
        installed.ledger.database.rows("select line from ledger.entries where position = 3")[0][0]
    )
    assert (entry.position, entry.type, entry.subject) == (
        done.position,
        "ledger.key-changed.v1",
        "ledger/test",
    )
    assert (entry.data["key"], entry.data["replaces"]) == (str(done.key), str(done.replaces))
    assert instant(entry.data["both_until"]) == done.both_until


def test_both_sign_for_as_long_as_was_asked(installed):
    installed.rotate(DAY)
    assert (installed.grow(), installed.grow()) == (4, 5)
    assert installed.signers() == {2: {1}, 4: {1, 2}, 5: {1, 2}}
    installed.rotate(DAY)
    installed.grow()
    assert installed.signers()[7] == {1, 2, 3}


def test_two_changes_under_one_checkpoint_are_vouched_for_by_each_key_before(installed):
    installed.rotate()
    installed.rotate()
    installed.grow()
    installed.grow()
    assert installed.signers() == {2: {1}, 5: {1, 2, 3}, 6: {3}}
    assert installed.found() == {}


def test_verifying_knows_each_key_with_its_entries(installed):
    first = installed.verified().key
    second, third = (str(installed.rotate().key) for _ in range(2) if installed.grow())
    installed.grow()
    report = installed.verified()
    assert report.findings == ()
    assert report.keys == (
        {"key": first, "from": 1, "to": 3},
        {"key": second, "from": 4, "to": 5},
        {"key": third, "from": 6, "to": None},
    )
    assert report.key == third
    again = Ledger(installed.settings.dsn, Keys.load(installed.settings.keys), "test")
    again.found(england().text)  # it is still the ledger of this file
    again.close()
    for key in (first, second, third):
        known = installed.verified(key=Verifier.read(key))
        assert (known.findings, known.known) == ((), True)
    assert installed.found(key=_stranger().verifier) == {"signature": 2}


def test_a_key_that_is_named_and_has_signed_nothing_vouches_for_nothing(installed):
    key = installed.rotate().key
    report = installed.verified(key=key)
    assert (report.findings, report.known) == ((), False)
    installed.grow()
    assert installed.verified(key=key).known


def test_a_checkpoint_kept_from_before_the_change_is_still_good(installed):
    kept = installed.settings.outside.read_text()
    installed.rotate()
    installed.grow()
    installed.grow()
    for note in (kept, installed.settings.outside.read_text()):
        assert installed.found(checkpoint=Note.read(note)) == {}


def _stranger():
    return Signer("test/1", Keys({}, *[b"s" * 32] * 4).signer("test/1").key)


def only(note, signer):
    """The same checkpoint, signed by nobody else."""
    return signer.sign(Note.read(note).text)


@pytest.mark.parametrize(("number", "size"), [(1, 5), (2, 4), (1, 4)])
def test_a_change_that_the_key_before_did_not_sign_disagrees(installed, number, size):
    installed.rotate()
    installed.grow()
    installed.grow()
    signer = Keys.load(installed.settings.keys).signer("test/1").each()[number - 1]
    note = dict(installed.ledger.database.rows(NOTES, (1,)))[size]
    change(installed.settings.dsn, RENOTED.format(only(note, signer), size))
    assert installed.found() == {"signature": size}


def test_a_key_that_no_entry_names_disagrees(installed):
    note = dict(installed.ledger.database.rows(NOTES, (1,)))[2]
    change(installed.settings.dsn, RENOTED.format(only(note, _stranger()), 2))
    assert installed.found() == {"signature": 2}


def test_killed_before_the_entry_the_same_key_is_recorded_the_next_time(installed):
    made = Keys.with_signing_key(installed.settings.keys, 1, 2)
    assert installed.grow() == 3
    done = installed.rotate()
    held = Keys.load(installed.settings.keys).signer("test/1").each()
    assert [each.verifier for each in held] == [done.replaces, done.key]
    assert held[1].verifier == made.signer("test/1").each()[1].verifier
    installed.grow()
    assert (installed.signers(), installed.found()) == ({2: {1}, 3: {1}, 5: {1, 2}}, {})


def test_a_key_is_made_once_whoever_asks_at_the_same_time(installed):
    file, made = installed.settings.keys, []
    threads = [
        threading.Thread(target=lambda: made.append(Keys.with_signing_key(file, 1, 2))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {key.signing_keys(1)[1] for key in made} == {Keys.load(file).signing_keys(1)[1]}
    assert len(Keys.load(file).signing_keys(1)) == 2
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_sealer_without_the_new_key_waits_for_it(installed, tmp_path):
    old = tmp_path / "elsewhere.keys"
    shutil.copy(installed.settings.keys, old)
    elsewhere = sealers(replace(installed.settings, keys=old))["episode"]
    installed.rotate()
    with pytest.raises(Refuses, match="copy the file from where `ledger keys rotate` ran"):
        elsewhere.catch_up()
    shutil.copy(installed.settings.keys, old)
    assert elsewhere.catch_up() == 3


def test_of_two_that_rotate_with_files_of_their_own_one_is_told(installed, tmp_path):
    other = tmp_path / "elsewhere.keys"
    shutil.copy(installed.settings.keys, other)
    installed.rotate()
    Keys.with_signing_key(other, 1, 2)
    with pytest.raises(CannotRotate, match="other signing keys than the ledger's entries name"):
        installed.rotate(settings=replace(installed.settings, keys=other))
    installed.grow()
    assert installed.found() == {}


def test_a_file_that_cannot_be_written_changes_nothing(installed):
    folder = installed.settings.keys.parent / "ledger.keys.new"
    folder.mkdir()  # in the place of the file that would be written
    with pytest.raises(KeysUnusable, match="cannot be written"):
        installed.rotate()
    folder.rmdir()
    assert len(Keys.load(installed.settings.keys).signing_keys(1)) == 1
    assert installed.ledger.entries.max_notification_id() == 2


def test_keys_change_while_events_arrive_and_two_sealers_run(installed):
    stop, outcomes = threading.Event(), []

    def post():
        for number in range(60):
            outcomes.extend(installed.ledger.record([submission(episode=f"ME-L{number}")]))

    works = [threading.Thread(target=post)]
    works += [
        threading.Thread(target=sealers(installed.settings)["episode"].run, args=(stop,)) for _ in range(2)
    ]
    for work in works:
        work.start()
    try:
        for _ in range(3):
            last = installed.rotate(DAY).position
            until(lambda at=last: _sealed(installed) >= at)
        works[0].join()
        until(lambda: _sealed(installed) == installed.ledger.entries.max_notification_id())
    finally:
        stop.set()
        for work in works:
            work.join()
    assert len(outcomes) == 60
    assert all(isinstance(each, Recorded) for each in outcomes)
    report = installed.verified()
    assert (report.findings, report.sealed, len(report.keys)) == ((), 65, 4)


def _sealed(installed):
    last = tree.released(installed.ledger.database.rows, EPISODES)
    return 0 if last is None else last.size


def test_the_access_log_is_signed_with_the_new_key_too_and_never_again_with_the_old_alone(installed):
    def show():
        reading = Reading("c_1", "E08000025", "manager", "oversight", "/v1/obligations")
        assert installed.ledger.access.record(reading, Shown(set(), {1}), 200)
        return sealers(installed.settings)["access"].catch_up()

    assert show() == 1
    installed.rotate()
    assert show() == 2
    assert installed.verified(ACCESSES).findings == ()
    notes = dict(installed.ledger.database.rows(NOTES, (ACCESSES.number,)))
    old, new = Keys.load(installed.settings.keys).signer("test/access/1").each()
    assert [new.verifier.signed(Note.read(note)) for note in notes.values()] == [False, True]
    again = show()
    note = dict(installed.ledger.database.rows(NOTES, (ACCESSES.number,)))[again]
    change(installed.settings.dsn, RENOTED.replace("log = 1", "log = 2").format(only(note, old), again))
    [finding] = installed.verified(ACCESSES).findings
    assert (finding.kind, finding.position) == ("signature", again)


WITHOUT_THE_LAST = """
delete from ledger.event_ids where position = 4;
delete from ledger.streams s using ledger.entries e where e.stream_no = s.no and e.position = 4;
delete from ledger.entries where position = 4;
update ledger.heads set position = 3 where log = 1;
delete from ledger.checkpoints where size = 4;
update ledger.tiles set hashes = substr(hashes, 1, 32 * 3) where log = 1
"""


def test_an_epoch_that_begins_has_a_key_of_its_own_and_then_others(installed):
    installed.rotate()
    sealers(installed.settings)["episode"].catch_up()
    assert installed.grow() == 4
    kept = {log.name: outside(installed.settings, log) for log in LOGS}
    change(installed.settings.dsn, WITHOUT_THE_LAST)
    with pytest.raises(CameBack):
        sealers(installed.settings)["episode"].catch_up()
    dsn, keys = installed.settings.dsn, installed.settings.keys
    assert recover(installed.ledger, dsn, keys, kept, "a_test", lambda *_: None).position == 4
    assert installed.grow() == 5
    done = installed.rotate()
    installed.grow()
    installed.grow()
    report = installed.verified(key=done.key)
    assert (report.findings, report.known, report.key) == ((), True, str(done.key))
    assert [(each["key"].split("+")[0], each["from"], each["to"]) for each in report.keys] == [
        ("test/1", 1, 2),
        ("test/1", 3, 3),
        ("test/2", 4, 5),
        ("test/2", 6, None),
    ]


def test_at_the_command_line(installed, monkeypatch, capsys):
    monkeypatch.setenv("LEDGER_DSN", installed.settings.dsn)
    monkeypatch.setenv("LEDGER_KEYS", str(installed.settings.keys))
    monkeypatch.setenv("LEDGER_NAME", "test")
    old = installed.verified().key
    assert main(["keys", "rotate", "--overlap", "2", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["position"], said["replaces"]) == (3, old)
    assert main(["keys", "rotate", "--overlap", "0"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("From entry 4 on, checkpoints are signed with\ntest/1+")
    installed.grow()
    assert main(["verify", "--key", old]) == 0
    told = capsys.readouterr().out
    assert f"Key  {old} from position 1 to 2\nKey  {said['key']} from position 3 to 3\n" in told
    assert main(["keys", "rotate", "--overlap", "-1"]) == 2
