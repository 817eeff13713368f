"""Rulebooks: what is read, and what is refused with a reason."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from domain.moment import MINUTE, instant
from domain.rules.rulebook import RulebookError, bases, cached, composed, england, parse
from domain.rules.toml_line_numbers import Lines
from features.spoken_words import DUTIES
from tests.support.local_rulebooks import HEAD, RULE
from tests.support.repository import ROOT

FEATURES = ROOT / "features"


def test_the_rulebook_that_ships_has_the_three_readings_each_with_its_source() -> None:
    """No rule without a citation."""
    book = england()
    assert [rule.id for rule in book.rules][:3] == [
        "return-interview-offered",
        "return-interview-held",
        "return-interview-held-from-notified",
    ]
    assert all(rule.limit.hours == 72 and "January 2014" in rule.source for rule in book.rules[:3])
    assert all(len(rule.source) > 30 for rule in book.rules)


def test_every_rule_of_england_has_a_story() -> None:
    """In the words of those who use it: a sentence with its duty and a verdict."""
    duties = {rule: duty for duty, rule in DUTIES.items()}
    told = "\n".join(path.read_text("utf-8") for path in FEATURES.glob("*.feature"))
    for rule in england().rules:
        assert re.search(rf"(the duty to|\|) {re.escape(duties[rule.id])} +(is|\|)", told), rule.id


def test_the_ends_that_agree_are_as_the_rulebook_says_else_as_the_one_that_it_extends() -> None:
    """Sixty minutes in England since 2026.3; before that, and where nobody says, ends have to overlap."""
    assert (england().version, england().ends_agree) == ("2026.3", 60 * MINUTE)
    assert parse((ROOT / "tests/golden/england-2026.2.toml").read_text("utf-8")).ends_agree == 0
    own = parse(HEAD + RULE)
    assert composed(own, england()).ends_agree == 60 * MINUTE
    own = parse(HEAD + "ends_agree_minutes = 5\n" + RULE)
    assert composed(own, england()).ends_agree == 5 * MINUTE


def test_a_rule_as_small_as_it_can_be() -> None:
    """Applies always, excused by nothing."""
    rule = parse(HEAD + RULE).rule("r", 1)
    assert (rule.limit.hours, rule.applies_to, rule.excused_by) == (72, (), ())


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('source = "s"', 'source = " "', "needs its source"),
        ('source = "s"\n', "", "source is missing"),
        ("hours = 72", "hours = -1", "more than none"),
        ("hours = 72", "hours = 1.5", "whole number"),
        ("hours = 72", "weeks = 3", "weeks is not known"),
        ('fact = "returned"', 'fact = "came-back"', "no fact called came-back"),
        ('fact = "returned"', 'fact = "returned", where = { colour = ["red"] }', "no member colour"),
        ('fact = "returned"', 'fact = "returned", time = "when"', "time is one of"),
        ("version = 1\n", 'version = 1\npenalty = "x"\n', "penalty is not known"),
        ("[[rules]]", "[[rules]", "not TOML"),
    ],
)
def test_a_rulebook_that_cannot_be_used_is_refused(old: str, new: str, said: str) -> None:
    """Which rule, and why."""
    with pytest.raises(RulebookError, match=said):
        parse(HEAD + RULE.replace(old, new))


def test_no_two_rules_with_one_name_and_version() -> None:
    """Nobody could say which of them it is."""
    with pytest.raises(RulebookError, match="is there twice"):
        parse(HEAD + RULE + RULE)


def test_the_local_examples_are_read_and_judge_nothing() -> None:
    """Each is an example, until somebody sets it."""
    text = (resources.files("domain.rulebooks") / "example-local.toml").read_text("utf-8")
    book = parse(text)
    assert book.extends == "england"
    assert all(not rule.enabled and "set by your protocol" in rule.source for rule in book.rules)
    whole = composed(book, england())
    assert {rule.id for rule in whole.rules if rule.enabled} == {rule.id for rule in england().rules}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("limit = { hours = 72 }", "limit = { hours = 72, days = 3 }", "one of hours, days and working_days"),
        ("limit = { hours = 72 }", "limit = { working_days = 3 }", "name of a calendar"),
        ("limit = { hours = 72 }", 'limit = { working_days = 3, calendar = "mars" }', "england-and-wales"),
        ('"responsible_authority"', '"somebody"', "accountable is one of"),
        ('[{ fact = "returned" }]', "{ missing_for_hours = 0 }", "more than none"),
        ('[{ fact = "returned" }]', "{ episodes = 3 }", "starts is a list of facts"),
        ('[{ fact = "returned" }]', "[]", "starts is a list of facts"),
        ('[{ fact = "interview-held" }]', '[{ fact = "returned" }]', "can never be open"),
        ('[{ fact = "interview-held" }]', "[]", "nothing meets it"),
        ('fact = "interview-held"', 'fact = "interview-held", after = "end"', 'after is "start"'),
        ("limit =", 'missing_again = "forgets"\nlimit =', "missing_again is one of"),
        ("limit =", 'applies_to = [{ at = "start", mood = ["low"] }]\nlimit =', "mood is not something"),
        ("limit =", 'applies_to = [{ at = "start", standing = ["missing"] }]\nlimit =', 'at = "ever"'),
        ("limit =", 'applies_to = [{ looked_after = ["yes"] }]\nlimit =', "names its moment"),
        ("limit =", 'in_force_from = "2026"\nlimit =', "in_force_from must be"),
        (
            "limit =",
            'in_force_from = "2026-01-01T00:00:00Z"\nin_force_to = "2025-01-01T00:00:00Z"\nlimit =',
            "not after",
        ),
    ],
)
def test_every_part_of_a_rule_is_checked(old: str, new: str, said: str) -> None:
    """With the line, the rule and what would be right."""
    with pytest.raises(RulebookError, match=rf"line \d+: rule r.*{said}"):
        parse(HEAD + RULE.replace(old, new, 1))


def test_two_versions_of_a_rule_may_not_be_in_force_at_once() -> None:
    """One ends before the other begins; or they are for different authorities."""
    second = RULE.replace("version = 1", "version = 2")
    with pytest.raises(RulebookError, match="in force at the same time"):
        parse(HEAD + RULE + second)
    parse(
        HEAD
        + RULE
        + 'in_force_to = "2026-04-01T00:00:00Z"\n'
        + second
        + 'in_force_from = "2026-04-01T00:00:00Z"\n'
    )
    parse(HEAD + RULE + 'authorities = ["E08000025"]\n' + second + 'authorities = ["E09000001"]\n')


def own(**more: str) -> str:
    """A local rulebook with a rule of its own in place of r."""
    rule = RULE.replace("version = 1", "version = 2").replace("72", "48")
    return HEAD + rule + "".join(f"{name} = {value}\n" for name, value in more.items())


def limits(text: str, authority: str, at: str) -> list[int]:
    """The hours of the rules that bind an authority's episode at a time, with the base below."""
    book = cached(text, HEAD + RULE)
    return [rule.limit.hours for rule in book.rules if rule.binds(authority, instant(at))]


