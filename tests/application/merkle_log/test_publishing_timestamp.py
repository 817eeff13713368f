"""Time stamps over checkpoints, by `openssl ts` as the authority: asked for, kept, shown, and checked."""

from __future__ import annotations

import base64
from contextlib import suppress

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from application.crypto.timestamp import NotStamped, TimestampAuthority, question
from application.merkle_log.publishing.http_exchange import Address
from application.merkle_log.publishing.timestamp_authority import TimestampTarget
from application.store import tree_rows as tree
from application.store.logs import EPISODES
from domain.moment import instant
from interface.cli import main
from interface.settings import SettingsError, from_environment
from interface.wiring.publishers import places
from tests.support.documented_commands import by_hand
from tests.support.http_receiver import Answered, Asked, listening
from tests.support.sealed_ledgers import change
from tests.support.timestamp_authority import TestAuthority

pytest_plugins = [
    "tests.support.http_fixtures",
    "tests.support.sealing_fixtures",
    "tests.support.publishing_fixtures",
]

NAME = "time stamps"


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """An authority with certificates of its own."""
    return TestAuthority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def stranger(tmp_path_factory):
    """Another authority of the same names."""
    return TestAuthority(tmp_path_factory.mktemp("stranger"))


@pytest.fixture
def served(authority):
    """The authority, listening."""
    with listening(authority.reply) as somebody:
        yield somebody


@pytest.fixture
def place(authority, served):
    """Where checkpoints are stamped by it."""
    return TimestampTarget(TimestampAuthority.load(str(authority.certificates)), Address(served.url))


def stamps(ledger):
    """Of which sizes there are time stamps."""
    return [size for (size,) in ledger.database.rows("select size from ledger.timestamps order by size")]


def test_a_checkpoint_is_stamped_and_openssl_agrees(api, ledger, seal, publish, place, authority):
    seal(5)
    before = instant(api.get("/v1/ledger").get_json()["recorded_at"])
    assert publish(place)
    told = api.get("/v1/ledger/timestamp").get_json()
    assert told["checkpoint"] == tree.released(ledger.database.rows, EPISODES).note
    assert told["size"] == 7
    assert instant(told["stamped_at"]) >= before - 1_000_000  # a stamp's time has whole seconds
    reply = base64.b64decode(told["reply"])
    assert "Verification: OK" in authority.verify(reply, told["checkpoint"].encode())
    assert "Verification: FAILED" in authority.verify(reply, told["checkpoint"].encode() + b" ")


def test_with_openssl_alone_a_stamp_is_checked_as_the_documentation_says(
    api, seal, publish, place, authority, tmp_path
):
    seal(5)
    publish(place)
    told = api.get("/v1/ledger/timestamp?position=5").get_data(as_text=True)
    (tmp_path / "root.pem").write_bytes(authority.certificates.read_bytes())
    (tmp_path / "stamp.json").write_text(told)
    good, said = by_hand("auditing.md", "openssl ts", tmp_path)
    assert good, said
    assert "Verification: OK" in said
    assert "Time stamp: " in said
    (tmp_path / "stamp.json").write_text(told.replace("\\n7\\n", "\\n8\\n"))
    assert not by_hand("auditing.md", "openssl ts", tmp_path)[0]


def test_the_earliest_stamp_over_an_entry_can_be_asked_for(api, seal, publish, place, sign_in):
    assert api.get("/v1/ledger/timestamp").status_code == 404
    for _ in range(2):
        seal(5)
        publish(place)
    seal(1)
    sizes = {position: api.get(f"/v1/ledger/timestamp?position={position}") for position in (1, 7, 8, 12, 13)}
    assert {position: answer.get_json().get("size") for position, answer in sizes.items()} == {
        1: 7, 7: 7, 8: 12, 12: 12, 13: None,
    }  # fmt: skip
    assert (sizes[13].status_code, sizes[13].get_json()["detail"]) == (
        404,
        "No checkpoint over it has a time stamp.",
    )
    assert api.get("/v1/ledger/timestamp").get_json()["size"] == 12
    assert api.get("/v1/ledger/timestamp?position=0").status_code == 400
    assert sign_in("recorder").get("/v1/ledger/timestamp").status_code == 200
    assert sign_in("recorder").get("/v1/access/timestamp").status_code == 403
    assert api.get("/v1/access/timestamp").status_code == 404


def test_what_is_no_stamp_by_those_certificates_is_an_alarm(
    ledger, seal, publish, place, served, reach, stranger, authority
):
    seal(5)
    refused = bytes.fromhex("30053003020102")  # a TimeStampResp: rejection
    note = tree.released(ledger.database.rows, EPISODES).note
    another = authority.reply(asking(question("another text").body))
    older = authority.reply(asking(question(note).body))
    for answered in (
        Answered(200, b"<html>", "application/timestamp-reply"),
        Answered(200, refused, "application/timestamp-reply"),
        another,
        older,
    ):
        served.reply = lambda _, answered=answered: answered
        assert not publish(place)
        assert "no time stamp over the checkpoint that the certificates vouch for" in reach(NAME).problem
    served.reply = stranger.reply
    assert not publish(place)
    served.reply = lambda _: Answered(200, b"hello", "text/html")
    assert not publish(place)
    assert reach(NAME).problem == "the answer was 200, and no application/timestamp-reply"
    assert stamps(ledger) == []
    served.reply = authority.reply
    assert publish(place)
    assert stamps(ledger) == [7]


