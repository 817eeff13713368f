"""The chronology: moments clipped to what can be, and the one order of facts (assessment.md 1, steps 4 and 5)."""

from __future__ import annotations

from dataclasses import replace

from domain.assessment.chronology.ordering import ChronologicalFact, as_recorded, chronology
from domain.moment import instant
from tests.support.entry_builder import LONG_AFTER, POLICE, Telling

SIX, SEVEN, EIGHT, NINE, TEN = (f"2026-03-01T{hour}:00:00Z" for hour in (18, 19, 20, 21, 22))


def told(tell: Telling) -> list[ChronologicalFact]:
    """All facts, in order."""
    return chronology(reading for entry in tell if (reading := as_recorded(entry)) is not None)


def when(tell: Telling, position: int) -> tuple[int, int]:
    """The moment of one entry, clipped."""
    return next((t.earliest, t.latest) for t in told(tell) if t.entry.position == position)


def test_the_ledgers_own_entries_tell_nothing_of_a_child() -> None:
    """A rulebook adopted is no fact."""
    tell = Telling()
    entry = tell("reported", EIGHT)
    assert as_recorded(entry) is not None
    assert as_recorded(replace(entry, type="ledger.rulebook-adopted.v1")) is None


def test_the_order_is_by_earliest_then_phase_then_latest_then_source_and_id() -> None:
    """Never by arrival."""
    tell = Telling()
    tell("returned", EIGHT, id_="c", source="urn:x:a")
    tell("located", {"earliest": EIGHT, "latest": NINE}, id_="a", source="urn:x:a")
    tell("located", EIGHT, id_="b", source="urn:x:b")
    tell("located", EIGHT, id_="d", source="urn:x:a")
    tell("located", EIGHT, id_="c", source="urn:x:a")
    tell("returned", SEVEN, id_="z", source="urn:x:z")
    tell("reported", EIGHT, id_="z", source="urn:x:z")
    assert [t.entry.position for t in told(tell)] == [6, 7, 5, 4, 3, 2, 1]


def test_what_was_said_to_have_happened_after_it_was_learned_is_capped() -> None:
    """At the latest of when it was learned; else when it was recorded."""
    tell = Telling()
    tell("reported", SIX)
    tell("located", {"earliest": SEVEN, "latest": TEN}, learned_at={"earliest": EIGHT, "latest": NINE})
    tell("located", {"earliest": SEVEN, "latest": TEN}, recorded=EIGHT)
    tell("located", {"earliest": SEVEN})
    tell("located", {"earliest": SEVEN, "latest": EIGHT}, learned_at=TEN)
    assert when(tell, 2) == (instant(SEVEN), instant(NINE))
    assert when(tell, 3) == (instant(SEVEN), instant(EIGHT) + 3)
    assert when(tell, 4) == (instant(SEVEN), instant(LONG_AFTER) + 4)
    assert when(tell, 5) == (instant(SEVEN), instant(EIGHT))


def test_what_was_learned_at_the_very_instant_is_not_turned_round() -> None:
    """Only what was known before it can have happened keeps the moment that was said, and is marked."""
    tell = Telling()
    tell("reported", EIGHT)
    tell("located", {"earliest": NINE, "latest": TEN}, learned_at=NINE)
    tell("located", {"earliest": NINE, "latest": TEN}, learned_at=EIGHT)
    tell("located", {"earliest": NINE}, learned_at=EIGHT)
    assert [t.turned_round for t in told(tell)] == [False, False, True, True]
    assert [when(tell, at) for at in (2, 3, 4)] == [
        (instant(NINE), instant(NINE)),
        (instant(NINE), instant(TEN)),
        (instant(NINE), instant(NINE)),
    ]


def test_what_has_no_earliest_begins_with_the_start_or_turned_round_with_its_own_latest() -> None:
    """Back before nine, where the report was at nine; and back before eight, which cannot be."""
    tell = Telling()
    tell("reported", NINE)
    tell("returned", {"latest": NINE})
    tell("returned", {"latest": EIGHT})
    assert {t.entry.position: t.turned_round for t in told(tell)} == {1: False, 2: False, 3: True}
    assert when(tell, 2) == (instant(NINE), instant(NINE))
    assert when(tell, 3) == (instant(EIGHT), instant(EIGHT))


def test_what_overlaps_the_first_start_does_not_begin_before_it() -> None:
    """Another start fact may; what is surely before stays before; what begins later stays as it is."""
    tell = Telling()
    tell("reported", {"earliest": EIGHT, "latest": NINE})
    tell("located", {"earliest": SIX, "latest": EIGHT})
    tell("located", {"earliest": SIX, "latest": SEVEN})
    tell("located", {"earliest": NINE, "latest": TEN})
    assert when(tell, 2) == (instant(EIGHT), instant(EIGHT))
    assert when(tell, 3) == (instant(SIX), instant(SEVEN))
    assert when(tell, 4) == (instant(NINE), instant(TEN))
    assert not any(t.turned_round for t in told(tell))


def test_of_two_start_facts_the_later_keeps_its_moment() -> None:
    """The first is the first by the order of the chronology."""
    tell = Telling()
    tell("police-notified", {"earliest": EIGHT, "latest": TEN}, by=POLICE)
    tell("reported", NINE)
    assert when(tell, 1) == (instant(EIGHT), instant(TEN))
    assert when(tell, 2) == (instant(NINE), instant(NINE))


def test_entries_about_other_entries_are_neither_the_start_nor_moved_to_it() -> None:
    """They stand where they were recorded, whatever they overlap, and move nothing."""
    tell = Telling()
    tell("child-linked", {"latest": SIX}, same_as="c2" * 16)
    tell("child-linked", {"earliest": SEVEN, "latest": NINE}, same_as="c2" * 16)
    tell("located", EIGHT)
    tell("returned", {"latest": TEN})
    assert [when(tell, at) for at in (1, 2)] == [(instant(SIX),) * 2, (instant(SEVEN), instant(NINE))]
    assert when(tell, 4) == (instant(EIGHT), instant(TEN))
    assert not any(t.turned_round for t in told(tell))


def test_what_was_corrected_stays_so_when_it_is_moved() -> None:
    """What several sources say of the start is settled by it."""
    tell = Telling()
    tell("reported", EIGHT)
    tell("police-notified", {"latest": NINE}, by=POLICE)
    corrected = [
        reading._replace(corrected=True) for entry in tell if (reading := as_recorded(entry)) is not None
    ]
    assert [t.corrected for t in chronology(corrected)] == [True, True]
    assert [t.corrected for t in told(tell)] == [False, False]
