"""The subject of a query and its two times: as things stood in the world, and as the ledger knew it."""

from __future__ import annotations

from typing import Any

from application.queries.episodes import person_loader as persons
from domain.errors import NotFound
from domain.facts.members import CHILD_KIND, SUBJECT_KIND
from domain.facts.value_kinds import ChildRef
from domain.moment import Instant
from interface.http.requests.parameter_fields import KnownAtParameter
from interface.http.runtime.services import services


def subject_of(namespace: str, reference: str) -> str:
    """The subject in a path; NotFound when there can be none of that form."""
    subject = f"{namespace}/{reference}"
    if not SUBJECT_KIND.fits(subject):
        raise NotFound("there is no such episode")
    return subject


def child_of(scheme: str, reference: str) -> ChildRef:
    """The child in a path; NotFound when there can be none of that form."""
    found = ChildRef(scheme, reference)
    if not CHILD_KIND.fits(found._asdict()):
        raise NotFound("there is no such child")
    return found


def as_at(query: dict[str, Any]) -> Instant:
    """The time in the world; now, when none is asked."""
    given: Instant | None = query["as_at"]
    return services().clock() if given is None else given


def known_at(query: dict[str, Any]) -> persons.KnownAt:
    """The position up to which the ledger is read, and by which rulebook; all there is, when none is asked."""
    given: KnownAtParameter = query["known_at"] or KnownAtParameter(None, None)
    return services().reader.known_at(*given, query.get("rulebook"))


def known_at_if_asked(query: dict[str, Any]) -> persons.KnownAt | None:
    """The same; None when neither is asked: then the views answer as they are."""
    return None if query["known_at"] is None and query.get("rulebook") is None else known_at(query)
