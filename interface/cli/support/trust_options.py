"""Witnesses and time stamps, which vouch for checkpoints besides the ledger: options and lines of `ledger verify`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from application.crypto.cosignature import Witness
from application.crypto.timestamp import TimestampAuthority
from application.verification.epoch_history import TrustAnchors
from application.verification.ledger import VerificationReport
from interface.settings import Settings


def demanded(trusted: TrustAnchors, witnesses: Sequence[str], certificates: Path | None) -> TrustAnchors:
    """With those that options name: there must be something of each. NotANote or UsageError when one cannot be."""
    named, authority = tuple(Witness.read(text) for text in witnesses), _authority(certificates)
    must: set[Witness | TimestampAuthority] = {*named} if authority is None else {*named, authority}
    return trusted._replace(witnesses=named, authority=authority, demanded=frozenset(must))


def with_those_set(trusted: TrustAnchors, settings: Settings) -> TrustAnchors:
    """With those of the settings in place of what no option names: what is there of them must be right."""
    own = tuple(witness for witness, _ in settings.publishing.witnesses)
    return trusted._replace(
        witnesses=trusted.witnesses or own, authority=trusted.authority or settings.publishing.authority
    )


def witness_lines(report: VerificationReport, what: str) -> Iterator[str]:
    """Lines on what others vouch for."""
    for witness in report.witnesses:
        name, count = witness["witness"].partition("+")[0], witness["checkpoints"]
        yield f"Witness {name} cosigned {count:,} checkpoints{what}{_last(witness, 'cosigned_at')}."
    stamps = report.timestamps
    if stamps.get("unchecked"):
        yield f"{stamps['unchecked']:,} time stamps{what}, not checked: --authority names the certificates."
    elif stamps.get("checked"):
        yield f"{stamps['checked']:,} time stamps{what}{_last(stamps, 'stamped_at')}."


def _last(witness: dict[str, int | str], at: str) -> str:
    return f", the last of {witness['size']:,} entries at {witness[at]}" if "size" in witness else ""


def _authority(certificates: Path | None) -> TimestampAuthority | None:
    if certificates is None:
        return None
    try:
        return TimestampAuthority.load(str(certificates))
    except ValueError as error:
        raise click.UsageError(f"--authority {error}.") from None
