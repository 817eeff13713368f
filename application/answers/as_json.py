"""Answers: what is derived, as JSON-ready dictionaries in the shapes of contract.md 1.

An absent member means unknown; null is used only where the contract says so. Times are RFC 3339 in UTC.
One definition serves single episodes, lists, the command line and exports. An episode and an obligation come with the
records that they disclose.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from application.answers.disclosures import DisclosedRecords, DisclosingAnswer
from domain.assessment.assess import EpisodeAssessment
from domain.assessment.chronology.finding import Finding
from domain.assessment.chronology.linking import Proposal
from domain.assessment.obligations.explanations import explain
from domain.assessment.obligations.obligation import Obligation, Verdict
from domain.assessment.obligations.verdict import DUE
from domain.assessment.observations.waiting import ToldRole, WaitingItem
from domain.assessment.patterns import Patterns, Recurrence, Repeat
from domain.assessment.standing.classifications import Risk
from domain.assessment.standing.episode_state import EpisodeState
from domain.assessment.standing.spells import Spell
from domain.entries.entry import Entry
from domain.facts.value_kinds import ChildRef
from domain.moment import Instant, Moment, rfc3339
from domain.rules.rule import Rule
from domain.rules.rulebook import Rulebook
from domain.spans import at

Json = dict[str, Any]


def known(**members: Any) -> Json:
    """The members that have a value: what is not known is absent."""
    return {name: value for name, value in members.items() if value is not None}


def moment(value: Moment | None) -> Json | None:
    """A moment as {"earliest", "latest"}; an end that nobody knows is absent."""
    if value is None:
        return None
    return {name: rfc3339(end) for name, end in value._asdict().items() if end is not None}


def start_of(picture: EpisodeState) -> Instant | None:
    """When it started at the earliest, as far as that was told, by which episodes are put in order."""
    when = None if picture.started is None else picture.started.when
    return None if when is None else when.latest if when.earliest is None else when.earliest


def child(reference: ChildRef | None) -> Json | None:
    """A child as {scheme, reference}; null once erased."""
    return None if reference is None else reference._asdict()


def entry_note(entry: Entry) -> Json:
    """Which entry it is."""
    return {"position": entry.position, "recorded_at": rfc3339(entry.recorded_at), "type": entry.type}


def episode(
    assessed: EpisodeAssessment,
    subject: str,
    of_child: ChildRef | None,
    last: Json,
    as_at: Instant,
    known_at: int,
) -> DisclosingAnswer:
    """An episode as at an instant, under one of its subjects. `last`: its last entry, by `entry_note`."""
    picture = assessed.picture(as_at)
    verdicts = [v for _, v in verdicts_at(assessed.obligations, as_at)]
    due = [v.due for v in verdicts if v.verdict == DUE and v.due is not None]
    next_due = min(due, key=lambda when: when.earliest or 0, default=None)
    said = {
        "subject": subject,
        "linked": [s for s in assessed.subjects if s != subject],
        "child": child(of_child),
        **_pictured(picture, assessed.spells(as_at)),
        **known(next_due=moment(next_due)),
        **_known_child(assessed, picture, as_at),
        **known(last_heard=_last_heard(assessed, as_at)),
        **_waiting(assessed, as_at),
        "last_entry": last,
        "findings": [finding(f) for f in assessed.findings],
        "disputes": list(assessed.disputes),
        "proposals": [_proposal(each) for each in assessed.proposals],
        "version": assessed.versions[subject],
        "position": assessed.position,
        "obligations": dict(Counter(v.verdict for v in verdicts)),
        "as_at": rfc3339(as_at),
        "known_at": known_at,
    }
    return DisclosingAnswer(said, DisclosedRecords({assessed.child}, {assessed.position}))


def _known_child(assessed: EpisodeAssessment, picture: EpisodeState, as_at: Instant) -> Json:
    """Return where the child lives, as far as is known, and the age at the start."""
    span = at(assessed.known_child, as_at)
    if span is None:
        return {}
    started = None if picture.started is None else picture.started.when
    placement = known(**span.value.placement._asdict())
    return known(placement=placement or None, age_band=span.value.age_band(started))


def _last_heard(assessed: EpisodeAssessment, as_at: Instant) -> Json | None:
    span = at(assessed.heard, as_at)
    if span is None:
        return None
    heard = span.value
    when = moment(Moment(span.start, heard.latest))
    return {"at": when, "type": heard.type, "by": heard.by, "position": heard.position}


def _waiting(assessed: EpisodeAssessment, as_at: Instant) -> Json:
    """Return what waits, the longest first, and who was told."""
    waiting = sorted(item for item in assessed.waiting if item.start <= as_at < item.end)
    told = [each for each in assessed.told if (each.sent.earliest or 0) <= as_at]
    return {
        "waiting": [_waiting_item(item) for item in waiting],
        "told": [_told(each, as_at) for each in told],
    }


def _waiting_item(item: WaitingItem) -> Json:
    said = {"position": item.position, "kind": item.kind, "since": moment(item.since)}
    return said | known(role=item.role, channel=item.channel, to=item.to, due=moment(item.due))


def _told(found: ToldRole, as_at: Instant) -> Json:
    answer = found.acknowledged
    shown = answer if answer is not None and (answer.earliest or 0) <= as_at else None
    said = {"role": found.role, "position": found.position, "sent": moment(found.sent)}
    return said | known(channel=found.channel, acknowledged=moment(shown))


def _risk(found: Risk) -> Json:
    return known(**found._asdict() | {"next_review_due": moment(found.next_review_due)})


def _proposal(found: Proposal) -> Json:
    """Return a link that not both sides have said yet."""
    said = {"position": found.position, "by": found.by, "subject": found.subject, "relation": found.relation}
    return said | known(**{"with": found.with_})


def _pictured(picture: EpisodeState, spells: Iterable[Spell]) -> Json:
    started, police = picture.started, picture.police
    return {
        "standing": picture.standing,
        **known(
            since=moment(picture.since),
            started=None if started is None else moment(started.when),
            started_basis=None if started is None else started.basis,
            responsible_authority=picture.responsible_authority,
            host_authority=picture.host_authority,
            last_seen=moment(picture.last_seen),
            last_seen_by=picture.last_seen_by,
        ),
        "end_contradicted": list(picture.end_contradicted),
        "end_possibly_contradicted": list(picture.end_possibly_contradicted),
        **({"possibly": True} if picture.possibly else {}),
        "spells": [_spell(spell) for spell in spells],
        "category": {scheme: c._asdict() for scheme, c in picture.category.items()},
        "risk": {scheme: _risk(r) for scheme, r in picture.risk.items()},
        "police": known(
            reported="yes" if police.reported else None, accepted=police.accepted, force=police.force
        ),
    }


def _spell(spell: Spell) -> Json:
    """A spell; one that lasts has no `to`."""
    return {"type": spell.type, **known(**{"from": moment(spell.begin), "to": moment(spell.end)})}


def finding(found: Finding) -> Json:
    """A finding, and the other episodes where it is about them."""
    return {"finding": found.finding, "positions": list(found.positions)} | (
        {"subjects": list(found.subjects)} if found.subjects else {}
    )


def verdicts_at(obligations: Iterable[Obligation], as_at: Instant) -> list[tuple[Obligation, Verdict]]:
    """The obligations that there are as at an instant, each with its verdict."""
    return [(o, span.value) for o in obligations if (span := at(o.verdicts, as_at)) is not None]


def obligation(duty: Obligation, verdict: Verdict, rulebook: Rulebook) -> DisclosingAnswer:
    """One item of a timeline."""
    return obligation_of(rulebook.rule(duty.rule, duty.rule_version), duty.trigger, verdict)


def obligation_of(rule: Rule, trigger: int, verdict: Verdict) -> DisclosingAnswer:
    """One item of a timeline, by its rule."""
    said = {
        "rule": rule.id,
        "rule_version": rule.version,
        "title": rule.title,
        "source": rule.source,
        "accountable": {"role": rule.accountable, **known(holder=verdict.holder)},
        "trigger": trigger,
        "clock": {
            **known(started_by=verdict.started_by, started_at=moment(verdict.started_at)),
            "paused": [
                known(start=moment(stop.begin), end=moment(stop.end), why=stop.why) for stop in verdict.paused
            ],
        },
        **known(
            due=moment(verdict.due),
            satisfied_by=verdict.satisfied_by,
            satisfied_at=moment(verdict.satisfied_at),
        ),
        "verdict": verdict.verdict,
        "possibly": verdict.possibly,
        "condition_unknown": list(verdict.condition_unknown),
        **({"condition_failed": list(verdict.condition_failed)} if verdict.condition_failed else {}),
        "explanation": explain(rule, verdict),
        "evidence": [
            {"position": e.position, "role": e.role, "why": f"{e.fact}: {e.why}"} for e in verdict.evidence
        ],
    }
    positions = {trigger, *(e.position for e in verdict.evidence)}
    return DisclosingAnswer(said, DisclosedRecords(positions=positions))


def patterns(found: Patterns) -> Json:
    """Return what a child's episodes show together; lengths of time in whole seconds."""
    return {
        "repeats": [_repeat(each) for each in found.repeats],
        "intervals": [
            {"from": b.before, "to": b.after, "between_starts": _range(b.starts)}
            | known(since_end=None if b.back is None else _range(b.back))
            for b in found.intervals
        ],
        "recurring": {kind: _recurring(each) for kind, each in found.recurring.items()},
        "since_plan_review": {
            "episodes": found.since_plan_review,
            **known(last_review=moment(found.plan_reviewed)),
        },
        "open_actions": [
            {"subject": a.lead, "position": a.position, "due": moment(a.due)} for a in found.open_actions
        ],
    }


def _repeat(found: Repeat) -> Json:
    return {
        "window": f"{found.episodes}_in_{found.days}_days",
        "episodes": found.episodes,
        "within_days": found.days,
        "now": found.now,
        "most": found.most,
        "reached_by": list(found.reached_by),
    }


def _recurring(found: Recurrence) -> Json:
    codes = [{"code": c.code, "episodes": len(c.leads), "subjects": list(c.leads)} for c in found.codes]
    return {"codes": codes, "not_known": found.not_known}


def _range(seconds: tuple[int, int]) -> Json:
    return {"least": seconds[0], "most": seconds[1]}
