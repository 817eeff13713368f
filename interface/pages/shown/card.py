"""A card of Tonight: one child who is not back, and what is not recorded about the absence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from domain.moment import Instant
from domain.vocabulary import OPEN, UNKNOWN
from interface.pages import words
from interface.pages.shown.names import Name, Reference, child, name, subject
from interface.pages.shown.waiting import in_words
from interface.pages.words import Length, Said

_STANDINGS: Final = {
    "absence_noticed": ("Absence noticed", "orange"),
    "missing": ("Missing", "red"),
    "away": ("Away", "yellow"),
    "located": ("Located, not back", "blue"),
    "returned": ("Recorded as back", "grey"),
    "ended": ("Recorded as ended", "grey"),
}
_RISKS: Final = {"high": 0, None: 1, "medium": 2, "low": 3, "no_apparent_risk": 4}
"""The order of cards: a risk that nobody assessed stands below high and above medium."""
_COLOURS: Final = {"high": "red", None: "purple", "medium": "orange"}
_SEEN_BY: Final = {"responsible_adult": "a responsible adult", "other": "somebody else"}
_AGES: Final = {
    "under_12": "Under 12",
    "12_to_15": "12 to 15 years",
    "16_to_17": "16 or 17 years",
    "18_and_over": "18 or over",
}
_LONGEST: Final = 2**62


class Tag(NamedTuple):
    """A word in a coloured box."""

    text: str
    colour: str


class Remark(NamedTuple):
    """A sentence, and the time that belongs to it."""

    text: str
    at: Said | None = None


class LastNews(NamedTuple):
    """The fact that happened last: how long ago, its type, and for whom it was recorded."""

    ago: str
    what: str
    by: Name


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One child."""

    subject: str
    """As the interface for programs has it, for tests and for the anchor."""
    child: Reference | None
    episode: Reference
    others: tuple[Reference, ...]
    tags: tuple[Tag, ...]
    away: str
    """How long; empty where it is not known or in dispute."""
    since: Remark
    last_seen: Said | None
    last_seen_by: str
    """The words after it; empty where nobody said."""
    about: tuple[str, ...]
    """The age, the placement and the home."""
    heard: LastNews | None
    responsible: Name | None
    host: Name | None
    """The host authority, if it is another one."""
    wrong: tuple[Remark, ...]
    """Why an entry contradicts another, or why the episode cannot be worked out."""
    missing: tuple[Remark, ...]
    """Sentences about what is not recorded."""
    next_due: Said | None
    short: bool
    """Listed only because a report may be after the end: said in few words."""
    order: tuple[int, int]
    """By risk, then the longest absence; of those that are perhaps not back, the latest."""


def card(item: Mapping[str, Any], now: Instant, names: Mapping[str, str]) -> Card:
    """Return the card of an episode of a list."""
    responsible, host = item.get("responsible_authority"), item.get("host_authority")
    length = words.elapsed(item.get("since"), now) if item["standing"] in OPEN else None
    return Card(
        subject=item["subject"],
        child=child(item["child"], names),
        episode=subject(item["subject"], names),
        others=tuple(subject(other, names) for other in item["linked"]),
        tags=_tags(item),
        away=words.between(length),
        since=Remark(_since(item), words.moment(item.get("since"), now)),
        last_seen=words.moment(item.get("last_seen"), now),
        last_seen_by=_seen_by(item.get("last_seen_by")),
        about=_about(item),
        heard=_heard(item.get("last_heard"), now, names),
        responsible=None if responsible is None else name(responsible, names),
        host=None if host in {None, responsible} else name(host, names),
        wrong=_wrong(item),
        missing=(*_missing(item), *_waits(item, now, names)),
        next_due=words.moment(item.get("next_due"), now),
        short=item.get("possibly", False),
        order=_order(item, length, now),
    )


def _order(item: Mapping[str, Any], length: Length | None, now: Instant) -> tuple[int, int]:
    if item.get("possibly"):
        over = words.elapsed(item.get("since"), now)
        return 0, _LONGEST if over is None else over.least
    return _RISKS.get(_risk(item), _RISKS[None]), -(_LONGEST if length is None else length.most)


def is_contradicted(item: Mapping[str, Any]) -> bool:
    """Return whether the child is listed because, or although, entries disagree about the end."""
    return bool(item["end_contradicted"] or item["end_possibly_contradicted"])


def _seen_by(code: str | None) -> str:
    if code is None or code in UNKNOWN:
        return ""
    return f"by {_SEEN_BY.get(code, words.plain(code))}"


