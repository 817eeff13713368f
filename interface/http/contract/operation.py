"""The declaration of a route: who may use it, what it is for, its parameters and its answers.

Authorisation reads the roles, the query reader the parameters, OpenAPI all of it. Each is declared once, where the
route is. A route without a declaration is refused, and a test walks all routes for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, TypeVar

from flask import current_app, request
from marshmallow import Schema
from werkzeug.routing import Rule

from application.access.credentials import ROLES
from interface.http.contract.answer_fields import OneOfShapes

ARGUMENT: Final = re.compile(r"<(?:[^:>]+:)?([a-z_]+)>")
"""A variable part of a path, as the router writes it."""

V = TypeVar("V", bound=Callable[..., Any])


class Header(NamedTuple):
    """A request header that the route reads."""

    name: str
    means: str
    schema: dict[str, Any]


class Answer(NamedTuple):
    """An answer of a route: what it means, and the schema (or media type) of its body."""

    means: str
    schema: type[Schema] | OneOfShapes | None = None
    media_type: str | None = "application/json"
    """None: no body."""
    also: tuple[str, ...] = ()
    """Media types in which the same is answered as text, if the request prefers one of them."""


class NoParameters(Schema):
    """No parameters at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One route, as declared. `roles` None: open to everyone."""

    summary: str
    roles: frozenset[str] | None
    query: Schema = field(default_factory=NoParameters)
    """The schema of its parameters, made once."""
    answers: Mapping[int, Answer] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    """Problem types that only this route gives; those of every route are added by OpenAPI."""
    headers: tuple[Header, ...] = ()
    takes: Schema | None = None
    """The schema of its JSON body, if it takes one that is no event."""
    discloses: bool = False
    """An answer may show children's records: it needs a purpose and is recorded (guards/access_recording.py)."""
    takes_events: bool = False
    """The body is one or more CloudEvents."""
    for_people: bool = False
    """A page: a browser's session opens it, and no token does."""

    def __call__(self, view: V) -> V:
        """Attach the declaration to a view function."""
        view.operation = self  # type: ignore[attr-defined]
        return view


def public(summary: str, **declared: Any) -> Operation:
    """Declare a route that needs no token."""
    return Operation(summary=summary, roles=None, **declared)


def requires(*roles: str, summary: str, **declared: Any) -> Operation:
    """Declare a route for credentials with one of these roles."""
    if unknown := set(roles) - set(ROLES):
        raise ValueError(f"There is no role {unknown}.")
    return Operation(summary=summary, roles=frozenset(roles), **declared)


def reads(*roles: str, summary: str, **declared: Any) -> Operation:
    """Declare a route that reads: an administrator always may (contract.md 1)."""
    return requires(*roles, "administrator", summary=summary, **declared)


def operation_of(view: Callable[..., Any]) -> Operation | None:
    """Return the declaration of a view function; None when it has none."""
    found = getattr(view, "operation", None)
    return found if isinstance(found, Operation) else None


def path_of(rule: Rule) -> str:
    """Return a route's path, its variable parts in braces: /v1/episodes/{namespace}/{reference}."""
    return ARGUMENT.sub(lambda found: "{" + found[1].rstrip("_") + "}", rule.rule)


def current_operation() -> Operation | None:
    """Return the declaration of this request's route."""
    return operation_of(current_app.view_functions[request.endpoint]) if request.endpoint else None
