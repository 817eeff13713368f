"""An episode's history in plain words, of what `telling` tells. Times are those of Europe/London."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from domain.assessment.explain import instant_text, when
from domain.moment import instant, read_moment

_ENVELOPE: Final = ("child", "happened", "learned_at", "asserted_by", "basis", "handling")
"""Members of `data` that are told in a place of their own."""

Json = dict[str, Any]


def story(told: Json, *, backwards: bool = False) -> str:
    """All of it: what was recorded step by step, where it stands, what is due. `backwards`: the last step first."""
    titles = {duty["rule"]: duty["title"] for duty in told["obligations"]}
    steps = [*enumerate(told["steps"], 1)]
    return "\n".join(
        [
            *_heading(told),
            *(
                line
                for number, step in steps[:: -1 if backwards else 1]
                for line in _step(number, step, titles)
            ),
            "",
            outcome(told),
        ]
    )


def outcome(told: Json) -> str:
    """Where the episode stands, who disagrees with whom, and its duties."""
    return "\n".join(
        [*_standing(told["episode"]), *_disagreements(told), "", *_duties(told["obligations"], told["steps"])]
    )


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
    yield f"{number}. {_type(event)}: happened {_happened(event)}"
    if "learned_at" in data:
        yield f"   learned   {when(read_moment(data['learned_at']))}"
    yield f"   recorded  {_time(step['recorded_at'])}, position {step['position']:,}"
    yield f"   said by   {_said_by(step)}"
    yield from _thread(step)
    said = _flat({name: value for name, value in data.items() if name not in _ENVELOPE})
    if told := "; ".join(f"{name} {value}" for name, value in said):
        yield f"   says      {told}"
    if sealed := [name for name in step["withheld"] if name != "child"]:
        yield f"   sealed    {', '.join(sealed)}"
    yield from _changes(step, titles)


def _thread(step: Json) -> Iterator[str]:
    """What the entry is about, and what is about it."""
    if "target" in step:
        yield f"   about     {_entry(step['target'])}"
    for other in step["targeted_by"]:
        yield f"   see       {_entry(other)}"


def _entry(other: Json) -> str:
    """Another entry: where, what, whose."""
    return f"position {other['position']:,}: {_type(other)}, recorded for {other['by']}"


def _type(entry: Json) -> str:
    return _words(entry["type"].split(".")[1])


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
        yield f"   duty      {titles.get(moved['rule'], moved['rule'])}: {_change(moved)}"
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


def _disagreements(told: Json) -> Iterator[str]:
    """Who contests what: disputes, and attempts to change another's entry without being entitled to."""
    open_ = told["episode"]["disputes"]
    contesting = [
        step
        for step in told["steps"]
        if "target" in step and (_type(step["event"]) == "disputed" or step["position"] in open_)
    ]
    if contesting:
        yield ""
        yield "Who disagrees with whom:"
    for step in contesting:
        by = step["event"]["data"].get("by")
        who = f"{step['by']} ({_words(by)})" if by else step["by"]
        state = "not settled" if step["position"] in open_ else "settled or withdrawn"
        yield f"  {who} with {_entry(step['target'])}"
        yield f"    {_type(step['event'])} at position {step['position']:,}; {state}"


def _duties(obligations: list[Json], steps: list[Json]) -> Iterator[str]:
    yield "Duties:" if obligations else "Duties: none that the rulebook knows of."
    for duty in obligations:
        perhaps = " (possibly overdue)" if duty["possibly"] else ""
        yield f"  {_words(duty['verdict'])}{perhaps}: {duty['title']} [{duty['rule']}]"
        yield f"    {duty['explanation']}"
        yield f"    {duty['source']}"
        yield from _moved(duty, steps)


def _moved(duty: Json, steps: list[Json]) -> Iterator[str]:
    """By which entries the verdict became another one, as things stood when each was recorded: the thread back."""
    for step in steps:
        for each in step["verdicts"]:
            if (each["rule"], each["trigger"]) == (duty["rule"], duty["trigger"]):
                yield f"    {_type(step['event'])} at position {step['position']:,}: {_change(each)}"


def _change(moved: Json) -> str:
    return f"{_words(moved.get('before', 'none'))} -> {_words(moved.get('after', 'none'))}"


def _flat(data: Json, before: str = "") -> Iterator[tuple[str, str]]:
    """Members with their values in words; those of an object by their path."""
    for name, value in data.items():
        path = f"{before}{_words(name)}"
        if isinstance(value, dict) and not (value and set(value) <= {"earliest", "latest", "date"}):
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
