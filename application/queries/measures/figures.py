"""Measures: the service's figures, for a period, as at an instant, as known at a position (assessment.md 4).

The present is read from the projection tables, as they are at one position; any other position is replayed through
the same function. An answer names all that it depends on, so that the same query with these values always has the
same answer. Its ledger size is that of the ledger at its position.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from application.answers import as_json as answers
from application.answers import cursor
from application.answers.as_json import Json, known, moment
from application.answers.cursor import Cursor
from application.answers.disclosures import DisclosedRecords, DisclosingAnswer
from application.projections.measures_table import MeasuredRow, Starts
from application.queries.measures.basis import (
    FIRST_OR_REPEAT,
    BasisLoader,
    MeasureBasis,
    MeasuresQuery,
    Source,
)
from application.store.database import Database
from application.store.vault import Vault
from domain.measures.calculation import (
    Figure,
    Tally,
    combine_repeat,
    figures,
    first_or_repeat,
    repeat_state,
    state,
)
from domain.measures.definitions import REPEAT
from domain.measures.measure import APART, CANNOT_TELL, CHILD, MEAN, SURELY, Measure
from domain.measures.suppression import suppressed
from domain.moment import BEGINNING, DAY, Instant, Moment

STREAMS: Final = 20_000
"""Streams that one answer replays at most, unless it may take longer."""
_WORDS: Final = {SURELY: "surely", CANNOT_TELL: "cannot_tell"}


class MeasureEpisodesKey(NamedTuple):
    """The place where a list of the episodes behind a figure goes on."""

    latest: Instant
    lead: str


class Measures:
    """Answers in the shapes of contract.md 1."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        *,
        most: int | None = STREAMS,
        on_progress: Callable[[int], None] | None = None,
    ) -> None:
        """`most`: streams that an answer may replay; None: any number. `on_progress` receives how many are done."""
        self._bases, self._vault = BasisLoader(database, most, on_progress), vault

    def answer(self, asked: MeasuresQuery) -> Json:
        """Return the figures; UnanswerableQuery, Behind or ReplayTooLarge when there can be none."""
        with self._bases.basis(asked) as basis:
            found = list(_figures(asked, basis.source))
        if asked.suppress:
            found = suppressed(found)
        return {"items": [_item(figure, asked, basis) for figure in found], **basis.about}

    def episodes(
        self, asked: MeasuresQuery, group: str | None, limit: int, following: str | None
    ) -> DisclosingAnswer:
        """Return the episodes behind one figure, by start; InvalidCursor when the cursor is of another figure."""
        with self._bases.basis(asked) as basis:
            behind = [each for each in _behind(asked, basis.source) if group in {None, each.found.group}]
        behind.sort(key=lambda each: each.place)
        of = cursor.checksum("measure", asked.questions, asked.wanted, asked.repeat, group)
        if following is not None:
            place = cursor.read(following, of).key(MeasureEpisodesKey)
            behind = [each for each in behind if each.place > place]
        return self._page(behind[: limit + 1], limit, of, asked, basis)

    def _page(
        self, behind: list[Listed], limit: int, of: int, asked: MeasuresQuery, basis: MeasureBasis
    ) -> DisclosingAnswer:
        shown, position = behind[:limit], int(basis.about["known_at"])
        last = list(shown[-1].place) if len(behind) > limit else None
        children = {each.found.child.replace("-", "") for each in shown}
        references = self._vault.references(children)
        by = asked.questions[0].by
        said = {
            "items": [
                {
                    "subject": each.found.lead,
                    "child": answers.child(references.get(each.found.child.replace("-", ""))),
                    "counted": _WORDS.get(each.state, "surely_not"),
                    "started": moment(_started(each.found)),
                    **known(group=None if by is None else each.found.group),
                }
                for each in shown
            ],
            "next": None if last is None else cursor.write(Cursor(of, asked.wanted.as_at, position, last)),
            "measure": asked.questions[0].measure.id,
            **known(group_by=by),
            "complete_to": position,
            **basis.about,
        }
        return DisclosingAnswer(said, DisclosedRecords(children))


class Listed(NamedTuple):
    """An episode behind a figure, and its place in the measure."""

    found: MeasuredRow
    state: str

    @property
    def place(self) -> MeasureEpisodesKey:
        """The key of its place in the list."""
        return MeasureEpisodesKey(self.found.latest, self.found.lead)


