"""Telling an episode: its entries with what each changed, where it stands, and its duties, to whoever may see what.

`story` puts it into words; an evidence bundle carries it as it is.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from application.access.scope import Scope
from application.answers.as_json import Json
from application.queries.episodes.episode_reader import EpisodeReader, MayOpen
from application.queries.episodes.person_loader import KnownAt
from domain.entries.entry import Entry
from domain.facts import of_type
from domain.facts.member_walk import children
from domain.moment import Instant


class Visibility(NamedTuple):
    """What a reader may see. Without `may_open` everything personal stays sealed, and who the child is too."""

    scope: Scope = None
    may_open: MayOpen | None = None


def episode_report(
    reader: EpisodeReader,
    subject: str,
    seeing: Visibility,
    as_at: Instant,
    known: KnownAt,
    *,
    by_happened: bool = False,
) -> Json:
    """The episode of a subject; NotFound outside the scope, or when nothing was known of it."""
    history = reader.history(
        subject, seeing.scope, known, seeing.may_open or _nothing, by_happened=by_happened
    )
    episode = reader.episode(subject, seeing.scope, as_at, known)
    steps = history["items"]
    if seeing.may_open is None:
        del episode["child"]  # a child's reference is sealed like any personal value
        steps = [_sealed(step) for step in steps]
    return {
        "subject": subject,
        "steps": steps,
        "episode": episode,
        "obligations": reader.timeline(subject, seeing.scope, as_at, known)["obligations"],
    }


def _nothing(_entry: Entry, _authority: str | None) -> bool:
    return False


def _sealed(step: dict[str, Any]) -> dict[str, Any]:
    """A step without the children's references, which are named among what is withheld."""
    event = step["event"]
    cls = of_type(event["type"])
    names = {found.path[0] for found in children(cls, event["data"])} if cls is not None else set()
    data = {name: value for name, value in event["data"].items() if name not in names}
    return {**step, "event": {**event, "data": data}, "withheld": sorted({*step["withheld"], *names})}
