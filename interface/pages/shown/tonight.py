"""Tonight: who is not back, what falls due, what fell overdue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, NamedTuple

from domain.moment import DAY, HOUR, Instant, instant
from domain.vocabulary import OPEN
from interface.pages import words
from interface.pages.shown.back import BackLine, back_lines
from interface.pages.shown.card import Card, card, is_contradicted
from interface.pages.shown.freshness import Freshness, freshness
from interface.pages.shown.names import Reference, child, subject
from interface.pages.shown.waiting import in_words, is_message, silence
from interface.pages.words import Said

Json = Mapping[str, Any]
BACK_WITHIN: Final = DAY
DUE_WITHIN: Final = 12 * HOUR
OVERDUE_WITHIN: Final = 7 * DAY
_UNKNOWN: Final = frozenset({"missing", "absence_noticed"})


class Answers(NamedTuple):
    """The answers behind the page; all of one instant."""

    not_back: Sequence[Json]
    back: Sequence[Json]
    """Over since a day or less."""
    due: Sequence[Json]
    overdue: Sequence[Json]
    sources: Sequence[Json]
    envelope: Json
    """The members around the items: the two times, how far complete."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Cards under one heading."""

    id: str
    heading: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyLine:
    """Duties of one episode that fall due, or fell overdue, at about one time; or a message that waits."""

    subject: str
    child: Reference | None
    episode: Reference
    when: Said
    how: str
    titles: tuple[str, ...]


