"""`ledger evidence`: a bundle to take home, of one or more episodes, of a child, or of a sample."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from application.access.visibility import may_open
from application.evidence.bundle import EvidenceBundles
from application.evidence.collector import BundleRequest
from application.queries.episodes.episode_report import Visibility
from application.store.logs import EPISODES
from domain.facts.members import SUBJECT_KIND
from domain.facts.value_kinds import ChildRef
from domain.moment import Instant
from interface.cli.support.access_recording import record_access
from interface.cli.support.answer import answer
from interface.cli.support.known_at import Known, known_in, read_known_at
from interface.cli.support.options import FILE, TIME, data_option, json_option
from interface.cli.support.target_ledger import target_ledger
from interface.wiring.open_ledger import opened
from interface.wiring.record_batches import OPERATOR
from interface.wiring.sealers import signers

_FORM: Final = "<namespace>/<reference>, such as E08000025/ME-2026-00417"


def _child(_: click.Context, option: click.Parameter, text: str | None) -> ChildRef | None:
    if text is None:
        return None
    if not SUBJECT_KIND.fits(text):  # a child is named like an episode
        raise click.BadParameter("must be <scheme>/<reference>", param=option)
    scheme, reference = text.split("/", 1)
    return ChildRef(scheme, reference)


def _sample(_: click.Context, option: click.Parameter, file: Path | None) -> list[str] | None:
    """The episodes of a sample: one on a line."""
    if file is None:
        return None
    lines = [line.strip() for line in file.read_text("utf-8", "replace").splitlines()]
    for number, line in enumerate(lines, 1):
        if line and not SUBJECT_KIND.fits(line):
            raise click.BadParameter(f"line {number} must be {_FORM}", param=option)
    return [line for line in lines if line]


@click.command(short_help="Make a bundle that can be checked without the ledger.")
@click.argument("subjects", nargs=-1, metavar="[SUBJECT]...")
@click.option("--child", callback=_child, metavar="SCHEME/REF", help="Every episode of this child.")
@click.option(
    "--sample",
    callback=_sample,
    type=FILE,
    metavar="FILE",
    help="The episodes in FILE, one on a line: a sample for an inspection.",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.zip",
    help="The file to write; it must not exist yet.",
)
@click.option(
    "--as-at",
    type=TIME,
    metavar="T",
    help="As things stood then; by default when the last entry was recorded.",
)
@click.option(
    "--known-at",
    callback=read_known_at,
    metavar="T",
    help="Also as the ledger knew it then: a time, or position:1234.",
)
@click.option(
    "--size",
    type=click.IntRange(1),
    metavar="N",
    help="Under the checkpoint of N entries; by default the latest.",
)
@click.option(
    "--access-to",
    type=click.IntRange(0),
    metavar="N",
    help="Readings up to this position of the access log.",
)
@click.option(
    "--open", "opening", is_flag=True, help="With personal values, as far as their handling allows."
)
@data_option
@json_option
def evidence(  # noqa: PLR0913  # one for each option
    *,
    subjects: tuple[str, ...],
    child: ChildRef | None,
    sample: list[str] | None,
    out: Path,
    as_at: Instant | None,
    known_at: Known,
    size: int | None,
    access_to: int | None,
    opening: bool,
    data: Path | None,
    as_json: bool,
) -> None:
    """Write an evidence bundle, which anyone can check without the ledger.

    It holds stored lines, proofs, the checkpoint, verdicts, readings, and a page that explains all. The same
    ledger size and options give the same file, byte for byte. Personal values, and who the child is, stay
    encrypted without --open. The access log records the bundle, as read by principal `operator`.
    """
    chosen = _chosen(subjects, child, sample)
    with target_ledger(data) as settings, opened(settings) as ledger:
        request = BundleRequest(chosen, child, as_at, known_in(ledger, known_at), size, access_to)
        seeing = Visibility(None, may_open(OPERATOR) if opening else None)
        who = signers(settings, EPISODES)
        content, disclosed = EvidenceBundles(
            ledger.database, ledger.vault, ledger.repository, ledger.log_name, who
        ).bundle(request, seeing)
        record_access(ledger, "evidence", disclosed)
    _write(out, content)
    digest = hashlib.sha256(content).hexdigest()
    result = {"file": str(out), "bytes": len(content), "sha256": digest}
    answer(result, f"{out}: {len(content):,} bytes, SHA-256 {digest}", as_json=as_json)


def _chosen(subjects: Sequence[str], child: ChildRef | None, sample: Sequence[str] | None) -> Sequence[str]:
    """The subjects; wrong usage unless episodes are asked for in exactly one way."""
    if [bool(subjects), child is not None, sample is not None].count(True) != 1 or sample == []:
        raise click.UsageError("Give one or more SUBJECTs, or --child, or a --sample that is not empty.")
    for subject in subjects:
        if not SUBJECT_KIND.fits(subject):
            raise click.UsageError(f"SUBJECT is {_FORM}.")
    return subjects or sample or ()


def _write(out: Path, content: bytes) -> None:
    """Write a new file that only its owner may read."""
    try:
        with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
    except OSError as error:
        raise click.UsageError(f"{out} cannot be written: {error.strerror}.") from None
