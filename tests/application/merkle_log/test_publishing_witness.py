"""Witnesses: what they are asked and may answer; their cosignatures kept, shown, taken by every verifier, checked."""

from __future__ import annotations

import psycopg
import pytest

from application.crypto.checkpoint import Checkpoint
from application.crypto.cosignature import Witness
from application.crypto.signed_note import NotANote, Note
from application.evidence import verify_bundle as shipped
from application.merkle_log.checkpoint_file import CheckpointFile
from application.merkle_log.publishing.http_exchange import Address
from application.merkle_log.publishing.witness import WitnessTarget
from application.merkle_log.sealer import Sealer
from application.store import tree_rows as tree
from application.store.logs import EPISODES
from interface.cli import main
from interface.settings import SettingsError, from_environment
from interface.wiring.publishers import places
from tests.support.documented_commands import by_hand
from tests.support.http_receiver import Answered, listening
from tests.support.sealed_ledgers import change
from tests.support.witness_server import TestWitness

pytest_plugins = [
    "tests.support.http_fixtures",
    "tests.support.sealing_fixtures",
    "tests.support.publishing_fixtures",
]

NAME = "witness witness.example/w1"
# The example of C2SP tlog-cosignature: its form, for the key's owner alone can say whether it is true.
EXAMPLE = """example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+\
xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+\
mbIUBkBIfZ+qnA==
"""


@pytest.fixture
def witness():
    """A witness that knows both logs."""
    return TestWitness("test/1", "test/access/1")


@pytest.fixture
def served(witness):
    """The witness, listening."""
    with listening(witness.reply) as somebody:
        yield somebody


@pytest.fixture
def place(witness, served):
    """Where checkpoints are cosigned by it."""
    return WitnessTarget(Witness.read(witness.verifier), Address(served.url))


def cosignatures(ledger):
    """What is kept."""
    return ledger.database.rows(
        "select size, witness, line, extract(epoch from cosigned_at)::int from ledger.cosignatures order by size"
    )


# ----------------------------------------------------------------------------------------------------- the protocol


def test_a_witness_is_asked_as_c2sp_says_and_its_cosignature_kept(
    ledger, seal, publish, place, witness, served
):
    seal(5)
    assert publish(place)
    seal(300)
    assert publish(place)
    first, second = served.asked
    assert first.path == second.path == "/in/add-checkpoint"
    assert first.body.startswith(b"old 0\n\ntest/1\n7\n")
    head, _, note = second.body.decode().partition("\n\n")
    assert head.split("\n")[0] == "old 7"
    assert note == tree.released(ledger.database.rows, EPISODES).note
    assert not witness.unproved
    assert [(size, key, at) for size, key, _, at in cosignatures(ledger)] == [
        (size, witness.verifier, witness.time) for size in (7, 307)
    ]


def test_another_size_at_the_witness_leads_to_the_proof_from_there(
    seal, publish, place, witness, served, dsn, reach
):
    seal(5)
    publish(place)
    change(dsn, "delete from ledger.places; delete from ledger.cosignatures")
    seal(20)
    assert publish(place)
    assert [asked.body.split(b"\n")[0] for asked in served.asked] == [b"old 0", b"old 0", b"old 7"]
    assert witness.seen["test/1"].size == 27
    assert reach(NAME).behind == 0


def test_what_it_cosigned_before_a_crash_it_cosigns_again_and_the_first_is_kept(
    ledger, seal, publish, place, witness, dsn
):
    seal(5)
    publish(place)
    before = cosignatures(ledger)
    change(dsn, "delete from ledger.places")
    witness.time += 60
    assert publish(place)
    assert cosignatures(ledger) == before


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (lambda w: w.origins.clear(), "does not know this log"),
        (lambda w: setattr(w, "forbids", True), "does not trust the key that signed"),
        (lambda w: w.seen.update({"test/1": w.seen["test/1"]._replace(root="00" * 32)}), "does not accept the proof"),
        (lambda w: w.seen.update({"test/1": w.seen["test/1"]._replace(size=9, root="00" * 32)}),
         "cosigned another root of 9 entries"),
        (lambda w: w.seen.update({"test/1": w.seen["test/1"]._replace(size=90)}),
         "has cosigned 90 entries, the ledger's last checkpoint is of 9"),
        (lambda w: setattr(w, "name", "witness.example/w2"), "no cosignature by the key that is set"),
        (lambda w: setattr(w, "time", 1 << 40), "no cosignature by the key that is set"),
    ],
    ids=["unknown", "forbidden", "unproved", "split", "ahead", "stranger", "no clock"],
)  # fmt: skip
def test_what_a_witness_refuses_is_an_alarm(ledger, seal, publish, place, witness, reach, trouble, words):
    seal(5)
    publish(place)
    trouble(witness)
    seal(2)
    assert not publish(place)
    assert words in reach(NAME).problem
    assert [size for size, *_ in cosignatures(ledger)] == [7]


