"""Checking a rulebook: what is wrong, on which line, and what would be right."""

from __future__ import annotations

import tomllib
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.rules import rule_checks as rule_check
from domain.rules.rule_parser import read_rule
from domain.rules.rulebook import RulebookError, shipped
from domain.rules.rulebook_checks import RulebookFault, check
from tests.support.local_rulebooks import HEAD, RULE

CALENDAR = 'limit = { working_days = 3, calendar = "england-and-wales" }'
AGED = "{ at = 'start', age = { from = %d, to = %d } }"
SECOND = RULE.replace("version = 1", "version = 2")


def faults(text: str, **texts: str) -> list[RulebookFault]:
    """What is wrong with a rulebook; `texts`: those that may be extended, by id."""
    return check(text, texts.get)


def test_a_good_rulebook_has_no_faults() -> None:
    assert faults(HEAD + RULE) == []


@pytest.mark.parametrize("name", list(shipped()))
def test_what_ships_is_good(name: str) -> None:
    assert check(shipped()[name], shipped().get) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        # A citation.
        ('source = "s"', 'source = ""', "a rule needs its source"),
        # A limit that nobody can keep.
        ("hours = 72", "hours = 0", "hours must be a whole number, more than none"),
        ("hours = 72", "hours = -72", "hours must be a whole number, more than none"),
        ("hours = 72", "hours = true", "hours must be a whole number, more than none"),
        ("hours = 72", "hours = 9000000", "longer than ten years"),
        ("hours = 72", "days = 99999999999", "longer than ten years"),
        ('[{ fact = "returned" }]', "{ missing_for_hours = 999999 }", "longer than ten years"),
        ('[{ fact = "returned" }]', "{ episodes = 1, within_days = 3 }", "one episode is every episode"),
        # Values that nothing can have.
        ('"returned" }', '"returned", where = { mode = ["police", "taxi"] } }', "returned has no mode taxi: it takes"),
        ('"returned" }', '"returned", unless = { mode = ["bus"] } }', "returned has no mode bus: it takes one of own"),
        ('"returned" }', '"returned", where = { mode = [] } }', "returned has no values for mode"),
        ('"returned" }', '"returned", where = { mode = "police" } }', "mode takes a list of words"),
        ('"returned" }', '"returned", where = ["mode"] }', "where and unless are tables"),
        ('"returned" }', '"returned", where = { covers = ["x"] } }', "has no member covers"),
        ('-held" }', '-held", where = { independence = ["very"] } }', "it takes one of yes, partly, no, unknown"),
        ('-held" }', '-held", where = { harm = ["rain"] } }', "interview-held has no harm rain: it takes one of none_"),
        ('-held" }', '-held", where = { "interviewer.employer" = ["me"] } }', "it takes one of responsible_authority"),
        ('-held" }', '-held", where = { happened = ["x"] } }', "no values that a rule can ask for"),
        ('-held" }', '-held", where = { "asserted_by.role" = ["two words"] } }', "it takes a code"),
        # What can never count.
        ('-held" }', '-held", where = { seen_alone = ["no"] }, unless = { seen_alone = ["no"] } }', "never counts"),
        ('-held" }', '-held", where = { provider = ["@responsible_authority"] } }', "known in starts and clock only"),
        ('-held" }', '-held", by = "@responsible_authority" }', "known in starts and clock only"),
        ('-held" }', '-held", until = "returned" }', "goes with paused_by only"),
        ('"returned" }', '"returned", after = "start" }', "goes with met_by and excused_by only"),
        ('"returned" }', '"returned", time = "summary" }', "goes with met_by and excused_by only"),
        ('"interview-held"', '"corrected"', "about another entry, not about the child"),
        ("limit", 'applies_to = [{ at = "start", age = { from = 12, to = 11 } }]\nlimit', "no child is from 12 to 11"),
        ("limit", 'applies_to = [{ at = "start", age = { from = 30, to = 40 } }]\nlimit', "no child is from 30 to 40"),
        ("limit", 'applies_to = [{ at = "start", age = { from = "a", to = 4 } }]\nlimit', "are whole years"),
        ("limit", 'applies_to = [{ at = "start", age = 4 }]\nlimit', "must be a table"),
        ("limit", 'applies_to = [{ at = "start", looked_after = ["maybe"] }]\nlimit', "looked_after is never maybe"),
        ("limit", 'applies_to = [{ at = "start", looked_after = ["not_known"] }]\nlimit', "raises the duty by itself"),
        ("limit", 'applies_to = [{ at = "ever", risk_level = ["huge"] }]\nlimit', "risk_level is never huge"),
        ("limit", 'applies_to = [{ at = "ever", category = ["gone"] }]\nlimit', "category is never gone"),
        ("limit", 'applies_to = [{ at = "start", area = ["abroad"] }]\nlimit', "area takes a list of own, hosted"),
        (
            "limit",
            'applies_to = [{ at = "start", sex = ["f"] }, { at = "start", sex = ["m"] }]\nlimit',
            "two values of sex at once",
        ),
        (
            "limit",
            f"applies_to = [{AGED % (0, 9)}, {AGED % (10, 17)}]\nlimit",
            "two values of age at once",
        ),
        ("limit", 'authorities = ["Birmingham"]\nlimit', "Birmingham is not an authority's GSS code"),
        ("limit", 'authorities = "E08000025"\nlimit', "takes a list of words"),
        # Times.
        (
            "limit",
            'in_force_from = "2023-03-31T22:59:59Z"\nauthorities = ["E06000063"]\nlimit',
            "begins before E06000063 exists, which is since 2023-04-01",
        ),
        ("limit", 'authorities = ["E06000060"]\nlimit', "begins before E06000060 exists, which is since 2020-04-01"),
        (
            "limit = { hours = 72 }",
            f'in_force_from = "2011-12-30T00:00:00Z"\n{CALENDAR}',
            "knows the days from 2012-01-01 to 2028-12-31 only, and cannot count 3 working days from 2011-12-30",
        ),
        (
            "limit = { hours = 72 }",
            f'in_force_to = "2028-12-29T00:00:00Z"\n{CALENDAR}',
            "cannot count 3 working days from 2028-12-28",
        ),
        ("limit = { hours = 72 }", 'limit = { working_days = 3, calendar = ["x"] }', "calendar is one of"),
        # Forms.
        ('title = "t"\nsource', "title = 5\nsource", "title must be text, in quotes"),
        ('id = "r"', 'id = "r r"', "letters, digits"),
        ("limit", 'enabled = "no"\nlimit', "enabled is true or false"),
        ("limit", "missing_again = []\nlimit", "missing_again is one of"),
        ("limit", "applies_to = 3\nlimit", "is a list of tables"),
        ("limit", 'applies_to = [{ at = ["ever"], standing = ["missing"] }]\nlimit', "names its moment"),
        ('[{ fact = "interview-held" }]', '[{ fact = ["a"] }]', "there is no fact called"),
        ('[{ fact = "interview-held" }]', '["interview-held"]', "is a list of tables"),
        ("limit = { hours = 72 }", "limit = 72", "must be a table"),
    ],
)  # fmt: skip
def test_a_fault_of_a_rule_is_named_with_its_line(old: str, new: str, said: str) -> None:
    text = HEAD + RULE.replace(old, new, 1)
    found = faults(text)
    assert any(said in fault.reason for fault in found), found
    line = next(fault.line for fault in found if said in fault.reason)
    changed = [
        n
        for n, (a, b) in enumerate(zip(text.splitlines(), (HEAD + RULE).splitlines(), strict=False), 1)
        if a != b
    ]
    assert line == changed[0]


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ('version = "1"', 'version = "1 beta"', 2, "version is letters, digits and"),
        ('id = "x"', 'id = "x@y"', 1, "id is letters, digits and"),
        ('id = "x"', "id = 3", 1, "id must be text"),
        ("lateness_hours = 24", "lateness_hours = -1", 4, "more than none"),
        ("lateness_hours = 24", "lateness = 24", 1, "lateness_hours is missing"),
        ("lateness_hours = 24", "lateness_hours = 24\ncolour = 3", 5, "colour is not known"),
        ("lateness_hours = 24", "lateness_hours = 24\nends_agree_minutes = 0", 5, "more than none"),
        ("lateness_hours = 24", "lateness_hours = 24\nends_agree_minutes = 1441", 5, "must be at most 1440"),
        ('title = "t"\n', 'title = "t\n', 3, "not TOML"),
        ('title = "t"\n', f"title = {'[' * 5000}\n", 1, "not TOML"),
    ],
)  # fmt: skip
def test_a_fault_of_the_rulebook_itself_is_named_with_its_line(
    old: str, new: str, line: int, said: str
) -> None:
    [fault] = faults(HEAD.replace(old, new, 1) + RULE)
    assert (fault.line, said in fault.reason) == (line, True), fault