def _about(item: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the age at the start, the kind of placement, and the home."""
    age, placement = item.get("age_band"), item.get("placement", {})
    said = [] if age is None else [_AGES[age]]
    said += [
        words.capital(words.plain(placement[name])) for name in ("type", "distance") if name in placement
    ]
    said += [f"home {placement['urn']}"] if "urn" in placement else []
    return (*said, *([f"provider {placement['provider']}"] if "provider" in placement else []))


def _heard(value: Mapping[str, Any] | None, now: Instant, names: Mapping[str, str]) -> LastNews | None:
    if value is None:
        return None
    what = words.plain(value["type"].removeprefix("missing-episode.").rpartition(".")[0])
    return LastNews(words.between(words.elapsed(value["at"], now)), what, name(value["by"], names))


def _waits(item: Mapping[str, Any], now: Instant, names: Mapping[str, str]) -> tuple[Remark, ...]:
    """Return each message without a reply, and each action and risk review past its time, with its time."""
    return tuple(
        Remark(f"{in_words(each, names)}:", words.moment(each["since"], now))
        for each in item.get("waiting", ())
    )


def _standing(item: Mapping[str, Any]) -> str:
    return _STANDINGS.get(item["standing"], (words.capital(words.plain(item["standing"])), "grey"))[0]


def _since(item: Mapping[str, Any]) -> str:
    """Return what began then, as the beginning of a sentence."""
    return f"{_standing(item)} since" if item["standing"] in OPEN else _standing(item)


def _risk(item: Mapping[str, Any]) -> str | None:
    """Return the highest of the risks now, over all schemes; None where nobody assessed any."""
    levels = [scheme["current"] for scheme in item["risk"].values()]
    known = [level for level in levels if level in _RISKS]
    return min(known, key=lambda level: _RISKS[level]) if known else levels[0] if levels else None


def _tags(item: Mapping[str, Any]) -> tuple[Tag, ...]:
    standing, risk = item["standing"], _risk(item)
    colour = _STANDINGS.get(standing, ("", "grey"))[1]
    tags = [Tag(_standing(item), colour), Tag(_risk_words(risk), _COLOURS.get(risk, "grey"))]
    if item.get("not_assessable"):
        tags.insert(0, Tag("Cannot be worked out", "red"))
    if item["end_contradicted"]:
        tags.insert(0, Tag("Contradicted", "magenta"))
    elif item["end_possibly_contradicted"]:
        tags.insert(0, Tag("Possibly contradicted", "magenta"))
    if item["disputes"]:
        tags.append(Tag("Disputed", "purple"))
    return tuple(tags)


def _risk_words(risk: str | None) -> str:
    if risk is None:
        return "Risk not assessed"
    text = words.capital(words.plain(risk))
    return text if "risk" in risk else f"{text} risk"


def _wrong(item: Mapping[str, Any]) -> tuple[Remark, ...]:
    said = []
    if item.get("not_assessable"):
        text = "This episode cannot be worked out, by a fault of ours. Ring."
        said.append(Remark(f"{text} It is shown as of entry {item['position']:,}."))
    if item["end_contradicted"]:
        text = f"Recorded as over, and {_entries(item['end_contradicted'])} the child away after that."
        said.append(Remark(f"{text} A correction or a further report settles it."))
    if item["end_possibly_contradicted"]:
        text = words.capital(_entries(item["end_possibly_contradicted"]))
        said.append(Remark(f"{text} the child away, perhaps after that. The exact times would settle it."))
    return tuple(said)


def _entries(positions: list[int]) -> str:
    numbers = ", ".join(f"{position:,}" for position in positions)
    return f"entry {numbers} reports" if len(positions) == 1 else f"entries {numbers} report"


def _missing(item: Mapping[str, Any]) -> tuple[Remark, ...]:
    said, police = [], item["police"]
    if item["standing"] == "absence_noticed":
        said.append("Noticed absent, and nothing recorded since of a report or of coming back")
    if "reported" not in police:
        said.append("Not recorded: the police were told")
    elif "accepted" not in police:
        said.append("Police told; not recorded whether they accepted it")
    if _risk(item) is None:
        said.append("Not recorded: a risk assessment")
    if "last_seen" not in item:
        said.append("Not recorded: when the child was last seen")
    if "responsible_authority" not in item:
        said.append("Not recorded: the responsible authority")
    return tuple(Remark(text) for text in said)
