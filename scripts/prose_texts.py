"""Texts that people read, cut into passages: from Markdown, from Python, from the commands.

A passage is a stretch without a break: a paragraph, a list item, a cell, a docstring's paragraph, a comment. It keeps
its line breaks, so that a fault can name its line. Code is replaced by one word, quoted law is left out.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click

DOCS_LIMIT, SCREEN_LIMIT = 25, 15
"""Words that a sentence may have: on a page or in a docstring, and in `--help` or a problem."""
CODE = "`code`"
"""One word that stands for anything in backticks."""
PHRASE = 4
"""Words from which a string in the code is checked: fewer are a name."""

_WRITTEN = re.compile(r"<!-- from the code -->.*?<!-- end -->", re.DOTALL)
"""Definitions that a page quotes from the code, where they are checked."""
_SQL = re.compile(
    r"\W*(?:(?:with|select|update|from)\s.*\b(?:from|set|join)|insert into|delete from)\s|.*\(\s*select\s",
    re.DOTALL,
)
"""SQL, whose words are names of tables and columns."""
_OPENS = re.compile(r"\s*(?:[*-]|\d+\.)\s|\s*[#|]")


class Passage(NamedTuple):
    """A stretch of text with its place and the longest sentence it may have; without a limit only words count."""

    where: str
    line: int
    text: str
    limit: int | None
    docstring: bool = False


def without_code(text: str) -> str:
    """Return the text with code as one word, links as their words and emphasis gone; line breaks stay."""
    text = re.sub(r"``[^`]+``|`[^`]+`", lambda code: CODE + "\n" * code[0].count("\n"), text)
    text = re.sub(rf"{CODE}(?:,?\s+(?:(?:and|or)\s+)?{CODE})+", _one_code, text)
    text = re.sub(r"!?\[([^\]]*)\]\([^)\s]*\)", r"\1", text)
    text = re.sub(r"https?://\S+|<[^<>\s]+>", CODE, text)
    return text.replace("**", "")


def _one_code(codes: re.Match[str]) -> str:
    return CODE + "\n" * codes[0].count("\n")


def markdown(where: str, text: str, first: int = 1, limit: int | None = DOCS_LIMIT) -> Iterator[Passage]:
    """Yield the passages of a page; blocks of code, quotations (`>`) and quoted definitions are left out."""
    start, gathered = first, list[str]()
    for number, line in enumerate([*_prose_lines(text), ""], first):
        if gathered and (not line.strip() or _OPENS.match(line)):
            yield from _cells(where, start, "\n".join(gathered), limit)
            gathered = []
        if line.strip():
            start = start if gathered else number
            gathered.append(re.sub(r"^\s*(?:#+|[*-]|\d+\.)\s+(?:\[.\] )?", "", line))


def _prose_lines(text: str) -> Iterator[str]:
    """Yield the lines; those of code, of quotations and of what the program wrote are empty."""
    fenced, before = False, ""
    for line in _WRITTEN.sub(lambda found: "\n" * found[0].count("\n"), text).splitlines():
        fence = line.lstrip().startswith("```")
        fenced ^= fence
        indented = line.startswith("    ") and not before.strip()
        before = "" if fence or fenced or indented or line.startswith(">") else line
        yield before


def _cells(where: str, line: int, text: str, limit: int | None) -> Iterator[Passage]:
    for cell in without_code(text).split("|") if text.startswith("|") else [without_code(text)]:
        if re.search(r"\w", cell):
            yield Passage(where, line, cell, limit)


def unreleased(where: str, text: str) -> Iterator[Passage]:
    """Yield the passages of the section that no release has closed."""
    head, mark, rest = text.partition("## [Unreleased]\n")
    yield from markdown(where, rest.partition("\n## [")[0], head.count("\n") + 2) if mark else ()


def python(where: str, text: str) -> Iterator[Passage]:
    """Yield docstrings and comments of a module, and the words of every other string that is a phrase."""
    tree, documented = ast.parse(text), set[int]()
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ):
            documented.add(id(node.value))
            lines = markdown(where, _outdented(node.value.value), node.lineno)
            yield from (p._replace(docstring=p.line == node.lineno) for p in lines)
    yield from comments(where, text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documented:
            phrase = len(node.value.split()) >= PHRASE and not _SQL.match(node.value)
            yield from [Passage(where, node.lineno, without_code(node.value), None)] if phrase else ()


def _outdented(docstring: str) -> str:
    first, *rest = docstring.expandtabs().splitlines() or [""]
    indent = min((len(line) - len(line.lstrip()) for line in rest if line.strip()), default=0)
    return "\n".join([first, *(line[indent:] for line in rest)])


def comments(where: str, text: str) -> Iterator[Passage]:
    """Yield the comments; lines that follow each other are one passage."""
    gathered, start, last, column = list[str](), 0, -2, -1
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type != tokenize.COMMENT:
            continue
        words = re.sub(r"^#!?\s*|(?:noqa|type: ignore|pragma)\S*(?: [A-Z]+\d+,?)*|-{3,}", "", token.string)
        if (token.start[0], token.start[1]) != (last + 1, column) and gathered:
            yield Passage(where, start, without_code("\n".join(gathered)), DOCS_LIMIT)
            gathered = []
        start = start if gathered else token.start[0]
        last, column = token.start
        gathered.append(words)
    if gathered:
        yield Passage(where, start, without_code("\n".join(gathered)), DOCS_LIMIT)


def problems(where: str, text: str) -> Iterator[Passage]:
    """Yield fixed texts of refusals in a module: in what it raises, and in its faults and titles."""
    for node in ast.walk(ast.parse(text)):
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(node, ast.Raise) or (
            isinstance(called, ast.Name) and called.id in {"Fault", "Kind", "ProblemKind"}
        ):
            yield from (Passage(where, line, without_code(said), SCREEN_LIMIT) for line, said in _said(node))


def _said(node: ast.AST) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.JoinedStr):
        parts = (str(part.value) if isinstance(part, ast.Constant) else CODE for part in node.values)
        yield node.lineno, "".join(parts)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
        yield node.lineno, node.value
    else:
        for child in ast.iter_child_nodes(node):
            yield from _said(child)


def command(where: str, told: click.Command) -> Iterator[Passage]:
    """Yield the `--help` of a command, of its options and of all commands below it."""
    texts = [
        told.help,
        told.short_help,
        told.epilog,
        *(getattr(option, "help", None) for option in told.params),
    ]
    for text in filter(None, texts):
        for passage in markdown(where, _outdented(text.replace("\b", "")), 1, SCREEN_LIMIT):
            yield passage._replace(line=0)
    for name, below in getattr(told, "commands", {}).items():
        yield from command(f"{where} {name}", below)


def files(root: Path, room: str) -> list[Path]:
    """Return the modules of a room, which may be one file."""
    path = root / room
    return sorted(path.rglob("*.py")) if path.is_dir() else [path]
