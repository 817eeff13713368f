"""Entries for tests of the domain, said in few words: given these entries, when assessed, then that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from domain.assessment.assess import EpisodeAssessment, assess
from domain.assessment.obligations.obligation import Verdict
from domain.entries.entry import Entry
from domain.moment import Instant, instant
from domain.rules.rulebook import england
from domain.spans import at

AUTHORITY, HOST, POLICE, HOME = "E08000025", "E09000001", "E23000014", "ORG-OAKHOUSE"
SUBJECT = f"{AUTHORITY}/ME-1"
CHILD, TWIN = "c1" * 16, "c2" * 16
LONG_AFTER = "2026-06-01T00:00:00Z"
"""When test entries are recorded, unless a test says otherwise: after all that they tell."""

OFFERED, HELD, FROM_NOTIFIED = (
    "return-interview-offered",
    "return-interview-held",
    "return-interview-held-from-notified",
)

DUTY = """
id = "local"
version = "1"
title = "t"
lateness_hours = 24
[[rules]]
id = "duty"
version = 1
title = "t"
source = "set by a test"
accountable = "responsible_authority"
"""
"""A rulebook of one rule, of which a test says the rest."""


class Telling(list[Entry]):
    """Entries in the order recorded. Each call records one more and returns it."""

    def __call__(
        self,
        name: str,
        when: str | dict[str, str] | None = None,
        *,
        subject: str = SUBJECT,
        by: str = AUTHORITY,
        source: str = "urn:x:lcs",
        id_: str | None = None,
        recorded: str = LONG_AFTER,
        child: str = CHILD,
        **data: Any,
    ) -> Entry:
        """Record one event: `when` is exact text, a moment, or absent."""
        position = len(self) + 1
        happened = {"happened": when} if isinstance(when, dict) else {}
        entry = Entry(
            position=position,
            recorded_at=instant(recorded) + position,
            version=1 + sum(e.subject == subject for e in self),
            principal="c_test",
            by=by,
            id=id_ or f"{name}-{position}",
            source=source,
            type=f"missing-episode.{name}.v1",
            subject=subject,
            time=when if isinstance(when, str) else None,
            data={"child": child, **happened, **{k.rstrip("_"): v for k, v in data.items()}},
        )
        self.append(entry)
        return entry

    def about(self, target: Entry | tuple[str, str]) -> dict[str, str]:
        """How one entry points at another."""
        source, id_ = target.key if isinstance(target, Entry) else target
        return {"source": source, "id": id_}


def assessed(entries: Sequence[Entry], subject: str = SUBJECT) -> EpisodeAssessment:
    """The episode of a subject, assessed by the rulebook that ships."""
    return next(e for e in assess(entries, england()) if subject in e.subjects)


def standing(entries: Sequence[Entry], as_at: str = LONG_AFTER, subject: str = SUBJECT) -> str:
    """Where the episode stands as at a time."""
    return assessed(entries, subject).picture(instant(as_at)).standing


def verdict(entries: Sequence[Entry], rule: str, as_at: str = LONG_AFTER, subject: str = SUBJECT) -> Verdict:
    """The one verdict under a rule as at a time."""
    found = verdicts(entries, rule, instant(as_at), subject)
    assert len(found) == 1, found
    return found[0]


def verdicts(entries: Sequence[Entry], rule: str, as_at: Instant, subject: str = SUBJECT) -> list[Verdict]:
    """The verdicts under a rule as at an instant, one for each trigger."""
    duties = [o for o in assessed(entries, subject).obligations if o.rule == rule]
    return [span.value for o in duties if (span := at(o.verdicts, as_at)) is not None]


def weighed(found: Verdict) -> tuple[tuple[int, str, str, str], ...]:
    """The evidence of a verdict: position, part in it, type of fact, and why."""
    return tuple((e.position, e.role, e.fact, e.why) for e in found.evidence)


def findings(entries: Sequence[Entry], subject: str = SUBJECT) -> dict[str, list[tuple[int, ...]]]:
    """The findings of an episode: name -> positions, lateness apart (test entries are recorded long after)."""
    found: dict[str, list[tuple[int, ...]]] = {}
    for finding in assessed(entries, subject).findings:
        if finding.finding != "recorded_late":
            found.setdefault(finding.finding, []).append(finding.positions)
    return found


def missing_and_back(returned: str = "2026-03-01T22:30:00Z", **more: Any) -> Telling:
    """Reported missing at eight in the evening, and back."""
    tell = Telling()
    tell("reported", "2026-03-01T20:00:00Z", category="missing")
    tell("returned", returned, **more)
    return tell
