"""Telling: the half of the driver that sends a story to the ledger."""

from __future__ import annotations

import itertools
import socket
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from features.references import References
from features.spoken_words import PHRASES
from features.times import Moment

Json = dict[str, Any]
_ONE, _BATCH = "application/cloudevents+json", "application/cloudevents-batch+json"
_FIRST_NOTE: Final = datetime(2026, 4, 1, tzinfo=UTC)
"""When the first entry about the record was written, where a story gives no time; each a minute later."""


class Telling(References):
    """What is told to the ledger, one organisation at a time."""

    def __init__(self, http: httpx.Client, tokens: Mapping[str, str], number: int) -> None:
        """Begin a story; `tokens` by organisation or reader."""
        super().__init__(number)
        self._http, self._tokens = http, tokens
        self._notes = (_FIRST_NOTE + timedelta(minutes=n) for n in itertools.count())
        self._sent: tuple[str, Json] = ("", {})
        self.outcomes: list[Json] = []
        """What became of each event that was sent last: status, and receipt or problem."""

    def tell(self, who: str, what: str, when: Moment, **more: Any) -> None:
        """An organisation says something that the ledger records."""
        self.attempt(who, what, when, **more)
        assert self.outcomes[0]["status"] == "recorded", self.outcomes

    def attempt(self, who: str, what: str, when: Moment, **more: Any) -> None:
        """An organisation sends something; `outcomes` says what became of it."""
        self._send(who, self._event(who, what, when, **more))

    def note(self, who: str, name: str, when: Moment | None = None, **data: Any) -> None:
        """An organisation writes an entry about the record: a correction, a link, by the name of its type."""
        self.tell(who, name, when or next(self._notes).isoformat(), **data)

    def point(self, who: str, name: str, thing: str, when: Moment | None = None, **data: Any) -> None:
        """The same about one entry, recorded or still to come."""
        member = "of" if name.endswith("acknowledged") else "target"
        self.note(who, name, when, **{member: self.key_of(who, thing)}, **data)

    def link(self, who: str, other: str) -> None:
        """An organisation says that its record and another's are of one episode."""
        self.note(who, "episodes-linked", **{"with": self.subject(other), "relation": "same_episode"})
        self.named(f"the link to {other}'s record", self._sent[1])

    def batch(self, who: str, told: Iterable[tuple[str, Moment]], query: str = "") -> None:
        """An organisation sends several things at once."""
        self._batch = (who, [self._event(who, what, when) for what, when in told], _BATCH, query)
        self.send_batch_again()

    def send_batch_again(self) -> None:
        """The last batch, once more."""
        self.outcomes = self._post(*self._batch).json()["outcomes"]

    def send_again(self, **changed: Any) -> None:
        """The last sender sends the same again, but for attributes that are changed."""
        who, event = self._sent
        self._send(who, event | changed)

    def lose_the_answer(self, who: str, what: str, when: Moment) -> None:
        """An organisation sends something, and its line breaks before the answer is there."""
        event = self._event(who, what, when)
        request = self._request(who, event, _ONE)
        head = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
        address = urlsplit(str(request.url))
        with socket.create_connection((str(address.hostname), int(address.port or 80))) as line:
            line.sendall(f"POST {address.path} HTTP/1.1\r\n{head}\r\n".encode() + request.content)
        self._sent = (who, event)

    @property
    def position(self) -> int:
        """Where the last event that was recorded stands in the ledger."""
        return max(o["receipt"]["position"] for o in self.outcomes if "receipt" in o)

    def _event(self, who: str, what: str, when: Moment, **more: Any) -> Json:
        name, said = PHRASES.get(what, (what, {}))
        thing = f"that {what}" if what in PHRASES else f"the {what}"
        happened = {"time": when} if isinstance(when, str) else {}
        day = {} if happened else {"happened": when}
        event = {
            "specversion": "1.0",
            **self.new_key(who, thing),
            "type": f"missing-episode.{name}.v1",
            "subject": self.subject(who),
            **happened,
            "data": {"child": self.child_of(who, self.child), **day, **said, **more},
        }
        self.named(thing, event)
        self.named(f"{who}'s word {thing}", event)
        return event

    def _send(self, who: str, event: Json) -> None:
        answer = self._post(who, event, _ONE)
        taken = answer.status_code in {200, 201}
        body = answer.json()
        self._sent = (who, event)
        self.outcomes = [
            {"status": body["status"], "receipt": body} if taken else {"status": "refused", "problem": body}
        ]

    def _post(self, who: str, body: Any, content_type: str, query: str = "") -> httpx.Response:
        return self._http.send(self._request(who, body, content_type, query))

    def _request(self, who: str, body: Any, content_type: str, query: str = "") -> httpx.Request:
        headers = self._headers(who) | {"Content-Type": content_type}
        return self._http.build_request("POST", f"/v1/events{query}", json=body, headers=headers)

    def _headers(self, who: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._tokens[who]}"}
