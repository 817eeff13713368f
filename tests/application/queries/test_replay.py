"""A replay: what each entry changed, without assessing what cannot change anything."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from application.queries.episodes import episode_answers, person_loader, replay
from application.queries.episodes.episode_reader import EpisodeReader
from application.queries.episodes.episode_report import Visibility, episode_report
from application.queries.episodes.replay import Replay, verdict_changes, verdicts_of
from domain.assessment.assess import assess
from domain.entries.entry import Entry
from domain.rules.rulebook import cached, england, shipped
from tests.support.entry_builder import Telling
from tests.support.made_up_histories import START, SUBJECTS, histories, hours
from tests.support.projection_stories import AUTHORITY, at, event, record, went_missing

pytest_plugins = ["tests.support.projection_fixtures"]

EVERY_RULE = cached(
    shipped()["example-local"].replace("enabled = false", "enabled = true"), shipped()["england"]
)
CASEWORK = ("notification-sent", "plan-reviewed", "police-closed", "oversight-recorded", "risk-assessed")
A = f"{AUTHORITY}/a"


def naive(entries: list[Entry]) -> list[dict[str, Any]]:
    """What each entry changed, by assessing every beginning of the history."""
    known = [assess(entries[:count], EVERY_RULE) for count in range(len(entries) + 1)]

    def state(count: int, entry: Entry) -> tuple[str, dict[tuple[str, int], str]]:
        episode = next((e for e in known[count] if entry.subject in e.subjects), None)
        if episode is None:
            return "nothing", {}
        return episode.picture(entry.recorded_at).standing, verdicts_of(episode, entry.recorded_at)

    changes = []
    for count, entry in enumerate(entries):
        (before, was), (after, now) = state(count, entry), state(count + 1, entry)
        moved = verdict_changes(was, now)
        changes.append({"standing": {"before": before, "after": after}, "verdicts": moved})
    return changes


@st.composite
def casework(draw: st.DrawFn) -> list[Entry]:
    """A history with facts in it that change nothing, or only sometimes; each recorded within the days."""
    tell = draw(histories())
    some = Telling()
    for entry in tell:
        for _ in range(draw(st.integers(min_value=0, max_value=2))):
            role = draw(
                st.sampled_from(["police", "iro", "responsible_la", "ofsted"])
            )  # rules ask for all but one
            more = {"recipient_role": role, "plan_type": "care", "scheme": "police", "level": "high"}
            some(
                draw(st.sampled_from(CASEWORK)), draw(hours), subject=draw(st.sampled_from(SUBJECTS)), **more
            )
        some.append(entry)
    step = draw(st.integers(min_value=1, max_value=20)) * 3_600_000_000
    return [
        replace(e, position=n, recorded_at=START + n * step, id=f"{e.id}-{n}" if e.id.count("-") else e.id)
        for n, e in enumerate(some, 1)
    ]


@settings(max_examples=100, deadline=None)
@given(casework())
def test_it_says_of_each_entry_what_assessing_every_prefix_says(entries: list[Entry]) -> None:
    replayed = Replay(entries, EVERY_RULE)
    assert [replayed.changed(entry) for entry in entries] == naive(entries)


def test_what_no_rule_names_is_not_assessed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    tell = Telling()
    tell("reported", "2026-03-01T20:00:00Z", category="missing")
    tell("returned", "2026-03-01T22:00:00Z")
    for n in range(20):
        tell("plan-reviewed", f"2026-03-02T20:{n:02}:00Z", plan_type="care")
    asked = counted(monkeypatch, replay)
    replayed = Replay(tell, england())
    assert [replayed.changed(entry) for entry in tell][2:] == [
        {"standing": {"before": "returned", "after": "returned"}, "verdicts": []}
    ] * 20
    assert asked == [1, 2]  # the report, the return


def test_a_report_costs_one_load_and_for_each_entry_one_assessment_at_most(
    ledger, follow, monkeypatch: pytest.MonkeyPatch
) -> None:
    went_missing(ledger, A, 1, back=5)
    record(ledger, event("interview-offered", A, 6), event("located", A, 3), event("reported", A, 2))
    follow()
    loads: list[Any] = []
    for name in ("entries_of_episode", "entries_of_person"):
        load = getattr(person_loader, name)
        monkeypatch.setattr(person_loader, name, lambda *a, _of=load, **k: loads.append(a) or _of(*a, **k))
    asked = [counted(monkeypatch, module) for module in (person_loader, replay, episode_answers)]
    reader = EpisodeReader(ledger.database, ledger.vault, ledger.repository)
    told = episode_report(reader, A, Visibility(), at(1000), reader.known_at()).json
    assert (len(told["steps"]), len(loads)) == (5, 1)
    assert sum(map(len, asked)) <= 5 + 1


def counted(monkeypatch: pytest.MonkeyPatch, module: Any) -> list[int]:
    """How many entries each call of `assess` from a module was given."""
    sizes: list[int] = []

    def counting(entries: Any, *more: Any, **named: Any) -> Any:
        if given_some := list(entries):
            sizes.append(len(given_some))
        return assess(given_some, *more, **named)

    monkeypatch.setattr(module, "assess", counting)
    return sizes
