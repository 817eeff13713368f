"""Facts in words, as an explanation says that something was done, or was not done yet."""

from __future__ import annotations

from typing import Final, NamedTuple

from domain.assessment.obligations.evidence import ALLOCATED_WORKER, CARES_FOR_CHILD
from domain.rules.rule import FactPattern


class Phrase(NamedTuple):
    """One type of fact in words."""

    done: str
    """A sentence to which the time is added."""
    open: str
    """A sentence that says that it has not been done."""
    noun: str
    """How the sentence goes on that says how long after it something was."""


_WHO: Final = {
    "police": "the police",
    "responsible_la": "the responsible authority",
    "edt": "the emergency duty team",
    "host_la": "the host authority",
    "parent": "a parent",
    "pr_holder": "a person with parental responsibility",
    "parent_pr_holder": "a parent or person with parental responsibility",
    "iro": "the Independent Reviewing Officer",
    "ad": "the assistant director",
    "dcs": "the Director of Children's Services",
    "ofsted": "Ofsted",
    "health": "the local health body",
    "yot": "the youth offending team",
    "mash": "the multi-agency safeguarding hub",
}
_PHRASES: Final[dict[str, Phrase]] = {
    name: Phrase(*words)
    for name, words in {
        "absence-noticed": ("The absence was noticed", "No absence has been noticed", "the absence was noticed"),
        "reported": ("The child was reported", "The child has not been reported", "the report"),
        "police-notified": ("The police were told", "The police have not been told", "the police were told"),
        "episode-recorded-later": ("The absence came to light", "No absence has come to light", "it came to light"),
        "category-assigned": ("A category was assigned", "No category has been assigned", "the category"),
        "risk-assessed": ("The risk was assessed", "No risk assessment has been recorded", "the risk assessment"),
        "profile-recorded": ("The profile was recorded", "No profile has been recorded", "the profile"),
        "setting-changed": ("The placement changed", "No change of placement is recorded", "the change of placement"),
        "notification-sent": ("A notification was sent", "No notification has been sent", "the notification"),
        "notification-acknowledged": (
            "A notification was confirmed", "No notification has been confirmed", "the confirmation"),
        "notification-withheld": (
            "A notification was withheld", "No decision to withhold a notification is recorded", "that decision"),
        "information-shared": ("Information was shared", "No information has been shared", "the sharing"),
        "strategy-discussion-held": (
            "A strategy discussion was held", "No strategy discussion has been held", "the strategy discussion"),
        "strategy-discussion-declined": (
            "A strategy discussion was decided against", "No decision on a strategy discussion is recorded",
            "that decision"),
        "oversight-recorded": (
            "A manager's oversight was recorded", "No oversight by a manager has been recorded", "the oversight"),
        "escalated": ("The case was escalated", "The case has not been escalated", "the escalation"),
        "plan-reviewed": ("The plan was reviewed", "The plan has not been reviewed", "the review"),
        "action-agreed": ("An action was agreed", "No action has been agreed", "the agreement"),
        "action-completed": ("The action was completed", "The action has not been completed", "its completion"),
        "action-cancelled": ("The action was cancelled", "The action has not been cancelled", "its cancellation"),
        "sighting-reported": ("A sighting was reported", "No sighting has been reported", "the sighting"),
        "located": ("The child was located", "The child has not been located", "the child was located"),
        "location-lost": ("The child's location was lost", "The location has not been lost", "the location was lost"),
        "status-interrupted": ("An interruption began", "No interruption has begun", "the interruption"),
        "interruption-ended": ("The interruption ended", "The interruption has not ended", "the interruption"),
        "returned": ("The child returned", "The child has not returned", "the return"),
        "ended-otherwise": (
            "The episode ended without a return", "The episode has not ended without a return",
            "the end of the episode"),
        "return-notified": ("The return was notified", "The return has not been notified", "that notification"),
        "police-closed": ("The police closed their record", "The police have not closed their record", "that"),
        "episode-reopened": ("The episode was reopened", "The episode has not been reopened", "the reopening"),
        "prevention-interview-held": (
            "A prevention interview was held", "No prevention interview has been held", "the prevention interview"),
        "prevention-interview-not-held": (
            "No prevention interview was held", "Nothing says that no prevention interview was held", "that"),
        "responsibility-transferred": (
            "Responsibility was transferred", "Responsibility has not been transferred", "the transfer"),
        "handover-acknowledged": (
            "The hand-over was acknowledged", "The hand-over has not been acknowledged", "the acknowledgement"),
        "interview-requested": (
            "A return interview was requested", "No return interview has been requested", "the request"),
        "interview-allocated": (
            "The return interview was allocated", "The return interview has not been allocated", "the allocation"),
        "interview-offered": (
            "A return interview was offered", "No return interview has been offered", "the offer"),
        "interview-accepted": (
            "The return interview was accepted", "No return interview has been accepted", "the acceptance"),
        "interview-scheduled": (
            "The return interview was scheduled", "No return interview has been scheduled", "the scheduling"),
        "interview-attempted": (
            "A return interview was attempted", "No return interview has been attempted", "the attempt"),
        "interview-held": ("A return interview was held", "No return interview has been held", "the interview"),
        "interview-declined": (
            "The interview was declined", "The interview has not been declined", "the refusal"),
        "interview-not-possible": (
            "The interview was recorded as not possible", "Nothing says that the interview was not possible", "that"),
        "interview-not-required": (
            "A return interview was decided against", "No decision on a return interview is recorded", "that decision"),
        "carer-view-recorded": (
            "A parent or carer gave information", "No parent or carer has given information", "that information"),
        "interview-report-completed": (
            "The interview report was completed", "The interview report has not been completed", "the report"),
        "interview-summary-recorded": (
            "The interview was claimed by an extract", "No extract claims the interview", "the claim of an extract"),
    }.items()
}  # fmt: skip
_WITH_DETAIL: Final[dict[tuple[str, str], str]] = {
    ("interview-offered", "child"): "A return interview was offered to the child",
    ("interview-offered", "parent"): "A return interview was offered to a parent",
    ("interview-declined", "child"): "The child declined the interview",
    ("interview-declined", "parent"): "A parent declined the interview",
    ("ended-otherwise", "died"): "The episode ended because the child died",
}
_INTERVIEWERS: Final = {
    CARES_FOR_CHILD: "somebody who cares for the child",
    ALLOCATED_WORKER: "the child's allocated worker",
    "responsible_authority": "somebody employed by the responsible authority",
    "host_authority": "somebody employed by the host authority",
    "commissioned": "somebody from a commissioned provider",
    "placement_provider": "somebody employed by the placement provider",
    "police": "somebody employed by the police",
}
_FOUND: Final = {
    "return_interview": "What the return interview found",
    "prevention_interview": "What the prevention interview found",
    "risk": "The risk",
    "plan": "The plan",
}


