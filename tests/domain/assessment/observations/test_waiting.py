"""Messages that nobody acknowledged: given entries, when read as at an instant, then what waits."""

from __future__ import annotations

import pytest

from domain.moment import instant
from tests.support.entry_builder import AUTHORITY, HOST, Telling, assessed, missing_and_back

GONE, SENT, NOON, LATER = (
    "2026-03-01T20:00:00Z",
    "2026-03-01T21:00:00Z",
    "2026-03-02T12:00:00Z",
    "2026-03-03T09:00:00Z",
)
BEFORE_NOON = "2026-03-02T11:59:59.999999Z"


def waiting(tell: Telling, as_at: str) -> list[tuple[str, int]]:
    """The kind and the position of what waits."""
    at = instant(as_at)
    return [(each.kind, each.position) for each in assessed(tell).waiting if each.start <= at < each.end]


@pytest.fixture
def tell() -> Telling:
    """A child who is back."""
    told = Telling()
    told("reported", GONE, category="missing")
    told("returned", "2026-03-02T10:00:00Z")
    return told


@pytest.mark.parametrize(
    ("message", "kind", "reply"),
    [
        (("notification-sent", {"recipient_role": "edt"}), "notification",
         ("notification-acknowledged", {"recipient_role": "edt"})),
        (("escalated", {"to_role": "ad"}), "escalation", ("notification-acknowledged", {"recipient_role": "ad"})),
        (("escalated", {"to_role": "ad"}), "escalation", ("oversight-recorded", {"reviewer_role": "ad"})),
    ],
)  # fmt: skip
def test_a_message_waits_from_when_it_was_sent_until_the_role_answers(tell, message, kind, reply) -> None:
    """A return in between ends nothing."""
    name, members = message
    tell(name, SENT, **members)
    tell(reply[0], NOON, **reply[1])
    assert waiting(tell, "2026-03-01T20:59:59Z") == []
    assert waiting(tell, SENT) == waiting(tell, BEFORE_NOON) == [(kind, 3)]
    assert waiting(tell, NOON) == []


@pytest.mark.parametrize(
    ("name", "members"),
    [
        ("notification-acknowledged", {"recipient_role": "iro"}),
        ("oversight-recorded", {"reviewer_role": "edt"}),
        ("handover-acknowledged", {}),
    ],
)
def test_what_another_role_or_another_kind_of_fact_says_is_no_reply(tell, name, members) -> None:
    """The notification goes on waiting."""
    tell("notification-sent", SENT, recipient_role="edt")
    tell(name, NOON, **members)
    assert waiting(tell, LATER) == [("notification", 3)]


def test_an_acknowledgement_that_names_one_message_is_not_one_of_another(tell) -> None:
    """Of two to the same role, the one that is not named goes on waiting."""
    tell("notification-sent", SENT, recipient_role="edt")
    second = tell("notification-sent", SENT, recipient_role="edt")
    tell("notification-acknowledged", NOON, recipient_role="edt", of=tell.about(second))
    assert waiting(tell, LATER) == [("notification", 3)]


@pytest.mark.parametrize(
    ("when", "waits"),
    [
        ("2026-03-01T20:30:00Z", True),
        ({"earliest": "2026-03-01T20:30:00Z", "latest": "2026-03-01T20:59:59Z"}, True),
        ({"earliest": "2026-03-01T20:30:00Z", "latest": SENT}, False),
    ],
)
def test_an_acknowledgement_that_is_surely_before_is_none(tell, when, waits) -> None:
    """Where it may be after, nothing waits."""
    tell("notification-acknowledged", when, recipient_role="edt")
    tell("notification-sent", SENT, recipient_role="edt")
    assert bool(waiting(tell, LATER)) is waits


def test_a_rough_acknowledgement_counts_though_a_sharp_one_after_it_does_not(tell) -> None:
    """The longest of those before the message is asked, not the last."""
    tell("notification-acknowledged", {"earliest": GONE, "latest": LATER}, recipient_role="edt")
    tell("notification-acknowledged", "2026-03-01T20:30:00Z", recipient_role="edt")
    tell("notification-sent", SENT, recipient_role="edt")
    assert waiting(tell, LATER) == []


def test_a_retracted_acknowledgement_is_none(tell) -> None:
    """The message waits again, for every `as_at`."""
    tell("notification-sent", SENT, recipient_role="edt")
    reply = tell("notification-acknowledged", NOON, recipient_role="edt")
    tell("retracted", LATER, target=tell.about(reply))
    assert waiting(tell, NOON) == [("notification", 3)]


def test_a_handover_waits_until_the_receiver_names_it(tell) -> None:
    """It says to which organisation it goes."""
    sent = tell("responsibility-transferred", SENT, to=HOST)
    tell("handover-acknowledged", NOON, by=HOST, of=tell.about(sent))
    assert waiting(tell, BEFORE_NOON) == [("handover", 3)]
    assert waiting(tell, NOON) == []
    assert [each.to for each in assessed(tell).waiting] == [HOST]


@pytest.mark.parametrize("done", ["action-completed", "action-cancelled"])
def test_an_action_waits_once_its_time_has_surely_passed(tell, done) -> None:
    """On the instant it is still in time."""
    agreed = tell("action-agreed", SENT, due={"earliest": GONE, "latest": NOON}, owner_role="edt")
    assert waiting(tell, NOON) == []
    assert waiting(tell, "2026-03-02T12:00:00.000001Z") == [("action", 3)]
    tell(done, LATER, of=tell.about(agreed))
    assert waiting(tell, "2026-03-03T08:59:59Z") == [("action", 3)]
    assert waiting(tell, LATER) == []


def test_an_action_done_in_time_or_without_a_time_never_waits(tell) -> None:
    """Nor one of which only the earliest is known."""
    agreed = tell("action-agreed", SENT, due=LATER)
    tell("action-completed", NOON, of=tell.about(agreed))
    tell("action-agreed", SENT)
    tell("action-agreed", SENT, due={"earliest": NOON})
    assert assessed(tell).waiting == ()


def test_a_risk_review_waits_until_the_next_assessment_in_its_scheme(tell) -> None:
    """One in another scheme does not end it."""
    tell("risk-assessed", SENT, scheme="APP-2017", level="high", next_review_due=NOON)
    tell("risk-assessed", "2026-03-02T13:00:00Z", scheme="local:own", level="high")
    tell("risk-assessed", LATER, scheme="APP-2017", level="high")
    assert waiting(tell, NOON) == []
    assert waiting(tell, "2026-03-02T14:00:00Z") == [("risk_review", 3)]
    assert waiting(tell, LATER) == []


def test_in_error_nothing_waits(tell) -> None:
    """There was no such episode."""
    tell("notification-sent", SENT, recipient_role="edt")
    tell("episode-recorded-in-error", LATER)
    assert assessed(tell).waiting == ()


def test_who_was_told_and_who_acknowledged_it() -> None:
    """In the order in which they were told."""
    tell = missing_and_back()
    tell("notification-sent", NOON, recipient_role="iro", channel="email")
    tell("notification-sent", SENT, recipient_role="edt", by=AUTHORITY)
    tell("notification-acknowledged", LATER, recipient_role="iro")
    found = [
        (each.role, each.channel, each.acknowledged and each.acknowledged.latest)
        for each in assessed(tell).told
    ]
    assert found == [("edt", None, None), ("iro", "email", instant(LATER))]
