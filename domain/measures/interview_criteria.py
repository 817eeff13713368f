"""Criteria about the return interview: offered, held, in time, declined and by whom, or without an outcome."""

from __future__ import annotations

from domain.assessment.observations import countable_events as m
from domain.measures.criteria import WEEK, EpisodeAtInstant, Known, both, ever_missing


def ended(seen: EpisodeAtInstant) -> Known:
    """Over, the child found alive, and ever missing: what a return interview is for."""
    if seen.ended is None:
        return False
    ends = seen.of(m.FOUND, m.NOT_FOUND, m.OPEN_AGAIN)
    if not ends or ends[-1].kind != m.FOUND:
        return False
    return seen.answer(ever_missing)


def told(seen: EpisodeAtInstant, *kinds: str) -> Known:
    """Something of these kinds happened; open where a summary leaves it open."""
    found = [mark.sure for mark in seen.of(*kinds)]
    return True if any(found) else None if found else False


def offered(seen: EpisodeAtInstant) -> Known:
    """An interview was offered: accepted, held and declined ones were."""
    return told(seen, m.OFFERED, m.ACCEPTED, m.HELD, m.DECLINED)


def held(seen: EpisodeAtInstant) -> Known:
    """An interview was held."""
    return told(seen, m.HELD)


def ended_and_offered(seen: EpisodeAtInstant) -> Known:
    """Ended, and an interview offered."""
    return both(seen.answer(ended), seen.answer(offered))


def ended_and_held(seen: EpisodeAtInstant) -> Known:
    """Ended, and an interview held."""
    return both(seen.answer(ended), seen.answer(held))


def held_in_time(seen: EpisodeAtInstant) -> Known:
    """Held within the limit after the end; one held before it, at a police station say, is in time."""
    times = [mark for mark in seen.of(m.HELD) if mark.sure]
    if seen.ended is None or not times:
        return seen.answer(held)
    if seen.due is None:
        return None
    first, last = seen.due
    if any(mark.latest <= first for mark in times):
        return True
    return None if any(mark.earliest <= last for mark in times) else False


def declined(seen: EpisodeAtInstant) -> Known:
    """The last outcome is a refusal: not silence, nor missing again, nor an interview after all."""
    outcomes = seen.of(m.HELD, m.DECLINED, m.ATTEMPTED, m.NOT_POSSIBLE)
    sure = [mark for mark in outcomes if mark.sure]
    if not sure:
        return None if any(mark.kind == m.DECLINED for mark in outcomes) else False
    last = max(sure, key=lambda mark: (mark.earliest, mark.latest))
    rivals = {mark.kind for mark in sure if mark.latest >= last.earliest}
    return None if m.DECLINED in rivals and len(rivals) > 1 else last.kind == m.DECLINED


def declined_by_child(seen: EpisodeAtInstant) -> Known:
    """Return whether the last outcome is that the child declined."""
    return _declined_by(seen, {"child"})


def declined_by_parent(seen: EpisodeAtInstant) -> Known:
    """Return whether the last outcome is that a parent declined."""
    return _declined_by(seen, {"parent"})


def declined_by_not_said(seen: EpisodeAtInstant) -> Known:
    """Return whether the last outcome is a refusal of which no entry says that it is the child's or a parent's."""
    found = seen.answer(declined)
    return not _declined_by(seen, {"child", "parent"}) if found else found


def _declined_by(seen: EpisodeAtInstant, who: set[str]) -> Known:
    if not (found := seen.answer(declined)):
        return found
    last = max(
        (each for each in seen.of(m.DECLINED) if each.sure), key=lambda mark: (mark.earliest, mark.latest)
    )
    return last.declined_by in who


def overdue_outcome(seen: EpisodeAtInstant) -> Known:
    """Ended, and the limit for the interview has been over for a week."""
    inside = seen.answer(ended)
    if not seen.ended or inside is False:
        return False
    if seen.due is None:
        return None
    first, last = seen.due
    passed = True if seen.at > last + WEEK else False if seen.at <= first + WEEK else None
    return both(inside, passed)


def no_outcome(seen: EpisodeAtInstant) -> Known:
    """By a week after the limit nothing said that the interview was held, declined or not possible."""
    if seen.due is None:
        return None
    first, last = seen.due
    outcomes = seen.of(m.HELD, m.DECLINED, m.NOT_POSSIBLE)
    if any(mark.sure and mark.latest <= first + WEEK for mark in outcomes):
        return False
    return None if any(mark.earliest <= last + WEEK for mark in outcomes) else True
