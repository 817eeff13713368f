"""The driver of the stories: tells them to the ledger over HTTP, and asks it what it makes of them."""

from __future__ import annotations

from typing import Any, Final

import httpx

from features.driver_posting import Json, Telling
from features.spoken_words import DUTIES
from tests.support.waiting import until

AUDITOR: Final = "the auditor"
"""Who asks, unless a story says otherwise: somebody who may see every episode."""
MANAGER: Final = "the manager"
"""A manager of the responsible authority."""
OFFICER: Final = "the reviewing officer"
"""One who reviews children's cases for the responsible authority, and says for each reading why."""
OPERATOR: Final = "the operator"
"""Whoever runs the ledger."""
_PATIENCE: Final = {"Prefer": "wait=20"}
"""Seconds for which a list may take to be complete to what the story told."""


class Story(Telling):
    """One story, told and asked about."""

    def episode(self, at: str | None = None, known: str | None = None) -> Json:
        """The episode, as at a time, as known at a remembered moment."""
        return self._ask(self._path(), as_at=at, known_at=self.known_at(known))

    def duty(self, duty: str, at: str | None = None, known: str | None = None) -> Json | None:
        """A duty of the episode's timeline; None when there is none."""
        answer = self._ask(self._path("/timeline"), as_at=at, known_at=self.known_at(known))
        found = [o for o in answer["obligations"] if o["rule"] == DUTIES[duty]]
        assert len(found) < 2, found
        return found[0] if found else None

    def verdict(self, duty: str, at: str | None = None, known: str | None = None) -> str | None:
        """The verdict on a duty: possibly overdue told apart from other uncertainty; None without a duty."""
        found = self.duty(duty, at, known)
        if found is None:
            return None
        return "possibly_overdue" if found["possibly"] else str(found["verdict"])

    def verdict_by(self, duty: str, rulebook: str) -> str | None:
        """The verdict on a duty by a rulebook that was adopted at some time."""
        duties = self._ask(self._path("/timeline"), rulebook=rulebook)["obligations"]
        return next((str(o["verdict"]) for o in duties if o["rule"] == DUTIES[duty]), None)

    def what_if(self, rulebook: str) -> httpx.Response:
        """What a manager is answered who asks what a rulebook would change."""
        path, body = "/v1/rulebook/what-if", {"rulebook": rulebook, "as_at": "2026-06-15T00:00:00Z"}
        return self._http.post(path, json=body, headers=self._headers(MANAGER))

    def moved(self, duty: str, one: str, other: str) -> tuple[str | None, str | None, list[str]]:
        """The verdict on a duty as known at one remembered moment and at another, and by what it moved."""
        asked = {"from": self.known_at(one), "to": self.known_at(other), "limit": 500}
        items = self._ask("/v1/obligations/changes", **asked)["items"]
        [move] = [i for i in items if i["subject"] == self.current and i["rule"] == DUTIES[duty]]
        return (
            move.get("before"),
            move.get("after"),
            [entry["type"].split(".")[1] for entry in move["entries"]],
        )

    def evidence(self, duty: str) -> list[tuple[str, str]]:
        """What the verdict on a duty rests on: the name of each entry's type, and its part."""
        names = {item["position"]: _name(item) for item in self.history()}
        return [(names[e["position"]], e["role"]) for e in (self.duty(duty) or {})["evidence"]]

    def flags(self) -> set[str]:
        """What is odd about the episode."""
        return {finding["finding"] for finding in self.episode()["findings"]}

    def history(self, reader: str = AUDITOR, order: str = "recorded") -> list[Json]:
        """The entries of the episode, as a reader may see them."""
        items: list[Json] = self._ask(self._path("/history"), reader, order=order)["items"]
        return items

    def told(self, order: str = "recorded") -> list[str]:
        """The names of what the history tells."""
        return [_name(item) for item in self.history(order=order)]

    def changes(self, duty: str) -> tuple[str | None, str | None]:
        """The verdict on a duty before the last entry and with it."""
        [change] = [v for v in self.history()[-1]["verdicts"] if v["rule"] == DUTIES[duty]]
        return change.get("before"), change.get("after")

    def notes(self, reader: str) -> list[str]:
        """The notes of the history that a reader may read."""
        return [d["note"] for item in self.history(reader) if "note" in (d := item["event"]["data"])]

    def may_see(self, reader: str) -> bool:
        """Whether the episode is there for a reader."""
        return self._get(self._path(), reader).status_code == 200

    def look(self, reader: str, purpose: str | None = None) -> httpx.Response:
        """A reader asks for the episode and says why, or does not; whatever the answer is."""
        return self._get(self._path(), reader, headers={} if purpose is None else {"Purpose": purpose})

    def lookers(self) -> list[tuple[str, str]]:
        """Who looked at the records of the episode's child, the latest first: for which organisation, and why."""
        return [(item["by"], item["purpose"]) for item in self._looks()]

    def questions(self) -> list[str]:
        """By which questions the records of the episode's child were looked at, the latest first."""
        return [item["route"] for item in self._looks()]

    def _looks(self) -> list[Json]:
        child = self.episode()["child"]
        items: list[Json] = self._ask("/v1/children/{scheme}/{reference}/access".format(**child))["items"]
        return items

    def bundle(self, size: int | None = None) -> bytes:
        """The episode's evidence, once what was told is under a checkpoint; or that of an earlier size."""
        self.sealed()
        path = self._path("/evidence")
        until(lambda: self._get(path, size=size).status_code == 200)
        return self._get(path, size=size).content

    def sealed(self) -> int:
        """Up to which position the ledger is sealed, once what was told is under a checkpoint."""
        self._ask(f"/v1/ledger/proofs/{self.position}", headers=_PATIENCE)
        size: int = self._ask("/v1/ledger")["checkpoint_size"]
        return size

    def witnessed(self) -> str:
        """The last checkpoint that a witness has cosigned."""
        return self._get("/v1/ledger/checkpoint", witnessed="true").text

    def stamp(self) -> Json:
        """The earliest time stamp over what was told last."""
        return self._ask("/v1/ledger/timestamp", position=self.position)

    def metrics(self) -> str:
        """What whoever runs the ledger watches."""
        return self._get("/metrics", OPERATOR).text

    def episodes_of(self, child: str, known: str | None = None) -> list[Json]:
        """The episodes of a child, by the authority's reference; none when the child is not known."""
        path = "/v1/children/{scheme}/{reference}".format(**self.child_of("the authority", child))
        answer = self._get(path, known_at=self.known_at(known))
        return answer.json()["episodes"] if answer.status_code == 200 else []

    def patterns(self, child: str, at: str | None = None) -> Json:
        """What the episodes of a child show together, by the authority's reference."""
        path = "/v1/children/{scheme}/{reference}".format(**self.child_of("the authority", child))
        patterns: Json = self._ask(path, as_at=at)["patterns"]
        return patterns

    def on_list(self, **filters: str) -> bool:
        """Whether the episode is on the list of episodes, once that is complete to what was told."""
        return any(item["subject"] == self.current for item in self._list("/v1/episodes", **filters))

    def on_overdue_list(self, duty: str, at: str | None = None) -> bool:
        """Whether a duty of the episode is on the list of what is overdue that the authority's manager asks for."""
        rule = DUTIES[duty]
        overdue = self._list("/v1/obligations", MANAGER, verdict="overdue", rule=rule, as_at=at)
        return any(item["subject"] == self.current for item in overdue)

    def to_put_right(self, kind: str, at: str | None = None, known: str | None = None) -> list[str] | None:
        """The systems that should look at an issue of the child's, in the order of their names; None without one."""
        child = "{scheme}/{reference}".format(**self.child_of("the authority", self.child))
        asked = {
            "kind": kind.replace(" ", "_"),
            "child": child,
            "as_at": at,
            "known_at": self.known_at(known),
        }
        found = self._list("/v1/quality", **asked)
        assert len(found) < 2, found
        return sorted(found[0]["sources"]) if found else None

    def source(self, name: str) -> Json:
        """How a system's entries come in."""
        [found] = [item for item in self._list("/v1/quality/sources") if item["source"] == name]
        return found

    def _list(self, path: str, reader: str = AUDITOR, **filters: str | None) -> list[Json]:
        asked = {"position": self.position, "limit": 500, **filters}
        answer = self._ask(path, reader, headers=_PATIENCE, **asked)
        assert answer["next"] is None, "more than one page: look at them all"
        items: list[Json] = answer["items"]
        return items

    def counted(self, measure: str, known: str | None = None) -> str | None:
        """What a measure makes of the episode, as at the middle of 2026; None when it does not look at it."""
        asked = {"from": "2026-01-01T00:00:00Z", "as_at": "2026-06-15T00:00:00Z", "limit": 500}
        asked |= {"known_at": self.known_at(known) or f"position:{self.position}"}
        items = self._ask(f"/v1/measures/{measure}/episodes", **asked)["items"]
        found = [item["counted"] for item in items if self.current in {item["subject"], *self._linked(item)}]
        return found[0] if found else None

    def _linked(self, item: Json) -> list[str]:
        """The other subjects of an item's episode."""
        linked: list[str] = self._ask(f"/v1/episodes/{item['subject']}")["linked"]
        return linked

    def _path(self, part: str = "") -> str:
        return f"/v1/episodes/{self.current}{part}"

    def _ask(self, path: str, reader: str = AUDITOR, **query: Any) -> Json:
        answer = self._get(path, reader, **query)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    def _get(
        self, path: str, reader: str = AUDITOR, headers: dict[str, str] | None = None, **query: Any
    ) -> httpx.Response:
        given = {name: value for name, value in query.items() if value is not None}
        return self._http.get(path, params=given, headers=self._headers(reader) | (headers or {}))


def _name(item: Json) -> str:
    """The name of what an item of a history tells."""
    return str(item["event"]["type"]).split(".")[1]
