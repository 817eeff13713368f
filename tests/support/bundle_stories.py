"""Stories to make evidence of, for the tests of bundles."""

from __future__ import annotations

from application.access.log import AccessContext
from application.answers.disclosures import DisclosedRecords
from application.evidence.bundle import EvidenceBundles
from application.evidence.collector import BundleRequest
from application.merkle_log.checkpoint_file import CheckpointFile
from application.merkle_log.sealer import Sealer
from application.queries.episodes.episode_report import Visibility
from application.recording.ledger import Ledger
from application.store.logs import EPISODES, LOGS
from domain.facts.value_kinds import ChildRef
from domain.rules.rulebook import england
from tests.support.http_client import AUTHORITY, Api, event
from tests.support.submission_builder import HOME, submission

FORCE = "E23000014"
FREE_WORDS = "she said <b>“Zoë”</b> & left"
POLICE_WORDS = "for the police only"


def told(authority: Api, police: Api) -> None:
    """An episode at positions 3 to 6, with personal values at 3 and, for the police only, at 5; another child at 7."""
    sighting = {"place": POLICE_WORDS, "note": POLICE_WORDS, "handling": "police_only"}
    for by, posted in (
        (authority, event("reported", time="2026-03-01T20:00:00Z", data={"note": FREE_WORDS})),
        (authority, event("police-notified", time="2026-03-01T21:00:00Z", data={"force": FORCE})),
        (police, event("sighting-reported", time="2026-03-01T21:30:00Z", data=sighting)),
        (authority, event("returned", data={"to_setting_type": "childrens_home"})),
        (
            authority,
            event("reported", subject=f"{AUTHORITY}/ME-2", data={"child": "C2", "note": "another's"}),
        ),
    ):
        answer = by.post(posted)
        assert answer.status_code == 201, answer.get_json()


def signers(keys, log=EPISODES):
    """Who signs the checkpoints of a log, by epoch."""
    return lambda epoch: keys.signer(log.origin("test", epoch), epoch)


def looked(ledger, *children):
    """Somebody was shown the records of some children."""
    ids = {ledger.vault.find(ChildRef(HOME, child)) for child in children}
    ledger.access.record(
        AccessContext("c_1", HOME, "manager", "oversight", "/v1/episodes"), DisclosedRecords(ids, {3}), 200
    )


def made(dsn, keys, folder):
    """A bundle of a new ledger: personal values are disclosed at positions 3 and 5, two are withheld at 6.

    Its child's records were shown at positions 1 and 2 of the access log, there beside another child's.
    """
    ledger = Ledger(dsn, keys, "test")
    ledger.initialise(england().text)
    ledger.record([
        submission(note="free words"),
        submission("returned", time="2026-03-02T22:30:00Z"),
        submission("interview-held", note="first"),
        submission("sighting-reported", place="a park", note="x", handling="police_only"),
        submission(episode="ME-20", child="P-20"),
    ])  # fmt: skip
    looked(ledger, "P-1")
    looked(ledger, "P-1", "P-20")
    looked(ledger, "P-20")
    ledger.record([submission(episode=f"ME-{n}", child=f"P-{n}") for n in range(21, 30)])
    for log in LOGS:
        Sealer(dsn, log, signers(keys, log), CheckpointFile(folder / log.name)).catch_up()
    seeing = Visibility(None, lambda entry, *_: entry.data.get("handling") is None)
    evidence = EvidenceBundles(ledger.database, ledger.vault, ledger.repository, "test", signers(keys))
    content = evidence.bundle(BundleRequest([f"{HOME}/ME-1"]), seeing).content
    ledger.close()
    return content