def test_every_faulty_rule_is_named() -> None:
    bad = RULE.replace("72", "-1")
    found = faults(HEAD + bad + bad.replace('"r"', '"q"') + RULE.replace('"r"', '"p"'))
    assert [(fault.line, fault.reason.split(",")[0]) for fault in found] == [(13, "rule r"), (23, "rule q")]


def test_versions_that_overlap_are_named_where_the_second_begins() -> None:
    [fault] = faults(HEAD + RULE + SECOND)
    assert fault.line == 16
    assert "versions 1 and 2 are in force at the same time; end one before the other begins" in fault.reason
    [twice] = faults(HEAD + RULE + RULE)
    assert (twice.line, "version 1 is there twice" in twice.reason) == (16, True)


@pytest.mark.parametrize("rules", ["rules = []", "rules = 3", "rules = [3]"])
def test_a_rulebook_needs_rules(rules: str) -> None:
    [fault] = faults(HEAD + rules)
    assert fault.line == 5


def test_what_is_extended_must_be_there() -> None:
    [fault] = faults(HEAD + 'extends = "atlantis"\n' + RULE)
    assert fault == RulebookFault(5, "extends: there is no rulebook called atlantis")


def test_rulebooks_may_not_extend_one_another_in_a_circle() -> None:
    mine = HEAD + 'extends = "y"\n' + RULE
    other = HEAD.replace('"x"', '"y"') + 'extends = "x"\n' + RULE
    [fault] = faults(mine, x=mine, y=other)
    assert (fault.line, "goes round in a circle: x extends y extends x" in fault.reason) == (5, True)
    [itself] = faults(mine.replace('"y"', '"x"'), x=mine)
    assert "x extends x" in itself.reason


def test_a_rule_that_is_extended_keeps_its_version_to_itself() -> None:
    base = HEAD.replace('"x"', '"y"') + RULE
    [fault] = faults(HEAD + 'extends = "y"\n' + RULE.replace("72", "48"), y=base)
    assert (fault.line, "give this one version 2" in fault.reason) == (9, True)
    assert faults(HEAD + 'extends = "y"\n' + SECOND, y=base) == []


WORDS = st.sampled_from(
    ["fact", "where", "at", "age", "from", "to", "hours", "calendar", "standing", "episodes", "within_days",
     "returned", "interview-held", "missing", "ever", "start", "until", "@responsible_authority", "E06000060", ""]
)  # fmt: skip
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=400, deadline=None)
@given(
    member=st.sampled_from([*tomllib.loads(RULE)["rules"][0], "applies_to", "paused_by"]),
    value=VALUES,
)
def test_whatever_is_written_it_is_a_rule_or_refused_with_a_sentence(member: str, value: object) -> None:
    with suppress(RulebookError):
        rule = read_rule(tomllib.loads(RULE)["rules"][0] | {member: value})
        assert all(reason for _, reason in rule_check.faults(rule))
