"""Catalogue of event types: docs/events.md, written from the classes that define them.

Run it after a change to domain/facts or domain/vocabulary: `.venv/bin/python scripts/catalogue.py`.
A test compares the file with what this would write.
"""

from __future__ import annotations

import inspect
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from domain.facts import (  # noqa: E402
    after_return,
    amendments,
    away,
    casework,
    end,
    handover,
    return_interview,
    start,
)
from domain.facts.correction_changes import ChangesKind  # noqa: E402
from domain.facts.fact import FACTS, Fact  # noqa: E402
from domain.facts.members import Member, Nested  # noqa: E402
from domain.facts.value_kinds import Chosen, Kind, ListOf, MomentKind  # noqa: E402
from domain.vocabulary import YES_NO  # noqa: E402

GROUPS = (start, casework, away, end, after_return, return_interview, handover, amendments)

HEAD = """# The event catalogue

Generated from `domain/facts/` by `scripts/catalogue.py`; do not edit by hand.

Every event is a CloudEvent 1.0. Its `type` is `missing-episode.<name>.v1` and its `subject` is
`<namespace>/<reference>`. [connecting.md](connecting.md) explains how to send one, and its envelope.
`/v1/schemas/<type>` has the JSON Schema of each type.

* **Required** members are few: an absent member means that nothing was said, never no.
* *Encrypted* members are personal. They are encrypted under the child's own key, and the recorded line has only a
  commitment to them.
* Every list also takes `not_known`, `other` and `local:<code>`. A *code* is letters, digits and `. _ : ~ / -`,
  at most 128, without spaces: no free words are ever stored in clear.
* A *moment* is an RFC 3339 time with offset, or `{"earliest": …, "latest": …}` of which either may be absent.
  It may also be `{"date": "2026-03-01"}`, that day in Europe/London.
* A *child* is a reference in the subject's namespace, or `{"scheme": …, "reference": …}`.

"""


def kind_words(kind: Kind) -> str:
    """Return a kind in a few words of Markdown."""
    if isinstance(kind, Chosen):
        if kind.list is YES_NO:
            return "yes, no, not_known, not_asked, withheld"
        return "one of " + ", ".join(f"`{value}`" for value in kind.list.values)
    if isinstance(kind, ListOf):
        return f"a list of at most {kind.most}, each {kind_words(kind.item)}"
    if isinstance(kind, MomentKind):
        return "a moment"
    if isinstance(kind, ChangesKind):
        return '`{"time"?, "data"?}`: members given replace, null removes, objects merge; not `child`'
    return kind.noun.partition(":")[0]


def rows(members: tuple[Member, ...], prefix: str = "") -> list[str]:
    """Return a table row for each member; those of objects carry the object's name."""
    made = []
    for member in members:
        name = f"`{prefix}{member.name}`"
        if isinstance(member.kind, Nested):
            made += rows(member.kind.members, f"{prefix}{member.name}.")
        elif not member.derived:
            marks = ["**required**"] * member.required + ["*encrypted*"] * member.personal
            made.append(f"| {name} | {kind_words(member.kind)} | {', '.join(marks)} |")
    return made


def section(cls: type[Fact]) -> str:
    """Return the section of one type."""
    own = tuple(m for m in cls.MEMBERS if m not in common())
    text = f"### `{cls.NAME}`\n\n{inspect.cleandoc(cls.__doc__ or '')}\n\n"
    if own:
        text += "| member | value | |\n|---|---|---|\n" + "\n".join(rows(own)) + "\n\n"
    return text


def common() -> tuple[Member, ...]:
    """Return the members that every type takes: those of the type with the fewest."""
    return min((cls.MEMBERS for cls in FACTS.values()), key=len)


def catalogue() -> str:
    """Return the whole page."""
    text = HEAD + "## Members that every type takes\n\n| member | value | |\n|---|---|---|\n"
    text += "\n".join(rows(common())) + "\n\n"
    for group in GROUPS:
        title, _, rest = (group.__doc__ or "").strip().partition("\n")
        text += f"## {title}\n\n" + (f"{rest.strip()}\n\n" if rest.strip() else "")
        for cls in FACTS.values():
            if cls.__module__ == group.__name__:
                text += section(cls)
    return text.rstrip() + "\n"


if __name__ == "__main__":
    (ROOT / "docs" / "events.md").write_text(catalogue(), "utf-8")
