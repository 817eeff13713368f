"""The return interview, as the authority and the provider tell it."""

from __future__ import annotations

from typing import Any, Final

from application.simulation import parameters as table
from application.simulation.absence import Episode
from application.simulation.distributions import MINUTE, hours, wait, weighted, within
from application.simulation.people import PROVIDER
from application.simulation.senders import written
from domain.moment import DAY, HOUR, Instant

_REASONS: Final = (
    "see_friends", "see_family", "conflict_with_carer", "relationship", "party_social", "communication_breakdown",
    "placement_unsuitable", "exploitation", "mental_health", "school_problem",
)  # fmt: skip
_HARM: Final = (
    ("physical_assault", 0.3), ("sexual_exploitation", 0.25), ("criminal_exploitation", 0.25),
    ("substance_harm", 0.15), ("self_harm", 0.05),
)  # fmt: skip
_EMPLOYERS: Final = (("commissioned", 0.80), ("responsible_authority", 0.15), ("placement_provider", 0.05))


def tell_interview(episode: Episode, before: str | None) -> None:
    """All of it; `before` is the subject of the episode before, when one interview covers both."""
    interview, voice = episode.plan.interview, episode.voice
    if not interview.offered:
        if episode.chance(0.25):
            why = {"reason": "in_placement_with_support", "decided_by": "team_manager"}
            at = episode.plan.end + wait(episode.rng, 30)
            voice.say("authority", episode.subject, "interview-not-required", at, why)
        return
    end = interview.held_at or episode.plan.end + hours(episode.rng, table.INTERVIEW_HOURS)
    offered = _tell_offer(episode, end)
    if not interview.accepted:
        _tell_declined(episode, max(end, offered))
    elif interview.held_at is not None:
        _tell_held(episode, offered, interview.held_at, before)
    else:
        _tell_not_held(episode, max(end, offered))


def _say(episode: Episode, name: str, at: Instant, data: dict[str, Any] | None = None) -> dict[str, str]:
    return episode.voice.say("provider", episode.subject, name, at, data)


def _tell_offer(episode: Episode, before: Instant) -> Instant:
    """Requested, allocated, offered; the moment of the offer."""
    back, chance = episode.plan.end, episode.chance
    offered = within(episode.rng, back, back + (before - back) * 2 // 3)
    provider = {"provider": PROVIDER}
    if chance(0.8):
        requested = within(episode.rng, back, offered)
        episode.voice.say("authority", episode.subject, "interview-requested", requested, provider)
        if chance(0.7):
            who = provider | {"interviewer": f"worker-{episode.rng.randint(1, 9)}"}
            _say(episode, "interview-allocated", within(episode.rng, requested, offered), who)
    to = "child" if chance(0.9) else "parent"
    _say(episode, "interview-offered", offered, provider | {"channel": "telephone", "to": to})
    return offered


def _tell_declined(episode: Episode, at: Instant) -> None:
    _say(episode, "interview-declined", at, {"by": "child" if episode.chance(0.9) else "parent"})
    if episode.chance(0.3):
        _say(episode, "carer-view-recorded", at + wait(episode.rng, 20), {"by_role": "carer"})


def _tell_held(episode: Episode, offered: Instant, at: Instant, before: str | None) -> None:
    chance = episode.chance
    accepted = within(episode.rng, offered, at)
    if chance(0.7):
        _say(episode, "interview-accepted", accepted)
    if chance(0.5):
        when = {"for_at": written(episode.voice.feeds["provider"], at)}
        _say(episode, "interview-scheduled", accepted, when)
    if chance(0.2):
        tried = within(episode.rng, accepted, at)
        _say(
            episode,
            "interview-attempted",
            tried,
            {"outcome": "not_present" if chance(0.7) else "would_not_see"},
        )
    held = _say(episode, "interview-held", at, _held(episode) | ({"covers": [before]} if before else {}))
    _tell_afterwards(episode, at, held)


def _held(episode: Episode) -> dict[str, Any]:
    employer, chance = weighted(episode.rng, _EMPLOYERS), episode.chance
    interviewer = {
        "employer": employer,
        "role": "independent_interviewer" if employer == "commissioned" else "family_support_worker",
        "allocated_worker_for_child": "no",
        "cares_for_child": "yes" if employer == "placement_provider" else "no",
    }
    return {
        "provider": PROVIDER,
        "interviewer": interviewer,
        "seen_alone": "yes" if chance(0.85) else "no",
        "reasons": episode.rng.sample(_REASONS, episode.rng.randint(1, 3)),
        "harm": [weighted(episode.rng, _HARM)] if episode.plan.harm else ["none_disclosed"],
    }


def _tell_afterwards(episode: Episode, at: Instant, held: dict[str, str]) -> None:
    """Say when the report was completed, who got it, and what was agreed."""
    voice, chance = episode.voice, episode.chance
    if chance(0.85):
        done = at + wait(episode.rng, 60)
        _say(episode, "interview-report-completed", done)
        if chance(0.8):
            shared = {"what": "return_interview", "recipient_role": "responsible_la"}
            _say(episode, "information-shared", done + wait(episode.rng, 10), shared)
    if chance(0.2):
        due = {"due": written(voice.feeds["authority"], at + 14 * DAY), "owner_role": "social_worker"}
        agreed = {"action": "Simulated action: talk about contact.", "from": held} | due
        of = voice.say("authority", episode.subject, "action-agreed", at + wait(episode.rng, 30), agreed)
        if chance(0.6):
            done = at + 2 * DAY + wait(episode.rng, 200)
            voice.say("authority", episode.subject, "action-completed", done, {"of": of})
    if chance(0.1):
        data = {"plan_type": "care", "changed": "yes" if chance(0.4) else "no"}
        voice.say("authority", episode.subject, "plan-reviewed", at + 3 * DAY + wait(episode.rng, 120), data)


def _tell_not_held(episode: Episode, at: Instant) -> None:
    """Accepted, and then away again or not to be reached."""
    if episode.plan.interview.with_next:
        _say(episode, "interview-attempted", at + 10 * MINUTE, {"outcome": "missing_again"})
        return
    reason = "missing_again" if episode.chance(0.4) else "not_contactable"
    _say(episode, "interview-not-possible", at + wait(episode.rng, 24, 100) + HOUR, {"reason": reason})
