"""Data-quality issues, episode by episode, and the timeliness of each system's entries.

Both are listed like episodes and obligations: as at any instant, as known at any position, in pages. A system's
timeliness follows from its last entries. The follower stores those of the present; earlier ones are read again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from application.answers import as_json as answers
from application.answers.as_json import Json, known
from application.answers.disclosures import NOTHING, DisclosedRecords, DisclosingAnswer
from application.projections import (
    children_table as children,
)
from application.projections import (
    episodes_table as episodes,
)
from application.projections import (
    not_assessable as aside,
)
from application.projections import (
    quality_table as quality,
)
from application.projections import (
    sources_table as arrivals,
)
from application.projections.quality_table import Item, QualityFilters
from application.projections.sources_table import Sent
from application.queries.lists import replayed_page as past
from application.queries.lists import replayed_sources as arrived
from application.queries.lists.page import ListQuery, Page
from application.queries.lists.replayed_page import ReplayedPerson, ReplayQuery
from application.store.database import Database
from application.store.vault import NO_CHILD, Vault
from domain.assessment.observations.data_quality import LOOKS_LIKE_A_NAME, OPEN_WITHOUT_ENTRY
from domain.assessment.observations.name_quality import EXPUNGE_ROLE
from domain.entries.timeliness import Lateness, habit, lateness, silent_for
from domain.moment import BEGINNING, DAY, SECOND, Instant, rfc3339


class Quality:
    """Answers about the quality of entries, in the shapes of docs/quality.md."""

    def __init__(self, database: Database, vault: Vault | None) -> None:
        """Say where the tables are, and which vault knows the child behind an id; None: no child is named."""
        self._database, self._vault = database, vault

    def issues(self, filters: QualityFilters, question: ListQuery) -> DisclosingAnswer:
        """Return a page of issues; InvalidCursor when the cursor is of another question."""
        page = Page(self._database, question, ("quality", filters))
        child = None
        if filters.child is not None and self._vault is not None:
            child = self._vault.find(filters.child) or NO_CHILD
        if page.past is not None:
            of_one = _past(filters, page.as_at)
            wanted = ReplayQuery(page.past, page.judged_by.book, question.scope, child)
            found = past.page(self._database, wanted, page.place, page.limit, of_one)
            return page.answer(self._items(found.items, page), found.next, found.aside)
        leads = None if child is None else self._leads(child)
        items = quality.page(self._database, filters, page.asked(quality.Key), leads)
        return page.answer(self._items(items, page), items[-1].key if len(items) == page.limit else None)

    def sources(self, question: ListQuery) -> DisclosingAnswer:
        """Return a page of the sending systems, by name; InvalidCursor as for issues."""
        page = Page(self._database, question, ("sources",))
        asked = page.asked(tuple[str])
        after = "" if asked.after is None else asked.after[0]
        if page.past is not None and asked.names is None:
            sent, last = arrived.page(self._database, page.past, after, page.limit)
        else:
            named = arrivals.sources(self._database, after, asked.names, page.limit)
            last = named[-1] if len(named) == page.limit else None
            if asked.names is None:
                sent = arrivals.sent(self._database, named)
            else:  # of these sources only entries on the reader's episodes
                sent = arrived.sent_by(self._database, page.known_at, named, asked.names)
        items = [
            DisclosingAnswer(_source(name, of_source, page.as_at), NOTHING)
            for name, of_source in sent.items()
        ]
        return page.answer(items, None if last is None else (last,))

    def _leads(self, child: str) -> list[str]:
        """Return the subjects under which issues of a child are listed."""
        person = children.person(self._database, child)
        return [*episodes.of_person(self._database, person), *aside.subjects_of(self._database, child)]

    def _items(self, items: Sequence[Item], page: Page) -> list[DisclosingAnswer]:
        said = [_issue(item, page.as_at) for item in items]
        if self._vault is not None:
            references = self._vault.references({item.child for item in items if item.child is not None})
            for item, told in zip(items, said, strict=True):
                if item.child is not None:
                    told.json["child"] = answers.child(references.get(item.child))
        return said


def _issue(item: Item, as_at: Instant) -> DisclosingAnswer:
    since = item.key.since
    said = {
        "kind": item.key.kind,
        "subject": item.key.lead,
        **known(
            since=None if since == BEGINNING else rfc3339(since),
            days=(as_at - since) // DAY if item.key.kind == OPEN_WITHOUT_ENTRY else None,
            rules=item.rules or None,
            expunge_role=EXPUNGE_ROLE if item.key.kind == LOOKS_LIKE_A_NAME else None,
        ),
        "positions": item.positions,
        "sources": item.sources,
    }
    children = frozenset() if item.child is None else {item.child}
    return DisclosingAnswer(said, DisclosedRecords(children, frozenset(item.positions)))


def _past(filters: QualityFilters, as_at: Instant) -> Callable[[ReplayedPerson], list[Item]]:
    def of_one(person: ReplayedPerson) -> list[Item]:
        rows = [row for each in person.episodes for row in quality.rows(each)]
        rows += map(quality.aside, person.aside)
        listed = [quality.item(row) for row in rows if quality.matches(row, filters, as_at)]
        return sorted(listed, key=lambda item: item.key)

    return of_one


def _source(source: str, sent: Sent, as_at: Instant) -> Json:
    came = sent.arrivals
    last, days = came[-1].recorded_at, habit(each.recorded_at for each in came)
    return {
        "source": source,
        "entries": sent.entries,
        "last_entry": {"position": sent.position, "recorded_at": rfc3339(last)},
        "of_last": len(came),
        **known(
            after_happened=_late(lateness(each.after_happened for each in came)),
            after_learned=_late(lateness(each.after_learned for each in came)),
        ),
        "habit_days": days,
        "silent_days": silent_for(last, as_at),
        "silent": silent_for(last, as_at) > days,
    }


def _late(late: Lateness | None) -> Json | None:
    """Return the lateness in whole seconds."""
    if late is None:
        return None
    return {
        "entries": late.entries,
        "median_seconds": late.median // SECOND,
        "percentile_90_seconds": late.percentile_90 // SECOND,
    }
