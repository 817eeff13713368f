"""Options that mean the same in every command, and how an answer is given.

An answer goes to standard output, as JSON or as words; everything said meanwhile goes to standard error.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from application.queries.checks import UnanswerableQuery
from domain.facts.members import CODE_KIND, NAMESPACE_KIND
from domain.facts.value_kinds import PlainKind
from domain.moment import Instant, day, instant

F = TypeVar("F", bound=Callable[..., object])

json_option = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
data_option = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="A trial's folder: use its running database, or start it temporarily. By default LEDGER_DSN."
    " Without it, the trial of `ledger run` in its usual folder.",
)

FILE: Final = click.Path(path_type=Path, exists=True, dir_okay=False)
"""An option that names a file to read."""


@contextmanager
def usage_errors() -> Iterator[None]:
    """Make an invalid question wrong usage, while this lasts."""
    try:
        yield
    except UnanswerableQuery as error:
        raise click.UsageError(error.detail) from None


class InstantType(click.ParamType[Instant]):
    """A time with offset, on the command line."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Instant:
        """Read it; wrong usage when it is not one."""
        if isinstance(value, int):
            return value
        try:
            return instant(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class EdgeType(click.ParamType[Instant]):
    """The beginning or the end of a period: a time with offset, or the midnight in London that begins a day."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Instant:
        """Read it; wrong usage when it is neither."""
        if isinstance(value, int):
            return value
        try:
            midnight = day(value).earliest if re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII) else None
            return instant(value) if midnight is None else midnight
        except ValueError as error:
            self.fail(f"{error}, or a day such as 2026-03-01", param, ctx)


TIME: Final = InstantType()
EDGE: Final = EdgeType()


def namespace_option(name: str, means: str) -> Callable[[F], F]:
    """An option that is a namespace."""
    return click.option(name, callback=_fitting(NAMESPACE_KIND), metavar="CODE", help=means)


def code_option(name: str, means: str) -> Callable[[F], F]:
    """An option that is any code."""
    return click.option(name, callback=_fitting(CODE_KIND), metavar="CODE", help=means)


def _fitting(kind: PlainKind) -> Callable[[click.Context, click.Parameter, str | None], str | None]:
    def check(_: click.Context, option: click.Parameter, text: str | None) -> str | None:
        if text is not None and not kind.fits(text):
            raise click.BadParameter(f"must be {kind.noun}", param=option)
        return text

    return check