def asking(body):
    """A request for a stamp."""
    return Asked("/", {"Content-Type": "application/timestamp-query"}, body)


@pytest.fixture(scope="module")
def stamped(authority):
    """A stamp over a note, with the question that it answers."""
    asked = question("a note\n")
    return asked, authority.reply(asking(asked.body)).body


@settings(max_examples=300)
@given(data=st.data())
def test_a_broken_stamp_is_refused_or_says_the_same(authority, stamped, data):
    asked, reply = stamped
    trusted = TimestampAuthority.load(str(authority.certificates))
    at = data.draw(st.integers(0, len(reply) - 1))
    broken = reply[:at] + data.draw(st.binary(min_size=1, max_size=3)) + reply[at + 1 :]
    good = trusted.stamped_at(reply, "a note\n", asked.nonce)
    with suppress(NotStamped):
        assert trusted.stamped_at(broken, "a note\n", asked.nonce) == good
    with pytest.raises(NotStamped):
        trusted.stamped_at(reply[:at], "a note\n", asked.nonce)


def test_nobody_can_change_a_time_stamp(seal, publish, place, connection):
    seal(5)
    publish(place)
    for statement in ("update ledger.timestamps set reply = ''", "delete from ledger.timestamps"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)


# ------------------------------------------------------------------------------------------------- `ledger verify`


def test_verify_checks_stamps_by_certificates_and_says_so_without_any(
    verify, seal, publish, place, authority, monkeypatch, capsys
):
    for _ in range(2):
        seal(5)
        publish(place)
    assert verify()[1]["timestamps"] == {"unchecked": 2}
    status, said = verify("--authority", authority.certificates)
    assert (status, said["findings"]) == (3, [])
    assert (said["timestamps"]["checked"], said["timestamps"]["size"]) == (2, 12)
    assert said["timestamps"]["stamped_at"].startswith("20")
    assert said["access"]["timestamps"] == {"checked": 0}
    assert main(["verify"]) == 3
    assert "2 time stamps, not checked: --authority names the certificates." in capsys.readouterr().out
    monkeypatch.setenv("LEDGER_TSA_CERTIFICATES", str(authority.certificates))
    assert main(["verify"]) == 3
    assert "2 time stamps, the last of 12 entries at 20" in capsys.readouterr().out


@pytest.mark.parametrize(
    "forge",
    [
        "update ledger.timestamps set reply = set_byte(reply, 600, 255 - get_byte(reply, 600)) where size = 7",
        "update ledger.timestamps t set reply = o.reply from ledger.timestamps o where t.size = 7 and o.size = 12",
        "update ledger.checkpoints set note = note || E'\\u2014 x AAAAAAAA\\n' where size = 7",
        "delete from ledger.checkpoints where size = 7",
    ],
)
def test_a_stamp_that_is_not_over_its_checkpoint_is_found(
    verify, seal, publish, place, authority, dsn, forge
):
    for _ in range(2):
        seal(5)
        publish(place)
    change(dsn, forge)
    status, said = verify("--authority", authority.certificates)
    assert status == 1
    assert ("timestamp", 7) in {(finding["kind"], finding["position"]) for finding in said["findings"]}


def test_an_authority_that_is_named_must_have_stamped_and_one_that_is_set_need_not(
    verify, seal, stranger, publish, place, authority, monkeypatch
):
    assert verify("--authority", authority.certificates)[0] == 3  # nothing is sealed yet
    seal(5)
    status, said = verify("--authority", authority.certificates)
    assert status == 1
    assert [(f["kind"], f["found"]) for f in said["findings"]] == [("timestamp", "none")]
    with monkeypatch.context() as set_:
        set_.setenv("LEDGER_TSA_CERTIFICATES", str(authority.certificates))
        assert verify()[0] == 3
    publish(place)
    assert verify("--authority", authority.certificates)[0] == 3
    assert verify("--authority", stranger.certificates)[0] == 1


def test_certificates_that_cannot_be_meant_are_refused(verify, tmp_path, authority, monkeypatch):
    (tmp_path / "none").write_text("nothing")
    status, said = verify("--authority", tmp_path / "none")
    assert status == 2
    assert "of PEM certificates, one of which signs itself" in said
    for path in ("/nowhere/at-all", str(tmp_path / "none"), str(authority.folder / "stamping.pem")):
        with pytest.raises(SettingsError, match="LEDGER_TSA_CERTIFICATES must be a readable file"):
            from_environment({"LEDGER_TSA_CERTIFICATES": path})


def test_an_authority_is_set_by_address_and_certificates(authority):
    given = {"LEDGER_TSA_URL": "https://stamps.example/"}
    with pytest.raises(SettingsError, match="LEDGER_TSA_CERTIFICATES is not"):
        from_environment(given)
    both = given | {"LEDGER_TSA_CERTIFICATES": str(authority.certificates)}
    assert [place.name for place in places(from_environment(both))] == [NAME]
