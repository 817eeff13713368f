"""Adopting a rulebook: it judges verdicts from then on; answers for an earlier `known_at` keep the one before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from application.answers.as_json import known
from application.recording.ledger import Ledger
from application.recording.outcomes import Recorded, RefusedOutcome
from application.store.adopted_rulebooks import Adopted, every_adopted
from application.store.database import Database
from domain import errors
from domain.errors import InvalidQuery, LedgerError
from domain.facts.ledger_entries import RULEBOOK_ADOPTED
from domain.moment import BEGINNING, FOREVER
from domain.rules.rule import Rule
from domain.rules.rulebook import Rulebook, bases, cached, parse, shipped
from domain.rules.rulebook_checks import RulebookFault, check


class UnusableRulebook(InvalidQuery):
    """A rulebook with faults, each with its line."""

    def __init__(self, found: Sequence[RulebookFault]) -> None:
        """Say what is wrong; `found` keeps it apart by lines."""
        faults = tuple(errors.Fault("/rulebook", f"line {line}: {reason}") for line, reason in found)
        super().__init__("The rulebook cannot be used as it is", faults)
        self.found = tuple(found)


class NotToAdopt(LedgerError):
    """A rulebook without fault that this ledger cannot adopt, because of what it adopted before."""


class Adoption(NamedTuple):
    """The outcome of adopting a rulebook."""

    position: int
    """The position of the entry that adopted it."""
    book: Rulebook
    before: Rulebook
    """By which verdicts were judged until then."""
    again: bool
    """It was in force already; nothing was recorded."""


def finder(there: Sequence[Adopted]) -> Callable[[str], str | None]:
    """Where a rulebook that is extended is found: the one of that id adopted last, else the one that ships."""
    texts = shipped() | {each.entry.data["id"]: each.texts[0] for each in there}
    return texts.get


def whole(text: str, find: Callable[[str], str | None]) -> tuple[str, ...]:
    """A rulebook's text, and those that it extends, the nearest first; UnusableRulebook when it has faults."""
    if found := check(text, find):
        raise UnusableRulebook(found)
    return (text, *bases(text, find))


def adopt(ledger: Ledger, text: str, by: str | None) -> Adoption:
    """Adopt a rulebook; `by`: who decided, as a code. UnusableRulebook or NotToAdopt when it cannot be."""
    there = every_adopted(ledger.database)
    texts, last = whole(text, finder(there)), there[-1]
    book = cached(*texts)
    if texts == last.texts:
        return Adoption(last.entry.position, book, last.book, again=True)
    _check_names(book, texts, there)
    data = {"id": book.id, "version": book.version, "text": text}
    data |= known(extended=list(texts[1:]) or None, adopted_by=by)
    version = _own_version(ledger.database)
    [outcome] = ledger.record(
        [ledger.own_entry(RULEBOOK_ADOPTED, f"rulebook-{version + 1}", data, after=version)]
    )
    if isinstance(outcome, RefusedOutcome):
        raise NotToAdopt(
            "The ledger recorded another entry of its own in the meantime. Adopt the rulebook again."
        )
    assert isinstance(outcome, Recorded)  # no duplicate: the id is that of a version still to come
    return Adoption(outcome.receipt.position, book, last.book, again=False)


def _own_version(database: Database) -> int:
    """The version of the ledger's own stream."""
    query = (
        "select max(version) from ledger.entries"
        " where stream_no = (select stream_no from ledger.entries where position = 1)"
    )
    return int(database.rows(query)[0][0])


def _check_names(book: Rulebook, texts: tuple[str, ...], there: Sequence[Adopted]) -> None:
    """One id and version, of a rulebook as of a rule, always means the same: answers name them."""
    for each in there:
        if each.name == f"{book.id}@{book.version}" and each.texts != texts:
            raise NotToAdopt(f"{each.name} was adopted with other content; give this one another version")
    worded = {
        (rule.id, rule.version): _wording(rule)
        for each in there for text in each.texts for rule in parse(text).rules
    }  # fmt: skip
    for rule in parse(texts[0]).rules:
        if worded.get((rule.id, rule.version), _wording(rule)) != _wording(rule):
            raise NotToAdopt(
                f"rule {rule.id}: version {rule.version} was adopted with other content. Give it another version"
            )


def _wording(rule: Rule) -> Rule:
    """Return a rule as verdicts read it: without where and when it is in force, which may be changed."""
    return replace(rule, authorities=frozenset(), in_force_from=BEGINNING, in_force_to=FOREVER, enabled=True)
