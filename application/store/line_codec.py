"""The library's mapper: writes a submission, reads a line (stored-form.md 1 and 2).

Writing makes the tail of the line, from `"salt"` to its end; the database puts position, time and
version before it. Reading parses the stored bytes; nothing is ever serialised again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent

from application.crypto.keys import Keys
from application.crypto.sealed_values import commitment, disclose, join, salt
from application.store.append import Request
from application.store.fingerprint import fingerprint
from application.store.vault import Vault, VaultChild
from domain.entries.entry import Entry, Submission
from domain.facts import of_type
from domain.facts.amendments import Corrected, EpisodesLinked, Retracted
from domain.facts.handover import HandoverAcknowledged
from domain.facts.member_walk import Path, granted, mentioned, walk
from domain.facts.members import Member, Nested
from domain.facts.personal_kinds import BirthDate
from domain.facts.value_kinds import ChildKind, ChildRef
from domain.moment import instant
from domain.organisations import is_authority, namespace

_MONTH = len("2010-02")
_CHILD_CORRECTED = "missing-episode.child-corrected.v1"
AMENDING: Final = frozenset({Corrected, Retracted, EpisodesLinked})
"""Types that may take away or give what other entries name."""


@dataclass(frozen=True)
class Encoded(StoredEvent):
    """A submission as the library carries it to the recorder; `request` is the whole of it."""

    request: Request = field(repr=False)


@dataclass(frozen=True)
class StoredLine(StoredEvent):
    """A line as the recorder hands it to the library, with its recorded hash."""

    leaf_hash: bytes


class _Event(msgspec.Struct):
    id: str
    source: str
    type: str
    subject: str
    data: dict[str, Any]
    time: str | None = None


class _Line(msgspec.Struct):
    v: int
    position: int
    recorded_at: str
    version: int
    principal: str
    by: str
    event: _Event


_decode = msgspec.json.Decoder(_Line).decode


def read_line(line: bytes, leaf_hash: bytes | None = None) -> Entry:
    """Return the entry of a stored line; raise ValueError when the line is not of a form that we know."""
    read = _decode(line)
    if read.v != 1:
        raise ValueError(f"this program cannot read lines of form {read.v}")
    event = read.event
    return Entry(
        position=read.position,
        recorded_at=instant(read.recorded_at),
        version=read.version,
        principal=read.principal,
        by=read.by,
        id=event.id,
        source=event.source,
        type=event.type,
        subject=event.subject,
        time=event.time,
        data=event.data,
        leaf_hash=None if leaf_hash is None else leaf_hash.hex(),
    )


class Codec(Mapper[str]):
    """Writes submissions and reads lines, for one ledger with its secrets and its vault."""

    def __init__(self, keys: Keys, vault: Vault) -> None:
        """Remember the secrets and the vault."""
        super().__init__(JSONTranscoder())
        self._keys, self._vault = keys, vault

    def to_stored_event(self, domain_event: Any) -> Encoded:
        """Encode a submission."""
        request = self.encode(domain_event)
        return Encoded(
            originator_id=request.subject,
            originator_version=domain_event.originator_version,
            topic=domain_event.type,
            state=request.tail,
            request=request,
        )

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        """Read an entry; the state of a stored event is its line."""
        return read_line(stored_event.state, getattr(stored_event, "leaf_hash", None))

    def encode(self, submission: Submission) -> Request:
        """Commit, seal, and write the tail of the line."""
        return self.encode_all([submission])[0]

    def encode_all(self, submissions: Sequence[Submission]) -> list[Request]:
        """Encode submissions, with one look into the vault for all the children that they name."""
        walked = [_Walked(submission) for submission in submissions]
        named = self._vault.children({reference for each in walked for reference in each.references.values()})
        return [self._encode(each, named) for each in walked]

    def _encode(self, walked: _Walked, named: dict[ChildRef, VaultChild]) -> Request:
        submission = walked.submission
        if walked.cls is None:  # the ledger's own: no child, nothing personal, and no fingerprint to compare
            tail = tail_of(submission, submission.data)
            return Request(submission.subject, submission.source, submission.id, tail, None)
        children = {path: named[reference] for path, reference in walked.references.items()}
        child = children[("child",)]
        data, disclosures = walked.stored(children, sealing=child.key is not None)
        blob = None
        if disclosures and child.key is not None:
            blob = self._vault.seal(child.key, join(disclosures), child.id, submission)
        return Request(
            subject=submission.subject,
            source=submission.source,
            id=submission.id,
            tail=tail_of(submission, data),
            fingerprint=fingerprint(self._keys, submission),
            child=child.id,
            moved_to=data["to"] if submission.type == _CHILD_CORRECTED else None,
            expected_version=submission.expected_version,
            blob=blob,
            new_children=tuple(row for each in children.values() if (row := each.row) is not None),
            ties=tuple(walked.ties(sorted({each.id for each in children.values()} - {child.id}))),
        )


class _Walked:
    """A submission and the members of its `data` that need care, found in one walk."""

    def __init__(self, submission: Submission) -> None:
        self.submission = submission
        self.cls = of_type(submission.type)
        self.found = [] if self.cls is None else walk(self.cls, submission.data)
        self.references = {
            each.path: child_reference(each.value, submission.subject)
            for each in self.found
            if isinstance(each.member.kind, ChildKind)
        }

    def stored(
        self, children: dict[Path, VaultChild], *, sealing: bool
    ) -> tuple[dict[str, Any], list[bytes]]:
        """Return the stored form of `data`, and the disclosures of what it commits to."""
        assert self.cls is not None
        data = _ordered(self.cls.MEMBERS, self.submission.data, self.submission.subject)
        for path, child in children.items():
            _holder(data, path)[path[-1]] = child.id
        disclosures = {}
        for each in self.found:
            if each.member.personal:
                del _holder(data, each.path)[each.path[-1]]
                name = "/".join(each.path)
                disclosures[name] = disclose(name, each.value)
        if not disclosures or not sealing:
            return data, []
        data["sealed"] = {name: commitment(disclosures[name]) for name in sorted(disclosures)}
        return data, [disclosures[name] for name in sorted(disclosures)]

    def ties(self, others: list[str]) -> Iterator[tuple[str, str]]:
        """Yield what the entry names: organisations that gain access, other subjects, other children.

        The kinds are those of the function `ledger.append`.
        """
        amends = self.cls in AMENDING
        if amends or self.cls is HandoverAcknowledged:
            yield ("a" if amends else "h", "")
        kind = "e" if amends else self._naming
        yield from ((kind, name) for name in sorted(granted(self.found)))
        covered = mentioned(each for each in self.found if each.member.name == "covers")
        yield from (
            ("v" if subject in covered else "s", subject) for subject in sorted(mentioned(self.found))
        )
        yield from (("c", other) for other in others)

    @property
    def _naming(self) -> str:
        """How the organisation that it is recorded for names others (events.md 3)."""
        by = self.submission.by
        return "n" if by == namespace(self.submission.subject) else "m" if is_authority(by) else "e"


def child_reference(sent: str | dict[str, str], subject: str) -> ChildRef:
    """Return a child as sent: a reference alone is in the subject's namespace."""
    if isinstance(sent, str):
        return ChildRef(subject.split("/", 1)[0], sent)
    return ChildRef(sent["scheme"], sent["reference"])


