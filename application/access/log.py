"""The access log: each answer that shows children's records is recorded before it leaves (stored-form.md 4).

What cannot be recorded is not shown. An installation may name a folder for the case that the log cannot be written and
somebody has to know now. The disclosure is then kept there, and recorded as soon as possible.
"""

from __future__ import annotations

import json
import logging
import os
import threading
from pathlib import Path
from typing import Final, NamedTuple

from application.access.spool import Spool, lines
from application.answers.disclosures import DisclosedRecords
from application.store import clock
from application.store.append import Request
from application.store.append_access import ACCESSES
from application.store.database import Database
from application.store.group_commit_writer import Writer
from application.store.line_codec import tail_of
from domain.entries.access_entry import Disclosed
from domain.entries.entry import Submission
from domain.errors import NotRecorded
from domain.facts.ledger_entries import LEDGER, own_subject
from domain.moment import rfc3339

_BREAK_GLASS: Final = 2.0
"""Seconds for which recording is tried where the folder may take a disclosure too: somebody waits for the answer."""
_AT_ONCE: Final = 500
"""Disclosures from the folder that are recorded in one call."""
_LOOK: Final = 5.0
"""Seconds between two tries to record what the folder holds."""
_log: Final = logging.getLogger(__name__)


class AccessContext(NamedTuple):
    """Who asks, as whom, why, and what: all of them codes."""

    principal: str
    by: str
    """The organisation that the credential acts for; `ledger` where it is good for all."""
    role: str
    purpose: str
    route: str


class AccessLog:
    """Records disclosures through a writer of its own, which puts together what happens at once."""

    def __init__(
        self,
        database: Database,
        name: str,
        spool: Path | None,
        *,
        capacity: int,
        deadline: float,
        standby: bool,
    ) -> None:
        """Say where the log is, the ledger's name, and the folder for what cannot be recorded, if it may be shown.

        `capacity`, `deadline`, `standby`: the writer's, in requests and seconds.
        """
        patience = deadline if spool is None else min(deadline, _BREAK_GLASS)
        self._writer = Writer(
            database.connect_promptly, ACCESSES, capacity=capacity, deadline=patience, standby=standby
        )
        self._subject = own_subject(name)
        self._spool = None if spool is None else Spool(spool)
        self._closed = threading.Event()

    def record(self, reading: AccessContext, shown: DisclosedRecords, status: int | None = None) -> bool:
        """Record what is shown; False when only the folder has it, NotRecorded when it must not be shown."""
        request = self._request(reading, shown, status)
        try:
            self._write([request])
        except NotRecorded as error:
            if self._spool is None:
                raise NotRecorded(
                    "This reading cannot be written to the access log, so nothing is shown. Try again."
                ) from error
            self._keep(self._spool, request)
            return False
        return True

    def _keep(self, spool: Spool, request: Request) -> None:
        """Keep a disclosure in the folder; NotRecorded when that fails too."""
        try:
            spool.keep(request.tail)
        except OSError as error:
            raise NotRecorded(
                "This reading cannot be written to the access log, so nothing is shown. Try again."
            ) from error
        _log.critical(
            "children's records are shown without an entry in the access log: the folder holds the disclosure"
        )

    def catch_up(self) -> int:
        """Record what the folder holds, each once, and return how many; NotRecorded when that is not possible yet."""
        done = 0
        for file in () if self._spool is None else self._spool.taken():
            requests = [_again(line) for line in lines(file)]
            for start in range(0, len(requests), _AT_ONCE):
                self._write(requests[start : start + _AT_ONCE])
            file.unlink(missing_ok=True)
            done += len(requests)
            _log.warning("%d disclosures from the folder are now in the access log", len(requests))
        return done

    def watch(self) -> None:
        """Record from now on what the folder holds, as soon as possible, in a thread, until this is closed."""
        if self._spool is not None:
            threading.Thread(target=self._watch, name="ledger-spool", daemon=True).start()

    def _watch(self) -> None:
        while True:
            try:
                self.catch_up()
            except (NotRecorded, OSError, ValueError) as error:
                _log.error("what the folder holds is not in the access log yet: %s", type(error).__name__)
            if self._closed.wait(_LOOK):
                return

    def close(self) -> None:
        """Record what waits, then stop."""
        self._closed.set()
        self._writer.close()

    def _request(self, reading: AccessContext, shown: DisclosedRecords, status: int | None) -> Request:
        """The disclosure as an entry of now; its id begins with the time, so that the newest lie together."""
        now = clock.now()
        first, last = shown.span or (None, None)
        disclosed = Disclosed(
            role=reading.role,
            organisation=None if reading.by == LEDGER else reading.by,
            purpose=reading.purpose,
            route=reading.route,
            status=status,
            children=tuple(sorted(shown.children)),
            positions=tuple(sorted(shown.positions)),
            first=first,
            last=last,
        )
        submission = Submission(
            id=f"{now // 1000:012x}{os.urandom(10).hex()}",
            source=LEDGER,
            type=Disclosed.TYPE,
            subject=self._subject,
            time=rfc3339(now),
            data=disclosed.data(),
            by=LEDGER,
            principal=reading.principal,
        )
        tail = tail_of(submission, submission.data)
        return Request(submission.subject, submission.source, submission.id, tail, None)

    def _write(self, requests: list[Request]) -> None:
        """Record them; NotRecorded when the database does not confirm each."""
        if any(answer.status == "failed" for answer in self._writer.write(requests)):
            raise NotRecorded("the database could not take it")


def _again(tail: bytes) -> Request:
    """The same request, from a line of the folder."""
    event = json.loads(b"{" + tail)["event"]
    return Request(event["subject"], event["source"], event["id"], tail, None)
