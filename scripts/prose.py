"""Check of how we write English: words that are not plain, and sentences that are too long.

`make lint` reads all that is listed below. `.venv/bin/python scripts/prose.py PATH...` reads pages, files or rooms
that are not listed yet. A room that is ready joins ROOMS; nothing leaves it. Status 1 when anything is wrong.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from scripts.prose_texts import Passage, command, files, markdown, problems, python, unreleased

ROOT = Path(__file__).resolve().parent.parent
ROOMS: tuple[str, ...] = (
    "application/access",
    "application/answers",
    "application/crypto",
    "application/evidence",
    "application/importing",
    "application/merkle_log",
    "application/projections",
    "application/queries/lists",
    "application/queries/measures",
    "application/queries/checks.py",
    "application/recording",
    "application/rulebooks",
    "application/simulation",
    "application/store",
    "application/verification",
    "domain/assessment",
    "domain/entries",
    "domain/facts",
    "domain/measures",
    "domain/merkle",
    "domain/moment.py",
    "domain/organisations.py",
    "domain/rulebooks",
    "domain/rules",
    "domain/spans.py",
    "domain/vocabulary.py",
    "interface/backup",
    "interface/cli",
    "interface/cli/support/access_recording.py",
    "interface/http/contract",
    "interface/http/guards",
    "interface/http/requests",
    "interface/http/responses",
    "interface/http/routes",
    "interface/http/runtime",
    "interface/pages",
    "interface/postgres",
    "interface/trial",
    "interface/validation",
    "interface/wiring",
    "scripts",
)
"""Files and folders whose docstrings, comments and other phrases are checked."""
PROBLEMS: tuple[str, ...] = ("domain", "application", "interface")
"""Files and folders whose refusals are checked: titles, details and faults."""
COMMANDS: tuple[str, ...] = ("",)
"""Commands whose `--help` is checked; an empty name is all of them."""

WORDS = {
    r"anew": "again, rebuilt",
    r"whoever": "anyone who",
    r"aside": "excluded",
    r"beside": "next to, as well as",
    r"for ?ever": "permanently",
    r"cannot be meant": "is invalid",
    r"wanting": "missing",
    r"reckon(?:s|ed|ing|ings)?": "calculate, calculation",
    r"in vain": "without effect",
    r"(?:stand|stands|stood|standing) still": "is stopped",
    r"satisf(?:y|ies|ied|ying)": "meet, meets",
    r"(?:nobody|no one|no-one) can tell": "cannot tell",
    r"of then": "at that time",
    r"(?:hang|hangs) on": "depends on",
    r"(?:let|lets|letting) go": "deleted",
    r"told of": "reported",
    r"(?:is|are) told": "reported",
    r"spelt": "written",
    r"for the time(?!\sbeing)": "temporarily",
    r"looked at": "read",
    r"who looked": "the access log, who read",
    r"by the word": "according to",
    r"it is (?:not )?so that": "(leave out)",
    r"limit none": "no time limit",
    r"RHIs?": "return interview",
}
"""Words that are not plain, as patterns, with the right ones."""
OPENINGS = ("What", "Whoever", "Whether", "Of")
"""Words with which no docstring begins."""
COLONS = 3
"""Colons that make a sentence a list of lists."""

_WORDS = [
    (re.compile(rf"\b{left}\b".replace(" ", r"\s+"), re.IGNORECASE), right) for left, right in WORDS.items()
]
_QUOTED = re.compile(r'"[^"]*"|“[^”]*”')
_SENTENCE = re.compile(r"(?:[^.?!]|[.?!](?![\s)*\"”]|$)|(?:e\.g|i\.e|no|cf)\.)+[.?!]*", re.IGNORECASE)
_WORD = re.compile(r"[^\W_][\w'’./:%+-]*")


def faults(passages: Iterable[Passage]) -> Iterator[str]:
    """Yield what is wrong with these passages, each with its file and line."""
    for passage in passages:
        unquoted = _QUOTED.sub(lambda quoted: '"quoted"' + "\n" * quoted[0].count("\n"), passage.text)
        for at, fault in [
            *_bad_words(unquoted),
            *_bad_sentences(unquoted, passage.limit),
            *_bad_opening(passage),
        ]:
            line = passage.line + unquoted.count("\n", 0, at)
            yield f"{passage.where}{f':{line}' if passage.line else ''}: {fault}"


def _bad_words(text: str) -> Iterator[tuple[int, str]]:
    for pattern, right in _WORDS:
        for found in pattern.finditer(text):
            yield found.start(), f"“{' '.join(found[0].split())}”: write {right}"


def _bad_sentences(text: str, limit: int | None) -> Iterator[tuple[int, str]]:
    for sentence in _SENTENCE.finditer(text) if limit else ():
        words = _WORD.findall(sentence[0])
        if limit and len(words) > limit:
            start = sentence.start() + len(sentence[0]) - len(sentence[0].lstrip())
            yield start, f"a sentence of {len(words)} words, {limit} are the most: “{' '.join(words[:6])} …”"
        if len(re.findall(r":(?:\s|$)", sentence[0])) >= COLONS:
            yield sentence.start(), f"{COLONS} colons in one sentence: make it a list or several sentences"


def _bad_opening(passage: Passage) -> Iterator[tuple[int, str]]:
    first = passage.text.split(maxsplit=1)[:1]
    if passage.docstring and first and first[0].rstrip(",:") in OPENINGS:
        yield 0, f"a docstring begins with “{first[0]}”: begin with a verb or a noun"


def path_passages(path: Path) -> Iterator[Passage]:
    """Yield the passages of a page, of a module or of all modules of a room."""
    for file in files(ROOT, str(path)):
        where, text = str(file.relative_to(ROOT)), file.read_text("utf-8")
        if file.suffix == ".py":
            yield from python(where, text)
        else:
            yield from (unreleased if file.name == "CHANGELOG.md" else markdown)(where, text)


def listed_passages() -> Iterator[Passage]:
    """Yield all that is checked: pages, rooms, refusals and commands."""
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    for path in [*sorted(pages), *map(Path, ROOMS)]:
        yield from path_passages(path)
    for room in PROBLEMS:
        for file in files(ROOT, room):
            yield from problems(str(file.relative_to(ROOT)), file.read_text("utf-8"))
    yield from command_passages(COMMANDS)


def command_passages(names: Iterable[str]) -> Iterator[Passage]:
    """Yield the help of these commands."""
    from interface.cli import cli  # noqa: PLC0415  a page is checked without loading the program

    for name in names:
        yield from command(f"ledger {name}".strip(), cli.commands[name] if name else cli)


def main(arguments: list[str]) -> int:
    """Print what is wrong with the paths given, or with all that is listed; return the exit status."""
    given = (passage for argument in arguments for passage in path_passages(Path(argument).resolve()))
    found = list(faults(given if arguments else listed_passages()))
    print(*found, sep="\n", end="\n" * bool(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
