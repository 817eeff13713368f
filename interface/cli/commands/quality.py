"""`ledger quality`: what should be put right in what was recorded, and how systems send."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from application.answers.as_json import Json
from application.projections.quality_table import DAYS, QualityFilters
from application.queries.lists.page import ListQuery, NamedTimes
from application.queries.lists.quality import Quality
from application.recording.ledger import Ledger
from application.store.clock import now
from domain.assessment.obligations.time_words import instant_text
from domain.assessment.observations.data_quality import MEANINGS
from domain.moment import Instant, instant
from interface.cli.support.access_recording import recorded
from interface.cli.support.answer import answer
from interface.cli.support.known_at import Known, known_in, read_known_at
from interface.cli.support.options import TIME, data_option, json_option, namespace_option, usage_errors
from interface.cli.support.target_ledger import target_ledger
from interface.wiring.open_ledger import opened


@click.command(short_help="List data-quality issues, or how late systems send.")
@click.option("--kind", type=click.Choice(list(MEANINGS)), metavar="KIND", help="Only of this kind.")
@namespace_option("--authority", "Where this authority is concerned.")
@click.option("--source", metavar="URI", help="About an entry that this system sent.")
@click.option(
    "--days",
    type=click.IntRange(1, 3650),
    default=DAYS,
    show_default=True,
    help="Open, with no news for so many days.",
)
@click.option("--as-at", type=TIME, metavar="T", help="As things stood then; by default now.")
@click.option(
    "--known-at",
    callback=read_known_at,
    metavar="T",
    help="As the ledger knew it then: a time, or position:1234.",
)
@click.option(
    "--sources",
    "of_sources",
    is_flag=True,
    help="Instead: how late each sending system's events are recorded.",
)
@click.option("--limit", type=click.IntRange(1, 500), default=50, show_default=True, help="Items at most.")
@data_option
@json_option
def quality(  # noqa: PLR0913  # one for each option
    *,
    kind: str | None,
    authority: str | None,
    source: str | None,
    days: int,
    as_at: Instant | None,
    known_at: Known,
    of_sources: bool,
    limit: int,
    data: Path | None,
    as_json: bool,
) -> None:
    """List data-quality issues, the oldest first (docs/quality.md).

    Each line says what is missing or wrong, since when, where, and who sent it.
    With --sources: how many entries each system sent, how late, and which are silent.
    """
    filters = QualityFilters(kind=kind, authority=authority, source=source, days=days)
    if of_sources and filters != QualityFilters():
        raise click.UsageError("--sources takes only --as-at, --known-at and --limit.")
    at = now() if as_at is None else as_at
    with target_ledger(data) as settings, opened(settings) as ledger:
        query = ListQuery(at, known_in(ledger, known_at), limit=limit, named=NamedTimes(as_at))
        with usage_errors():
            found = _found(ledger, None if of_sources else filters, query)
    answer(found, "\n".join(_sources(found) if of_sources else _issues(found)), as_json=as_json)


def _found(ledger: Ledger, filters: QualityFilters | None, query: ListQuery) -> Json:
    """Return the issues to correct, which is a disclosure; without filters how systems send, which is none."""
    lists = Quality(ledger.database, None)  # a child's reference is sealed like any personal value
    if filters is None:
        return lists.sources(query).json
    return recorded(ledger, "quality", lists.issues(filters, query))


def _issues(found: Json) -> Iterator[str]:
    yield f"To put right as at {_time(found['as_at'])}, as known at position {found['known_at']:,}:"
    for item in found["items"]:
        since = _time(item["since"]) if "since" in item else "always"
        who = ", ".join(item["sources"]) or "us: see `ledger doctor`"
        yield f"  {item['kind']}, {item['subject']}, since {since}"
        yield f"    {_about(item)}; to look: {who}"
    yield from _end(found)


def _about(item: Json) -> str:
    if not item["positions"]:
        return "cannot be assessed"
    rules = f", which {', '.join(item['rules'])} hangs on" if "rules" in item else ""
    return f"position {', '.join(map(str, item['positions']))}{rules}"


def _sources(found: Json) -> Iterator[str]:
    yield f"Sending systems as at {_time(found['as_at'])}, as known at position {found['known_at']:,}:"
    for item in found["items"]:
        last = f"last {_time(item['last_entry']['recorded_at'])}"
        quiet = (
            f"SILENT for {item['silent_days']} days, habit {item['habit_days']}"
            if item["silent"]
            else "sends"
        )
        sent = "1 entry" if item["entries"] == 1 else f"{item['entries']:,} entries"
        yield f"  {item['source']}: {sent}, {last}; {quiet}"
        for name, what in (("after_happened", "happened"), ("after_learned", "was learned")):
            if late := item.get(name):
                yield f"    recorded after it {what}: {_late(late)}"
    yield from _end(found)


def _late(late: Json) -> str:
    half, most = (_length(late[name]) for name in ("median_seconds", "percentile_90_seconds"))
    return f"half within {half}, nine in ten within {most} (of the last {late['entries']:,})"


def _length(seconds: int) -> str:
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours:,} h {minutes} min"


def _end(found: Json) -> Iterator[str]:
    if not found["items"]:
        yield "  nothing"
    if found["next"] is not None:
        yield "There are more: see --limit, or ask for one kind."


def _time(text: str) -> str:
    return instant_text(instant(text))
