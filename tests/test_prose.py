"""The prose check fails on a bad sentence of each kind and names its line; a good one passes."""

from __future__ import annotations

import click
import pytest

from scripts.prose import WORDS, faults, listed_passages
from scripts.prose_texts import command, markdown, problems, python, unreleased

LONG = "The follower reads " + "one entry and then " * 6 + "stops."
"""A sentence of 28 words."""
BAD = {
    r"reckon(?:s|ed|ing|ings)?": "reckoning",
    r"for ?ever": "for ever",
    r"(?:stand|stands|stood|standing) still": "stands still",
    r"satisf(?:y|ies|ied|ying)": "satisfies",
    r"(?:nobody|no one|no-one) can tell": "nobody can\ntell",
    r"(?:hang|hangs) on": "hangs on",
    r"(?:let|lets|letting) go": "let go",
    r"(?:is|are) told": "is told",
    r"for the time(?!\sbeing)": "for the time",
    r"it is (?:not )?so that": "it is so that",
    r"RHIs?": "RHI",
}
"""Words that a pattern matches, where the pattern is not itself the words."""


def of_page(text):
    """The faults of a page."""
    return list(faults(markdown("page.md", text)))


def of_module(text):
    """The faults of a module."""
    return list(faults(python("module.py", text)))


@pytest.mark.parametrize("pattern", WORDS)
def test_a_word_that_is_not_plain_is_named_with_its_line_and_the_right_word(pattern):
    [fault] = of_page(
        f"# Title\n\nThe first line is good.\nThe next has {BAD.get(pattern, pattern)} in it.\n"
    )
    assert fault.startswith("page.md:4: ")
    assert fault.endswith(f"write {WORDS[pattern]}")


@pytest.mark.parametrize(
    "page",
    [
        "Every list is rebuilt, and the caller reads the latest entry.",
        "Code is skipped: `anew, beside` and ``for ever``.",
        "```\nlet go anew\n```",
        "As in a shell:\n\n    make anew beside",
        "> The authority shall hold it in vain, wanting and for ever.",
        'The law says "for ever and ever", and the page quotes it.',
        "The setting for the time being, besides a fortune-teller.",
        "| member | value |\n|---|---|\n| `aside` | excluded |",
        "Ten words stand here, and each of them is good. " * 5,
    ],
)
def test_a_good_page_passes(page):
    assert of_page(page) == []


@pytest.mark.parametrize(
    "page",
    [
        f"# Title\n\nA short sentence. {LONG}",
        f"One.\n\n* A list.\n* {LONG}",
        f"| member | value |\n|---|---|\n| `time` | {LONG} |",
    ],
)
def test_a_sentence_that_is_too_long_is_named_with_its_line(page):
    [fault] = of_page(page)
    assert fault.startswith(f"page.md:{page.count(chr(10)) + 1}: a sentence of 28 words, 25 are the most")


def test_a_sentence_that_runs_over_lines_is_one():
    [fault] = of_page(f"Short.\n{LONG.replace(' and', chr(10) + 'and')}")
    assert fault.startswith("page.md:2: a sentence of 28 words")


def test_codes_one_after_another_are_one_word_and_a_link_is_its_words():
    assert (
        of_page("One of " + ", ".join(["`code`"] * 30) + " or `other` as in [the page](one-two-three.md).")
        == []
    )


def test_three_colons_in_a_sentence_are_too_many():
    [fault] = of_page("Checks: of lines: of trees: and of signatures.")
    assert "3 colons" in fault


@pytest.mark.parametrize("opening", ["What", "Whoever", "Whether", "Of"])
def test_a_docstring_begins_with_a_verb_or_a_noun(opening):
    found = of_module(f'def of():\n    """{opening} the list holds."""\n')
    assert f"module.py:2: a docstring begins with “{opening}”: begin with a verb or a noun" in found


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ('"""Rules."""\nx = 1  # made anew\n', 2),
        ('"""Rules."""\n# One line\n# is made anew.\n', 3),
        ('"""Rules.\n\nThey are made anew.\n"""\n', 3),
        ('X = 1\n"""A number made anew."""\n', 2),
        ('"""Rules."""\nX = "this list is made anew"\n', 2),
        ('"""Rules."""\nX = "an update from the source, made anew"\n', 2),
    ],
)
def test_docstrings_comments_and_phrases_of_a_module_are_read(module, line):
    assert of_module(module) == [f"module.py:{line}: “anew”: write again, rebuilt"]


def test_a_good_module_passes():
    assert (
        of_module(
            '"""Rules of an authority."""\n\n\ndef load(path):  # noqa: ANN001  the path is checked before\n'
            '    """Return the rules."""\n    return {"set_aside": 1}[path]\n'
        )
        == []
    )


def test_the_names_of_tables_and_columns_in_sql_pass():
    module = '"""Rows."""\nX = "update episodes set aside = true where not aside"\n'
    assert of_module(module + 'Y = "select count(*) from views.aside a"\n') == []


def test_what_is_raised_and_every_fault_is_read_with_the_limit_of_a_problem():
    module = (
        'def f(n):\n    """Raise."""\n    raise Forbidden(\n        f"The token names no list, {n} is told.")\n'
        'F = Fault("/a", "must be one of those words that stand in the list which the page of the rules shows")\n'
    )
    word, length = faults(problems("module.py", module))
    assert word.startswith("module.py:4: “is told”")
    assert length.startswith("module.py:5: a sentence of 18 words, 15 are the most")


def test_the_help_of_a_command_its_options_and_its_subcommands_is_read():
    inner = click.Command("show", help="Show it anew.")
    option = click.Option(["--size"], help=" ".join(["word"] * 16) + ".")
    group = click.Group(
        "lists", help="Keep the lists. Short sentences pass.", params=[option], commands=[inner]
    )
    length, word = faults(command("ledger lists", group))
    assert length.startswith("ledger lists: a sentence of 16 words, 15 are the most")
    assert word == "ledger lists show: “anew”: write again, rebuilt"


def test_only_what_is_not_released_yet_is_read_of_the_changelog():
    page = "# Changelog\n\n## [Unreleased]\n\n- Lists made anew.\n\n## [0.1.0]\n\n- Kept for ever.\n"
    assert list(faults(unreleased("CHANGELOG.md", page))) == ["CHANGELOG.md:5: “anew”: write again, rebuilt"]
    assert list(unreleased("CHANGELOG.md", "## [0.1.0]\n\n- Kept for ever.\n")) == []


def test_everything_that_is_listed_is_plain():
    assert list(faults(listed_passages())) == []
