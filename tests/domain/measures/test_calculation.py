"""From episodes to figures: units, groups, repeats, and what is left out because a number is small."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.measures.calculation import Figure, RepeatStart, Tally, figures, first_or_repeat, repeat_state
from domain.measures.definitions import MEASURES, letter, named
from domain.measures.suppression import suppressed
from domain.moment import DAY

WIDTH = len(MEASURES)


def tally(group="a", person="p", *, sure=True, interviews=(), times=1, **states):
    """An episode: `y` to every measure but those named."""
    letters = "".join(states.get(m.id.replace("-", "_"), "y") for m in MEASURES)
    return Tally(group, sure, letters, times, person, interviews)


def figure(measure, tallies, repeats=None):
    """The one figure of all."""
    [found] = figures(named(measure)[0], tallies, repeats or {}, grouped=False)
    return found


def counts(found):
    return (found.surely, found.surely_not, found.cannot_tell)


def test_what_is_not_looked_at_is_in_no_count():
    some = [tally(), tally(interview_offered="n"), tally(interview_offered="?"), tally(interview_offered="-")]
    found = figure("interview-offered", some)
    assert counts(found) == (1, 1, 1)
    assert (found.denominator, found.value) == (3, 0.3333)


def test_a_share_of_nothing_has_no_value():
    assert figure("interview-offered", []).value is None
    assert figure("missing-episodes", []).value == 0


def test_children_count_once_and_by_their_surest_episode():
    some = [
        tally(person="p"),
        tally(person="p", children_missing="?"),
        tally(person="q", children_missing="?"),
        tally(person="q", children_missing="n"),
        tally(person="r", children_missing="n"),
    ]
    assert counts(figure("children-missing", some)) == (1, 1, 1)


def test_an_interview_for_several_episodes_counts_once_by_interview_and_for_each_by_episode():
    some = [tally(interviews=[7]), tally(interviews=[7]), tally(interviews=[9, 7])]
    assert figure("interviews-held", some).surely == 2
    assert figure("interview-completed-of-ended", some).surely == 3


def test_alike_episodes_counted_together_count_as_many():
    assert figure("missing-episodes", [tally(times=5), tally(times=2)]).surely == 7
    assert figure("episodes-per-child", [tally(times=5), tally(times=2, person="q")]).spread == (3.5, 5)


def test_an_episode_that_may_have_started_outside_the_period_is_uncertain_but_not_who_is_missing_now():
    some = [tally(sure=False)]
    assert counts(figure("missing-episodes", some)) == (0, 0, 1)
    assert counts(figure("currently-missing", some)) == (1, 0, 0)


def test_the_mean_by_child_with_median_and_90th_percentile():
    some = [tally(person=f"p{n}") for n in range(9)] + [tally(person="many", times=1) for _ in range(30)]
    found = figure("episodes-per-child", some)
    assert (found.surely, found.denominator, found.value) == (39, 10, 3.9)
    assert found.spread == (1, 1)
    assert figure("episodes-per-child", [*some, *[tally(person="two") for _ in range(2)]]).spread == (1, 2)


def starts(*days):
    return [RepeatStart(int(d * DAY), int(d * DAY), "y") for d in days]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ((0, 10, 29.9), "y"),
        ((0, 10, 30), "n"),
        ((0, 10, 20, 100), "y"),
        ((0, 1), "n"),
        ((0, 20, 40, 60), "n"),
    ],
)
def test_repeats_within_a_rolling_window(days, expected):
    of_person = starts(*days)
    assert repeat_state(of_person, [(s, True) for s in of_person], 3, 30 * DAY) == expected


def test_a_repeat_needs_an_episode_in_the_period_but_counts_those_before_it():
    of_person = starts(0, 10, 20, 100)
    assert repeat_state(of_person, [(of_person[2], True)], 3, 30 * DAY) == "y"
    assert repeat_state(of_person, [(of_person[3], True)], 3, 30 * DAY) == "n"


def test_a_repeat_can_be_open():
    day_known = RepeatStart(0, DAY, "y")
    of_person = [day_known, *starts(10, 30.5)]
    assert repeat_state(of_person, [(of_person[2], True)], 3, 30 * DAY) == "?"
    assert (
        repeat_state(
            [*starts(0, 10), RepeatStart(20 * DAY, 20 * DAY, "?")], [(starts(10)[0], True)], 3, 30 * DAY
        )
        == "n"
    )
    unsure = [*starts(0, 10), RepeatStart(20 * DAY, 20 * DAY, "?")]
    assert repeat_state(unsure, [(unsure[2], True)], 3, 30 * DAY) == "?"


def test_a_repeat_that_hangs_on_which_episode_is_of_the_period_is_open():
    of_person = starts(0, 10, 20)
    assert repeat_state(of_person, [(of_person[2], False)], 3, 30 * DAY) == "?"


def test_a_repeat_within_a_window_that_may_have_begun_later_is_open():
    late = RepeatStart(29 * DAY, 31 * DAY, "y")
    assert repeat_state([*starts(0, 10), late], [(late, True)], 3, 30 * DAY) == "?"


def test_of_children_missing_those_who_repeat():
    some = [
        tally(person="p"),
        tally(person="q"),
        tally(person="r", repeat="n"),
        tally(person="s", repeat="?"),
    ]
    found = figure("repeat", some, {"p": "y", "q": "n", "r": "y", "s": "y"})
    assert counts(found) == (1, 1, 1)


def test_first_or_repeat():
    first, second = starts(0, 5)
    unsure = RepeatStart(4 * DAY, 6 * DAY, "y")
    assert first_or_repeat(first, [first, second]) == "first"
    assert first_or_repeat(second, [first, second]) == "repeat"
    assert first_or_repeat(unsure, [unsure, second]) == "not_known"


_LETTERS = st.sampled_from("yn?-")
_TALLIES = st.lists(
    st.builds(
        Tally,
        group=st.sampled_from("abcd"),
        sure=st.booleans(),
        states=st.text(_LETTERS, min_size=WIDTH, max_size=WIDTH),
        times=st.integers(1, 9),
        person=st.sampled_from("pqrst"),
        interviews=st.lists(st.integers(1, 5), max_size=2),
    ),
    max_size=30,
)


@given(_TALLIES)
def test_groups_of_episodes_add_up_to_all_and_so_do_the_three_counts(tallies):
    for measure in MEASURES:
        [of_all] = figures(measure, tallies, {}, grouped=False)
        by_group = figures(measure, tallies, {}, grouped=True)
        sums = tuple(map(sum, zip(*map(counts, by_group), strict=True))) or (0, 0, 0)
        if measure.unit == "episode":
            assert sums == counts(of_all)
        else:
            assert of_all.surely <= sums[0]
            assert all(one.surely <= of_all.surely for one in by_group)
        if measure.form != "mean":
            assert of_all.denominator == sum(counts(of_all))


@given(_TALLIES)
def test_nothing_small_is_told_and_no_total_tells_it(tallies):
    shown = suppressed([f for m in MEASURES for f in figures(m, tallies, {}, grouped=True)])
    hidden = defaultdict(list)
    for f in shown:
        numbers = (*counts(f), f.denominator)
        assert f.suppressed or not any(0 < number < 5 for number in numbers)
        if f.suppressed:
            hidden[f.measure.id].append(f)
    for measure, some in hidden.items():
        sums = tuple(map(sum, zip(*map(counts, some), strict=True)))
        told = [f for f in shown if f.measure.id == measure and not f.suppressed]
        assert not told or (len(some) > 1 and not any(0 < total < 5 for total in sums))


def of_group(measure, group, surely, surely_not):
    return Figure(named(measure)[0], group, surely, surely_not, 0)


def test_one_small_group_takes_the_next_smallest_with_it():
    groups = [of_group("over-24-hours", g, *n) for g, n in {"a": (3, 20), "b": (50, 50), "c": (6, 9)}.items()]
    assert [f.group for f in suppressed(groups) if f.suppressed] == ["a", "c"]


def test_figures_of_interviews_of_a_group_go_together_since_one_is_the_others_denominator():
    group = [of_group("interview-offered", "a", 10, 5), of_group("interview-completed-of-offered", "a", 8, 2)]
    assert all(f.suppressed for f in suppressed(group))


def test_and_so_do_those_of_long_absences_while_others_stay():
    told = {"missing-episodes": (13, 0), "over-24-hours": (10, 3), "oversight-gap": (5, 5)}
    group = [of_group(measure, "a", *numbers) for measure, numbers in told.items()]
    assert [f.measure.id for f in suppressed(group) if f.suppressed] == ["over-24-hours", "oversight-gap"]


def test_without_small_numbers_everything_is_told():
    groups = [of_group("over-24-hours", g, 10, 10) for g in "abc"] + [of_group("over-24-hours", "d", 0, 7)]
    assert not any(f.suppressed for f in suppressed(groups))


def test_letters_are_in_the_order_of_the_measures():
    states = "".join(chr(ord("A") + n) for n in range(WIDTH))
    assert "".join(letter(measure, states) for measure in MEASURES) == states
