"""Every way in which the ledger says no, drawn as a tree.

LedgerError
├── Refused                one submission is not taken; nothing of it is stored
│   ├── InvalidJson        the bytes are not the JSON that we accept
│   ├── InvalidCloudEvent  an attribute of the envelope is missing or malformed
│   ├── InvalidEvent       unknown type or version, or `data` or `time` does not fit it
│   ├── FutureEvent        it says that it happens later than now
│   ├── TooLarge           one event is over its limit
│   ├── Forbidden          the credential may not post it
│   ├── IdReused           the same id and source came before with other content
│   ├── ChildDiffers       the episode is about another child
│   ├── StaleVersion       the stream is not at the version that was asked for
│   └── NotWithGroup       nothing is wrong with it, but its atomic group was refused
├── NotRecorded            the database did not confirm; send the same again
│   ├── Overloaded         the queue is full; wait, then send the same again
│   └── Unreachable        the database cannot be reached
├── NotFound               no such thing, or not within the reader's scope
├── InvalidQuery           a parameter is unknown, given twice, or invalid
│   ├── InvalidCursor      the cursor is of another list, or of another query
│   ├── UnanswerableQuery  the query can never return anything
│   ├── ReplayTooLarge     the answer would replay too many episodes
│   ├── TooManyReadings    the period holds too many readings
│   ├── NotAdopted         no rulebook, or no rule, of that name was adopted
│   ├── UnusableRulebook   the text of a rulebook has faults
│   └── NoSuchSize         no checkpoint was signed at that size
├── Behind                 the data is not complete to where it was asked for
│   ├── NotSealed          no checkpoint covers the entry yet
│   └── CannotSign         nothing is signed yet under which a bundle could be proved
├── LostInRecovery         the entry was lost in a recovery
└── HTTP only              drawn here, defined in `interface.http.responses.problems`
    ├── Unauthenticated    there is no valid token
    ├── UnsupportedMediaType  the body is in none of the forms that the route takes
    │   └── UnsupportedEncoding  the body is compressed, or encoded in another way
    ├── Unreadable         the bytes are no HTTP request
    ├── TooSlow            the request was not whole in time
    ├── HeadTooLarge       the request line and the headers are too long
    └── RateLimited        the credential made too many requests

The HTTP edge maps each `reason` to one problem type (contract.md 1); nothing here knows HTTP.
A detail never repeats a value that was sent: it could be personal.
"""

from __future__ import annotations

from typing import ClassVar, NamedTuple


class Fault(NamedTuple):
    """One thing that is wrong, and where: a JSON pointer (RFC 6901) and a sentence without the value."""

    pointer: str
    detail: str


class LedgerError(Exception):
    """The base of everything that the ledger raises on purpose."""

    reason: ClassVar[str] = "not-recorded"

    def __init__(self, detail: str = "", faults: tuple[Fault, ...] = ()) -> None:
        """Say what happened, in one sentence, and where it is wrong, if anywhere."""
        super().__init__(detail)
        self.detail = detail
        self.faults = faults


class Refused(LedgerError):
    """One submission is not taken. Nothing of it is stored."""


class InvalidJson(Refused):
    """The bytes are not JSON as RFC 8259 means it, or nest too deep, repeat a key, hold NUL or lone surrogates."""

    reason = "invalid-json"


class InvalidCloudEvent(Refused):
    """A CloudEvents attribute is missing or malformed; the subject's form counts."""

    reason = "invalid-cloudevent"


class InvalidEvent(Refused):
    """The type or its version is unknown, or `data` or `time` does not fit the type."""

    reason = "invalid-event"


class FutureEvent(Refused):
    """It says that it happens more than five minutes from now."""

    reason = "future-event"


class TooLarge(Refused):
    """One event is over 256 KiB."""

    reason = "too-large"


class Forbidden(Refused):
    """The credential's role, namespace or sources do not allow it."""

    reason = "forbidden"


class IdReused(Refused):
    """The same source and id were recorded before with other content."""

    reason = "id-reused"


class ChildDiffers(Refused):
    """The episode's stream is about another child; `child-corrected` would say so on purpose."""

    reason = "child-differs"


class StaleVersion(Refused):
    """The stream has moved on from the version that was asked for."""

    reason = "stale-version"


class NotWithGroup(Refused):
    """Not at fault itself, but its atomic group was refused."""

    reason = "atomic"


class NotRecorded(LedgerError):
    """The store did not confirm. It may or may not be there: the same request sent again decides."""

    reason = "not-recorded"


class Overloaded(NotRecorded):
    """The queue of things to record is full."""

    reason = "overloaded"


class NotFound(LedgerError):
    """There is no such thing, or it is outside the reader's scope: the answer is the same."""

    reason = "not-found"


class InvalidQuery(LedgerError):
    """A parameter is unknown, given twice, or invalid."""

    reason = "invalid-query"


class Behind(LedgerError):
    """The data is not complete to the position that was asked for."""

    reason = "behind"
