"""A simulated authority-year, read back from its events: the episodes, as anyone who counts would see them."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date

from application.simulation import simulated
from domain.moment import HOUR, day, instant

AUTHORITY = "E08000025"
START, END = date(2025, 4, 1), date(2026, 3, 31)
SEED, CHILDREN = 11, 600


def name_of(event):
    """The type's name: returned."""
    return event["type"].split(".")[1]


class Year:
    """The arrivals of a year, and its events by episode and name. Twins count with the authority's subject."""

    def __init__(self):
        self.arrivals = list(simulated(AUTHORITY, CHILDREN, START, END, SEED))
        self.events = [arrival.event for arrival in self.arrivals]
        self.end = day(END.isoformat()).latest
        links = (e for e in self.events if name_of(e) == "episodes-linked" and "lead" in e["data"])
        lead = {e["data"]["with"]: e["subject"] for e in links}
        self.episodes = defaultdict(lambda: defaultdict(list))
        self.child_of = {}
        for event in self.events:
            subject = lead.get(event["subject"], event["subject"])
            if subject.startswith(AUTHORITY):
                self.episodes[subject][name_of(event)].append(event)
                self.child_of[subject] = event["id"].partition(".")[0]

    def per_child(self):
        """How many episodes each child has."""
        return sorted(Counter(self.child_of.values()).values())

    def starts(self):
        """The report of each episode that has one."""
        return [instant(told["reported"][0]["time"]) for told in self.episodes.values() if told["reported"]]

    def back_at(self, subject):
        """When the home says that the child was back, if exactly."""
        for event in self.episodes[subject]["returned"]:
            if ":home:" in event["source"] and "time" in event:
                return instant(event["time"])
        return None

    def durations(self):
        """Hours from report to return, sorted; of those whose ends are exact."""
        ends = ((told, self.back_at(subject)) for subject, told in list(self.episodes.items()))
        return sorted(
            (back - instant(told["reported"][0]["time"])) / HOUR
            for told, back in ends
            if back and told["reported"]
        )

    def hours_to_interview(self):
        """Hours from each exact return to the interview that was held for it, its own or one that covers it."""
        covered = (
            (instant(held["time"]), self.back_at(subject))
            for own, told in list(self.episodes.items())
            for held in told["interview-held"][:1]
            for subject in [own, *held["data"].get("covers", [])]
        )
        return [(held - back) / HOUR for held, back in covered if back]

    def share(self, name, given):
        """The share of the episodes with one thing that have another too."""
        base = [told for told in self.episodes.values() if told[given]]
        return sum(bool(told[name]) for told in base) / len(base)

    def starts_by_child(self):
        """The reports of each child, in order of time, twice where there is but one."""
        found = defaultdict(list)
        for subject, told in list(self.episodes.items()):
            found[self.child_of[subject]] += [instant(event["time"]) for event in told["reported"]]
        return {name: sorted(at) * (1 + (len(at) == 1)) for name, at in found.items() if at}

    def told(self, name):
        """Every event of a type, each once."""
        return list({event["id"]: event for event in self.events if name_of(event) == name}.values())
