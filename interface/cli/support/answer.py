"""How a command answers: JSON or words on standard output, everything else on standard error."""

from __future__ import annotations

from typing import Any

import click
import msgspec


def answer(value: Any, text: str, *, as_json: bool) -> None:
    """Give a command's answer: one line of JSON, or words."""
    click.echo(msgspec.json.encode(value).decode() if as_json else text)


def say(text: str) -> None:
    """Say something on standard error; never part of an answer."""
    click.echo(text, err=True)
