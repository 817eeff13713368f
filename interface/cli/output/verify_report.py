"""The report of `ledger verify`, as JSON and in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from application.crypto.keys import Keys
from application.store.database import Database
from application.store.logs import ACCESSES, EPISODES, Log
from application.verification.discrepancies import Discrepancy
from application.verification.epoch_history import TrustAnchors
from application.verification.ledger import VerificationReport
from application.verification.ledger import verify as verify_ledger
from interface.cli.support.answer import answer
from interface.cli.support.exit_status import DISAGREES, GOOD, SIGNER_UNKNOWN
from interface.cli.support.progress_bar import ProgressBar
from interface.cli.support.trust_options import with_those_set, witness_lines
from interface.settings import Settings

_ACCESS: Final = " of the access log"


_EPOCH: Final = (
    "Epoch {epoch} began at position {position:,} ({reason}): {survived:,} entries were left of {released:,}."
)


_OPENED: Final = "Sealed values of {:,} entries were opened and agree."
_NOT_OPENED: Final = "Sealed values and fingerprints were not checked: LEDGER_KEYS is not set."


VERDICTS: Final = {
    GOOD: ("good", "Everything agrees."),
    DISAGREES: ("disagrees", "Something disagrees, first as said above."),
    SIGNER_UNKNOWN: (
        "signer unknown",
        "Everything agrees, but without --key or --against from elsewhere the signer is unknown.",
    ),
}


def answer_ledger(
    settings: Settings, trusted: TrustAnchors, before: dict[str, Any] | None = None, *, as_json: bool
) -> int:
    """Read both logs through and answer with what was found, after what a command did `before`; the exit status.

    What disagrees in the access log says so.
    """
    trusted = with_those_set(trusted, settings)
    episodes, accesses = (
        _read(settings, trusted, log, what) for log, what in ((EPISODES, ""), (ACCESSES, _ACCESS))
    )
    result = {**(before or {}), **_log_result(episodes), "access": _log_result(accesses)}
    began = [_EPOCH.format(**epoch) for epoch in episodes.epochs]
    words = "\n".join([_words(episodes, ""), _words(accesses, _ACCESS), *_keys(episodes), *began])
    found = [finding._replace(kind=f"access {finding.kind}") for finding in accesses.findings]
    return answer_verdict(result, words, (*episodes.findings, *found), known=episodes.known, as_json=as_json)


def _read(settings: Settings, trusted: TrustAnchors, log: Log, what: str) -> VerificationReport:
    database = Database(settings.need_dsn())
    with ProgressBar(f"Verifying{what}") as progress, database.connect() as connection:

        def on_progress(done: int, total: int) -> None:
            progress.at(done / max(total, 1), f"{done:,} of {total:,} entries")

        return verify_ledger(connection, log, trusted, on_progress, _keys_of(settings))


def _keys_of(settings: Settings) -> Keys | None:
    """Return the secrets, if the settings name a file of them: sealed values are opened only with them."""
    return None if settings.keys is None else Keys.load(settings.need_keys())


def _keys(report: VerificationReport) -> list[str]:
    """The key that signs; where it came later, those before it too, each with the entries under it."""
    if len(report.keys) < 2:
        return [f"Key  {report.key}"]
    return [
        f"Key  {each['key']} from position {each['from']:,}" + (f" to {each['to']:,}" if each["to"] else "")
        for each in report.keys
    ]


def _log_result(report: VerificationReport) -> dict[str, Any]:
    return {n: v for n, v in report._asdict().items() if n != "findings"} | {"root": report.root.hex()}


def _words(report: VerificationReport, what: str) -> str:
    return "\n".join([
        f"{report.entries:,} entries{what}, {report.sealed:,} of them under {report.checkpoints:,} checkpoints.",
        *([f"The first {report.taken:,} were not read: the checkpoint stands for them."] if report.taken else []),
        f"Root {report.root.hex()}",
        *([] if what else [_OPENED.format(report.opened) if report.opened is not None else _NOT_OPENED]),
        *witness_lines(report, what),
    ])  # fmt: skip


def answer_verdict(
    result: dict[str, Any], words: str, findings: Sequence[Discrepancy], *, known: bool, as_json: bool
) -> int:
    """Give the answer, with the verdict; the exit status that belongs to it."""
    status = DISAGREES if findings else GOOD if known else SIGNER_UNKNOWN
    verdict, sentence = VERDICTS[status]
    result |= {"verdict": verdict, "findings": [finding._asdict() for finding in findings]}
    answer(result, "\n".join([words, *map(_line, findings), sentence]), as_json=as_json)
    return status


def _line(finding: Discrepancy) -> str:
    more = f" ({finding.times:,} of this kind)" if finding.times > 1 else ""
    return f"position {finding.position:,}: {finding.kind}: expected {finding.expected}, found {finding.found}{more}"
