"""Laws of the assessment, over histories that hypothesis makes up (assessment.md 1)."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.assessment.assess import EpisodeAssessment, assess
from domain.assessment.standing.episode_state import EpisodeState
from domain.entries.entry import Entry
from domain.moment import instant
from domain.rules.rulebook import cached, shipped
from tests.support.entry_builder import CHILD, TWIN, Telling
from tests.support.made_up_histories import histories, hours

EVERY_RULE = cached(
    shipped()["example-local"].replace("enabled = false", "enabled = true"), shipped()["england"]
)
"""England's rules and all examples of local ones, which count days, hours missing and episodes, and stop clocks."""


def renumbered(entries: Sequence[Entry]) -> list[Entry]:
    """The same submissions, as they would have been recorded in this order, a second apart."""
    versions: dict[str, int] = {}
    recorded = []
    for n, entry in enumerate(entries, start=1):
        versions[entry.subject] = versions.get(entry.subject, 0) + 1
        at = instant("2026-06-01T00:00:00Z") + n * 1_000_000
        recorded.append(replace(entry, position=n, recorded_at=at, version=versions[entry.subject]))
    return recorded


def _named(state: EpisodeState, named_set: Callable[[Sequence[int]], tuple[str, ...]]) -> EpisodeState:
    """The state with the entries that contradict its end named by their ids."""
    surely, possibly = map(named_set, (state.end_contradicted, state.end_possibly_contradicted))
    return replace(state, end_contradicted=surely, end_possibly_contradicted=possibly)  # type: ignore[arg-type]


def said(entries: Sequence[Entry]) -> Any:
    """The assessment with entries named by their ids, so that two orders of arrival can be compared.

    Lateness apart, which is about arrival.
    """
    names = {entry.position: entry.id for entry in entries}

    def named(value: Any) -> Any:
        if isinstance(value, EpisodeAssessment):
            pictures = [(s.start, s.end, _named(s.value, named_set)) for s in value.pictures]
            duties = [
                (o.rule, names[o.trigger], [(s.start, s.end, verdict(s.value)) for s in o.verdicts])
                for o in value.obligations
            ]
            found = {(f.finding, named_set(f.positions), f.subjects) for f in value.findings}
            late = {f for f in found if f[0] == "recorded_late"}
            return (value.lead, value.subjects, value.child, pictures, sorted(duties), sorted(found - late))
        return value

    def named_set(positions: Sequence[int]) -> tuple[str, ...]:
        return tuple(sorted(names[p] for p in positions))

    def verdict(value: Any) -> Any:
        evidence = sorted((names[e.position], e.role, e.why) for e in value.evidence)
        by = names.get(value.satisfied_by), names.get(value.started_by)
        return (
            value.verdict,
            value.possibly,
            value.started_at,
            value.due,
            value.satisfied_at,
            value.holder,
            by,
            evidence,
        )

    return [named(episode) for episode in assess(entries, EVERY_RULE)]


@settings(max_examples=300, deadline=None)
@given(histories(), st.randoms(use_true_random=False))
def test_any_order_of_arrival_gives_the_same_assessment(tell: Telling, shuffler: random.Random) -> None:
    """Every moment ended before the first was recorded, so only arrival differs."""
    once = renumbered(tell)
    again = list(tell)
    shuffler.shuffle(again)
    assert said(once) == said(renumbered(again))


@settings(max_examples=150, deadline=None)
@given(histories(), hours)
def test_a_correction_and_its_retraction_cancel(tell: Telling, at: str) -> None:
    """As if neither had been made, but for what each says of itself."""
    before = assess(tell, EVERY_RULE)
    target = tell[0]
    same = {"subject": target.subject, "by": target.by, "source": target.source}
    correction = tell(
        "corrected", "2026-03-20T00:00:00Z", **same, target=tell.about(target), changes={"time": at}
    )
    tell("retracted", "2026-03-21T00:00:00Z", **same, target=tell.about(correction))
    after = assess(tell, EVERY_RULE)
    assert [(e.lead, e.pictures, e.obligations) for e in after] == [
        (e.lead, e.pictures, e.obligations) for e in before
    ]


@settings(max_examples=150, deadline=None)
@given(histories())
def test_verdicts_follow_one_another_without_overlap(tell: Telling) -> None:
    """At any instant there is at most one verdict of an obligation."""
    for episode in assess(tell, EVERY_RULE):
        for duty in episode.obligations:
            spans = duty.verdicts
            assert all(s.start < s.end for s in spans)
            assert all(one.end <= other.start for one, other in pairwise(spans))
        assert episode.child in {CHILD, TWIN}


@settings(max_examples=150, deadline=None)
@given(histories())
def test_persons_apart_do_not_disturb_each_other(tell: Telling) -> None:
    """Assessing two persons together gives what assessing each alone gives."""
    other = Telling()
    for entry in tell:
        moved = replace(
            entry, subject=entry.subject.replace("/", "/X-"), id=f"x{entry.id}", position=entry.position + 100
        )
        data = {k: v.replace("/", "/X-") if k == "with" else v for k, v in entry.data.items()}
        data["child"] = "ee" * 16
        if "covers" in data:
            data["covers"] = [s.replace("/", "/X-") for s in data["covers"]]
        if entry.type.split(".")[1] in {"child-corrected", "child-linked"}:
            data |= {name: "ff" * 16 for name in ("to", "same_as") if name in data}
        if "target" in data:
            data["target"] = data["target"] | {"id": f"x{data['target']['id']}"}
        other.append(replace(moved, data=data))
    together = assess([*tell, *other], EVERY_RULE)
    apart = [*assess(tell, EVERY_RULE), *assess(other, EVERY_RULE)]
    assert sorted(together, key=lambda e: e.lead) == sorted(apart, key=lambda e: e.lead)
