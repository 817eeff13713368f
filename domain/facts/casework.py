"""Telling: what is decided, assessed, passed on and agreed while an episode runs. Phase: after."""

from __future__ import annotations

from domain.facts.fact import Fact, fact
from domain.facts.members import (
    CODE_KIND,
    birth_date,
    birth_month,
    chosen,
    code,
    event_ref,
    group,
    moment,
    number,
    several,
    words,
    yes_no,
)
from domain.facts.setting import Setting
from domain.facts.value_kinds import EventRef
from domain.moment import Moment
from domain.vocabulary import (
    CASE_STATUS,
    CATEGORY_SCHEME,
    PLAN_TYPE,
    RECIPIENT_ROLE,
    RISK_LEVEL,
    RISK_SCHEME,
    SHARED,
)


@fact
class CategoryAssigned(Fact):
    """A classification in a named scheme, in effect from when it happened; schemes do not replace each other."""

    scheme: str = chosen(CATEGORY_SCHEME, required=True)
    value: str = code(required=True)
    reason: str | None = words()


@fact
class RiskAssessed(Fact):
    """A level of risk in a named scheme; a review without a change counts (College of Policing APP)."""

    scheme: str = chosen(RISK_SCHEME, required=True)
    level: str = chosen(RISK_LEVEL, required=True)
    factors: tuple[str, ...] | None = several(CODE_KIND)
    next_review_due: Moment | None = moment()


@fact
class ProfileRecorded(Fact):
    """The child's profile as the responsible authority knows it; breakdowns use it as at the episode's start."""

    setting: Setting | None = group(Setting)
    sex: str | None = code()
    date_of_birth: str | None = birth_date()
    birth_month: str | None = birth_month()
    ethnicity: str | None = code()
    child_protection_plan: str | None = yes_no()
    unaccompanied: str | None = yes_no()
    exploitation_flag: str | None = yes_no()
    disability: str | None = yes_no()
    care_leaver: str | None = yes_no()
    team: str | None = code()
    case_status: str | None = chosen(CASE_STATUS)


@fact
class SettingChanged(Fact):
    """The placement changed or ended while the episode runs; where the child is does not change."""

    setting: Setting = group(Setting, required=True)
    left_setting_at: Moment | None = moment()


@fact
class NotificationSent(Fact):
    """Someone other than the police was told."""

    recipient_role: str = chosen(RECIPIENT_ROLE, required=True)
    channel: str | None = code()


@fact
class NotificationAcknowledged(Fact):
    """A person, not a machine, confirms that they were told."""

    recipient_role: str = chosen(RECIPIENT_ROLE, required=True)
    of: EventRef | None = event_ref()


@fact
class NotificationWithheld(Fact):
    """It was decided not to tell someone, for a reason, by somebody entitled to decide it."""

    recipient_role: str = chosen(RECIPIENT_ROLE, required=True)
    reason: str | None = code()
    authorised_by: str | None = code()


@fact
class InformationShared(Fact):
    """Findings were passed on."""

    what: str = chosen(SHARED, required=True)
    recipient_role: str = chosen(RECIPIENT_ROLE, required=True)


@fact
class StrategyDiscussionHeld(Fact):
    """A strategy discussion was held."""

    mode: str | None = code()
    decisions: str | None = words()


@fact
class StrategyDiscussionDeclined(Fact):
    """A strategy discussion was considered and not needed."""

    reason: str | None = code()
    decided_by: str | None = code()


@fact
class OversightRecorded(Fact):
    """A manager looked and decided; `seen_to_position` is the ledger position that they had seen."""

    reviewer_role: str | None = code()
    seen_to_position: int | None = number()
    decision: str | None = words()


@fact
class Escalated(Fact):
    """It was sent up."""

    to_role: str = code(required=True)
    reason: str | None = code()


@fact
class PlanReviewed(Fact):
    """The care, placement, safety or pathway plan was reviewed, changed or not."""

    plan_type: str | None = chosen(PLAN_TYPE)
    changed: str | None = yes_no()


@fact
class ActionAgreed(Fact):
    """A follow-up, from an interview or a meeting, with an owner and a date."""

    action: str | None = words()
    owner_role: str | None = code()
    due: Moment | None = moment()
    from_: EventRef | None = event_ref()


@fact
class ActionCompleted(Fact):
    """A follow-up was done."""

    of: EventRef | None = event_ref()


@fact
class ActionCancelled(Fact):
    """A follow-up will not be done."""

    of: EventRef | None = event_ref()
