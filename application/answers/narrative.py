"""An episode recounted in plain words, part by part: its steps, where it stands, who disagrees, its duties.

Of what `telling` tells. `story` makes a text of it, an evidence bundle a page.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from application.answers.as_json import Json
from application.answers.wording import flat, time_of, words
from domain.assessment.obligations.time_words import when
from domain.moment import read_moment

_ENVELOPE: Final = ("child", "happened", "learned_at", "asserted_by", "basis", "handling")
"""Members of `data` that have a row of their own."""


class Step(NamedTuple):
    """An entry, with what it says and changed: a sentence, and rows of a label and words."""

    title: str
    rows: list[tuple[str, str]]


class Disagreement(NamedTuple):
    """Somebody contests an entry."""

    between: str
    state: str


class Duty(NamedTuple):
    """A duty, its verdict, and by which entries that became another one."""

    verdict: str
    title: str
    rule: str
    explanation: str
    source: str
    moved: list[str]


def heading(told: Json) -> Iterator[str]:
    """Which episode it is, as at and as known when, and whose."""
    episode = told["episode"]
    yield f"Episode {told['subject']}, as at {time_of(episode['as_at'])},"
    yield f"as known at position {episode['known_at']:,} of {episode['ledger_size']:,}. Times are London's."
    if episode["linked"]:
        yield f"Also recorded under {', '.join(episode['linked'])}."
    if "child" in episode:
        child = episode["child"]
        yield (
            "The child is erased."
            if child is None
            else f"The child is {child['scheme']}/{child['reference']}."
        )
    else:
        yield "Who the child is and other personal values are sealed; what was given is named after `sealed`."


def steps(told: Json) -> list[Step]:
    """Return each entry, in the order of the steps."""
    titles = {duty["rule"]: duty["title"] for duty in told["obligations"]}
    return [
        Step(f"{number}. {_type(step['event'])}: happened {_happened(step['event'])}", [*_rows(step, titles)])
        for number, step in enumerate(told["steps"], 1)
    ]


def standing(episode: Json) -> Iterator[str]:
    """Return where the episode stands: a sentence, then what else is known."""
    since = f" since {when(read_moment(episode['since']))}" if "since" in episode else ""
    yield f"Where it stands: {words(episode['standing'])}{since}."
    for name in ("started", "last_seen"):
        if name in episode:
            yield f"{words(name)} {when(read_moment(episode[name]))}"
    for name in ("responsible_authority", "host_authority"):
        if name in episode:
            yield f"{words(name)} {episode[name]}"
    for name in ("category", "risk", "police"):
        if found := [f"{key} {value}" for key, value in flat(episode[name])]:
            yield f"{name}: {'; '.join(found)}"
    yield from _contradictions(episode)


def _contradictions(episode: Json) -> Iterator[str]:
    for name, how in (
        ("end_contradicted", "contradicted"),
        ("end_possibly_contradicted", "possibly contradicted"),
    ):
        if positions := episode[name]:
            yield f"its end is {how} by position {', '.join(map(str, positions))}"


def disagreements(told: Json) -> list[Disagreement]:
    """Who contests what: disputes, and attempts to change another's entry without being entitled to."""
    open_ = told["episode"]["disputes"]
    contesting = [
        step
        for step in told["steps"]
        if "target" in step and (_type(step["event"]) == "disputed" or step["position"] in open_)
    ]
    return [_disagreement(step, is_open=step["position"] in open_) for step in contesting]


def duties(told: Json) -> list[Duty]:
    """Return every duty with its calculation."""
    return [
        Duty(
            f"{words(duty['verdict'])}{' (possibly overdue)' if duty['possibly'] else ''}",
            duty["title"],
            duty["rule"],
            duty["explanation"],
            duty["source"],
            [*_moved(duty, told["steps"])],
        )
        for duty in told["obligations"]
    ]


def _rows(step: Json, titles: dict[str, str]) -> Iterator[tuple[str, str]]:
    data = step["event"]["data"]
    if "learned_at" in data:
        yield "learned", when(read_moment(data["learned_at"]))
    yield "recorded", f"{time_of(step['recorded_at'])}, position {step['position']:,}"
    yield "said by", _said_by(step)
    if "target" in step:
        yield "about", _entry(step["target"])
    yield from (("see", _entry(other)) for other in step["targeted_by"])
    said = flat({name: value for name, value in data.items() if name not in _ENVELOPE})
    if told := "; ".join(f"{name} {value}" for name, value in said):
        yield "says", told
    if sealed := [name for name in step["withheld"] if name != "child"]:
        yield "sealed", ", ".join(sealed)
    if "unreadable" in step:
        yield "unreadable", ", ".join(step["unreadable"])
    yield from _changes(step, titles)


def _entry(other: Json) -> str:
    """Another entry: where, what, whose."""
    return f"position {other['position']:,}: {_type(other)}, recorded for {other['by']}"


def _type(entry: Json) -> str:
    return words(entry["type"].split(".")[1])


def _happened(event: Json) -> str:
    return when(read_moment(event.get("time") or event["data"]["happened"]))


def _said_by(step: Json) -> str:
    event, data = step["event"], step["event"]["data"]
    who = data.get("asserted_by", {})
    asserted = [words(who[name]) for name in ("role", "organisation") if name in who]
    parts = [
        f"{' of '.join(asserted)}, recorded for {step['by']}" if asserted else step["by"],
        f"source {event['source']}, id {event['id']}",
        *(f"{name} {words(data[name])}" for name in ("basis", "handling") if name in data),
    ]
    return "; ".join(parts)


def _changes(step: Json, titles: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what the entry changed, as things stood when it was recorded."""
    before, after = step["standing"]["before"], step["standing"]["after"]
    if before != after:
        yield "standing", f"{words(before)} -> {words(after)}"
    for moved in step["verdicts"]:
        yield "duty", f"{titles.get(moved['rule'], moved['rule'])}: {_change(moved)}"
    for found in step["findings"]:
        others = [position for position in found["positions"] if position != step["position"]]
        beside = f" (with position {', '.join(map(str, others))})" if 0 < len(others) < 4 else ""
        yield "finding", f"{words(found['finding'])}{beside}"
    if before == after and not step["verdicts"]:
        yield "changed", "nothing in standing or duties"


def _disagreement(step: Json, *, is_open: bool) -> Disagreement:
    by = step["event"]["data"].get("by")
    who = f"{step['by']} ({words(by)})" if by else step["by"]
    state = "not settled" if is_open else "settled or withdrawn"
    return Disagreement(
        f"{who} with {_entry(step['target'])}",
        f"{_type(step['event'])} at position {step['position']:,}; {state}",
    )


def _moved(duty: Json, told: list[Json]) -> Iterator[str]:
    """By which entries the verdict became another one, as things stood when each was recorded: the thread back."""
    for step in told:
        for each in step["verdicts"]:
            if (each["rule"], each["trigger"]) == (duty["rule"], duty["trigger"]):
                yield f"{_type(step['event'])} at position {step['position']:,}: {_change(each)}"


def _change(moved: Json) -> str:
    return f"{words(moved.get('before', 'none'))} -> {words(moved.get('after', 'none'))}"