@pytest.mark.parametrize(
    "answered",
    [
        Answered(409, b"0\n"),
        Answered(409, b"007\n"),
        Answered(409, b"many\n"),
        Answered(500),
        Answered(200, b""),
        Answered(200, b"\xff\xfe"),
        Answered(200, "— witness.example/w1 AAAA\n".encode()),
        Answered(200, "— witness.example/w1 \n\n".encode()),
    ],
)
def test_nothing_else_that_it_answers_is_taken(ledger, seal, publish, place, served, reach, answered):
    seal(5)
    served.reply = lambda _: answered
    assert not publish(place)
    assert len(served.asked) <= 2
    assert reach(NAME).problem
    assert cosignatures(ledger) == []


def test_of_a_new_epoch_a_witness_is_asked_anew(seal, publish, place, witness, served, dsn):
    seal(5)
    publish(place)
    change(dsn, "update ledger.places set epoch = 0")
    witness.seen.clear()
    seal(1)
    assert publish(place)
    assert [asked.body.split(b"\n")[0] for asked in served.asked] == [b"old 0", b"old 0"]


# ------------------------------------------------------------------------------------------------- shown and taken


def test_the_checkpoint_is_shown_with_its_cosignatures_and_every_verifier_takes_it(
    api, ledger, seal, publish, place, witness, keys, tmp_path, dsn, monkeypatch
):
    seal(5)
    bare = api.get("/v1/ledger/checkpoint").get_data(as_text=True)
    publish(place)
    shown = api.get("/v1/ledger/checkpoint").get_data(as_text=True)
    assert shown == bare + witness.line(bare.partition("\n\n")[0] + "\n")
    note = Note.read(shown)
    assert Checkpoint.read(note).size == 7
    assert keys.signer("test/1").verifier.signed(note)
    assert Witness.read(witness.verifier).cosigned(note).cosigned_at == witness.time
    assert shipped.signed(keys.verifier_key("test/1"), shown)
    monkeypatch.setenv("LEDGER_DSN", dsn)
    (tmp_path / "kept").write_text(shown)
    assert main(["verify", "--against", str(tmp_path / "kept")]) == 0


def test_with_openssl_alone_a_cosignature_is_checked_as_the_documentation_says(
    api, seal, publish, place, witness, tmp_path
):
    seal(5)
    publish(place)
    shown = api.get("/v1/ledger/checkpoint?witnessed=true").get_data(as_text=True)
    (tmp_path / "checkpoint").write_text(shown)
    good, said = by_hand("auditing.md", "cosignature/v1", tmp_path, WITNESS=witness.verifier)
    assert good, said
    assert "Signature Verified Successfully" in said
    for forged in (shown.replace("\n7\n", "\n8\n"), shown.replace("w1 ", "w2 ")):
        (tmp_path / "checkpoint").write_text(forged)
        assert not by_hand("auditing.md", "cosignature/v1", tmp_path, WITNESS=witness.verifier)[0]


def test_the_last_one_that_was_cosigned_can_be_asked_for(api, seal, publish, place):
    seal(5)
    answer = api.get("/v1/ledger/checkpoint?witnessed=true")
    assert (answer.status_code, answer.get_json()["detail"]) == (404, "No witness has cosigned a checkpoint.")
    publish(place)
    seal(1)
    assert api.get("/v1/ledger/checkpoint").get_data(as_text=True).startswith("test/1\n8\n")
    witnessed = api.get("/v1/ledger/checkpoint?witnessed=true").get_data(as_text=True)
    assert witnessed.startswith("test/1\n7\n")
    assert "— witness.example/w1 " in witnessed
    assert api.get("/v1/ledger/checkpoint?witnessed=yes").status_code == 400
    assert api.get("/v1/access/checkpoint?witnessed=true").status_code == 404


def test_the_example_of_the_standard_has_our_form():
    signature = Note.read(EXAMPLE).signatures[1]
    assert (signature.name, len(signature.value)) == ("witness.example.com/w1", 72)
    assert int.from_bytes(signature.value[:8]) == 1679315147


def test_a_key_of_a_log_is_no_key_of_a_witness_nor_the_other_way_round(keys, witness):
    with pytest.raises(NotANote, match="not the verifier key of a witness"):
        Witness.read(keys.verifier_key("test/1"))
    with pytest.raises(NotANote, match="its id is of another key or name"):
        Witness.read(witness.verifier.replace("w1", "w2"))
    assert str(Witness.read(witness.verifier)) == witness.verifier


