"""Parameters that several routes take, as parts of their schemas. A class lists first what it inherits last."""

from __future__ import annotations

from typing import Final

from interface.http.requests import parameter_fields as p
from interface.http.requests.parameters import ParametersSchema

_RULEBOOK: Final = "the <id>@<version> of an adopted rulebook, such as england@2026.1"
LARGEST: Final = 2**53


def as_at(means: str = "As things stood at this time in the world. By default now.") -> p.AnyField:
    """Return the parameter `as_at`."""
    return p.time(means)


def known_at(means: str = "As the ledger knew it then. By default everything recorded:") -> p.AnyField:
    """Return the parameter `known_at`."""
    return p.known_at(means)


def authority() -> p.AnyField:
    """Return the filter by an authority of a list."""
    return p.namespace("Where this authority is responsible or host, or issued a subject.")


def cursor() -> p.AnyField:
    """Return the parameter `cursor`."""
    return p.text(
        r"[A-Za-z0-9_=.~-]{1,512}",
        "the `next` of an answer",
        "The `next` of the answer before: where to continue.",
    )


def start_of_period(means: str) -> p.AnyField:
    """Return the parameter `from`."""
    return p.time(means, name="from")


class WithAsAt(ParametersSchema):
    """A time in the world."""

    as_at = as_at()


class WithKnownAt(ParametersSchema):
    """A time in the ledger."""

    known_at = known_at()


class WithRulebook(ParametersSchema):
    """A rulebook that was adopted."""

    rulebook = p.text(
        r"[A-Za-z0-9._~-]{1,64}@[A-Za-z0-9._~-]{1,64}",
        _RULEBOOK,
        f"Assessed under this rulebook: {_RULEBOOK}. By default the one adopted by `known_at`.",
    )


class WithPage(ParametersSchema):
    """A page of a list."""

    limit = p.whole(1, 500, "Items at most.", default=50)
    cursor = cursor()


class WithPosition(ParametersSchema):
    """A position that a list must include."""

    position = p.whole(
        0, LARGEST, "With `Prefer: wait=<seconds>`: hold the answer until the list is complete to here."
    )


class PagedParameters(WithPosition, WithPage, WithKnownAt, WithAsAt):
    """The parameters of every list."""


class WitnessedParameters(ParametersSchema):
    """The parameters of a checkpoint."""

    witnessed = p.flag("The last checkpoint that a witness has cosigned, instead of the last one.")


class StampedParameters(ParametersSchema):
    """The parameters of a time stamp."""

    position = p.whole(
        1, LARGEST, "The earliest time stamp over the entry at this position. By default the latest one."
    )
