"""Rows next to a line that follow from it: child, sealed values, fingerprint, mentions, and access to the episode.

Each is made again from the line, as recording made it, and compared. Only those of the sealed values and of the
fingerprint need the ledger's secrets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import msgspec
import psycopg

from application.crypto.keys import Keys
from application.crypto.sealed_values import CannotOpen, commitment, split, unseal
from application.store.fingerprint import fingerprint
from application.store.line_codec import AMENDING
from application.verification.discrepancies import Discrepancies
from application.verification.sent_event import NamedByEvent, named_by, sent_forms
from application.verification.vault_rows import OpenedChild, VaultRows
from domain.facts import of_type
from domain.facts.amendments import ChildCorrected
from domain.organisations import namespace


class StoredEntry(NamedTuple):
    """An entry with the rows next to its line; a value is None, and a list empty, where there is no row."""

    position: int
    line: bytes
    stream: int
    child: int | None
    fingerprint: bytes | None
    key: int | None
    """Under which child's key the blob is sealed."""
    blob: bytes | None
    subjects: Sequence[str]
    """Other subjects that the entry mentions, each with the organisation for which it was recorded."""
    children: Sequence[str]
    """The same of other children, by their numbers."""


@dataclass(slots=True)
class ImpliedRows:
    """Result of checking some entries."""

    findings: Discrepancies = field(default_factory=Discrepancies)
    names: set[tuple[int, str]] = field(default_factory=set)
    """Streams, and the organisations that are named on each."""
    own: set[tuple[int, str]] = field(default_factory=set)
    """Those of them that the stream's own organisation names, in a way that no other entry has a say in."""
    moved: set[tuple[int, int]] = field(default_factory=set)
    """Streams, and the number of the child that a correction moved each to."""
    opened: int = 0
    """Entries of which the sealed values were opened and agree."""


class _Event(msgspec.Struct, gc=False):
    id: str
    source: str
    type: str
    subject: str
    data: dict[str, Any]
    time: str | None = None


class _Line(msgspec.Struct, gc=False):
    by: str
    event: _Event


class _Implied(NamedTuple):
    """A stored entry, and what its line says of the rows next to it."""

    stored: StoredEntry
    event: _Event
    by: str
    child: str | None
    """The id of its child; None for an entry of the ledger itself."""
    named: NamedByEvent


_decode: Final = msgspec.json.Decoder(_Line).decode
_NOT_OPENED: Final = "none that opens with these secrets"
_OTHERS: Final = "others, or none"
_OF_LEDGER: Final = NamedByEvent({})
Vault = Mapping[str, OpenedChild]


class ImpliedRowsCheck:
    """Checks the rows next to entries, some entries at a time."""

    def __init__(self, connection: psycopg.Connection[Any], keys: Keys | None, ledger: str) -> None:
        """Remember where the vault is, the secrets if there are any, and the ledger's name."""
        self._keys, self._ledger = keys, ledger
        self._vault = VaultRows(connection, keys, ledger)

    def check(self, entries: Iterable[StoredEntry]) -> ImpliedRows:
        """Compare the rows of entries with what their lines imply."""
        result, read = ImpliedRows(), list(_read(entries))
        vault = self._vault.of({id_ for each in read for id_ in each.named.children.values()})
        for each in read:
            self._check_named(each, vault, result)
            values = self._values(each, vault, result)
            if values is None:
                result.findings.add("sealed values", each.stored.position, "those of its line", _OTHERS)
            elif self._keys is not None and not self._has_fingerprint(self._keys, each, values, vault):
                result.findings.add(
                    "fingerprint", each.stored.position, "that of the event", "another, or none"
                )
        return result

    def _check_named(self, each: _Implied, vault: Vault, result: ImpliedRows) -> None:
        """Compare the child, the vault rows, and what the entry mentions."""
        (stored, event, by, child, named), findings = each, result.findings
        rows = [vault.get(id_) for id_ in named.children.values()]
        if not all(row is not None and row.is_right for row in rows):
            findings.add("vault", stored.position, "a row that is of the child", _NOT_OPENED)
        if stored.child != (None if child is None else _number(vault, child)):
            findings.add("child", stored.position, "the child of its line", "another, or none")
        others = {f"{_number(vault, id_)} {by}" for id_ in named.children.values() if id_ != child}
        subjects = {f"{subject} {by}" for subject in named.subjects}
        if {*stored.children} != others or {*stored.subjects} != subjects:
            findings.add("mentions", stored.position, "those of its line", _OTHERS)
        if event.type == ChildCorrected.TYPE:
            result.moved.add((stored.stream, _number(vault, event.data["to"])))
        if named.grants:
            names = {(stored.stream, name) for name in named.grants}
            result.names |= names
            if by == namespace(event.subject) and of_type(event.type) not in AMENDING:
                result.own |= names

    def _values(self, each: _Implied, vault: Vault, result: ImpliedRows) -> dict[str, Any] | None:
        """Return the personal values by path, as far as they open; None when they are not those of the line."""
        stored, event, _, child, _ = each
        committed, row = event.data.get("sealed") if child else None, vault.get(child or "")
        if committed is None:
            return {} if stored.blob is None else None
        if stored.blob is None or row is None or stored.key != row.number:
            return None
        if row.key is None:
            return {}
        about = ["ledger-seal-1", self._ledger, child or "", event.source, event.id, event.type]
        try:
            disclosures = split(unseal(row.key, stored.blob, about))
        except (CannotOpen, ValueError, TypeError):
            return None
        if {each.path: commitment(each.text) for each in disclosures} != committed:
            return None
        result.opened += 1
        return {each.path: each.value for each in disclosures}

    def _has_fingerprint(self, keys: Keys, each: _Implied, values: dict[str, Any], vault: Vault) -> bool:
        """Return whether the stored fingerprint is that of the event, as far as its children can be opened."""
        if each.child is None:
            return each.stored.fingerprint is None
        references = {
            path: row.reference
            for path, id_ in each.named.children.items()
            if (row := vault.get(id_)) is not None and row.reference is not None
        }
        if len(references) < len(each.named.children):
            return True  # the vault's row is wrong, and said to be
        forms = sent_forms(each.event, references, values)
        return any(fingerprint(keys, form) == each.stored.fingerprint for form in forms)


def _number(vault: Vault, id_: str) -> int:
    row = vault.get(id_)
    return 0 if row is None else row.number


def _read(entries: Iterable[StoredEntry]) -> Iterator[_Implied]:
    """Read the lines; one that cannot be read is found where lines are compared."""
    for stored in entries:
        try:
            line = _decode(stored.line)
            event, by = line.event, line.by
            cls = of_type(event.type)
            if cls is None:
                yield _Implied(stored, event, by, None, _OF_LEDGER)
            else:
                yield _Implied(stored, event, by, event.data["child"], named_by(cls, event.data))
        except (msgspec.MsgspecError, ValueError, KeyError):
            continue