def phrase(fact: str) -> Phrase:
    """Return a type of fact in words, by its name."""
    return _PHRASES[fact]


def done(fact: str, detail: str | None) -> str:
    """Return a sentence that says that it was done, and by or to whom where that is known."""
    if fact == "notification-sent" and detail:
        return f"{who(detail)[0].upper()}{who(detail)[1:]} {'were' if detail == 'police' else 'was'} notified"
    if fact == "information-shared" and detail:
        return f"Information was shared with {who(detail)}"
    if fact in {"interview-not-possible", "interview-attempted"} and detail:
        return f"{_PHRASES[fact].done} ({detail.removeprefix('local:').replace('_', ' ')})"
    return _WITH_DETAIL.get((fact, detail or ""), _PHRASES[fact].done)


def by_whom(fact: str, detail: str | None) -> str:
    """Return who held an interview, as the sentence goes on after the time; empty for other facts."""
    interviewer = _INTERVIEWERS.get(detail or "") if fact == "interview-held" else None
    return "" if interviewer is None else f", by {interviewer}"


def not_done(pattern: FactPattern) -> str:
    """Return a sentence that says that nothing of what a pattern asks for has been done."""
    to = " or ".join(map(who, pattern.where.get("recipient_role", ())[:1]))
    if pattern.fact.NAME == "notification-sent" and to:
        return f"{to[0].upper()}{to[1:]} {'have' if to == 'the police' else 'has'} not been notified"
    if pattern.fact.NAME == "information-shared" and "what" in pattern.where:
        found = " or ".join(_FOUND.get(what, what) for what in pattern.where["what"])
        return f"{found} has not been passed on{f' to {to}' if to else ''}"
    if pattern.where.get("independence") == ("yes",):
        return "No return interview by somebody independent has been held"
    return _PHRASES[pattern.fact.NAME].open


def who(role: str) -> str:
    """Return a role in words."""
    return _WHO.get(role, f"the {role.removeprefix('local:').replace('_', ' ')}")
