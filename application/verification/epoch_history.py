"""Epochs of a log, as its ledger's own entries state them: who signed in each, and what each began with."""

from __future__ import annotations

from typing import Any, NamedTuple

from application.crypto.checkpoint import Checkpoint
from application.crypto.cosignature import Witness
from application.crypto.signed_note import NotANote, Note, Verifier
from application.crypto.timestamp import TimestampAuthority
from application.merkle_log.epochs import Epoch, epochs
from application.store.logs import EPISODES, Log, read_origin
from application.store.tree_rows import Rows
from application.verification.discrepancies import Discrepancies


class TrustAnchors(NamedTuple):
    """Keys and checkpoints that the one who verifies brings from elsewhere. Without any the signer stays unknown."""

    key: Verifier | None = None
    """The key of either log: it is the same for both. Each epoch has its own."""
    checkpoint: Note | None = None
    """A checkpoint of one of the logs."""
    is_start: bool = False
    """True where entries that the checkpoint covers are not read again."""
    witnesses: tuple[Witness, ...] = ()
    """The witnesses whose cosignatures are checked."""
    authority: TimestampAuthority | None = None
    """The authority by whose certificates time stamps are checked."""
    demanded: frozenset[Witness | TimestampAuthority] = frozenset()
    """Those who must have vouched for something, if anything is sealed."""

    def verifiers(self, log: Log) -> dict[int, Verifier]:
        """Return the key in the name of a log, by its epoch."""
        if self.key is None:
            return {}
        origin = read_origin(self.key.name)
        return {1: self.key} if origin is None else {origin.epoch: self.key._replace(name=origin.of(log))}

    def kept(self, log: Log) -> Checkpoint | None:
        """Return the checkpoint, unless it is of another log; raise NotANote when it is none."""
        kept = None if self.checkpoint is None else Checkpoint.read(self.checkpoint)
        origin = None if kept is None else read_origin(kept.origin)
        return kept if origin is None or origin.log == log else None

    def noted(self, epoch: int) -> bool:
        """Return whether the checkpoint is one of an epoch."""
        return self.checkpoint is not None and _epoch(Checkpoint.read(self.checkpoint).origin) == epoch


