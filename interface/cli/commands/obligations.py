"""`ledger obligations`: what is overdue, what was missed, at the command line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from application.answers.as_json import Json
from application.projections.obligations_table import ObligationFilters
from application.projections.table_query import LIMIT, MOST
from application.queries.lists.episodes_and_obligations import Lists
from application.queries.lists.page import ListQuery, NamedTimes
from application.store.clock import now
from domain.assessment.obligations.time_words import instant_text, when
from domain.assessment.obligations.verdict import VERDICTS
from domain.moment import Instant, instant, read_moment
from interface.cli.support.access_recording import recorded
from interface.cli.support.answer import answer
from interface.cli.support.known_at import Known, known_in, read_known_at
from interface.cli.support.options import (
    TIME,
    code_option,
    data_option,
    json_option,
    namespace_option,
    usage_errors,
)
from interface.cli.support.target_ledger import target_ledger
from interface.wiring.open_ledger import opened


@click.command(short_help="List duties: overdue, late, due.")
@click.option(
    "--verdict", type=click.Choice(VERDICTS), help="With this verdict; `overdue` includes possibly overdue."
)
@code_option("--rule", "Of this rule, by its id.")
@namespace_option("--authority", "Where this authority answers for the duty, is responsible or host.")
@code_option("--accountable", "Only duties that this role or organisation answers for.")
@click.option("--due-from", type=TIME, metavar="T", help="Due at this time or later.")
@click.option("--due-before", type=TIME, metavar="T", help="Due before this time.")
@click.option("--as-at", type=TIME, metavar="T", help="As things stood then; by default now.")
@click.option(
    "--known-at",
    callback=read_known_at,
    metavar="T",
    help="As the ledger knew it then: a time, or position:1234.",
)
@click.option("--rulebook", metavar="NAME", help="Under this adopted rulebook, such as england@2026.1.")
@click.option(
    "--limit", type=click.IntRange(1, MOST), default=LIMIT, show_default=True, help="Items at most."
)
@click.option("--cursor", metavar="TEXT", help="Where to continue: the `next` of an answer.")
@data_option
@json_option
def obligations(  # noqa: PLR0913  # one for each option
    *,
    verdict: str | None,
    rule: str | None,
    authority: str | None,
    accountable: str | None,
    due_from: Instant | None,
    due_before: Instant | None,
    as_at: Instant | None,
    known_at: Known,
    rulebook: str | None,
    limit: int,
    cursor: str | None,
    data: Path | None,
    as_json: bool,
) -> None:
    """List the duties of all episodes, earliest due first, each with its calculation.

    With --verdict overdue the latest due come first.

    Without --known-at the service's lists are read, with how far these are complete. Who the
    child is stays encrypted.
    """
    filters = ObligationFilters(
        verdict=verdict,
        rule=rule,
        authority=authority,
        accountable=accountable,
        due_from=due_from,
        due_before=due_before,
    )
    at = now() if as_at is None else as_at
    with target_ledger(data) as settings, opened(settings) as ledger:
        named = NamedTimes(as_at, None if known_at == (None, None) else known_at)
        known = known_in(ledger, known_at, rulebook)
        question = ListQuery(at, known, limit=limit, cursor=cursor, named=named)
        with usage_errors():
            found = Lists(ledger.database, ledger.vault).obligations(filters, question)
        page = recorded(ledger, "obligations", found)
    for item in page["items"]:
        del item["child"]  # a child's reference is sealed like any personal value
    answer(page, "\n".join(_words(page)), as_json=as_json)


def _words(page: Json) -> Iterator[str]:
    book = page["rulebook"]
    yield f"Duties as at {instant_text(instant(page['as_at']))}, as known at position {page['known_at']:,} of"
    yield f"{page['ledger_size']:,}, by rulebook {book['id']} {book['version']}. Times are London's."
    if "set_aside" in page:
        yield f"Not assessable as known then, and left out: {', '.join(page['set_aside'])}."
    elif "not_assessable" in page:
        yield f"Not assessable, and shown as they were before: {page['not_assessable']}."
    for item in page["items"]:
        yield from _item(item)
    if not page["items"]:
        yield "None."
    if page["next"] is not None:
        yield ""
        yield f"There are more: the same again with --cursor {page['next']}"


def _item(item: Json) -> Iterator[str]:
    perhaps = " (possibly overdue)" if item["possibly"] else ""
    due = f", due {when(read_moment(item['due']))}" if "due" in item else ""
    who = item["accountable"]
    yield ""
    yield f"{item['verdict'].replace('_', ' ')}{perhaps}{due}: {item['subject']}"
    yield f"  {item['title']} [{item['rule']}]; {who.get('holder', who['role'].replace('_', ' '))} answers for it"
    yield f"  {item['explanation']}"
