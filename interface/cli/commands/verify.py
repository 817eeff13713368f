"""`ledger verify`: the whole ledger read again, both its logs, or a receipt by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from application.crypto.signed_note import NotANote, Note, Verifier
from application.evidence.verify_bundle import Bundle, Disagrees
from application.verification.epoch_history import TrustAnchors
from application.verification.receipt import ReceiptReport, verify_receipt
from interface.cli.output.verify_report import VERDICTS, answer_ledger, answer_verdict
from interface.cli.support.answer import answer
from interface.cli.support.exit_status import DISAGREES, GOOD, SIGNER_UNKNOWN
from interface.cli.support.options import FILE, data_option, json_option
from interface.cli.support.target_ledger import target_ledger
from interface.cli.support.trust_options import demanded


@click.command(short_help="Check that nothing was altered, removed or inserted.")
@click.option(
    "--against",
    type=FILE,
    metavar="FILE",
    help="A checkpoint that you kept: the ledger must still begin with the entries it covers.",
)
@click.option(
    "--from",
    "start",
    type=FILE,
    metavar="FILE",
    help="As --against, but the entries that the checkpoint covers are not read again.",
)
@click.option(
    "--key", metavar="KEY", help="The key to verify with, from elsewhere; by default the first entry's."
)
@click.option(
    "--witness",
    metavar="KEY",
    multiple=True,
    help="The verifier key of a witness that must have cosigned; repeat it for several.",
)
@click.option(
    "--authority",
    type=FILE,
    metavar="FILE",
    help="The certificates (PEM) of a time stamping authority that must have stamped.",
)
@click.option("--receipt", type=FILE, metavar="FILE", help="Check only this receipt, without a database.")
@click.option(
    "--bundle", type=FILE, metavar="FILE", help="Check only this evidence bundle, without a database."
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
    """Read and hash every line again, rebuild the tree, and compare both with the database.

    Exit status 0: everything agrees. 1: something disagrees. 3: everything agrees, but without --key or
    --against the signer is unknown. The command only reads; Ctrl-C stops it.
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
    trusted = demanded(TrustAnchors(verifier, kept, is_start=start is not None), witness, authority)
    with target_ledger(data) as settings:
        return answer_ledger(settings, trusted, as_json=as_json)


def _verifier(key: str) -> Verifier:
    """The key of the command line. A mistyped one is wrong usage, and no disagreement."""
    try:
        return Verifier.read(key)
    except NotANote as error:
        raise click.UsageError(f"--key: {error.detail}.") from None


def _receipt(report: ReceiptReport, verifier: Verifier | None, *, as_json: bool) -> int:
    origin, size, root = report.checkpoint
    result = {"position": report.position, "origin": origin, "size": size, "root": root.hex()}
    words = f"Position {report.position:,} of {origin}, under its checkpoint of {size:,} entries."
    return answer_verdict(result, words, report.findings, known=verifier is not None, as_json=as_json)


def _bundle(file: Path, key: str | None, against: Path | None, *, as_json: bool) -> int:
    """Check a bundle with the single file that ships in every bundle."""
    result: dict[str, Any] = {"findings": []}
    try:
        bundle = Bundle(file.read_bytes())
        known = bundle.check_signer(key, None if against is None else against.read_text("utf-8", "replace"))
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    except Disagrees as error:
        status, words, result["findings"] = DISAGREES, str(error), [{"kind": "bundle", "detail": str(error)}]
    else:
        status, at = GOOD if known else SIGNER_UNKNOWN, bundle.checkpoint
        result |= {"lines": len(bundle.lines), "readings": len(bundle.readings)}
        result |= {"origin": at.origin, "size": at.size, "root": at.root.hex()}
        words = (
            f"{len(bundle.lines):,} lines of {at.origin}, under its checkpoint of {at.size:,} entries;"
            f" {len(bundle.readings):,} readings."
        )
    verdict, sentence = VERDICTS[status]
    answer(result | {"verdict": verdict}, f"{words}\n{sentence}", as_json=as_json)
    return status