class EpochHistory:
    """The epochs of one log."""

    def __init__(self, rows: Rows, log: Log, trusted: TrustAnchors) -> None:
        """Read the epochs; none, when they cannot be read: then the entries themselves disagree."""
        self._log, self._trusted = log, trusted
        self._epochs = _read(rows)
        named = {each.number: each.verifiers(log) for each in self._epochs}
        given = {n: [key] for n, key in trusted.verifiers(log).items() if key not in named.get(n, ())}
        self.verifiers = named | given
        """The keys of each epoch in their order, as entries name them; a stranger that was given, in their place."""
        self._recorded_epochs = {each.number: each for each in self._epochs if each.number not in given}
        self._seen = set[Verifier]()
        """The keys of which there was a signature so far."""
        self._newest = dict.fromkeys(self.verifiers, 0)
        """Which of them is the newest that signed, so far: no older one may sign alone after it."""
        self.roots = {
            each.survived[log.number].size: each.survived[log.number].root for each in self._epochs[1:]
        }
        """The root that an epoch began over, by the size."""

    @property
    def last(self) -> int:
        """The epoch that the ledger is in."""
        return self._epochs[-1].number if self._epochs else 1

    def unsigned(self, note: Note, epoch: int, before: int, size: int) -> list[Verifier]:
        """Return whose signatures a checkpoint lacks; `before`: the size of the one before. Call in their order."""
        keys, newest = self.verifiers[epoch], self._newest[epoch]
        signed = {key: n for n, key in enumerate(keys) if key.signed(note)}
        self._seen.update(signed)
        if self._log == EPISODES and epoch in self._recorded_epochs:
            return [
                key
                for key in self._recorded_epochs[epoch].signing(self._log, before, size)
                if key not in signed
            ]
        self._newest[epoch] = max(newest, *signed.values(), 0)
        return [] if any(n >= newest for n in signed.values()) else [keys[newest]]

    def known(self) -> bool:
        """Return whether the signer is known from elsewhere: a given key has signed, or a checkpoint was given.

        That an entry names the key that was given is not enough: anybody could name it.
        """
        given = self._trusted.verifiers(self._log).get(self.last)
        return given in self._seen or self._trusted.noted(self.last)

    def key(self) -> str | None:
        """Return the key that signs now."""
        keys = self.verifiers.get(self.last)
        return str(keys[-1]) if keys else None

    def keys(self) -> tuple[dict[str, Any], ...]:
        """Return each key that the ledger's entries name, with the first and the last entry under it."""
        named = [
            (str(key), position)
            for each in self._epochs
            for key, position in zip(
                each.verifiers(self._log), (each.position, *(c.position for c in each.changes)), strict=True
            )
        ]
        ends = [position - 1 for _, position in named[1:]]
        return tuple(
            {"key": key, "from": begin, "to": end}
            for (key, begin), end in zip(named, [*ends, None], strict=True)
        )

    def epochs_json(self) -> tuple[dict[str, Any], ...]:
        """Return each epoch after the first: where it began, why, and up to where entries were lost."""
        return tuple(
            {"epoch": each.number, "position": each.position, "reason": each.reason}
            | {
                "survived": each.survived[self._log.number].size,
                "released": each.survived[self._log.number].released,
            }
            for each in self._epochs[1:]
        )

    def check(self, findings: Discrepancies) -> None:
        """Check that an epoch's entry follows the last one left, and that its note was signed in an earlier epoch."""
        for each in self._epochs[1:]:
            survived = each.survived[self._log.number]
            if self._log == EPISODES:
                findings.compare("epoch", each.position, survived.size + 1, each.position)
            if survived.note is not None and not self._signed(Note.read(survived.note)):
                findings.add(
                    "epoch", each.position, "a checkpoint of an earlier epoch", "none that is signed"
                )

    def kept(self, findings: Discrepancies) -> Checkpoint | None:
        """Return the checkpoint from elsewhere, if it is of this log, for comparison.

        A wrong signature is a discrepancy, and so is a checkpoint over entries that were lost in a recovery.
        """
        note, kept = self._trusted.checkpoint, self._trusted.kept(self._log)
        if note is None or kept is None:
            return None
        if self.verifiers and not self._signed(note):
            key = next(iter(self.verifiers.get(_epoch(kept.origin), ())), "a key of this ledger")
            findings.add("against", kept.size, f"the signature of {key}", f"a note of {kept.origin}")
        for each in self._epochs[1:]:
            size = each.survived[self._log.number].size
            if _epoch(kept.origin) < each.number and size < kept.size:
                expected = f"{kept.size} entries under the checkpoint given"
                findings.add("against", size + 1, expected, f"epoch {each.number}, begun here: {each.reason}")
                return None
        return kept

    def _signed(self, note: Note) -> bool:
        """Return whether a checkpoint is signed with the key that signed at its size in its epoch."""
        checkpoint = Checkpoint.read(note)
        epoch = _epoch(checkpoint.origin)
        keys = self.verifiers.get(epoch, [])
        if self._log == EPISODES and epoch in self._recorded_epochs:
            keys = self._recorded_epochs[epoch].signing(self._log, checkpoint.size, checkpoint.size)
        return any(key.name == checkpoint.origin and key.signed(note) for key in keys)


def _epoch(origin: str) -> int:
    """Return the epoch of an origin; the first for one that is none of ours."""
    found = read_origin(origin)
    return 1 if found is None else found.epoch


def _read(rows: Rows) -> list[Epoch]:
    try:
        return epochs(rows)
    except (LookupError, ValueError, NotANote):
        return []
