"""The readable page of a bundle: the story, what is withheld, who looked, and how to check it. No scripts."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from jinja2 import Environment, StrictUndefined

from application.evidence.gathering import Gathered
from application.story import outcome, story

_TEMPLATE: Final = Environment(
    autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
).from_string(Path(__file__).with_name("page.html").read_text("utf-8"))


def page(gathered: Gathered) -> str:
    """The page, everything in it escaped."""
    known = [] if gathered.known is None else gathered.known["episodes"]
    return _TEMPLATE.render(
        about=gathered.about,
        now=gathered.now,
        known=gathered.known,
        stories=[story(told) for told in gathered.now["episodes"]],
        then=[(told["subject"], outcome(told)) for told in known],
        withheld=gathered.withheld,
        readings=[reading.item for reading in gathered.readings],
        checkpoint=gathered.checkpoint,
        keys=list(gathered.stated("key").values()),
        lines=len(gathered.lines),
    )
