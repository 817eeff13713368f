"""The answer to which rulebook holds: its rules as they are written, and who adopted it when (contract.md 1)."""

from __future__ import annotations

from application.answers.as_json import Json, known
from application.queries.episodes.person_loader import KnownAt
from application.store.adopted_rulebooks import judging
from application.store.database import Database
from domain.moment import BEGINNING, FOREVER, HOUR, MINUTE, rfc3339
from domain.rules.rule import Rule


def rulebook(database: Database, known_at: KnownAt) -> Json:
    """The rulebook that judges as known at a position, or the one that was asked for."""
    judged_by = known_at.judged_by or judging(database, known_at.position)
    book, entry = judged_by.book, judged_by.entry
    return {
        "id": book.id,
        "version": book.version,
        "title": book.title,
        **known(extends=book.extends),
        "lateness_hours": book.lateness // HOUR,
        **known(ends_agree_minutes=book.ends_agree // MINUTE or None),
        "rules": [rule_said(rule) for rule in book.rules],
        "text": book.text,
        "adopted": {
            "position": entry.position,
            "recorded_at": rfc3339(entry.recorded_at),
            **known(by=entry.data.get("adopted_by")),
        },
        **known_at.answer(),
    }


def rule_said(rule: Rule) -> Json:
    """A rule as it is written; of one that others stand in place of, when and for whom it is left."""
    return {
        **rule.table,
        **known(
            in_force_from=None if rule.in_force_from == BEGINNING else rfc3339(rule.in_force_from),
            in_force_to=None if rule.in_force_to == FOREVER else rfc3339(rule.in_force_to),
            except_for=sorted(rule.except_for) or None,
        ),
    }
