"""An episode's history in plain words, of what `telling` tells. Times are those of Europe/London."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from domain.assessment.explain import instant_text, when
from domain.moment import instant, read_moment

_ENVELOPE: Final = ("child", "happened", "learned_at", "asserted_by", "basis", "handling")
"""Members of `data` that are told in a place of their own."""

Json = dict[str, Any]


def story(told: Json) -> str:
    """The whole of it: what was recorded step by step, where it stands, what is due."""
    titles = {duty["rule"]: duty["title"] for duty in told["obligations"]}
    return "\n".join(
        [
            *_heading(told),
            *(line for number, step in enumerate(told["steps"], 1) for line in _step(number, step, titles)),
            "",
            outcome(told),
        ]
    )


def outcome(told: Json) -> str:
    """Where the episode stands, and its duties."""
    return "\n".join([*_standing(told["episode"]), "", *_duties(told["obligations"])])


def _heading(told: Json) -> Iterator[str]:
    episode = told["episode"]
    yield f"Episode {told['subject']}, as at {_time(episode['as_at'])},"
    yield f"as known at position {episode['known_at']:,} of {episode['ledger_size']:,}. Times are London's."
    if episode["linked"]:
        yield f"The same episode is told as {', '.join(episode['linked'])} too."
    if "child" in episode:
        child = episode["child"]
        yield (
            "The child is erased."
            if child is None
            else f"The child is {child['scheme']}/{child['reference']}."
        )
    else:
        yield "Who the child is and other personal values are sealed; what was given is named after `sealed`."


def _step(number: int, step: Json, titles: dict[str, str]) -> Iterator[str]:
    event, data = step["event"], step["event"]["data"]
    yield ""
    yield f"{number}. {_words(event['type'].split('.')[1])}: happened {_happened(event)}"
    if "learned_at" in data:
        yield f"   learned   {when(read_moment(data['learned_at']))}"
    yield f"   recorded  {_time(step['recorded_at'])}, position {step['position']:,}"
    yield f"   said by   {_said_by(step)}"
    said = _flat({name: value for name, value in data.items() if name not in _ENVELOPE})
    if told := "; ".join(f"{name} {value}" for name, value in said):
        yield f"   says      {told}"
    if sealed := [name for name in step["withheld"] if name != "child"]:
        yield f"   sealed    {', '.join(sealed)}"
    yield from _changes(step, titles)


def _happened(event: Json) -> str:
    return when(read_moment(event.get("time") or event["data"]["happened"]))


def _said_by(step: Json) -> str:
    event, data = step["event"], step["event"]["data"]
    who = data.get("asserted_by", {})
    asserted = [_words(who[name]) for name in ("role", "organisation") if name in who]
    parts = [
        f"{' of '.join(asserted)}, recorded for {step['by']}" if asserted else step["by"],
        f"source {event['source']}, id {event['id']}",
        *(f"{name} {_words(data[name])}" for name in ("basis", "handling") if name in data),
    ]
    return "; ".join(parts)


def _changes(step: Json, titles: dict[str, str]) -> Iterator[str]:
    """What the entry changed, as things stood when it was recorded."""
    before, after = step["standing"]["before"], step["standing"]["after"]
    changed = before != after
    if changed:
        yield f"   standing  {_words(before)} -> {_words(after)}"
    for moved in step["verdicts"]:
        told = f"{_words(moved.get('before', 'none'))} -> {_words(moved.get('after', 'none'))}"
        yield f"   duty      {titles.get(moved['rule'], moved['rule'])}: {told}"
    for found in step["findings"]:
        others = [position for position in found["positions"] if position != step["position"]]
        beside = f" (with position {', '.join(map(str, others))})" if 0 < len(others) < 4 else ""
        yield f"   finding   {_words(found['finding'])}{beside}"
    if not (changed or step["verdicts"]):
        yield "   changed   nothing in standing or duties"


def _standing(episode: Json) -> Iterator[str]:
    since = f" since {when(read_moment(episode['since']))}" if "since" in episode else ""
    yield f"Where it stands: {_words(episode['standing'])}{since}."
    for name in ("started", "last_seen"):
        if name in episode:
            yield f"  {_words(name)} {when(read_moment(episode[name]))}"
    for name in ("responsible_authority", "host_authority"):
        if name in episode:
            yield f"  {_words(name)} {episode[name]}"
    for name in ("category", "risk", "police"):
        if found := [f"{key} {value}" for key, value in _flat(episode[name])]:
            yield f"  {name}: {'; '.join(found)}"
    if episode["end_contradicted"]:
        yield f"  its end is contradicted by position {', '.join(map(str, episode['end_contradicted']))}"


def _duties(obligations: list[Json]) -> Iterator[str]:
    yield "Duties:" if obligations else "Duties: none that the rulebook knows of."
    for duty in obligations:
        perhaps = " (possibly overdue)" if duty["possibly"] else ""
        yield f"  {_words(duty['verdict'])}{perhaps}: {duty['title']} [{duty['rule']}]"
        yield f"    {duty['explanation']}"
        yield f"    {duty['source']}"


def _flat(data: Json, before: str = "") -> Iterator[tuple[str, str]]:
    """Members with their values in words; those of an object by their path."""
    for name, value in data.items():
        path = f"{before}{_words(name)}"
        if isinstance(value, dict) and not set(value) <= {"earliest", "latest", "date"}:
            yield from _flat(value, f"{path} ")
        else:
            yield path, _value(value)


def _value(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_value, value))
    if isinstance(value, dict):
        return when(read_moment(value))
    if value is None:
        return "withdrawn"
    try:
        return instant_text(instant(value))
    except ValueError:
        return _words(str(value))


def _words(code: str) -> str:
    """A code as words; one that holds digits or capitals is a name, and stays as it is."""
    words = code.replace("_", " ").replace("-", " ")
    return words if words.replace(" ", "").isalpha() and words.islower() else code


def _time(text: str) -> str:
    return instant_text(instant(text))
