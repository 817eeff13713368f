"""Responses of the organisations: risk, notifications, meetings, oversight, closing."""

from __future__ import annotations

from typing import Final

from application.simulation.absence import Episode
from application.simulation.distributions import wait, within
from application.simulation.senders import written
from domain.moment import DAY, HOUR

_LONG: Final = 24 * HOUR


def tell_profile(episode: Episode) -> None:
    """Say what the authority knows of the child, with their first episode of the period."""
    who = episode.voice.child
    data = {
        "setting": who.setting,
        "sex": who.sex,
        "date_of_birth": who.born.isoformat(),
        "exploitation_flag": "yes" if who.exploited else "no",
        "case_status": "open",
        "team": f"team-{who.number % 7 + 1}",
        "basis": "system",
    }
    episode.voice.say("authority", episode.subject, "profile-recorded", episode.plan.noticed, data)


def tell_risk(episode: Episode) -> None:
    """Say the risk level, its reviews, and the category that the police or the authority gave later."""
    voice, plan, chance = episode.voice, episode.plan, episode.chance
    due = written(voice.feeds["police"], plan.start + 12 * HOUR)
    factors = ["child_sexual_exploitation"] if voice.child.exploited and chance(0.6) else None
    data = {"scheme": "APP-2017", "level": plan.level, "factors": factors, "next_review_due": due}
    restricted = {"handling": "police_only"} if chance(0.05) else {}
    voice.say("police", episode.police, "risk-assessed", episode.during(0.02, 0.4), data | restricted)
    if plan.lasts > 12 * HOUR:
        level = "high" if chance(0.15) else plan.level
        at = episode.during(0.5, 0.9)
        voice.say("police", episode.police, "risk-assessed", at, {"scheme": "APP-2017", "level": level})
    if plan.away and chance(0.1):
        data = {
            "scheme": "DfE-2014",
            "value": "missing",
            "reason": "Simulated: no longer where staff thought.",
        }
        voice.say("authority", episode.subject, "category-assigned", episode.during(0.2, 0.8), data)
    if chance(0.06):
        data = {"scheme": "ACPO-2013", "value": "absent" if plan.away else "missing"}
        voice.say("police", episode.police, "category-assigned", episode.during(0.02, 0.3), data)


def tell_others(episode: Episode) -> None:
    """Notifications, and what comes back."""
    voice, chance = episode.voice, episode.chance
    roles = ["edt" if chance(0.6) else "responsible_la"]
    roles += ["parent"] * chance(0.5) + ["iro"] * (episode.plan.lasts > _LONG)
    roles += ["host_la"] * ("host_authority" in voice.child.setting and chance(0.7))
    for role in roles:
        if role == "parent" and chance(0.04):
            why = {"recipient_role": role, "reason": "unsafe_to_tell", "authorised_by": "team_manager"}
            voice.say("authority", episode.subject, "notification-withheld", episode.during(0.05, 0.6), why)
            continue
        at = episode.during(0.05, 0.6)
        sent = {"recipient_role": role, "channel": "telephone" if chance(0.6) else "email"}
        sender, subject = ("home", episode.home) if role == "edt" else ("authority", episode.subject)
        of = voice.say(sender, subject, "notification-sent", at, sent)
        if chance(0.25):
            acknowledged = {"recipient_role": role, "of": of}
            voice.say(
                sender, subject, "notification-acknowledged", at + wait(episode.rng, 2, 20), acknowledged
            )


def tell_meetings(episode: Episode) -> None:
    """Strategy discussions, escalation and oversight of the long ones and of those at high risk."""
    voice, plan, chance = episode.voice, episode.plan, episode.chance
    if plan.level == "high" or plan.lasts > 3 * DAY:
        if chance(0.6):
            data = {"mode": "telephone", "decisions": "Simulated decisions: see plan."}
            at = within(episode.rng, plan.start, max(plan.end, plan.start + DAY))
            voice.say("authority", episode.subject, "strategy-discussion-held", at, data)
        elif chance(0.5):
            data = {"reason": "back_within_the_day", "decided_by": "team_manager"}
            voice.say("authority", episode.subject, "strategy-discussion-declined", plan.end, data)
    if plan.lasts > _LONG and chance(0.6):
        data = {"reviewer_role": "team_manager", "decision": "Simulated: searches go on."}
        voice.say("authority", episode.subject, "oversight-recorded", episode.during(0.4, 0.9), data)
    if plan.lasts > 2 * DAY and chance(0.7):
        data = {"to_role": "head_of_service", "reason": "over_48_hours"}
        voice.say("authority", episode.subject, "escalated", episode.during(0.5, 0.9), data)
    if plan.lasts > 5 * DAY and chance(0.2):
        setting = {"setting": voice.child.setting | {"placement_type": "no_fixed", "placement_code": "Z1"}}
        voice.say("authority", episode.subject, "setting-changed", episode.during(0.6, 0.9), setting)


def tell_return(episode: Episode) -> None:
    """That the authority was told, the police's own interview, and how the police close their record."""
    voice, plan, chance = episode.voice, episode.plan, episode.chance
    if chance(0.85):
        notified = {"notified_to": voice.authority.namespace}
        at = plan.end + wait(episode.rng, 3, 60)
        voice.say("home", episode.home, "return-notified", at, notified)
    seen_at = plan.end + wait(episode.rng, 8, 70)
    if plan.harm or chance(0.7):
        mode = "in_person" if chance(0.6) else "telephone"
        harm = "yes" if plan.harm else "no" if chance(0.7) else "not_known"
        data = {
            "mode": mode,
            "harm_indicated": harm,
            "seen_in_person": "yes" if mode == "in_person" else "no",
        }
        voice.say("police", episode.police, "prevention-interview-held", seen_at, data)
        if chance(0.5):
            shared = {"what": "prevention_interview", "recipient_role": "responsible_la"}
            voice.say("police", episode.police, "information-shared", seen_at + wait(episode.rng, 12), shared)
    elif chance(0.5):
        why = {"reason": "no_officer_available"}
        voice.say("police", episode.police, "prevention-interview-not-held", seen_at, why)
    if chance(0.9):
        at = episode.during(0.8, 1) if chance(0.05) else plan.end + wait(episode.rng, 15)
        voice.say("police", episode.police, "police-closed", at, {"reason": "located_safe_and_well"})