def test_nobody_can_change_what_a_witness_said(ledger, seal, publish, place, connection):
    seal(5)
    publish(place)
    for statement in ("update ledger.cosignatures set line = ''", "delete from ledger.cosignatures"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)


# ------------------------------------------------------------------------------------------------- `ledger verify`


def test_verify_says_how_many_were_witnessed(verify, seal, publish, place, witness, capsys):
    for _ in range(2):
        seal(5)
        publish(place)
    seal(1)
    status, said = verify("--witness", witness.verifier)
    assert (status, said["findings"]) == (3, [])
    [told] = said["witnesses"]
    assert (told["witness"], told["checkpoints"], told["size"]) == (witness.verifier, 2, 12)
    assert told["cosigned_at"].startswith("20")
    assert main(["verify", "--witness", witness.verifier]) == 3
    assert (
        "Witness witness.example/w1 cosigned 2 checkpoints, the last of 12 entries at 20"
        in capsys.readouterr().out
    )


def test_a_witness_that_is_named_must_have_cosigned_and_one_that_is_set_need_not(
    verify, seal, witness, monkeypatch
):
    seal(5)
    status, said = verify("--witness", witness.verifier)
    assert status == 1
    assert [(f["kind"], f["found"]) for f in said["findings"]] == [("cosignature", "none")]
    monkeypatch.setenv("LEDGER_WITNESSES", f"{witness.verifier} https://witness.example/")
    status, said = verify()
    assert (status, said["findings"]) == (3, [])
    assert said["witnesses"] == [{"witness": witness.verifier, "checkpoints": 0}]


@pytest.mark.parametrize(
    "forge",
    [
        "update ledger.cosignatures set line = replace(line, 'A', 'B') where size = 7",
        "update ledger.cosignatures c set line = o.line from ledger.cosignatures o where c.size = 7 and o.size = 12",
        "update ledger.cosignatures set line = 'nothing' where size = 7",
        "update ledger.checkpoints set note = replace(note, E'\\n7\\n', E'\\n6\\n') where size = 7",
        "delete from ledger.checkpoints where size = 7",
    ],
)
def test_a_cosignature_that_is_not_what_it_says_is_found(verify, seal, publish, place, witness, dsn, forge):
    for _ in range(2):
        seal(5)
        publish(place)
    change(dsn, forge)
    status, said = verify("--witness", witness.verifier)
    assert status == 1
    assert ("cosignature", 7) in {(finding["kind"], finding["position"]) for finding in said["findings"]}


def test_a_history_replaced_with_the_key_itself_is_shown_by_its_cosignature(
    verify, ledger, seal, publish, place, witness, dsn, keys, tmp_path
):
    seal(5)
    publish(place)
    change(dsn, "delete from ledger.checkpoints; delete from ledger.tiles")
    change(
        dsn,
        "delete from ledger.entries where position = 7; update ledger.heads set position = 6 where log = 1",
    )
    signer = lambda epoch: keys.signer(EPISODES.origin("test", epoch), epoch)  # noqa: E731
    Sealer(dsn, EPISODES, signer, CheckpointFile(tmp_path / "another")).catch_up()
    key = keys.verifier_key("test/1")
    assert {f["kind"] for f in verify("--key", key)[1]["findings"]}.isdisjoint({"checkpoint", "signature"})
    status, said = verify("--key", key, "--witness", witness.verifier)
    assert status == 1
    assert "cosignature" in {finding["kind"] for finding in said["findings"]}


def test_what_verify_cannot_take_is_said(verify, keys, tmp_path):
    status, said = verify("--witness", keys.verifier_key("test/1"))
    assert status == 1
    assert "not the verifier key of a witness" in said
    (tmp_path / "receipt").write_text("{}")
    assert verify("--receipt", str(tmp_path / "receipt"), "--witness", "x")[0] == 2


# ------------------------------------------------------------------------------------------------- the settings


def test_witnesses_are_set_by_key_and_address(witness):
    other = TestWitness(name="witness.example/w2")
    given = f"{witness.verifier} https://a.example/w1\n{other.verifier} https://b.example/"
    settings = from_environment({"LEDGER_WITNESSES": given})
    assert [place.name for place in places(settings)] == [NAME, "witness witness.example/w2"]


@pytest.mark.parametrize(
    "form", ["{key}", "{key} ftp://a", "https://a.example/ {key}", "{key} https://a.example/ " * 2]
)
def test_witnesses_that_cannot_be_meant_are_refused(witness, form):
    with pytest.raises(SettingsError, match="LEDGER_WITNESSES must"):
        from_environment({"LEDGER_WITNESSES": form.format(key=witness.verifier)})
