"""Lists: the episodes and the obligations of many children, as at any instant, in pages.

The present is read from the projection tables, and the answer says how far they are complete. An earlier position is
replayed through the same rows (`replayed_page`). A present list is in the order of the episodes' starts, or earliest
due first. A past list has that order within a person; persons come in the order of their first entries.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Final

from application.access.scope import within
from application.answers import as_json as answers
from application.answers.disclosures import DisclosedRecords, DisclosingAnswer
from application.projections import (
    children_table as children,
)
from application.projections import (
    episodes_table as episodes,
)
from application.projections import (
    obligations_table as verdicts,
)
from application.projections import (
    progress,
)
from application.projections import (
    standings_table as standings,
)
from application.projections.episodes_table import Item
from application.projections.obligations_table import ObligationFilters
from application.projections.standings_table import EpisodeFilters
from application.queries.episodes.person_loader import KnownAt
from application.queries.lists import replayed_page as past
from application.queries.lists.page import ListQuery, Page
from application.queries.lists.replayed_page import ReplayedPerson, ReplayQuery
from application.store.adopted_rulebooks import Rules
from application.store.database import Database
from application.store.vault import NO_CHILD, Vault
from domain.assessment.obligations.verdict import NOT_APPLICABLE
from domain.moment import Instant, rfc3339
from domain.rules.rule import Rule

_POLL: Final = 0.02


class Lists:
    """Answers about many episodes, in the shapes of contract.md 1."""

    def __init__(self, database: Database, vault: Vault) -> None:
        """Say where the tables are, and which vault knows the child behind an id."""
        self._database, self._vault = database, vault
        self._rules = Rules(database)

    def episodes(self, filters: EpisodeFilters, question: ListQuery) -> DisclosingAnswer:
        """Return a page of episodes; InvalidCursor when the cursor is of another question."""
        page = Page(self._database, question, ("episodes", filters))
        child = None if filters.child is None else self._vault.find(filters.child) or NO_CHILD
        if page.past is not None:
            of_one = _past_episodes(filters, page.as_at)
            wanted = ReplayQuery(page.past, page.judged_by.book, question.scope, child)
            found = past.page(self._database, wanted, page.place, page.limit, of_one)
            return page.answer(self._episodes(found.items, page), found.next, found.aside)
        leads = None
        if child is not None:
            leads = episodes.of_person(self._database, children.person(self._database, child))
        keys = standings.page(self._database, filters, page.asked(standings.Key), leads)
        held = episodes.items(self._database, [key.lead for key in keys])
        items = [held[key.lead] for key in keys if key.lead in held]
        return page.answer(self._episodes(items, page), keys[-1] if len(keys) == page.limit else None)

    def obligations(self, filters: ObligationFilters, question: ListQuery) -> DisclosingAnswer:
        """Return a page of obligations. Raise InvalidCursor for another question's cursor, NotAdopted without the rule.

        No table holds obligations that do not apply, so these are replayed, also at the present position.
        """
        self._rules.check(filters.rule, filters.accountable)
        not_applicable = filters.verdict == NOT_APPLICABLE
        if not_applicable and question.known_at is None:
            now = progress.lag(self._database)
            question = question._replace(known_at=KnownAt(now.position, now.ledger_size))
        page = Page(self._database, question, ("obligations", filters))
        if page.past is not None:
            of_one = _past_obligations(filters, page.as_at)
            wanted = ReplayQuery(
                page.past, page.judged_by.book, question.scope, not_applicable=not_applicable
            )
            found = past.page(self._database, wanted, page.place, page.limit, of_one)
            items = self._obligations(found.items, page.judged_by.book.rule)
            return page.answer(items, found.next, found.aside)
        held = verdicts.page(self._database, filters, page.asked(verdicts.Key))
        last = held[-1].key if len(held) == page.limit else None
        return page.answer(self._obligations(held, self._rules.rule), last)

    def wait_for(self, position: int, seconds: float) -> bool:
        """Hold until the tables are complete to a position; return False when they are not in time."""
        until = time.monotonic() + seconds
        while progress.lag(self._database).position < position:
            if time.monotonic() >= until:
                return False
            time.sleep(_POLL)
        return True

    def _episodes(self, items: Sequence[Item], page: Page) -> list[DisclosingAnswer]:
        known = self._vault.references({item.episode.child for item in items})
        said = []
        told_of = within(self._database, (item.episode for item in items), page.scope)
        for item, episode in zip(items, told_of, strict=True):
            note = {"position": item.position, "recorded_at": rfc3339(item.recorded_at), "type": item.type}
            of_child = known.get(episode.child)
            told = answers.episode(episode, episode.lead, of_child, note, page.as_at, page.known_at)
            said.append(told.adding({"not_assessable": True} if item.aside else {}))
        return said

    def _obligations(
        self, items: Sequence[verdicts.Item], rule: Callable[[str, int], Rule]
    ) -> list[DisclosingAnswer]:
        """Return the items of obligations, each worded by its rule."""
        known = self._vault.references({item.child for item in items})
        said = []
        for item in items:
            key = item.key
            duty = answers.obligation_of(rule(key.rule, key.rule_version), key.trigger, item.verdict)
            of = {"subject": key.lead, "child": answers.child(known.get(item.child))}
            said.append(DisclosingAnswer(of | duty.json, duty.disclosed | DisclosedRecords({item.child})))
        return said


def _past_episodes(
    filters: EpisodeFilters, as_at: Instant
) -> Callable[[ReplayedPerson], list[episodes.Item]]:
    def of_one(person: ReplayedPerson) -> list[episodes.Item]:
        listed = [
            (row, each)
            for each in person.episodes
            for row in standings.rows(each)
            if standings.holds(row, as_at) and standings.matches(row, filters)
        ]
        return [episodes.item(each) for _, each in sorted(listed, key=lambda pair: standings.key(pair[0]))]

    return of_one


def _past_obligations(
    filters: ObligationFilters, as_at: Instant
) -> Callable[[ReplayedPerson], list[verdicts.Item]]:
    def of_one(person: ReplayedPerson) -> list[verdicts.Item]:
        rows = (row for each in person.episodes for row in verdicts.rows(each))
        listed = [r for r in rows if verdicts.holds(r, as_at) and verdicts.matches(r, filters)]
        return sorted(map(verdicts.item, listed), key=lambda item: item.key)

    return of_one
