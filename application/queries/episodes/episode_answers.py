"""Answers about one loaded person: an episode, its timeline, its history. Nothing here reads the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from application.answers import as_json as answers
from application.answers.as_json import Json, known
from application.answers.cursor import checksum
from application.answers.disclosures import DisclosedRecords, DisclosingAnswer, disclosed_by
from application.queries.episodes.entry_references import EntryReferences
from application.queries.episodes.history_page import HistoryQuery
from application.queries.episodes.person_loader import AssessedPerson
from application.queries.episodes.replay import Replay, relevant_entries
from application.store.vault import OpenedValues
from domain.assessment.assess import EpisodeAssessment, assess
from domain.assessment.chronology.episode_access import SealedHandling
from domain.entries.entry import Entry
from domain.facts.member_walk import children as child_members
from domain.facts.value_kinds import ChildRef
from domain.moment import Instant, rfc3339
from domain.spans import at

MayOpen = Callable[[Entry, str, SealedHandling], bool]
"""Return whether a reader may see the personal value of an entry at a path."""


class PersonalParts(NamedTuple):
    """The personal values that answers show: who each child is, and what the entries have sealed."""

    children: Mapping[str, ChildRef]
    """By stored id; an erased child is not there."""
    opened: Mapping[int, OpenedValues]
    """By position."""
    handling: Mapping[int, SealedHandling]
    """By position, by all that is recorded now."""


_NOTHING: Final = OpenedValues(())


def children_of(entries: Sequence[Entry]) -> set[str]:
    """Return the stored ids of all children that entries name."""
    return {
        found.value
        for entry in entries
        if (cls := entry.fact_class) is not None
        for found in child_members(cls, entry.data)
    }


def entries_of(person: AssessedPerson, episode: EpisodeAssessment) -> list[Entry]:
    """Return the entries of one of a person's episodes, in the order recorded."""
    return [entry for entry in person.entries if entry.subject in episode.subjects]


def entity_tag(person: AssessedPerson, episode: EpisodeAssessment, as_at: Instant, last: int) -> str:
    """Return the tag of an answer: of the person's last position, the rulebook and the span of `as_at`."""
    spans = [
        *(at(episode.pictures, as_at), at(episode.heard, as_at), at(episode.known_child, as_at)),
        *(at(o.verdicts, as_at) for o in episode.obligations),
    ]
    starts = [span.start for span in spans if span is not None]
    starts += [item.start for item in episode.waiting if item.start <= as_at]
    return f"{last}-{person.judged_by.name}-{max(starts)}-{len(starts)}-{checksum(episode.findings)}"


def episode_answer(
    person: AssessedPerson,
    episode: EpisodeAssessment,
    subject: str,
    as_at: Instant,
    children: Mapping[str, ChildRef],
) -> DisclosingAnswer:
    """Return where the episode stands as at an instant."""
    last = next(entry for entry in reversed(person.entries) if entry.position == episode.position)
    of_child, noted = children.get(episode.child), answers.entry_note(last)
    said = answers.episode(episode, subject, of_child, noted, as_at, person.known_at.position)
    return said.adding(person.about())


def timeline_answer(
    person: AssessedPerson, subject: str, as_at: Instant, *, not_applicable: bool = False
) -> DisclosingAnswer:
    """Return the episode's duties as at an instant; `not_applicable`: also the rules whose conditions fail."""
    book, episode = person.judged_by.book, person.episode(subject)
    if not_applicable:
        found = assess(person.entries, book, not_applicable=True)
        episode = next(e for e in found if subject in e.subjects)
    duties = [answers.obligation(o, v, book) for o, v in answers.verdicts_at(episode.obligations, as_at)]
    said = {
        "subject": subject,
        "as_at": rfc3339(as_at),
        **person.about(),
        "obligations": [duty.json for duty in duties],
    }
    own = DisclosedRecords({episode.child}, {episode.position})
    return DisclosingAnswer(said, own | disclosed_by(duties))


def in_order(person: AssessedPerson, episode: EpisodeAssessment, query: HistoryQuery) -> list[Entry]:
    """Return the entries of an episode in the order that is asked for."""
    own = entries_of(person, episode)
    if query.by_happened:
        order = {position: n for n, position in enumerate(episode.order)}
        own.sort(key=lambda entry: order[entry.position])
    return own[::-1] if query.backwards else own


def history_answer(
    person: AssessedPerson, subject: str, entries: Sequence[Entry], personal: PersonalParts, may_open: MayOpen
) -> DisclosingAnswer:
    """Return some of the episode's entries, what each says, and what each changed, as known before and with it."""
    episode = person.episode(subject)
    steps = {step["position"]: step for step in _steps(person, episode, entries, personal, may_open)}
    items = [steps[entry.position] for entry in entries]
    disclosed = DisclosedRecords(children_of(entries), {entry.position for entry in entries})
    return DisclosingAnswer({"subject": subject, "items": items, **person.about()}, disclosed)


def _steps(
    person: AssessedPerson,
    episode: EpisodeAssessment,
    entries: Sequence[Entry],
    personal: PersonalParts,
    may_open: MayOpen,
) -> Iterator[Json]:
    """Yield a step for each of these entries, in the order recorded: so the replay goes forward once."""
    book = person.judged_by.book
    replay = Replay(relevant_entries(person.entries, set(episode.subjects), [book]), book)
    references = EntryReferences(entries_of(person, episode))
    for entry in sorted(entries, key=lambda entry: entry.position):
        handling, opened = personal.handling[entry.position], personal.opened.get(entry.position, _NOTHING)
        disclosed = {d.path: d.value for d in opened.disclosures if may_open(entry, d.path, handling)}
        unreadable = {path for path in opened.unreadable if may_open(entry, path, handling)}
        yield {
            **answers.entry_note(entry),
            "version": entry.version,
            "by": entry.by,
            "event": _event(entry, personal.children, disclosed),
            "withheld": sorted(set(entry.data.get("sealed", {})) - set(disclosed) - unreadable),
            **known(unreadable=sorted(unreadable) or None),
            "leaf_hash": entry.leaf_hash,
            "findings": [answers.finding(f) for f in episode.findings if entry.position in f.positions],
            **replay.changed(entry),
            **references.of(entry.position),
        }


def _event(entry: Entry, children: Mapping[str, ChildRef], disclosed: dict[str, Any]) -> Json:
    """Return the event as it was sent, as far as this reader may see it."""
    data = {name: value for name, value in entry.data.items() if name != "sealed"}
    cls = entry.fact_class
    if cls is not None:
        for found in child_members(cls, data):
            data[found.path[0]] = answers.child(children.get(found.value))
    for path, value in disclosed.items():
        data = _with(data, path.split("/"), value)
    return {
        "specversion": "1.0",
        "id": entry.id,
        "source": entry.source,
        "type": entry.type,
        "subject": entry.subject,
        **known(time=entry.time),
        "data": data,
    }


def _with(data: Json, path: Sequence[str], value: Any) -> Json:
    """Return a copy of `data` with a value put at a path."""
    inner = value if len(path) == 1 else _with(data.get(path[0], {}), path[1:], value)
    return {**data, path[0]: inner}
