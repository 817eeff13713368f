"""The story of an episode: where it stands, its duties, what was said, and what was known when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from domain.moment import instant
from interface.pages import words
from interface.pages.shown.card import Card, card
from interface.pages.shown.duty import DutyShown, duties
from interface.pages.shown.entry import EntryShown, entry
from interface.pages.shown.names import Name, name
from interface.pages.words import Said

Json = Mapping[str, Any]
MOST: Final = 200
"""Entries of one page: an episode may have thousands."""


class Term(NamedTuple):
    """One term of the bar that says where the episode stands."""

    term: str
    text: Name
    at: Said | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The page."""

    heading: str
    card: Card
    """Who it is, and what is wrong with it, as on Tonight."""
    terms: tuple[Term, ...]
    past: str
    """A sentence, where this is not now; else empty."""
    as_at: Said
    known: str
    address: str
    duties: tuple[DutyShown, ...]
    entries: tuple[EntryShown, ...]
    positions: frozenset[int]
    """The entries that are on the page: what a link may lead to."""
    left_out: str
    questions: tuple[str, ...]


def story(report: Json, names: Mapping[str, str], *, is_past: bool) -> Story:
    """Return the page of an episode's report."""
    episode, steps = report["episode"], report["steps"]
    now = instant(episode["as_at"])
    found, titles = card(episode, now, names), {each["rule"]: each["title"] for each in report["obligations"]}
    shown = steps[-MOST:]
    address = f"/pages/episodes/{report['subject']}"
    return Story(
        heading="Child erased" if found.child is None else found.child.text,
        card=found,
        terms=tuple(_terms(episode, found, names)),
        past=_past(episode) if is_past else "",
        as_at=words.time(now, now, seconds=True),
        known=f"known to entry {episode['known_at']:,} of {episode['ledger_size']:,}",
        address=address,
        duties=duties(report["obligations"], names),
        entries=tuple(entry(step, now, names, titles) for step in shown),
        positions=frozenset(step["position"] for step in shown),
        left_out=_left_out(len(steps)),
        questions=_questions(report["subject"], episode),
    )


def _terms(episode: Json, found: Card, names: Mapping[str, str]) -> Iterator[Term]:
    """Return the terms of which something is known."""
    now, police, empty = instant(episode["as_at"]), episode["police"], Name("")
    yield Term("Stands", Name(found.since.text), found.since.at)
    for scheme in episode["risk"].values():
        yield Term(
            "Risk", Name(f"{words.plain(scheme['current'])}, highest {words.plain(scheme['highest'])}")
        )
    yield Term("Police", Name(_police(police)))
    for term in (
        Term("For", Name(found.away)),
        Term("Started", empty, words.moment(episode.get("started"), now)),
        Term("Start known from", Name(words.plain(episode.get("started_basis", "")))),
        Term("Last seen", empty, found.last_seen),
        Term("Force", name(police["force"], names) if "force" in police else empty),
        Term("Responsible", found.responsible or empty),
        Term("Host authority", found.host or empty),
        Term("Next duty due", empty, found.next_due),
    ):
        if term.text.text or term.at:
            yield term


def _police(police: Json) -> str:
    if "reported" not in police:
        return "not recorded that they were told"
    if "accepted" not in police:
        return "told; not recorded whether they accepted it"
    return f"told; accepted: {words.plain(police['accepted'])}"


def _past(episode: Json) -> str:
    now = instant(episode["as_at"])
    standing = "" if episode["standing"] != "nothing" else " Nothing was recorded for that time."
    return (
        f"What the ledger had been told by entry {episode['known_at']:,},"
        f" of how things stood on {words.time(now, now, seconds=True).text} (London).{standing}"
    )


def _left_out(entries: int) -> str:
    return "" if entries <= MOST else f"The last {MOST} of {entries:,} entries are shown here."


def _questions(subject: str, episode: Json) -> tuple[str, ...]:
    known = f"known_at=position:{episode['known_at']}"
    times = f"as_at={episode['as_at']}&{known}"
    of_it = f"/v1/episodes/{subject}"
    return f"{of_it}?{times}", f"{of_it}/timeline?{times}", f"{of_it}/history?{known}"
