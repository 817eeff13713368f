"""An episode's history as a text in plain words. Times are those of Europe/London."""

from __future__ import annotations

from collections.abc import Iterator

from application.answers import narrative as recounted
from application.answers.as_json import Json


def story(told: Json, *, backwards: bool = False) -> str:
    """All of it: what was recorded step by step, where it stands, what is due. `backwards`: the last step first."""
    steps = recounted.steps(told)[:: -1 if backwards else 1]
    lines = [line for step in steps for line in _step(step)]
    return "\n".join([*recounted.heading(told), *lines, "", *_outcome(told)])


def _step(step: recounted.Step) -> Iterator[str]:
    yield ""
    yield step.title
    yield from (f"   {label:<10}{words}" for label, words in step.rows)


def _outcome(told: Json) -> Iterator[str]:
    """Where the episode stands, who disagrees with whom, and its duties."""
    first, *more = recounted.standing(told["episode"])
    yield first
    yield from (f"  {line}" for line in more)
    if contested := recounted.disagreements(told):
        yield ""
        yield "Who disagrees with whom:"
        yield from (f"  {each.between}\n    {each.state}" for each in contested)
    yield ""
    duties = recounted.duties(told)
    yield "Duties:" if duties else "Duties: none under this rulebook."
    for duty in duties:
        yield f"  {duty.verdict}: {duty.title} [{duty.rule}]"
        yield from (f"    {line}" for line in (duty.explanation, duty.source, *duty.moved))
