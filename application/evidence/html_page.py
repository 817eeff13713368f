"""The readable page of a bundle: the story, withheld values, readings, and how to check it. No scripts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from jinja2 import Environment, StrictUndefined

from application.answers import narrative as recounted
from application.answers.as_json import Json
from application.answers.wording import time_of
from application.evidence.collector import BundleContents

_PAGES: Final = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
_PAGES.filters["time"] = time_of
_TEMPLATE: Final = _PAGES.from_string(Path(__file__).with_name("page.html").read_text("utf-8"))


def page(gathered: BundleContents) -> str:
    """The page, everything in it escaped."""
    reports = gathered.reports
    known = [] if reports.known is None else reports.known["episodes"]
    return _TEMPLATE.render(
        about=gathered.about,
        now=reports.now,
        known=reports.known,
        stories=[_recounted(each) for each in reports.now["episodes"]],
        then=[_recounted(each) for each in known],
        withheld=gathered.withheld,
        readings=[reading.item for reading in gathered.looked.readings],
        checkpoint=gathered.checkpoint.note,
        access_checkpoint=None if gathered.looked.proved is None else gathered.looked.proved.checkpoint,
        keys=_keys(gathered.stated("key")),
        lines=len(gathered.proved.lines),
    )


def _recounted(report: Json) -> Json:
    """An episode in plain words, part by part."""
    return {
        "subject": report["subject"],
        "heading": [*recounted.heading(report)],
        "steps": recounted.steps(report),
        "standing": [*recounted.standing(report["episode"])],
        "disagreements": recounted.disagreements(report),
        "duties": recounted.duties(report),
    }


def _keys(stated: Mapping[int, str]) -> list[tuple[int, int | None, str]]:
    """From which entry on each key is good, and up to which; None for the last."""
    ends = [position - 1 for position in stated][1:]
    return [(begin, end, key) for (begin, key), end in zip(stated.items(), [*ends, None], strict=True)]
