"""Recording: from submissions to outcomes.

`Ledger` is the library's Application with its wiring given instead of read from the environment. Its
method is `record`: encode, append, and say for each submission what became of it.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from eventsourcing.application import Application
from eventsourcing.persistence import InfrastructureFactory
from eventsourcing.popo import POPOFactory
from eventsourcing.utils import Environment

from application.access.log import AccessLog
from application.crypto.keys import Keys
from application.recording.outcomes import Outcome, outcome
from application.recording.reused_ids import differing_members
from application.store.append import AppendResult, Request
from application.store.database import Database
from application.store.group_commit_writer import Writer
from application.store.line_codec import Codec, read_line
from application.store.logs import EPISODES
from application.store.recorder import LedgerRecorder
from application.store.vault import Vault
from domain.entries.entry import Submission
from domain.errors import Fault, LedgerError, NotRecorded
from domain.facts.ledger_entries import FORMAT, FOUNDED, LEDGER, RULEBOOK_ADOPTED, own_subject
from domain.moment import SECOND, rfc3339
from domain.rules import rulebook


class WrongLedger(LedgerError):
    """The database holds a ledger of another name, or founded with other secrets."""


_HALTED: Final = (
    "the database came back as an earlier or another state than was shown before, and nothing is recorded until its"
    " operators have run `ledger recover`; keep what you have, and send it again then"
)
_ROUNDS: Final = 5
"""How often submissions are encoded again because another writer saw their children first."""
_NOT_YET: Final = {False: ("child_known",), True: ("child_known", "atomic", "failed")}
"""Answers after which a request is sent again, in its place among the others; True: where all or none were recorded."""


class Ledger(Application[str]):
    """The episode ledger of one database."""

    name = "ledger"

    def __init__(  # noqa: PLR0913  all but three have a default that tests shorten
        self,
        dsn: str,
        keys: Keys,
        name: str,
        *,
        capacity: int = 5000,
        deadline: float = 8.0,
        statement_seconds: int | None = None,
        spool: Path | None = None,
        standby: bool = False,
    ) -> None:
        """Say where the database is, with which secrets, and the log's name. Nothing is opened yet.

        `spool`: a folder for disclosures that the access log cannot take; without it they are not made.
        `standby`: acknowledge nothing while no synchronous standby is in place.
        """
        self.log_name, self.keys = name, keys
        self.database = Database(dsn, statement_seconds=statement_seconds)
        self.vault = Vault(self.database, keys, name)
        self.codec = Codec(keys, self.vault)
        limits: dict[str, Any] = {"capacity": capacity, "deadline": deadline, "standby": standby}
        self._writer = Writer(self.database.connect_promptly, **limits)
        self.access = AccessLog(self.database, name, spool, **limits)
        super().__init__()

    def construct_env(self, name: str, env: Mapping[str, str] | None = None) -> Environment:
        """Nothing: only interface/settings.py reads the environment."""
        return Environment(name, dict(env or {}))

    def construct_factory(self, env: Environment) -> InfrastructureFactory[Any]:
        """The library's plainest factory; it only joins mapper and recorder to an event store."""
        return POPOFactory(env)

    def construct_mapper(self) -> Codec:
        """Our codec."""
        return self.codec

    def construct_recorder(self) -> LedgerRecorder:
        """Our recorder."""
        return LedgerRecorder(self.database, self._writer)

    @property
    def origin(self) -> str:
        """The log's name and epoch, as its checkpoints carry it."""
        return EPISODES.origin(self.log_name)

    def record(
        self, submissions: Sequence[Submission], *, atomic: bool = False, dry_run: bool = False
    ) -> list[Outcome]:
        """Record submissions in order and say what became of each.

        `atomic`: all or none, a duplicate counts as success. `dry_run`: decide, write nothing.
        Raise Overloaded or NotRecorded when the database did not confirm: send the same again.
        """
        answers: dict[int, AppendResult] = {}
        left, ordered = list(range(len(submissions))), not atomic and not dry_run
        for _ in range(_ROUNDS):
            requests = self.codec.encode_all([submissions[n] for n in left])
            whole = atomic or (ordered and _may_be_known(requests))
            given = self._recorder_append(requests, atomic=whole, dry_run=dry_run)
            if not whole or all(answer.status != "child_known" for answer in given):
                answers |= {
                    n: a
                    for n, a in zip(left, given, strict=True)
                    if atomic or a.status not in _NOT_YET[whole]
                }
                ordered = ordered and any(answer.status != "failed" for answer in given)
                left = [n for n in left if n not in answers]
            if not left:
                return self._outcomes(submissions, answers, dry_run=dry_run)
        raise NotRecorded(
            "Other processes recorded the same new children first. Send the same request again."
        )

    def _outcomes(
        self, submissions: Sequence[Submission], answers: Mapping[int, AppendResult], *, dry_run: bool
    ) -> list[Outcome]:
        """Return what became of each; a reused id names the members that differ."""
        reused = [n for n in range(len(submissions)) if answers[n].status == "id_reused"]
        faults = dict(zip(reused, self._differing([submissions[n] for n in reused]), strict=True))
        return [outcome(s, answers[n], faults.get(n, ()), dry_run=dry_run) for n, s in enumerate(submissions)]

    def _differing(self, reused: list[Submission]) -> list[tuple[Fault, ...]]:
        """Return what differs from the recorded events; nothing when the database does not say it now."""
        try:
            return differing_members(self.database, self.vault, self.keys, reused) if reused else []
        except NotRecorded:
            return [()] * len(reused)

    def _recorder_append(self, requests: list[Request], *, atomic: bool, dry_run: bool) -> list[AppendResult]:
        """Append, and keep the vault's memory in step with what the answers say of children."""
        answers = self.entries.append(requests, atomic=atomic, dry_run=dry_run)
        if any(answer.status == "halted" for answer in answers):
            raise NotRecorded(_HALTED)
        for request, answer in zip(requests, answers, strict=True):
            if answer.status == "recorded":
                self.vault.stored(request.new_children)
            elif answer.known is not None:
                self.vault.learn(answer.known)
        return answers

    @property
    def entries(self) -> LedgerRecorder:
        """The recorder, by its own type."""
        assert isinstance(self.recorder, LedgerRecorder)
        return self.recorder

    def initialise(self, rulebook_text: str) -> None:
        """In an empty database write the founding entry and adopt a first rulebook; then check whose it is.

        Any number of processes may call this at once. Raise WrongLedger when the database holds a ledger
        of another name, or of other secrets.
        """
        if self.entries.max_notification_id() is None:
            founding, book = _founding(self.log_name, self.keys), rulebook.cached(rulebook_text)
            adopted = {"id": book.id, "version": book.version, "text": rulebook_text}
            self.record(
                [self.own_entry(FOUNDED, "1", founding), self.own_entry(RULEBOOK_ADOPTED, "2", adopted)],
                atomic=True,
            )
        first = read_line(self.entries.select_notifications(1, 1)[0].state)
        check_whose(first.data, self.log_name, self.keys)

    def own_entry(self, type_: str, id_: str, data: dict[str, Any], after: int | None = None) -> Submission:
        """One of the ledger's own entries, at this second; the same id again gives the first receipt.

        `after`: the version that the ledger's own stream must be at, if that matters.
        """
        now = rfc3339(time.time_ns() // 1_000_000_000 * SECOND)
        subject = own_subject(self.log_name)
        return Submission(
            id=id_,
            source=LEDGER,
            type=type_,
            subject=subject,
            time=now,
            data=data,
            by=LEDGER,
            principal=LEDGER,
            expected_version=after,
        )

    def close(self) -> None:
        """Record what waits in both logs, then close the database."""
        self._writer.close()
        self.access.close()
        self.database.close()
        super().close()


def _may_be_known(requests: Sequence[Request]) -> bool:
    """Return whether a batch names a child that another process may record first.

    Then it is recorded whole or not yet: a request that has to be encoded again would else come after later ones.
    """
    return len(requests) > 1 and any(request.new_children for request in requests)


def check_whose(founding: Mapping[str, Any], name: str, keys: Keys) -> None:
    """Raise WrongLedger unless the founding entry that says this is of the ledger of that name and those secrets."""
    if founding["name"] != name:
        raise WrongLedger(
            f"this is the ledger {founding['name']!r}, not {name!r}: set LEDGER_NAME to its name"
        )
    if founding != _founding(name, keys):
        raise WrongLedger(f"this is the ledger {name!r}, and the secrets given are another's")


def _founding(name: str, keys: Keys) -> dict[str, Any]:
    """Return the data of the first entry."""
    return {"name": name, "format": FORMAT, "key": keys.verifier_key(EPISODES.origin(name))}