def _ordered(members: tuple[Member, ...], sent: dict[str, Any], subject: str) -> dict[str, Any]:
    """Return a copy with the members in the order of their class, each followed by what is derived from it."""
    derived = {member.name for member in members if member.derived}
    data: dict[str, Any] = {}
    for member in members:
        if member.name in sent and not member.derived:
            value = sent[member.name]
            data[member.name] = _copied(value, subject)
            if isinstance(member.kind, Nested):
                data[member.name] = _ordered(member.kind.members, value, subject)
            if isinstance(member.kind, BirthDate):
                data["birth_month"] = value[:_MONTH]
            if f"{member.name}_scheme" in derived:
                data[f"{member.name}_scheme"] = child_reference(value, subject).scheme
    return data


def _copied(value: Any, subject: str) -> Any:
    """Return a copy of a value as sent, with what is derived from a changed date of birth or child."""
    if not isinstance(value, dict):
        return value
    copy = {}
    for name, part in value.items():
        copy[name] = _copied(part, subject)
        if name == "date_of_birth":
            copy["birth_month"] = part and part[:_MONTH]
        if name == "same_as":
            copy["same_as_scheme"] = part and child_reference(part, subject).scheme
    return copy


def _holder(data: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    """Return the object that holds the last step of a path."""
    for step in path[:-1]:
        data = data[step]
    return data


def tail_of(submission: Submission, data: dict[str, Any]) -> bytes:
    """Return the line from `"salt"` to its end, in ASCII."""
    event: dict[str, Any] = {"specversion": "1.0", "id": submission.id, "source": submission.source}
    event |= {"type": submission.type, "subject": submission.subject}
    if submission.time is not None:
        event["time"] = submission.time
    event["data"] = data
    tail = {"salt": salt(), "principal": submission.principal, "by": submission.by, "event": event}
    return _ascii(tail)[1:]


def _ascii(value: Any) -> bytes:
    """JSON without spaces, in printable ASCII. What is recorded of an event is ASCII as it is, and quick."""
    text = msgspec.json.encode(value)
    if text.isascii() and b"\x7f" not in text:
        return text
    return json.dumps(value, separators=(",", ":"), allow_nan=False).encode("ascii")
