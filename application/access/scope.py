"""Scope: which episodes a reader may see, and which of them may be named to a reader (design.md 7)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Final

from application.access.grants import settle
from application.store.database import Database
from domain.assessment.assess import EpisodeAssessment

Scope = frozenset[str] | None
"""The namespaces whose episodes a reader may see; None is all."""

_OF_CHILD: Final = """
    select exists (select from ledger.children c join ledger.stream_children a on a.child_no = c.no
        join ledger.streams s on s.no = a.stream_no
        where c.id = %(child)s::text::uuid and (split_part(s.subject, '/', 1) = any(%(scope)s) or exists (
            select from ledger.grants g where g.stream_no = s.no and g.namespace = any(%(scope)s))))
        or exists (select from views.episodes e
        where e.person = coalesce((select v.person from views.children v where v.child = %(child)s::text::uuid),
            %(child)s::text::uuid) and e.namespaces && %(scope)s)
"""


def visible(database: Database, subjects: Collection[str], scope: Scope) -> set[str]:
    """Return those of the subjects that are of a reader's organisations, or on which facts effective now name one."""
    if scope is None:
        return set(subjects)
    own = {subject for subject in subjects if subject.partition("/")[0] in scope}
    rest = [subject for subject in subjects if subject not in own]
    if not rest:
        return own
    with database.connection() as connection:
        settle(connection)
        rows = connection.execute(
            "select distinct s.subject from ledger.streams s join ledger.grants g on g.stream_no = s.no"
            " where s.subject = any(%s) and g.namespace = any(%s)",
            (rest, sorted(scope)),
        )
        return own.union(subject for (subject,) in rows)


def child_visible(database: Database, child: str, scope: Scope) -> bool:
    """Return whether a reader may see an episode of a child or of the person that it is."""
    if scope is None:
        return True
    with database.connection() as connection:
        settle(connection)
        row = connection.execute(_OF_CHILD, {"child": child, "scope": sorted(scope)}).fetchone()
    return row is not None and bool(row[0])


def within(
    database: Database, episodes: Iterable[EpisodeAssessment], scope: Scope
) -> list[EpisodeAssessment]:
    """Return the episodes with findings that name no other episode that a reader may not see.

    A finding that is only about such episodes is left out: it would say that there are some.
    """
    found = list(episodes)
    named = {subject for each in found for finding in each.findings for subject in finding.subjects}
    hidden = named - visible(database, named, scope)
    return [_without(each, hidden) for each in found] if hidden else found


def _without(episode: EpisodeAssessment, hidden: Collection[str]) -> EpisodeAssessment:
    shown = (
        (f, f._replace(subjects=tuple(s for s in f.subjects if s not in hidden))) for f in episode.findings
    )
    return replace(episode, findings=tuple(new for old, new in shown if new.subjects or not old.subjects))
