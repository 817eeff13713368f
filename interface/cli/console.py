"""What commands have in common: options that mean the same everywhere, and how an answer is given.

An answer goes to standard output, as JSON or as words; everything said meanwhile goes to standard error.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click
import msgspec

from domain.facts.members import NAMESPACE_KIND
from domain.moment import Instant, instant

json_option = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
data_option = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="A trial's folder: use its running database, or start it for the time. Otherwise LEDGER_DSN; without"
    " either, the trial of `ledger run` in its usual place.",
)


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


TIME: Final = InstantType()


def read_namespace(_: click.Context, option: click.Parameter, text: str | None) -> str | None:
    """Read an option that is a namespace; wrong usage when it is none."""
    if text is not None and not NAMESPACE_KIND.fits(text):
        raise click.BadParameter(f"must be {NAMESPACE_KIND.noun}", param=option)
    return text


def answer(value: Any, text: str, *, as_json: bool) -> None:
    """Give a command's answer: one line of JSON, or words."""
    click.echo(msgspec.json.encode(value).decode() if as_json else text)


def say(text: str) -> None:
    """Say something to whoever watches; never part of an answer."""
    click.echo(text, err=True)
