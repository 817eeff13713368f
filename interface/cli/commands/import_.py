"""`ledger import`: what others exported, recorded once however often it is imported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

import click

from application.importing import (
    SENTENCES,
    Changed,
    ImportReport,
    PostedEvent,
    RecordedRows,
    RepeatedRows,
    Row,
    UnreadableFile,
    import_events,
    of_ledger,
    read_cloudevents,
    read_ssd_missing,
    row_changes,
)
from application.recording.ledger import Ledger
from interface.cli.output.import_notices import not_taken_line
from interface.cli.support.answer import answer
from interface.cli.support.exit_status import DISAGREES, GOOD, Failed
from interface.cli.support.options import data_option, json_option
from interface.cli.support.progress_bar import ProgressBar
from interface.cli.support.signals import Stop, Stopped
from interface.cli.support.target_ledger import target_ledger
from interface.validation.strict_json import read_json
from interface.wiring.open_ledger import opened
from interface.wiring.record_batches import OPERATOR, record

_GO_ON: Final = "Stopped. What was recorded stays; the same command again takes the rest."


class Extract(NamedTuple):
    """The file to import, and how it is read."""

    format: str
    file: Path
    namespace: str | None
    source: str | None
    extracted_at: str | None
    exact_midnight: bool

    @property
    def of_table(self) -> bool:
        """True where each row says how an episode stands, so that a later extract may say otherwise."""
        return self.format == "ssd-missing"

    def rows(self, file: BinaryIO) -> Iterator[Row]:
        """The rows of the file; UnreadableFile or ValueError when it cannot be read so."""
        if self.format == "cloudevents":
            return read_cloudevents(file, read_json)
        assert self.namespace is not None and self.source is not None  # noqa: PT018  the command asks for both
        return read_ssd_missing(
            file, self.namespace, self.source,
            extracted_at=self.extracted_at, exact_midnight=self.exact_midnight,
        )  # fmt: skip


@click.command("import", short_help="Record what others exported.")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False, readable=True))
@click.option(
    "--format",
    "form",
    required=True,
    type=click.Choice(["cloudevents", "ssd-missing"]),
    help="CloudEvents, one to a line or as an array; or the SSD table as CSV.",
)
@click.option(
    "--namespace",
    metavar="CODE",
    help="ssd-missing: the authority whose extract it is. cloudevents: take only what this organisation may post."
    " By default each event is for its subject's namespace.",
)
@click.option(
    "--source",
    metavar="URI",
    help="ssd-missing: the source to record it under, always the same for one"
    " system. cloudevents: take only events of this source.",
)
@click.option(
    "--extracted-at",
    metavar="T",
    help="ssd-missing: when the extract was made, as a time with offset or a date.",
)
@click.option(
    "--exact-midnight", is_flag=True, help="ssd-missing: 00:00 is that minute, and not a day without a time."
)
@data_option
@json_option
def import_(  # noqa: PLR0913  a command's arguments are its options
    *, file: Path, form: str, namespace: str | None, source: str | None, extracted_at: str | None,
    exact_midnight: bool, data: Path | None, as_json: bool,
) -> int:  # fmt: skip
    """Record the events in FILE, and report every row not taken with its reason.

    Importing again changes nothing: events recorded before are duplicates. Exit status 1 when a row was
    not taken.
    """
    if form == "ssd-missing" and not (namespace and source):
        raise click.UsageError("ssd-missing needs --namespace and --source.")
    extract = Extract(form, file, namespace, source, extracted_at, exact_midnight)
    with file.open("rb") as content:
        rows = _rows(extract, content)
        with target_ledger(data) as settings, opened(settings) as ledger:
            report = _import(ledger, extract, rows)
    answer(_as_json(report), _words(report), as_json=as_json)
    return GOOD if report.complete else DISAGREES


def _import(ledger: Ledger, extract: Extract, rows: Iterator[Row]) -> ImportReport:
    by = replace(
        OPERATOR, namespace=extract.namespace, sources=None if extract.source is None else (extract.source,)
    )
    size = max(1, extract.file.stat().st_size)
    sentences = SENTENCES if extract.of_table else None
    once = RepeatedRows()
    earlier = RecordedRows(ledger.database, extract.source or "")
    if extract.of_table:
        rows = row_changes(once.checked(rows), earlier.entries_of)
    bar = ProgressBar(f"Importing {extract.file.name}")
    with Stop() as stop, bar as progress:

        def post(events: Sequence[dict[str, Any]], *, dry_run: bool = False) -> list[PostedEvent]:
            stop.check()
            return [of_ledger(outcome) for outcome in record(ledger, events, by, dry_run=dry_run)]

        try:
            report = import_events(
                rows,
                post,
                check=partial(post, dry_run=True),
                sentences=sentences,
                progress=lambda read: progress.at(read / size),
            )
        except Stopped:
            raise Failed(_GO_ON) from None
    if extract.of_table:
        report.vanished += earlier.vanished(extract.namespace or "", once.subjects)
    return report


def _rows(extract: Extract, file: BinaryIO) -> Iterator[Row]:
    """Return the rows of the file; wrong usage when an option is invalid, before any database is opened."""
    try:
        return extract.rows(file)
    except UnreadableFile as error:
        raise Failed(f"{extract.file.name}: {error}.") from None
    except ValueError as error:
        raise click.UsageError(f"{str(error)[:1].upper()}{str(error)[1:]}.") from None


def _as_json(report: ImportReport) -> dict[str, Any]:
    return {
        "rows": report.rows,
        "taken": report.taken,
        "recorded": report.recorded,
        "duplicates": report.duplicates,
        "refused": dict(report.refused),
        "not_taken": [one._asdict() for one in report.not_taken],
        "changed": [one._asdict() for one in report.changed],
        "warnings": [one._asdict() for one in report.warnings],
        "vanished": report.vanished,
    }


def _words(report: ImportReport) -> str:
    lines = [
        _counts(report),
        *map(_changed_line, report.changed),
        *(f"Warning: {not_taken_line(one, 'row')}" for one in report.warnings),
        *(f"{subject}: in an earlier extract, and not in this one" for subject in report.vanished),
    ]
    if not report.complete:
        by_reason = ", ".join(f"{reason} {count:,}" for reason, count in sorted(report.refused.items()))
        lines += [f"Not taken ({by_reason}):", *(not_taken_line(one, "row") for one in report.not_taken)]
    return "\n".join(lines)


def _counts(report: ImportReport) -> str:
    taken = f"{report.rows:,} rows, {report.taken:,} of them in the ledger"
    return f"{taken}; events recorded now: {report.recorded:,}, recorded before: {report.duplicates:,}."


def _changed_line(one: Changed) -> str:
    return f"row {one.row}, {one.column}: {one.change}"