class LinkedCount(NamedTuple):
    """A number with the place of exactly its rows."""

    rows: int
    label: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The page."""

    title: str
    """For the tab of a browser."""
    heading: str
    also: tuple[str, ...]
    numbers: tuple[LinkedCount, ...]
    groups: tuple[Group, ...]
    empty: str
    waiting: tuple[DutyLine, ...]
    """Messages that nobody acknowledged, of those not back; the longest silence first."""
    back: tuple[BackLine, ...]
    back_since: Said
    due: tuple[DutyLine, ...]
    due_by: Said
    overdue: tuple[DutyLine, ...]
    overdue_since: Said
    fresh: Freshness
    questions: tuple[str, ...]


def board(answers: Answers, names: Mapping[str, str]) -> Board:
    """Return the page of these answers."""
    now = instant(answers.envelope["as_at"])
    surely = [item for item in answers.not_back if not item.get("possibly")]
    heading = f"Not back: {words.count(_children(surely), 'child', 'children')}"
    also = _also(answers, surely)
    groups = _groups(answers.not_back, now, names)
    due = tuple(_duty(duty, now, names, "due") for duty in answers.due)
    overdue = _overdue(answers.overdue, now, names)
    waiting = _waiting(answers.not_back, now, names)
    return Board(
        title=", ".join((heading, *also)),
        heading=heading,
        also=also,
        numbers=_numbers(groups, waiting, due, overdue),
        groups=tuple(group for group in groups if group.cards),
        empty="" if answers.not_back else _nobody(answers.envelope["complete_to"]),
        waiting=waiting,
        back=back_lines(answers.back, now, names),
        back_since=words.time(now - BACK_WITHIN, now),
        due=due,
        due_by=words.time(now + DUE_WITHIN, now),
        overdue=overdue,
        overdue_since=words.time(now - OVERDUE_WITHIN, now),
        fresh=freshness(answers.envelope, answers.sources),
        questions=_questions(answers.envelope, now),
    )


def _children(items: Sequence[Json]) -> int:
    """Return how many children; an erased one counts by the episode."""
    return len({tuple(item["child"].values()) if item["child"] else item["subject"] for item in items})


def _also(answers: Answers, surely: Sequence[Json]) -> tuple[str, ...]:
    """Return what the heading must not hide."""
    contradicted = sum(bool(item["end_contradicted"]) for item in surely)
    perhaps = _children(answers.not_back) - _children(surely)
    lost = answers.envelope.get("not_assessable", 0)
    said = [f"{contradicted} contradicted"] if contradicted else []
    said += [f"{perhaps} more perhaps not back"] if perhaps else []
    return (*said, *([f"{lost} cannot be worked out"] if lost else []))


def _groups(items: Sequence[Json], now: Instant, names: Mapping[str, str]) -> tuple[Group, ...]:
    lost = [item for item in items if item.get("not_assessable")]
    rest = [item for item in items if not item.get("not_assessable")]
    perhaps = [item for item in rest if item.get("possibly")]
    over = [item for item in rest if item["standing"] not in OPEN and not item.get("possibly")]
    unknown = [item for item in rest if item["standing"] in _UNKNOWN]
    known = [item for item in rest if item["standing"] in OPEN - _UNKNOWN]

    def group(id_: str, heading: str, of: list[Json]) -> Group:
        first = sorted(of, key=lambda item: (not is_contradicted(item), card(item, now, names).order))
        return Group(id=id_, heading=heading, cards=tuple(card(item, now, names) for item in first))

    return (
        group("lost", "Cannot be worked out", lost),
        group("contradicted", "Contradicted: recorded as over, and reported away", over),
        group("unknown", "Whereabouts not known", unknown),
        group("known", "Away or located, not back", known),
        group("perhaps", "Possibly contradicted, perhaps not back", perhaps),
    )


def _numbers(
    groups: tuple[Group, ...],
    waiting: tuple[DutyLine, ...],
    due: tuple[DutyLine, ...],
    overdue: tuple[DutyLine, ...],
) -> tuple[LinkedCount, ...]:
    labels = {"unknown": "whereabouts not known", "known": "away or located, not back"}
    if_any = {"lost": "cannot be worked out", "contradicted": "contradicted", "perhaps": "perhaps not back"}
    shown = [
        LinkedCount(
            len(group.cards), (labels | if_any)[group.id], f"#{group.id}" if group.cards else "#nobody"
        )
        for group in groups
        if group.cards or group.id in labels
    ]
    return (
        *shown,
        LinkedCount(len(waiting), "messages that nobody acknowledged", "#waiting"),
        LinkedCount(len(due), "duties due in 12 hours", "#due"),
        LinkedCount(len(overdue), "episodes fell overdue in 7 days", "#overdue"),
    )


def _nobody(entries: int) -> str:
    return (
        "Nobody is recorded as missing, away, or located and not back."
        f" That is what {words.count(entries, 'entry says', 'entries say')};"
        " a report that no system has sent is not among them."
    )


def _duty(item: Json, now: Instant, names: Mapping[str, str], how: str, *titles: str) -> DutyLine:
    return DutyLine(
        subject=item["subject"],
        child=child(item["child"], names),
        episode=subject(item["subject"], names),
        when=words.moment(item["due"], now) or Said("at a time that is not known"),
        how=how,
        titles=titles or (item["title"],),
    )


def _overdue(items: Sequence[Json], now: Instant, names: Mapping[str, str]) -> tuple[DutyLine, ...]:
    """Return a line for each episode, with what is overdue: many duties are often of one return."""
    places = {item["subject"]: place for place, item in reversed(list(enumerate(items)))}
    ordered = sorted(items, key=lambda item: places[item["subject"]])
    lines = []
    for _, of_one in groupby(ordered, key=lambda item: item["subject"]):
        duties = list(of_one)
        over = words.between(words.elapsed(duties[0]["due"], now))
        titles = [
            f"{duty['title']}{' (possibly)' if duty['verdict'] != 'overdue' else ''}" for duty in duties
        ]
        how = f"{over} over, due" if over else "due"
        lines.append(_duty(duties[0], now, names, how, *dict.fromkeys(titles)))
    return tuple(lines)


def _waiting(items: Sequence[Json], now: Instant, names: Mapping[str, str]) -> tuple[DutyLine, ...]:
    """Return a line for each message, the longest silence first."""
    messages = [(each, item) for item in items for each in item.get("waiting", ()) if is_message(each)]
    return tuple(
        DutyLine(
            subject=item["subject"],
            child=child(item["child"], names),
            episode=subject(item["subject"], names),
            when=words.moment(each["since"], now) or Said("a time that is not known"),
            how=silence(each, now),
            titles=(in_words(each, names),),
        )
        for each, item in sorted(messages, key=lambda pair: pair[0]["since"]["earliest"])
    )


def _questions(envelope: Json, now: Instant) -> tuple[str, ...]:
    """Return the questions of the interface for programs that this page answers, as addresses."""
    back, from_, before = (
        words.time(at, now).at for at in (now - BACK_WITHIN, now - OVERDUE_WITHIN, now + DUE_WITHIN)
    )
    times = f"as_at={envelope['as_at']}&known_at=position:{envelope['known_at']}"
    return (
        f"/v1/episodes?open=true&limit=500&{times}",
        f"/v1/episodes?open=false&ended_from={back}&limit=500&{times}",
        f"/v1/obligations?verdict=due&due_before={before}&limit=500&{times}",
        f"/v1/obligations?verdict=overdue&due_from={from_}&limit=500&{times}",
        f"/v1/quality/sources?limit=500&{times}",
    )
