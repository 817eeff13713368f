"""One CloudEvent, already read from JSON, becomes a submission, or is refused with all that is wrong."""

from __future__ import annotations

from typing import Any, Final

from domain.entries.entry import Submission
from domain.errors import Fault, FutureEvent, InvalidCloudEvent, InvalidEvent
from domain.facts import FACTS, Fact, of_type
from domain.moment import SECOND, Instant, Moment, instant, is_day, read_moment
from interface.validation.cloudevent_attributes import attribute_faults, set_attributes
from interface.validation.event_data import data_faults
from interface.validation.suggestions import nearest

_TYPES: Final = [cls.TYPE for cls in FACTS.values()]
EARLIEST: Final[Instant] = instant("2000-01-01T00:00:00Z")
"""The earliest time that is accepted."""
AHEAD: Final[Instant] = 300 * SECOND
"""How far a sender's clock may run ahead of ours."""
_DAY: Final = 'is a day without a time: leave it out and send data.happened as {"date": …}'
_BOTH: Final = "must be left out when data.happened is given (some CloudEvents libraries add it)"


def parse_event(
    event: object, *, principal: str, namespace: str | None, now: Instant, expected_version: int | None = None
) -> Submission:
    """Check a CloudEvent whole; raise a Refused with all its faults. `namespace` None: the subject's own.

    Nothing is changed: `data` is kept exactly as sent. What the sender may post is not asked here.
    """
    attributes = _attributes(event)
    cls = _class_of(attributes)
    _check(cls, attributes)
    time, data, subject = attributes.get("time"), attributes["data"], attributes["subject"]
    if time is None:
        _check_when(read_moment(data["happened"]), "/data/happened", now)
    else:
        _check_when(read_moment(time), "/time", now)
    return Submission(
        id=attributes["id"],
        source=attributes["source"],
        type=cls.TYPE,
        subject=subject,
        time=time,
        data=data,
        by=namespace or subject.partition("/")[0],
        principal=principal,
        expected_version=expected_version,
    )


def _attributes(event: object) -> dict[str, Any]:
    if not isinstance(event, dict):
        raise InvalidCloudEvent("This is not a CloudEvent: it must be a JSON object.")
    attributes = set_attributes(event)
    if found := attribute_faults(attributes):
        raise InvalidCloudEvent("This is not a CloudEvent that the ledger can read.", tuple(found))
    return attributes


def _class_of(attributes: dict[str, Any]) -> type[Fact]:
    cls = of_type(attributes["type"])
    if cls is None:
        like = nearest(attributes["type"], _TYPES)
        which = f"the nearest is {like}; " if like else ""
        raise InvalidEvent(
            "The type, or its version, is unknown.",
            (Fault("/type", f"is not a known type; {which}/v1/schemas lists the types"),),
        )
    return cls


def _check(cls: type[Fact], attributes: dict[str, Any]) -> None:
    """`data` fits the type, `time` is one, and exactly one of them says when it happened."""
    found = _data_faults(cls, attributes) + _time_faults(attributes)
    if found:
        raise InvalidEvent("The event does not fit its type.", tuple(found))


def _data_faults(cls: type[Fact], attributes: dict[str, Any]) -> list[Fault]:
    if "data_base64" in attributes:
        return [Fault("/data_base64", "is not taken: send `data` as a JSON object")]
    if "data" not in attributes:
        return [Fault("/data", "is required: an object with at least `child`")]
    return data_faults(cls.NAME, attributes["data"])


def _time_faults(attributes: dict[str, Any]) -> list[Fault]:
    data = attributes.get("data")
    elsewhere = isinstance(data, dict) and "happened" in data
    if "time" not in attributes:
        return [] if elsewhere else [Fault("/time", "is required, unless data.happened says when")]
    if elsewhere:
        return [Fault("/time", _BOTH)]
    time = attributes["time"]
    if isinstance(time, str) and is_day(time):
        return [Fault("/time", _DAY)]
    try:
        instant(time)
    except ValueError as error:
        return [Fault("/time", str(error))]
    return []


def _check_when(happened: Moment, pointer: str, now: Instant) -> None:
    first = happened.latest if happened.earliest is None else happened.earliest
    if first is not None and first < EARLIEST:
        raise InvalidEvent(
            "The time is before 2000-01-01, the earliest that is accepted.",
            (Fault(pointer, "must not be before 2000-01-01"),),
        )
    if happened.earliest is not None and happened.earliest > now + AHEAD:
        raise FutureEvent(
            "The event is dated more than five minutes in the future.",
            (Fault(pointer, "is more than five minutes in the future"),),
        )