def _started(found: MeasuredRow) -> Moment:
    return Moment(None if found.started == BEGINNING else found.started, found.latest)


def _figures(asked: MeasuresQuery, source: Source) -> Iterator[Figure]:
    """Yield the figure of each question; data that several questions need is read once."""
    read: dict[tuple[Any, ...], list[Tally]] = {}
    for measure, by in asked.questions:
        unit = CHILD if measure.form == MEAN else measure.unit
        key = (by, measure.period, unit)
        if key not in read:
            read[key] = _tallies(source, *key)
        repeats = _repeats(asked, source) if measure.id == REPEAT else {}
        yield from figures(measure, read[key], repeats, grouped=by is not None)


def _tallies(source: Source, by: str | None, period: bool, unit: str) -> list[Tally]:  # noqa: FBT001  # a key
    if by == FIRST_OR_REPEAT:
        return [found.tally for found in _grouped(source, by, period=period)]
    return source.tallies(by, unit, period=period)


def _behind(asked: MeasuresQuery, source: Source) -> Iterator[Listed]:
    """Yield the episodes that a measure counts, in their groups; for repeats, with the child's result."""
    [(measure, by)] = asked.questions
    repeats = _repeats(asked, source) if measure.id == REPEAT else {}
    for each in _grouped(source, by, period=measure.period):
        found = state(measure, each.tally)
        if measure.id == REPEAT:
            found = combine_repeat(found, repeats.get(each.person, APART))
        if found != APART:
            yield Listed(each, found)


def _grouped(source: Source, by: str | None, *, period: bool) -> list[MeasuredRow]:
    """Return the episodes, each in its group, first or repeat included."""
    found = source.found(by, period=period)
    if by != FIRST_OR_REPEAT:
        return found
    starts = source.starts(period=period)
    return [each._replace(group=_first_or_repeat(each, starts[each.person])) for each in found]


def _first_or_repeat(found: MeasuredRow, starts: Starts) -> str:
    return first_or_repeat(starts.by_lead[found.lead], starts.by_lead.values())


def _repeats(asked: MeasuresQuery, source: Source) -> dict[str, str]:
    """Return for each child with an episode in the period whether they went missing that often."""
    n, days = asked.repeat
    return {
        person: repeat_state(list(starts.by_lead.values()), starts.own, n, days * DAY)
        for person, starts in source.starts(period=True).items()
    }


def _item(figure: Figure, asked: MeasuresQuery, basis: MeasureBasis) -> Json:
    """Return a figure as the contract says it; of a suppressed one only that it is suppressed."""
    measure = figure.measure
    by = next(q.by for q in asked.questions if q.measure is measure)
    said: Json = {
        "measure": measure.id,
        "definition": _definition(measure, asked, basis.limit),
        "unit": measure.unit,
        **known(group_by=None if figure.group is None else by, group=figure.group),
    }
    if figure.suppressed:
        return said | {"suppressed": True}
    middle, most = figure.spread or (None, None)
    return said | {
        "numerator": figure.surely,
        "denominator": figure.denominator,
        **known(value=figure.value, median=middle, percentile_90=most),
        "surely": figure.surely,
        "surely_not": figure.surely_not,
        "cannot_tell": figure.cannot_tell,
        "rows": _rows(figure, by, asked, basis.about),
    }


def _definition(measure: Measure, asked: MeasuresQuery, limit: str) -> str:
    n, days = asked.repeat
    return measure.definition.format(n=n, days=days, limit=limit)


def _rows(figure: Figure, by: str | None, asked: MeasuresQuery, about: Json) -> str:
    """Return the address that lists the episodes behind a figure."""
    n, days = asked.repeat
    query = {name: about.get(name) for name in ("from", "to", "authority", "host", "as_at")}
    query |= {"known_at": f"position:{about['known_at']}"}
    if asked.known_at is not None and asked.known_at.judged_by is not None:
        query |= {"rulebook": asked.known_at.judged_by.name}
    if figure.group is not None:
        query |= {"group_by": by, "group": figure.group}
    if figure.measure.id == REPEAT:
        query |= {"repeat": f"{n}/{days}"}
    return f"/v1/measures/{figure.measure.id}/episodes?{urlencode(known(**query), safe=':/@')}"
