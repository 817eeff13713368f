"""Following what was corrected and contested: which entry is about which, what it moved, who disagrees with whom."""

from __future__ import annotations

import json

import pytest

from application.answers.narrative_text import story
from application.answers.wording import words as words_of
from application.queries.episodes.episode_reader import EpisodeReader
from application.queries.episodes.episode_report import Visibility, episode_report
from application.queries.episodes.person_loader import KnownAt
from domain.moment import instant
from interface.cli import main
from tests.support.http_client import AUTHORITY, SUBJECT, event

pytest_plugins = ["tests.support.http_fixtures"]

FORCE = "E23000014"
PATH = f"/v1/episodes/{SUBJECT}/history"
OTHERS = "https://police.example"
HELD = "return-interview-held"


def about(event_id, source="https://case.example"):
    """The target of an entry."""
    return {"target": {"source": source, "id": event_id}}


@pytest.fixture
def told(api, sign_in):
    """Back at 4, an interview too late at 5, corrected at 6, contested at 7, the correction withdrawn at 8.

    The police contest the return at 9, and would correct it at 10, for which they are not entitled.
    """
    police = sign_in("recorder", namespace=FORCE)
    target = event("reported")["source"]
    changes = {"time": "2026-03-03T09:00:00Z", "data": {"note": "wrong day"}}
    for by, posted in (
        (api, event("police-notified", time="2026-03-01T20:10:00Z", data={"force": FORCE})),
        (api, event("returned", id="back", time="2026-03-02T07:00:00Z")),
        (api, event("interview-held", id="held", time="2026-03-06T09:00:00Z")),
        (api, event("corrected", id="typo", data={**about("held", target), "changes": changes})),
        (api, event("disputed", data={**about("held", target), "by": "parent"})),
        (api, event("retracted", data=about("typo", target))),
        (police, event("disputed", source=OTHERS, data=about("back", target))),
        (police, event("corrected", source=OTHERS, data={**about("back", target), "changes": changes})),
    ):  # fmt: skip
        answer = by.post(posted)
        assert answer.status_code == 201, answer.get_json()


def steps(api, query=""):
    """The items of the history, by position."""
    return {item["position"]: item for item in api.get(f"{PATH}{query}").get_json()["items"]}


def of_rule(item):
    """The verdicts on the interview that an entry changed."""
    return [each for each in item["verdicts"] if each["rule"] == HELD]


def test_each_entry_names_what_it_is_about_and_what_is_about_it(api, told):
    found = steps(api)
    corrected = {"position": 6, "type": "missing-episode.corrected.v1", "by": AUTHORITY}
    held = {"position": 5, "type": "missing-episode.interview-held.v1", "by": AUTHORITY}
    assert found[6]["target"] == found[7]["target"] == held
    assert found[8]["target"] == corrected
    assert [each["position"] for each in found[5]["targeted_by"]] == [6, 7]
    assert found[5]["targeted_by"][0] == corrected
    assert [(each["position"], each["by"]) for each in found[4]["targeted_by"]] == [(9, FORCE), (10, FORCE)]
    assert "target" not in found[5]
    assert found[7]["targeted_by"] == []


def test_what_is_about_something_unknown_names_nothing(api, told):
    api.post(event("disputed", data=about("never-recorded")))
    assert "target" not in steps(api)[11]


def test_the_thread_leads_from_a_correction_to_the_verdict_that_it_changed_and_back(api, told):
    found = steps(api)
    moved = {
        position: [(each["trigger"], each.get("before"), each.get("after")) for each in of_rule(item)]
        for position, item in found.items()
    }
    assert {position: moves for position, moves in moved.items() if moves} == {
        4: [(4, None, "overdue")],
        5: [(4, "overdue", "met_late")],
        6: [(4, "met_late", "met")],
        8: [(4, "met", "met_late")],
    }
    duties = api.get(f"/v1/episodes/{SUBJECT}/timeline").get_json()["obligations"]
    [duty] = [duty for duty in duties if duty["rule"] == HELD]
    assert (duty["trigger"], duty["satisfied_by"]) == (4, 5)
    assert [each["position"] for each in found[duty["satisfied_by"]]["targeted_by"]] == [6, 7]


def test_it_is_told_forwards_and_backwards_as_recorded_and_as_it_happened(api, told):
    recorded, happened = [*steps(api)], [*steps(api, "?order=happened")]
    assert recorded == sorted(recorded)
    assert happened != recorded
    assert [*steps(api, "?backwards=true")] == recorded[::-1]
    assert [*steps(api, "?order=happened&backwards=true")] == happened[::-1]


@pytest.fixture
def words(ledger, told):
    """The story in plain words."""
    reader, at = (
        EpisodeReader(ledger.database, ledger.vault, ledger.repository),
        instant("2026-03-10T12:00:00Z"),
    )
    return story(episode_report(reader, SUBJECT, Visibility(), at, KnownAt(10, 10)).json)


def test_the_story_says_who_disagrees_with_whom(words):
    section = words.partition("Who disagrees with whom:\n")[2].partition("\n\n")[0]
    assert section.splitlines() == [
        f"  {AUTHORITY} (parent) with position 5: interview held, recorded for {AUTHORITY}",
        "    disputed at position 7; not settled",
        f"  {FORCE} with position 4: returned, recorded for {AUTHORITY}",
        "    disputed at position 9; not settled",
        f"  {FORCE} with position 4: returned, recorded for {AUTHORITY}",
        "    corrected at position 10; not settled",
    ]


def test_the_story_follows_the_thread_both_ways(words):
    assert f"   about     position 5: interview held, recorded for {AUTHORITY}" in words
    assert f"   see       position 6: corrected, recorded for {AUTHORITY}" in words
    duty = words.partition(f"[{HELD}]")[2].partition("\n  met")[0]
    assert (
        "    corrected at position 6: met late -> met\n    retracted at position 8: met -> met late" in duty
    )


def test_a_correction_of_nothing_but_what_is_sealed_can_be_told(words):
    assert "changes time 3 March 2026 09:00" in words
    assert "sealed    changes/data/note" in words


def test_the_command_tells_the_last_step_first(api, told, dsn, secrets, monkeypatch, capsys):
    for name, value in (("DSN", dsn), ("KEYS", secrets), ("NAME", "test")):
        monkeypatch.setenv(f"LEDGER_{name}", str(value))

    def said(*options):
        assert main(["replay", SUBJECT, *options]) == 0
        return capsys.readouterr().out

    forwards, backwards = (json.loads(said("--json", *way))["steps"] for way in ((), ("--backwards",)))
    assert backwards == forwards[::-1]
    text = said("--backwards")
    assert text.index("\n8. corrected") < text.index("\n7. disputed") < text.index("\n1. police notified")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("home_staff", "home staff"),
        ("own-accord", "own accord"),
        ("E08000025", "E08000025"),
        ("a well-known friend_of hers", "a well-known friend_of hers"),
    ],
)
def test_codes_are_told_as_words_and_free_words_as_they_were_said(value, said):
    assert words_of(value) == said
