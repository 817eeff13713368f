"""Start: how it comes to light that a child is not where they should be. Phase: start."""

from __future__ import annotations

from domain.facts.fact import Fact, Phase, fact
from domain.facts.members import (
    birth_date,
    birth_month,
    chosen,
    code,
    group,
    moment,
    namespace,
    words,
    yes_no,
)
from domain.facts.setting import Setting
from domain.moment import Moment
from domain.vocabulary import CATEGORY, LAST_SEEN_BY, REPORTED_BY


class Start(Fact):
    """A fact that can begin an episode."""

    __slots__ = ()
    PHASE = Phase.START


@fact
class AbsenceNoticed(Start):
    """A carer finds that the child is not where expected; the search begins. Home, carer or parent says so."""

    left_at: Moment | None = moment()
    last_seen_at: Moment | None = moment()
    last_seen_by: str | None = chosen(LAST_SEEN_BY)
    expected_location: str | None = code()


@fact
class Reported(Start):
    """Someone told an organisation that the child is missing, or away without authorisation.

    The category is of the scheme DfE-2014 (statutory guidance of January 2014, definitions).
    """

    category: str | None = chosen(CATEGORY)
    reported_by: str | None = chosen(REPORTED_BY)
    reported_to: str | None = code()
    left_at: Moment | None = moment()
    last_seen_at: Moment | None = moment()
    last_seen_by: str | None = chosen(LAST_SEEN_BY)
    setting: Setting | None = group(Setting)
    sex: str | None = code()
    date_of_birth: str | None = birth_date()
    birth_month: str | None = birth_month()
    circumstances: str | None = words()


@fact
class PoliceNotified(Start):
    """The police were informed, by anyone; with their reference, and whether they accepted the report."""

    force: str | None = namespace(grants=True)
    reference: str | None = words()
    channel: str | None = code()
    accepted: str | None = yes_no()
    not_accepted_reason: str | None = code()


@fact
class EpisodeRecordedLater(Start):
    """A past absence comes to light; it happened when it was discovered, not when the child was away."""

    absent_from: Moment | None = moment()
    absent_to: Moment | None = moment()
    reason_late: str | None = code()
