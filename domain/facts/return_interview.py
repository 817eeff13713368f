"""The independent return interview, from request to report. Phase: after.

Every type takes `covers`: other episodes of the same person that it is about; its own is always covered.
Source: DfE statutory guidance on children who run away or go missing, January 2014 (return interviews).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from domain.facts.fact import Fact, fact
from domain.facts.members import SUBJECT_KIND, chosen, code, group, listed, moment, several, yes_no
from domain.moment import Moment
from domain.vocabulary import ATTEMPT_OUTCOME, EMPLOYER, HARM, NOT_POSSIBLE, OFFERED_TO, REASONS, SUMMARY

MOST_COVERED: Final = 50
"""Episodes that one interview covers at most: each that it names is looked for whenever it is assessed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interviewer:
    """The facts from which independence is derived; never the person's name."""

    employer: str | None = chosen(EMPLOYER)
    role: str | None = code()
    allocated_worker_for_child: str | None = yes_no()
    cares_for_child: str | None = yes_no()


@dataclass(frozen=True, slots=True, kw_only=True)
class Interview(Fact):
    """A fact about a return interview."""

    covers: tuple[str, ...] | None = several(SUBJECT_KIND, MOST_COVERED)


@fact
class InterviewRequested(Interview):
    """An interview was asked of a provider."""

    provider: str | None = code()


@fact
class InterviewAllocated(Interview):
    """It was given to an interviewer of a provider."""

    provider: str | None = code(grants=True)
    interviewer: str | None = code()


@fact
class InterviewOffered(Interview):
    """It was put to the child."""

    provider: str | None = code()
    channel: str | None = code()
    to: str | None = chosen(OFFERED_TO)


@fact
class InterviewAccepted(Interview):
    """The offer was taken up."""


@fact
class InterviewScheduled(Interview):
    """A time was agreed."""

    for_at: Moment | None = moment()


@fact
class InterviewAttempted(Interview):
    """The interviewer went; it did not happen."""

    outcome: str | None = chosen(ATTEMPT_OUTCOME)


@fact
class InterviewHeld(Interview):
    """The interview took place."""

    provider: str | None = code()
    interviewer: Interviewer | None = group(Interviewer)
    seen_alone: str | None = yes_no()
    reasons: tuple[str, ...] | None = listed(REASONS)
    harm: tuple[str, ...] | None = listed(HARM)

    @property
    def independence(self) -> Literal["yes", "partly", "no", "unknown"]:
        """Derived: yes, partly, no or unknown.

        Independent is who does not care for the child, and is independent of the placement and of the
        responsible authority (tri.x keyword, independent return interview).
        """
        who = self.interviewer
        if who is None:
            return "unknown"
        if who.cares_for_child == "yes" or who.employer == "placement_provider":
            return "no"
        if who.allocated_worker_for_child == "yes" or who.employer in {"responsible_authority", "police"}:
            return "partly"
        cares_not = who.cares_for_child == "no" and who.allocated_worker_for_child == "no"
        return "yes" if cares_not and who.employer in {"commissioned", "host_authority"} else "unknown"


@fact
class InterviewDeclined(Interview):
    """The child, or a parent, declined."""

    by: str | None = chosen(OFFERED_TO)


@fact
class InterviewNotPossible(Interview):
    """It cannot be held."""

    reason: str | None = chosen(NOT_POSSIBLE)


@fact
class InterviewNotRequired(Interview):
    """Somebody decided against it. Nationally that excuses nothing."""

    reason: str | None = code()
    decided_by: str | None = code()


@fact
class CarerViewRecorded(Interview):
    """A parent or carer gave information instead; it does not turn an offer into an interview."""

    by_role: str | None = code()


@fact
class InterviewReportCompleted(Interview):
    """It was written up."""


@fact
class InterviewSummaryRecorded(Interview):
    """An undated claim from an extract: offered, accepted, held."""

    offered: str | None = chosen(SUMMARY)
    accepted: str | None = chosen(SUMMARY)
    held: str | None = chosen(SUMMARY)
