"""`ledger rulebook`: check a rulebook, adopt it, show the one by which verdicts are judged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from application.answers.as_json import Json
from application.queries.episodes.episode_reader import EpisodeReader
from application.rulebooks.adopt import Adoption, NotToAdopt, UnusableRulebook, adopt, whole
from application.rulebooks.show import rulebook as rulebook_document
from domain.rules.rulebook import RulebookError, cached, parse, shipped
from interface.cli.output.rulebook_faults import faults_words
from interface.cli.output.rulebook_text import rulebook_words, rules_changed
from interface.cli.support.answer import answer
from interface.cli.support.exit_status import DISAGREES, GOOD, Failed
from interface.cli.support.known_at import Known, read_known_at
from interface.cli.support.options import FILE, code_option, data_option, json_option
from interface.cli.support.rulebook_file import text_of
from interface.cli.support.target_ledger import target_ledger
from interface.wiring.open_ledger import opened


@click.group(short_help="Check, adopt and show the rules behind every verdict.")
def rulebook() -> None:
    """Check, adopt and show the rules behind every verdict (docs/rulebooks.md)."""


@rulebook.command(short_help="Check a rulebook, and name every fault with its line.")
@click.argument("file", type=FILE)
@click.option(
    "--with", "others", multiple=True, type=FILE, metavar="FILE", help="A rulebook that it extends."
)
@json_option
def check(*, file: Path, others: tuple[Path, ...], as_json: bool) -> int:
    """Check the rulebook in FILE: each fault with its line and what would be right.

    Needs no database. Extended rulebooks are searched in --with, then among those that ship. Exit
    status 1 when anything is wrong.
    """
    text = text_of(file)
    texts = shipped() | dict(map(_identified, others))
    try:
        book = cached(*whole(text, texts.get))
    except UnusableRulebook as error:
        result = {"file": str(file), "faults": [fault._asdict() for fault in error.found]}
        answer(result, faults_words(file, error.found), as_json=as_json)
        return DISAGREES
    rules = ("1 rule" if len(book.rules) == 1 else f"{len(book.rules)} rules") + (
        f", with those of {book.extends}" if book.extends else ""
    )
    answer(
        {"file": str(file), "id": book.id, "version": book.version, "rules": len(book.rules), "faults": []},
        f"{book.id} {book.version} is good: {rules}.",
        as_json=as_json,
    )
    return GOOD


def _identified(file: Path) -> tuple[str, str]:
    """The id of another rulebook, and its text."""
    text = text_of(file)
    try:
        return parse(text).id, text
    except RulebookError as error:
        raise Failed(f"{file}: {error}.") from None


@rulebook.command("adopt", short_help="Use a rulebook for verdicts from now on.")
@click.argument("file", type=FILE)
@code_option("--by", "Who decided: a role, such as head_of_service; never a person's name.")
@data_option
@json_option
def adopt_(*, file: Path, by: str | None, data: Path | None, as_json: bool) -> int:
    """Record the rulebook in FILE in the ledger, complete, with who decided and when.

    Verdicts use it from then on. Answers for an earlier `--known-at` keep the earlier rulebook. Lists
    change when the follower has reassessed them. An extended rulebook is the latest that this ledger
    adopted, or the one that ships.
    """
    text = text_of(file)
    with target_ledger(data) as settings, opened(settings) as ledger:
        try:
            done = adopt(ledger, text, by)
        except UnusableRulebook as error:
            raise Failed(f"It was not adopted.\n{faults_words(file, error.found)}") from None
        except NotToAdopt as error:
            raise Failed(f"It was not adopted: {error.detail}.") from None
    answer(_adoption(done), _adoption_words(done), as_json=as_json)
    return GOOD


def _adoption(done: Adoption) -> Json:
    named = {"id": done.book.id, "version": done.book.version, "position": done.position}
    return {**named, "recorded": not done.again, "rules": rules_changed(done.before, done.book)}


def _adoption_words(done: Adoption) -> str:
    name = f"{done.book.id} {done.book.version}"
    if done.again:
        return f"{name} is in force already, since position {done.position:,}. Nothing was recorded."
    changed = rules_changed(done.before, done.book)
    lines = [f"  {what}: {', '.join(rules)}" for what, rules in changed.items() if rules]
    first = (
        f"Adopted {name} at position {done.position:,}, in place of {done.before.id} {done.before.version}."
    )
    return "\n".join([first, *(lines or ["  The rules are the same."])])


@rulebook.command(short_help="Show the rulebook behind every verdict.")
@click.argument("name", required=False)
@click.option(
    "--known-at",
    callback=read_known_at,
    metavar="T",
    help="As the ledger knew it then: a time, or position:1234.",
)
@click.option("--text", "as_text", is_flag=True, help="The text as it was adopted, in TOML.")
@data_option
@json_option
def show(*, name: str | None, known_at: Known, as_text: bool, data: Path | None, as_json: bool) -> None:
    """Show the rulebook in force, or the adopted rulebook NAME, such as england@2026.1."""
    with target_ledger(data) as settings, opened(settings) as ledger:
        reader = EpisodeReader(ledger.database, ledger.vault, ledger.repository)
        known = reader.known_at(*known_at, name)
        result: dict[str, Any] = rulebook_document(ledger.database, known)
    words = result["text"] if as_text else rulebook_words(result)
    answer(result, words.rstrip("\n"), as_json=as_json)
