"""`ledger verify`: the whole ledger read again, both its logs, or a receipt by itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import click

from application.crypto.signed_note import NotANote, Note, Verifier
from application.evidence.verify_bundle import Bundle, Disagrees
from application.store.database import Database
from application.store.logs import ACCESSES, EPISODES, Log
from application.verification.discrepancies import Finding
from application.verification.epoch_history import Trusted
from application.verification.ledger import Report
from application.verification.ledger import verify as verify_ledger
from application.verification.receipt import ReceiptReport, verify_receipt
from interface.cli.support.exit_status import DISAGREES, GOOD, SIGNER_UNKNOWN
from interface.cli.support.options import FILE, answer, data_option, json_option
from interface.cli.support.progress_bar import Progress
from interface.cli.support.target_ledger import deployment
from interface.cli.support.trust_options import demanded, told, with_those_set
from interface.settings import Settings

_ACCESS: Final = " of the access log"
_EPOCH: Final = (
    "Epoch {epoch} began at position {position:,} ({reason}): {survived:,} entries were left of {released:,}."
)
_VERDICTS: Final = {
    GOOD: ("good", "Everything agrees."),
    DISAGREES: ("disagrees", "Something disagrees, first as said above."),
    SIGNER_UNKNOWN: (
        "signer unknown",
        "Everything agrees; who signed it nobody can know without --key or --against from elsewhere.",
    ),
}


@click.command(short_help="Check that nothing was altered, removed or inserted.")
@click.option(
    "--against",
    type=FILE,
    metavar="FILE",
    help="A checkpoint that you kept: the ledger must still begin so.",
)
@click.option(
    "--from",
    "start",
    type=FILE,
    metavar="FILE",
    help="A checkpoint that you kept: as --against, and what it covers is not read again.",
)
@click.option("--key", metavar="KEY", help="The key to verify with, from elsewhere; else the first entry's.")
@click.option(
    "--witness",
    metavar="KEY",
    multiple=True,
    help="The verifier key of a witness that must have cosigned; may be given several times.",
)
@click.option(
    "--authority",
    type=FILE,
    metavar="FILE",
    help="The certificates (PEM) of the authority whose time stamps there must be.",
)
@click.option(
    "--receipt", type=FILE, metavar="FILE", help="Check this receipt by itself, without a database."
)
@click.option(
    "--bundle", type=FILE, metavar="FILE", help="Check this evidence bundle by itself, without a database."
)
@data_option
@json_option
def verify(  # noqa: PLR0913  a command's arguments are its options
    *,
    against: Path | None,
    start: Path | None,
    key: str | None,
    witness: tuple[str, ...],
    authority: Path | None,
    receipt: Path | None,
    bundle: Path | None,
    data: Path | None,
    as_json: bool,
) -> int:
    """Read every line again, hash it, build the tree anew, and compare everything that is stored with it.

    Exit status 0 when all agrees, 1 when something does not, 3 when all agrees but nothing from elsewhere was given
    (--key or --against), so that nobody can know who signed it. Ctrl-C stops it; it only reads.
    """
    if start is not None and against is not None:
        raise click.UsageError("--from says against what already: give one of the two.")
    of_a_ledger = data is not None or start is not None or authority is not None or bool(witness)
    if bundle is not None:
        if receipt is not None or of_a_ledger:
            raise click.UsageError(
                "--bundle is checked by itself: it takes --key, --against and --json only."
            )
        return _bundle(bundle, key, against, as_json=as_json)
    verifier = None if key is None else _verifier(key)
    if receipt is not None:
        if against is not None or of_a_ledger:
            raise click.UsageError("--receipt is checked by itself: it takes --key and --json only.")
        return _receipt(verify_receipt(receipt.read_bytes(), verifier), verifier, as_json=as_json)
    file = start or against
    kept = None if file is None else Note.read(file.read_text("utf-8", "replace"))
    trusted = demanded(Trusted(verifier, kept, is_start=start is not None), witness, authority)
    with deployment(data) as settings:
        return answer_ledger(settings, trusted, as_json=as_json)


def _verifier(key: str) -> Verifier:
    """The key of the command line. A mistyped one is wrong usage, and no disagreement."""
    try:
        return Verifier.read(key)
    except NotANote as error:
        raise click.UsageError(f"--key: {error.detail}.") from None


def answer_ledger(
    settings: Settings, trusted: Trusted, before: dict[str, Any] | None = None, *, as_json: bool
) -> int:
    """Read both logs through and answer with what was found, after what a command did `before`; the exit status.

    What disagrees in the access log says so.
    """
    trusted = with_those_set(trusted, settings)
    episodes, accesses = (
        _read(settings, trusted, log, what) for log, what in ((EPISODES, ""), (ACCESSES, _ACCESS))
    )
    said = {**(before or {}), **_said(episodes), "access": _said(accesses)}
    began = [_EPOCH.format(**epoch) for epoch in episodes.epochs]
    words = "\n".join([_words(episodes, ""), _words(accesses, _ACCESS), *_keys(episodes), *began])
    found = [finding._replace(kind=f"access {finding.kind}") for finding in accesses.findings]
    return _answer(said, words, (*episodes.findings, *found), known=episodes.known, as_json=as_json)


def _read(settings: Settings, trusted: Trusted, log: Log, what: str) -> Report:
    database = Database(settings.need_dsn())
    with Progress(f"Verifying{what}") as progress, database.connect() as connection:

        def on_progress(done: int, total: int) -> None:
            progress.at(done / max(total, 1), f"{done:,} of {total:,} entries")

        return verify_ledger(connection, log, trusted, on_progress)


def _keys(report: Report) -> list[str]:
    """The key that signs; where it came later, those before it too, each with the entries under it."""
    if len(report.keys) < 2:
        return [f"Key  {report.key}"]
    return [
        f"Key  {each['key']} from position {each['from']:,}" + (f" to {each['to']:,}" if each["to"] else "")
        for each in report.keys
    ]


def _said(report: Report) -> dict[str, Any]:
    return {n: v for n, v in report._asdict().items() if n != "findings"} | {"root": report.root.hex()}


def _words(report: Report, what: str) -> str:
    return "\n".join([
        f"{report.entries:,} entries{what}, {report.sealed:,} of them under {report.checkpoints:,} checkpoints.",
        *([f"The first {report.taken:,} were not read: the checkpoint stands for them."] if report.taken else []),
        f"Root {report.root.hex()}",
        *told(report, what),
    ])  # fmt: skip


def _receipt(report: ReceiptReport, verifier: Verifier | None, *, as_json: bool) -> int:
    origin, size, root = report.checkpoint
    said = {"position": report.position, "origin": origin, "size": size, "root": root.hex()}
    words = f"Position {report.position:,} of {origin}, under its checkpoint of {size:,} entries."
    return _answer(said, words, report.findings, known=verifier is not None, as_json=as_json)


def _bundle(file: Path, key: str | None, against: Path | None, *, as_json: bool) -> int:
    """What the single file that ships in every bundle finds."""
    said: dict[str, Any] = {"findings": []}
    try:
        bundle = Bundle(file.read_bytes())
        known = bundle.check_signer(key, None if against is None else against.read_text("utf-8", "replace"))
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    except Disagrees as error:
        status, words, said["findings"] = DISAGREES, str(error), [{"kind": "bundle", "detail": str(error)}]
    else:
        status, at = GOOD if known else SIGNER_UNKNOWN, bundle.checkpoint
        said |= {"lines": len(bundle.lines), "readings": len(bundle.readings)}
        said |= {"origin": at.origin, "size": at.size, "root": at.root.hex()}
        words = (
            f"{len(bundle.lines):,} lines of {at.origin}, under its checkpoint of {at.size:,} entries;"
            f" {len(bundle.readings):,} readings."
        )
    verdict, sentence = _VERDICTS[status]
    answer(said | {"verdict": verdict}, f"{words}\n{sentence}", as_json=as_json)
    return status


def _answer(
    said: dict[str, Any], words: str, findings: Sequence[Finding], *, known: bool, as_json: bool
) -> int:
    """Give the answer, with the verdict; the exit status that belongs to it."""
    status = DISAGREES if findings else GOOD if known else SIGNER_UNKNOWN
    verdict, sentence = _VERDICTS[status]
    said |= {"verdict": verdict, "findings": [finding._asdict() for finding in findings]}
    answer(said, "\n".join([words, *map(_line, findings), sentence]), as_json=as_json)
    return status


def _line(finding: Finding) -> str:
    more = f" ({finding.times:,} of this kind)" if finding.times > 1 else ""
    return f"position {finding.position:,}: {finding.kind}: expected {finding.expected}, found {finding.found}{more}"
