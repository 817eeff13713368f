"""The measures: what each is called, what it means, which episodes it looks at and which of them it counts.

This is their only definition: answers, documentation and command line quote it. The figures are those of
reference/domain.md 6.2 (Ofsted 2013; Missing People 2023-24; local scorecards) and of the national survey.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from domain.measures import criteria as seen
from domain.measures import interview_criteria as interviews
from domain.measures.criteria import EpisodeAtInstant, Known
from domain.measures.measure import CANNOT_TELL, CHILD, COUNT, INTERVIEW, MEAN, Measure

_STARTED: Final = "that started in the period, not recorded in error, linked duplicates counted once"
_ENDED: Final = (
    f"episodes {_STARTED}, in which the child was ever missing, that ended with the child found alive"
)
_INTERVIEWS, _LONG = "interviews", "long absences"
_LIMIT: Final = "within {limit} of the end, which is the limit of the rule return-interview-held for everyone"

MEASURES: Final = (
    Measure(
        id="missing-episodes",
        definition=f"Episodes {_STARTED}, in which the child was ever missing; certainly not: away without"
        " authorisation only.",
        of=seen.every,
        counts=seen.ever_missing,
        form=COUNT,
    ),
    Measure(
        id="children-missing",
        definition=f"Children with at least one missing episode among the episodes {_STARTED}; each child once.",
        of=seen.every,
        counts=seen.ever_missing,
        unit=CHILD,
        form=COUNT,
    ),
    Measure(
        id="episodes-per-child",
        definition="Missing episodes by children missing: the mean, and the median and 90th percentile of a child's"
        " number of episodes, because a mean hides the child with thirty.",
        of=seen.every,
        counts=seen.ever_missing,
        form=MEAN,
    ),
    Measure(
        id="interview-offered",
        definition=f"Of the {_ENDED}: those with at least one offer of a return interview; one accepted, held or"
        " declined was offered.",
        of=interviews.ended,
        counts=interviews.offered,
        family=_INTERVIEWS,
    ),
    Measure(
        id="interview-completed-of-offered",
        definition=f"Of the {_ENDED}, and for which a return interview was offered: those for which one was held.",
        of=interviews.ended_and_offered,
        counts=interviews.held,
        family=_INTERVIEWS,
    ),
    Measure(
        id="interview-completed-of-ended",
        definition=f"Of the {_ENDED}: those for which a return interview was held; one that covers several counts for"
        " each.",
        of=interviews.ended,
        counts=interviews.held,
        family=_INTERVIEWS,
    ),
    Measure(
        id="interviews-held",
        definition=f"Return interviews held for {_ENDED}; one that covers several counts once.",
        of=interviews.ended_and_held,
        counts=interviews.held,
        unit=INTERVIEW,
        form=COUNT,
        family=_INTERVIEWS,
    ),
    Measure(
        id="interview-within-72h-of-held",
        definition=f"Of the {_ENDED}, and for which a return interview was held: those where the"
        f" interview was {_LIMIT}.",
        of=interviews.ended_and_held,
        counts=interviews.held_in_time,
        family=_INTERVIEWS,
    ),
    Measure(
        id="interview-within-72h-of-ended",
        definition=f"Of the {_ENDED}: those for which a return interview was held {_LIMIT}.",
        of=interviews.ended,
        counts=interviews.held_in_time,
        family=_INTERVIEWS,
    ),
    Measure(
        id="interview-declined",
        definition=f"Of the {_ENDED}, and for which a return interview was offered: those whose last outcome is"
        " declined; no answer and missing again do not count.",
        of=interviews.ended_and_offered,
        counts=interviews.declined,
        family=_INTERVIEWS,
    ),
    Measure(
        id="over-24-hours",
        definition=f"Of the episodes {_STARTED}, in which the child was ever missing: those that lasted 24 hours or"
        " more by actual times, or have by the time asked about.",
        of=seen.ever_missing,
        counts=seen.long,
        family=_LONG,
    ),
    Measure(
        id="repeat",
        definition="Of the children missing: those with a missing episode in the period that was at least number {n}"
        " of theirs to start within {days} days.",
        of=seen.every,
        counts=seen.ever_missing,
        unit=CHILD,
    ),
    Measure(
        id="currently-missing",
        definition="Children whose whereabouts are unknown at the time asked about, whenever the episode started:"
        " missing, or noticed absent; cannot tell: back, but contradicted.",
        of=lambda s: s.contradicted or seen.missing_now(s),
        counts=seen.missing_now,
        unit=CHILD,
        form=COUNT,
        period=False,
    ),
    Measure(
        id="located-not-returned",
        definition="Children whose whereabouts are known at the time asked about, and who are not back, whenever the"
        " episode started.",
        of=seen.located_now,
        counts=seen.located_now,
        unit=CHILD,
        form=COUNT,
        period=False,
    ),
    Measure(
        id="unresolved",
        definition=f"Of the {_ENDED}, where the limit for the return interview ({{limit}}, by the rule"
        " return-interview-held) and a week more are over: those without an outcome of it by then (held, declined, not"
        " possible).",
        of=interviews.overdue_outcome,
        counts=interviews.no_outcome,
        family=_INTERVIEWS,
    ),
    Measure(
        id="oversight-gap",
        definition=f"Of the episodes {_STARTED}, in which the child was ever missing, that lasted 24 hours or more:"
        " those in which no oversight by a manager was recorded.",
        of=seen.long_missing,
        counts=seen.no_oversight,
        family=_LONG,
    ),
    Measure(
        id="reconciliation",
        definition=f"Of the episodes {_STARTED}, that an authority has under a reference of its own: those linked with"
        " a police record, or with a police reference given.",
        of=seen.of_authority,
        counts=seen.matched,
    ),
    Measure(
        id="placed-out-of-area",
        definition=f"Of the episodes {_STARTED}, in which the child was ever missing: those of children who were placed"
        " in another authority's area at the start.",
        of=seen.ever_missing,
        counts=seen.out_of_area,
    ),
    Measure(
        id="interview-declined-by-child",
        definition=f"Of the {_ENDED}, and for which a return interview was offered: those whose last outcome is"
        " that the child declined it.",
        of=interviews.ended_and_offered,
        counts=interviews.declined_by_child,
        family=_INTERVIEWS,
    ),
    Measure(
        id="interview-declined-by-parent",
        definition=f"Of the {_ENDED}, and for which a return interview was offered: those whose last outcome is"
        " that a parent declined it.",
        of=interviews.ended_and_offered,
        counts=interviews.declined_by_parent,
        family=_INTERVIEWS,
    ),
    Measure(
        id="interview-declined-by-not-said",
        definition=f"Of the {_ENDED}, and for which a return interview was offered: those whose last outcome is"
        " that it was declined, where no entry says that the child or a parent did.",
        of=interviews.ended_and_offered,
        counts=interviews.declined_by_not_said,
        family=_INTERVIEWS,
    ),
)
"""All of them, in the order of answers."""

REPEAT: Final = "repeat"
SURVEY: Final = (
    "children-missing",
    "missing-episodes",
    "interview-offered",
    "interview-completed-of-offered",
    "interview-within-72h-of-held",
    "interviews-held",
    "placed-out-of-area",
)
"""The seven questions of the national survey (Missing People, 2023-24); `interviews-held` is asked by provider."""

_QUESTIONS: Final = tuple({question: None for m in MEASURES for question in (m.of, m.counts)})
"""Several measures ask the same."""
_BY_ID: Final = {measure.id: number for number, measure in enumerate(MEASURES)}


def named(*ids: str) -> tuple[Measure, ...]:
    """The measures with these ids, in their own order; KeyError when there is no such one."""
    return tuple(MEASURES[number] for number in sorted(_BY_ID[id_] for id_ in ids))


def states(episode: EpisodeAtInstant) -> str:
    """Return what every measure makes of an episode: a letter each, in their order."""
    return _letters(tuple([episode.answer(question) for question in _QUESTIONS]))


@lru_cache(maxsize=1_000)
def _letters(answered: tuple[Known, ...]) -> str:
    """The letters that answers give, in the order of the questions; most episodes are answered like others."""
    answers = dict(zip(_QUESTIONS, answered, strict=True))
    return "".join([measure.state(answers) for measure in MEASURES])


def letter(measure: Measure, of_all: str) -> str:
    """Return what one measure makes of an episode, given what all make of it."""
    number = _BY_ID[measure.id]
    return (
        of_all[number] if number < len(of_all) else CANNOT_TELL
    )  # a row from before there was such a measure


def table(measures: Iterable[Measure] = MEASURES) -> str:
    """The measures as rows of the documentation."""
    rows = (f"| `{m.id}` | {m.definition} | {m.unit} | {m.form} |" for m in measures)
    return "\n".join(["| measure | definition | unit | form |", "|---|---|---|---|", *rows])
