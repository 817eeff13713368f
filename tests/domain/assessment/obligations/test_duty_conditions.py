"""Duties: the conditions under which they apply."""

from __future__ import annotations

import pytest

from tests.support.entry_builder import AUTHORITY, HOST, Telling
from tests.support.judged_rules import RETURNED, judged


class TestConditions:
    """Each names its moment; what nobody can decide raises the duty and is named."""

    def tell(self, **setting: str) -> Telling:
        """Back, with a setting told in the report."""
        tell = Telling()
        tell("reported", "2026-03-01T20:00:00Z", category="missing", setting=setting)
        tell("returned", "2026-03-01T22:30:00Z")
        return tell

    @pytest.mark.parametrize(
        ("setting", "then"),
        [
            ({"looked_after": "yes"}, ["due"]),
            ({"looked_after": "no"}, []),
            ({}, ["due"]),
            ({"looked_after": "not_known"}, ["due"]),
        ],
    )
    def test_of_the_setting_at_the_start(self, setting: dict[str, str], then: list[str]) -> None:
        """Yes, no, and nobody said."""
        rule = RETURNED + 'applies_to = [{ at = "start", looked_after = ["yes"] }]\nlimit = { hours = 72 }'
        found = judged(self.tell(**setting), rule, "2026-03-02T00:00:00Z")
        assert [v.verdict for v in found] == then
        if then:
            known = setting.get("looked_after") == "yes"
            assert found[0].condition_unknown == (() if known else ("looked_after_yes_start",))

    def test_what_was_told_after_the_start_does_not_count_at_the_start(self) -> None:
        """But it does at the trigger."""
        tell = self.tell(placement_type="foster")
        changed = {"placement_type": "secure"}
        tell("setting-changed", "2026-03-01T21:00:00Z", setting=changed)
        for moment, then in (("start", 0), ("trigger", 1)):
            rule = (
                RETURNED
                + f'applies_to = [{{ at = "{moment}", placement_type = ["secure"] }}]\nlimit = {{ hours = 72 }}'
            )
            assert len(judged(tell, rule, "2026-03-02T00:00:00Z")) == then

    @pytest.mark.parametrize(
        ("born", "then", "unknown"),
        [
            ("2014-02", 0, False),
            ("2014-04", 1, False),
            ("2014-03", 1, True),
            ("2014", 1, True),
            ("2010", 0, False),
            (None, 1, True),
        ],
    )
    def test_of_the_age(self, born: str | None, then: int, *, unknown: bool) -> None:
        """Under twelve in March 2026; in the month of the birthday, or with only the year, nobody can tell."""
        tell = Telling()
        tell("reported", "2026-03-01T20:00:00Z", **({} if born is None else {"birth_month": born}))
        tell("returned", "2026-03-01T22:30:00Z")
        rule = (
            RETURNED + 'applies_to = [{ at = "start", age = { from = 0, to = 11 } }]\nlimit = { hours = 72 }'
        )
        found = judged(tell, rule, "2026-03-02T00:00:00Z")
        assert len(found) == then
        if found:
            assert bool(found[0].condition_unknown) is unknown

    @pytest.mark.parametrize(
        ("setting", "then"),
        [
            ({"responsible_authority": AUTHORITY, "host_authority": HOST}, 1),
            ({"responsible_authority": AUTHORITY, "host_authority": AUTHORITY}, 0),
            ({"distance": "in_area"}, 0),
            ({"distance": "at_a_distance"}, 1),
        ],
    )
    def test_own_or_hosted(self, setting: dict[str, str], then: int) -> None:
        """By the authorities, else by the distance."""
        rule = RETURNED + 'applies_to = [{ at = "start", area = ["hosted"] }]\nlimit = { hours = 72 }'
        assert len(judged(self.tell(**setting), rule, "2026-03-02T00:00:00Z")) == then

    @pytest.mark.parametrize(
        ("ages", "then"),
        [((16, 17), 1), ((0, 16), 1), ((17, 17), 0), ((0, 15), 0), ((16, 16), 1)],
    )
    def test_both_ends_of_an_age_are_included(self, ages: tuple[int, int], then: int) -> None:
        """Sixteen, and surely so."""
        tell = Telling()
        tell("reported", "2026-03-01T20:00:00Z", birth_month="2010-02")
        tell("returned", "2026-03-01T22:30:00Z")
        age = f"age = {{ from = {ages[0]}, to = {ages[1]} }}"
        found = judged(tell, RETURNED + f'applies_to = [{{ at = "start", {age} }}]', "2026-03-02T00:00:00Z")
        assert [v.condition_unknown for v in found] == [()] * then

    @pytest.mark.parametrize(("level", "then"), [("low", 0), ("medium", 1), ("high", 0)])
    def test_of_the_last_level_of_risk_that_was_named_by_then(self, level: str, then: int) -> None:
        """On the instant of the return, not the one before nor the one after."""
        tell = self.tell()
        for when, named in (("21:00:00", "low"), ("22:30:00", "medium"), ("22:30:01", "high")):
            tell("risk-assessed", f"2026-03-01T{when}Z", scheme="APP-2017", level=named)
        condition = f'applies_to = [{{ at = "trigger", risk_level = ["{level}"] }}]'
        assert len(judged(tell, RETURNED + condition, "2026-03-02T00:00:00Z")) == then

    @pytest.mark.parametrize(("category", "then"), [("missing", 1), ("away_without_authorisation", 0)])
    def test_of_the_category_at_the_start(self, category: str, then: int) -> None:
        """As it was reported, whatever it was named afterwards; and not in a scheme of one's own."""
        tell = self.tell()
        tell("category-assigned", "2026-03-01T20:00:00Z", scheme="local", value="away_without_authorisation")
        tell(
            "category-assigned", "2026-03-01T21:00:00Z", scheme="DfE-2014", value="away_without_authorisation"
        )
        condition = f'applies_to = [{{ at = "start", category = ["{category}"] }}]'
        assert len(judged(tell, RETURNED + condition, "2026-03-02T00:00:00Z")) == then

    def test_a_level_that_nobody_knows_is_none(self) -> None:
        """Then nobody can tell."""
        tell = self.tell()
        tell("risk-assessed", "2026-03-01T21:00:00Z", scheme="local", level="not_known")
        for moment in ("trigger", "ever"):
            rule = RETURNED + f'applies_to = [{{ at = "{moment}", risk_level = ["high"] }}]'
            (found,) = judged(tell, rule, "2026-03-02T00:00:00Z")
            assert len(found.condition_unknown) == 1

    def test_ever_at_a_level_of_risk(self) -> None:
        """From when it was."""
        rule = RETURNED + 'applies_to = [{ at = "ever", risk_level = ["high"] }]\nlimit = { hours = 72 }'
        tell = self.tell()
        tell("risk-assessed", "2026-03-01T20:30:00Z", scheme="APP-2017", level="low")
        tell("risk-assessed", "2026-03-02T08:00:00Z", scheme="APP-2017", level="high")
        assert judged(tell, rule, "2026-03-02T07:00:00Z") == []
        assert len(judged(tell, rule, "2026-03-02T08:00:00Z")) == 1

    def test_what_does_not_apply_is_shown_only_when_asked_for(self) -> None:
        """With the condition that failed."""
        rule = RETURNED + 'applies_to = [{ at = "start", looked_after = ["yes"] }]\nlimit = { hours = 72 }'
        tell, then = self.tell(looked_after="no"), "2026-03-02T00:00:00Z"
        assert judged(tell, rule, then) == []
        (found,) = judged(tell, rule, then, not_applicable=True)
        assert (found.verdict, found.condition_failed) == ("not_applicable", ("looked_after_yes_start",))
