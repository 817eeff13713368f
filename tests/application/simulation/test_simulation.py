"""A simulated year against the table of parameters, each figure with its tolerance.

The seed is fixed, so these never fail by chance; the tolerances are some two standard errors of a year of
600 children, wider where few children make most of the episodes.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from datetime import date
from random import Random

import pytest

from application.simulation import simulate
from application.simulation.parameters import HOUR_WEIGHTS, RISK_LEVELS
from application.simulation.people import RESIDENTIAL, authority
from domain.facts import FACTS
from domain.moment import HOUR, LONDON, instant, to_datetime
from interface.validation import parse_event
from tests.support.repository import ROOT
from tests.support.simulated_year import AUTHORITY, CHILDREN, END, SEED, START, Year, name_of

HERE = ROOT


@pytest.fixture(scope="module")
def year():
    return Year()


def near(value, tolerance):
    """The value, give or take."""
    return pytest.approx(value, abs=tolerance)


def quantile(ordered, share):
    """A quantile of sorted values."""
    return ordered[int(len(ordered) * share)]


def test_every_event_is_one_that_the_ledger_takes_at_the_moment_it_arrives(year):
    for at, event in year.arrivals:
        parse_event(event, principal="c_1", namespace=None, now=at - 300_000_000)
    assert year.arrivals[-1].at <= year.end


def test_events_come_in_the_order_of_their_arrival_which_is_not_that_of_their_happening(year):
    arrivals = [at for at, _ in year.arrivals]
    happened = [event["time"] for event in year.events if "time" in event and event["time"].endswith("Z")]
    assert arrivals == sorted(arrivals)
    assert happened != sorted(happened)


def test_the_same_arguments_give_the_same_events_and_another_seed_gives_others():
    def told(seed):
        return list(simulate(AUTHORITY, 5, START, END, seed))

    assert told(1) == told(1)
    assert not {(e["source"], e["id"]) for e in told(1)} & {(e["source"], e["id"]) for e in told(2)}
    assert not {e["subject"] for e in told(1)} & {e["subject"] for e in told(2)}


def test_another_process_gives_the_same_events():
    program = (
        "import sys, json, hashlib; from datetime import date; from application.simulation import simulate;"
        f"told = simulate('{AUTHORITY}', 5, date(2025, 4, 1), date(2026, 3, 31), 1);"
        "print(hashlib.sha256(json.dumps(list(told)).encode()).hexdigest())"
    )
    told = [
        subprocess.run([sys.executable, "-c", program], env=os.environ | {"PYTHONHASHSEED": seed}, cwd=HERE,
                       check=True, capture_output=True).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    here = json.dumps(list(simulate(AUTHORITY, 5, START, END, 1))).encode()
    assert told == [f"{hashlib.sha256(here).hexdigest()}\n".encode()] * 2


def test_an_earlier_now_gives_a_beginning_of_the_same_feed():
    whole = list(simulate(AUTHORITY, 8, START, END, 4))
    half = list(simulate(AUTHORITY, 8, START, END, 4, now=instant("2025-10-01T12:00:00Z")))
    assert 0 < len(half) < len(whole)
    assert whole[: len(half)] == half


def test_a_period_is_its_days_and_must_make_sense():
    week = list(simulate(AUTHORITY, 20, date(2026, 3, 23), date(2026, 3, 29), 4))
    first, last = instant("2026-03-23T00:00:00Z"), instant("2026-03-29T23:00:00Z")
    assert all(first <= instant(e["time"]) <= last for e in week if "time" in e)
    for wrong in (("Leeds", 1, START, END), (AUTHORITY, 0, START, END), (AUTHORITY, 1, END, START)):
        with pytest.raises(ValueError, match="must"):
            simulate(*wrong, 1)


def test_episodes_per_child_in_a_year(year):
    many = year.per_child()
    assert len(many) == CHILDREN
    assert sum(many) / CHILDREN == near(6.82, 1.0)
    assert sum(n > 1 for n in many) / CHILDREN == near(0.645, 0.04)
    assert quantile(many, 0.9) == near(18, 4)
    assert sum(many[-CHILDREN * 6 // 100 :]) / sum(many) == near(0.36, 0.06)


def test_how_long_children_are_away(year):
    hours = year.durations()
    for share, table in ((0.10, 1.2), (0.25, 2.8), (0.50, 7.6), (0.75, 20), (0.90, 50), (0.95, 88)):
        assert quantile(hours, share) == pytest.approx(table, rel=0.12)
    still_away = [
        told for told in year.episodes.values() if not told["returned"] and not told["ended-otherwise"]
    ]
    assert len(still_away) / len(year.episodes) == near(
        0.0025, 0.003
    )  # with those whose return is not told yet


def test_when_children_go_missing(year):
    local = [to_datetime(at).astimezone(LONDON) for at in year.starts()]
    by_hour = Counter(at.hour for at in local)
    boosted = [w * (1 + 0.5 * 2 / 7) if hour in {22, 23, 0} else w for hour, w in enumerate(HOUR_WEIGHTS)]
    for hour, weight in enumerate(boosted):  # the boost is of two nights in seven
        assert by_hour[hour] / len(local) == near(weight / sum(boosted), 0.012)

    def late_share(days):
        base = [at.hour for at in local if at.weekday() in days]
        return sum(hour in {22, 23} for hour in base) / len(base)

    assert late_share({4, 5}) / late_share({0, 1, 2, 3, 6}) == near(
        1.4, 0.25
    )  # 1.5 times, less its own weight


def test_who_the_children_are(year):
    people = [event["data"] for event in year.told("profile-recorded")]
    where = [p["setting"]["placement_type"] for p in people]
    assert len(people) == CHILDREN
    assert sum(p["sex"] == "male" for p in people) / CHILDREN == near(0.56, 0.04)
    assert sum(p["exploitation_flag"] == "yes" for p in people) / CHILDREN == near(0.09, 0.025)
    assert sum(w in RESIDENTIAL for w in where) / CHILDREN == near(0.50, 0.04)
    assert sum("host_authority" in p["setting"] for p in people) / CHILDREN == near(0.35, 0.04)
    starts = year.starts_by_child()
    middles = {name: to_datetime((first + last) // 2).date() for name, (first, *_, last) in starts.items()}
    born = {
        e["data"]["child"]: date.fromisoformat(e["data"]["date_of_birth"])
        for e in year.told("profile-recorded")
    }
    ages = [(at - born[name]).days / 365.25 for name, at in middles.items()]
    assert sum(age >= 16 for age in ages) / len(ages) == near(0.56, 0.04)
    assert sum(age < 10 for age in ages) / len(ages) == near(0.002, 0.004)
    assert all((to_datetime(at[-1]).date() - born[name]).days < 18 * 365.25 for name, at in starts.items())


def test_category_risk_and_harm(year):
    assert authority(Random(SEED), AUTHORITY, SEED).uses_away
    reports = [told["reported"][0]["data"] for told in year.episodes.values() if told["reported"]]
    assert sum(r["category"] != "missing" for r in reports) / len(reports) == near(0.20, 0.02)
    levels = Counter(
        told["risk-assessed"][0]["data"]["level"] for told in year.episodes.values() if told["risk-assessed"]
    )
    for level, share in RISK_LEVELS:
        assert levels[level] / levels.total() == near(share, 0.02)

    def harmed(told):
        inside = [h for e in told["interview-held"] for h in e["data"]["harm"]]
        seen = [e["data"]["harm_indicated"] for e in told["prevention-interview-held"]]
        return bool(set(inside) - {"none_disclosed"}) or "yes" in seen

    assert sum(map(harmed, year.episodes.values())) / len(year.episodes) == near(0.04, 0.01)


def test_interviews(year):
    offers = authority(Random(SEED), AUTHORITY, SEED).offered
    assert year.share("interview-offered", "returned") == near(offers, 0.02)
    assert year.share("interview-declined", "interview-offered") == near(0.30, 0.03)
    hours = year.hours_to_interview()
    assert sum(h <= 72 for h in hours) / len(hours) == near(0.63, 0.03)
    assert quantile(sorted(hours), 0.75) == near(109, 25)
    assert min(hours) > 0


def test_authorities_differ_as_the_table_says():
    many = [authority(Random(seed), AUTHORITY, seed) for seed in range(1000)]
    assert sum(one.uses_away for one in many) / 1000 == near(2 / 3, 0.04)
    assert sum(one.offered for one in many) / 1000 == near(0.80, 0.02)
    assert min(one.offered for one in many) == 0.2


def test_about_half_of_all_returns_lead_to_an_interview_over_many_authorities():
    returned = held = 0
    for seed in range(40):
        names = Counter(
            name_of(e) for e in simulate(AUTHORITY, 8, START, END, seed) if "police" not in e["source"]
        )
        returned, held = returned + names["returned"], held + names["interview-held"]
    assert held / returned == near(0.53, 0.05)


def test_the_share_that_is_late_corrected_and_sent_twice(year):
    timed = [(at, instant(e["time"])) for at, e in year.arrivals if "time" in e]
    assert sum(at - happened > 24 * HOUR for at, happened in timed) / len(timed) == near(0.05, 0.005)
    names = Counter(map(name_of, year.events))
    assert names["corrected"] / len(year.events) == near(0.02, 0.003)
    sent = Counter((e["source"], e["id"]) for e in year.events)
    assert sum(n - 1 for n in sent.values()) / len(year.events) == near(0.005, 0.002)
    by_key = {(e["source"], e["id"]): e for e in year.events}
    assert all(by_key[e["source"], e["id"]] == e for e in year.events)


def test_a_correction_points_at_an_event_of_its_own_source_that_mostly_came_before(year):
    seen, before = set(), []
    for event in year.events:
        if name_of(event) in {"corrected", "retracted"}:
            target = event["data"]["target"]
            assert target["source"] == event["source"]
            before.append((target["source"], target["id"]) in seen)
        seen.add((event["source"], event["id"]))
    assert 0.99 < sum(before) / len(before) < 1  # a withdrawal of a return can overtake it


def test_the_mess_is_there(year):
    told = list(year.episodes.values())
    happened = [e["data"].get("happened", {}) for one in told for e in one["returned"]]
    assert sum("date" in h for h in happened) > 20
    assert sum("earliest" in h for h in happened) > 20
    assert sum(not one["reported"] and bool(one["returned"]) for one in told) > 10
    assert sum("covers" in e["data"] for one in told for e in one["interview-held"]) > 10
    twins = Counter(e["subject"].partition("/")[0][:3] for e in year.events)
    assert twins["URN"] > 100
    assert twins["E23"] > 100
    assert len({e["source"].split(":")[3] for e in year.events}) == 4
    missing_from_the_story = set(FACTS) - set(map(name_of, year.events))
    assert missing_from_the_story <= {
        "action-cancelled", "child-corrected", "child-linked", "dispute-resolved", "episode-recorded-later",
        "episode-reopened", "handover-acknowledged", "interview-summary-recorded", "responsibility-transferred",
    }  # fmt: skip


def test_nothing_personal_is_anyones(year):
    words = {e["data"]["note"] for e in year.events if "note" in e["data"]}
    assert words
    assert all(text.startswith("Simulated") for text in words)
