"""What the figures see of a story that a test tells."""

from __future__ import annotations

from domain.measures.definitions import letter, named
from domain.measures.measured_episode import counted_at
from domain.moment import instant
from domain.rules.rulebook import england
from tests.support.entry_builder import AUTHORITY, LONG_AFTER, SUBJECT, assessed

OTHER = f"{AUTHORITY}/ME-2"
YES, NO, UNSURE, APART = "y", "n", "?", "-"


def seen(entries, as_at=LONG_AFTER, subject=SUBJECT):
    """What is counted of an episode as at a time."""
    return counted_at(assessed(entries, subject), england(), instant(as_at))


def state(entries, measure, as_at=LONG_AFTER, subject=SUBJECT):
    """What a measure makes of it."""
    return letter(named(measure)[0], seen(entries, as_at, subject).states)


def group(entries, breakdown, as_at=LONG_AFTER):
    """In which group of a breakdown it is."""
    return getattr(seen(entries, as_at).groups, breakdown)


def between(first, last):
    """A moment somewhere between two."""
    return {"earliest": first, "latest": last}
