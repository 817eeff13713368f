"""The report of an episode: its entries with what each changed, where it stands, and its duties.

`narrative_text` puts it into words; an evidence bundle carries it as it is.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from application.access.scope import Scope
from application.answers.disclosures import DisclosingAnswer, disclosed_by
from application.queries.episodes.episode_answers import (
    MayOpen,
    episode_answer,
    history_answer,
    in_order,
    timeline_answer,
)
from application.queries.episodes.episode_reader import EpisodeReader
from application.queries.episodes.history_page import HistoryQuery
from application.queries.episodes.person_loader import KnownAt
from domain.assessment.chronology.episode_access import SealedHandling
from domain.entries.entry import Entry
from domain.facts import of_type
from domain.facts.member_walk import children
from domain.moment import Instant


class Visibility(NamedTuple):
    """The limits of what a reader may see. Without `may_open` personal values and the child's identity are withheld."""

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
) -> DisclosingAnswer:
    """Return the episode of a subject, from one load of its person; NotFound outside the scope."""
    person, _ = reader.load(subject, seeing.scope, known)
    found = person.episode(subject)
    entries = in_order(person, found, HistoryQuery(by_happened=by_happened))
    personal = reader.personal(person, subject, entries)
    history = history_answer(person, subject, entries, personal, seeing.may_open or _nothing)
    stands = episode_answer(person, found, subject, as_at, personal.children)
    timeline = timeline_answer(person, subject, as_at)
    steps, episode = history.json["items"], stands.json
    if seeing.may_open is None:
        del episode["child"]  # a child's reference is sealed like any personal value
        steps = [_sealed(step) for step in steps]
    duties = timeline.json["obligations"]
    said = {"subject": subject, "steps": steps, "episode": episode, "obligations": duties}
    return DisclosingAnswer(said, disclosed_by((history, stands, timeline)))


def _nothing(_entry: Entry, _path: str, _handling: SealedHandling) -> bool:
    return False


def _sealed(step: dict[str, Any]) -> dict[str, Any]:
    """Return a step without the children's references, which are named among the withheld values."""
    event = step["event"]
    cls = of_type(event["type"])
    names = {found.path[0] for found in children(cls, event["data"])} if cls is not None else set()
    data = {name: value for name, value in event["data"].items() if name not in names}
    return {**step, "event": {**event, "data": data}, "withheld": sorted({*step["withheld"], *names})}