def test_a_rule_of_one_s_own_stands_in_place_of_the_one_with_its_id() -> None:
    """Never both."""
    assert limits(own(), "E08000025", "2026-03-01T00:00:00Z") == [48]


def test_for_other_authorities_the_rule_stays_as_it_is() -> None:
    """One authority's protocol binds nobody else."""
    text = own(authorities='["E08000025"]')
    assert limits(text, "E08000025", "2026-03-01T00:00:00Z") == [48]
    assert limits(text, "E09000001", "2026-03-01T00:00:00Z") == [72]


def test_before_a_rule_of_one_s_own_begins_and_after_it_ends_the_other_holds() -> None:
    """A clock that started earlier is judged by what was in force then."""
    text = own(in_force_from='"2026-02-01T00:00:00Z"', in_force_to='"2026-04-01T00:00:00Z"')
    found = [limits(text, "E08000025", f"2026-0{month}-15T00:00:00Z") for month in (1, 2, 3, 4)]
    assert found == [[72], [48], [48], [72]]


def test_a_rule_that_is_switched_off_switches_off_the_one_with_its_id() -> None:
    """For the authorities that say so."""
    assert limits(own(enabled="false"), "E08000025", "2026-03-01T00:00:00Z") == []


def test_a_rulebook_s_base_is_found_through_all_that_it_extends() -> None:
    """The nearest first."""
    middle = HEAD.replace('"x"', '"middle"') + 'extends = "lowest"\n' + RULE
    texts = {"middle": middle, "lowest": HEAD.replace('"x"', '"lowest"') + RULE}
    assert bases(HEAD + 'extends = "middle"\n' + RULE, texts.get) == (middle, texts["lowest"])
    assert bases(HEAD + RULE, texts.get) == ()


def test_the_lines_of_a_rulebook_are_those_of_its_text() -> None:
    """Also of parts that have a header of their own, and of what is said twice."""
    text = HEAD + RULE + '[rules.where]\nid = "inner"\n' + RULE
    lines = Lines(text)
    numbered = dict(enumerate(text.splitlines(), 1))
    assert numbered[lines.of("version")] == 'version = "1"'
    assert numbered[lines.of_rule(0, "limit")] == "limit = { hours = 72 }"
    assert lines.of_rule(0, "where") == lines.of_rule(0, "met_by") + 1
    assert numbered[lines.of_rule(1)] == "[[rules]]"
    assert lines.of_rule(1, "id") > lines.of_rule(0, "where")
    assert numbered[lines.of_rule(1, "colour")] == "[[rules]]"
    assert lines.of_rule(9) == lines.of("rules") == 1
