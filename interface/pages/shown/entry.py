"""An entry of a story: what was said, by whom, when it was recorded, and what it changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from domain.moment import Instant, instant, read_moment, rfc3339
from interface.pages import words
from interface.pages.shown.names import Name, name
from interface.pages.words import Said

Json = Mapping[str, Any]
_CODE: Final = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt]\S+", re.ASCII)
_ELSEWHERE: Final = frozenset({"child", "learned_at", "asserted_by", "basis", "happened", "target"})
"""Members that the line of an entry says, or that are its references."""


class SaidMember(NamedTuple):
    """One member of an entry, in words or marked as a code."""

    label: str
    value: Name


class Mention(NamedTuple):
    """Another entry that this one is about, or that is about this one."""

    text: str
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryShown:
    """One entry."""

    position: int
    title: str
    happened: Said | None
    by: Name
    how: str
    recorded: Said
    late: str
    changes: tuple[str, ...]
    texts: tuple[SaidMember, ...]
    """The words that people wrote."""
    facts: tuple[SaidMember, ...]
    withheld: tuple[str, ...]
    mentions: tuple[Mention, ...]
    is_retracted: bool
    then: str
    """The address of the story as the ledger knew it with this entry."""


def entry(step: Json, now: Instant, names: Mapping[str, str], titles: Mapping[str, str]) -> EntryShown:
    """Return an entry of a history; `titles`: of the rules that judge."""
    event = step["event"]
    data, happened = event["data"], happened_at(event)
    said_by = data.get("asserted_by", {})
    facts = list(_facts(data, names))
    about = step["targeted_by"]
    return EntryShown(
        position=step["position"],
        title=title(step["type"]),
        happened=words.moment(happened, now),
        by=name(said_by.get("organisation", step["by"]), names),
        how=", ".join(words.plain(said) for said in (said_by.get("role"), data.get("basis")) if said),
        recorded=words.time(instant(step["recorded_at"]), now, seconds=True),
        late=_late(step, happened),
        changes=tuple(_changes(step, titles)),
        texts=tuple(fact for fact in facts if " " in fact.value.text and fact.value.is_code),
        facts=tuple(fact for fact in facts if not (" " in fact.value.text and fact.value.is_code)),
        withheld=tuple(_withheld(step)),
        mentions=tuple(_mentions(step)),
        is_retracted=any(title(each["type"]) == "Retracted" for each in about),
        then=f"?known_at=position:{step['position']}&as_at={step['recorded_at']}",
    )


def title(type_: str) -> str:
    """Return the type of an entry in words."""
    return words.capital(words.plain(type_.removeprefix("missing-episode.").rpartition(".v")[0] or type_))


def happened_at(event: Json) -> dict[str, str]:
    """Return when it happened, as an answer says a moment; empty where the event does not say."""
    told = event["data"].get("happened", event.get("time"))
    if told is None:
        return {}
    return {end: rfc3339(at) for end, at in read_moment(told)._asdict().items() if at is not None}


def _late(step: Json, happened: Mapping[str, str]) -> str:
    """Return how late it came, where that is later than the rule allows."""
    if "latest" not in happened or all(each["finding"] != "recorded_late" for each in step["findings"]):
        return ""
    return f"{words.duration(max(0, instant(step['recorded_at']) - instant(happened['latest'])))} late"


def _changes(step: Json, titles: Mapping[str, str]) -> Iterator[str]:
    before, after = step["standing"]["before"], step["standing"]["after"]
    if before != after:
        yield f"Standing: {words.plain(before)} → {words.plain(after)}"
    for each in step["verdicts"]:
        duty = titles.get(each["rule"], words.capital(words.plain(each["rule"])))
        moved = [words.plain(each[end]) for end in ("before", "after") if end in each]
        gone = ", a new duty" if "before" not in each else "" if "after" in each else ", no duty any more"
        yield f"{duty}: {' → '.join(moved)}{gone}"


def _withheld(step: Json) -> Iterator[str]:
    for path in step["withheld"]:
        yield f"{words.capital(words.plain(path.replace('/', ', ')))}: withheld, not for your role"
    for path in step.get("unreadable", ()):
        yield f"{words.capital(words.plain(path.replace('/', ', ')))}: cannot be opened, by a fault of ours"


def _mentions(step: Json) -> Iterator[Mention]:
    if "target" in step:
        yield Mention("Is about", step["target"]["position"])
    for each in step["targeted_by"]:
        yield Mention(f"{title(each['type'])} by", each["position"])


def _facts(value: Json, names: Mapping[str, str], above: str = "") -> Iterator[SaidMember]:
    for member, inner in value.items():
        if not above and member in _ELSEWHERE:
            continue
        label = f"{above}, {words.plain(member)}" if above else words.capital(words.plain(member))
        if isinstance(inner, dict):
            yield from _facts(inner, names, label)
            continue
        for each in inner if isinstance(inner, list) else [inner]:
            if isinstance(each, dict):
                yield from _facts(each, names, label)
            elif each is not None:
                yield SaidMember(label, _value(each, names))


def _value(value: Any, names: Mapping[str, str]) -> Name:
    """Return a value in words; what stands as it was written is marked."""
    if isinstance(value, bool):
        return Name("yes" if value else "no")
    text = str(value)
    if text in names:
        return Name(names[text])
    if _CODE.fullmatch(text):
        return Name(words.plain(text))
    if _TIME.fullmatch(text):
        return Name(words.time(instant(text), instant(text)).text)
    return Name(text, is_code=not isinstance(value, int | float))
