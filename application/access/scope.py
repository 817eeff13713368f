"""Scope: which episodes a reader may see, and which of them may be named to a reader (design.md 7)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from application.store.database import Database
from domain.assessment.assess import EpisodeAssessment

Scope = frozenset[str] | None
"""The namespaces whose episodes a reader may see; None is all."""


def visible(database: Database, subjects: Collection[str], scope: Scope) -> set[str]:
    """Those of the subjects that are of a reader's namespaces, or of which recorded facts name one of them."""
    if scope is None:
        return set(subjects)
    own = {subject for subject in subjects if subject.partition("/")[0] in scope}
    rest = [subject for subject in subjects if subject not in own]
    query = (
        "select distinct s.subject from ledger.streams s join ledger.stream_names n on n.stream_no = s.no"
        " where s.subject = any(%s) and n.namespace = any(%s)"
    )
    return own.union(s for (s,) in database.rows(query, (rest, sorted(scope)))) if rest else own


def within(
    database: Database, episodes: Iterable[EpisodeAssessment], scope: Scope
) -> list[EpisodeAssessment]:
    """The episodes, with findings that name no other episode that a reader may not see."""
    found = list(episodes)
    named = {subject for each in found for finding in each.findings for subject in finding.subjects}
    hidden = named - visible(database, named, scope)
    return [_without(each, hidden) for each in found] if hidden else found


def _without(episode: EpisodeAssessment, hidden: Collection[str]) -> EpisodeAssessment:
    findings = (
        f._replace(subjects=tuple(s for s in f.subjects if s not in hidden)) for f in episode.findings
    )
    return replace(episode, findings=tuple(findings))
