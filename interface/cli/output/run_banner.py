"""The text of `ledger run` when it is ready: the link to the pages, the address, the tokens, three things to try."""

from __future__ import annotations

import json
import shlex
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from application.store.clock import now
from domain.moment import SECOND, rfc3339
from interface.trial.demo import NAMESPACE
from interface.trial.installation import Trial, checkout, default_folder
from interface.wiring.child_processes import Part


@dataclass(slots=True)
class Ready:
    """A running trial."""

    url: str
    tokens: dict[str, str]
    pages: str = ""
    """The address that opens the pages, once and within ten minutes."""
    parts: list[Part] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The line of --json."""
        return {"url": self.url, "tokens": self.tokens, "pages": self.pages}


def words(trial: Trial, ready: Ready) -> str:
    """For a person: commands that work when copied as they are, each start's in an episode of its own."""
    seconds = now() // SECOND
    subject = f"{NAMESPACE}/TRY-{seconds}"
    tokens = "\n".join(f"  {role:<14} {token}" for role, token in ready.tokens.items())
    return f"""
Open this in a browser to see who is not back. It works once, within ten minutes:

  {ready.pages}

The ledger is served at {ready.url} (what it takes and answers: {ready.url}/docs)

Tokens, good until the next start:
{tokens}

Three things to try in another terminal{_where()}:

  # a child is reported missing
  {_post(ready, subject, seconds)}

  # which duties are overdue
  curl -s -H 'Authorization: Bearer {ready.tokens["manager"]}' '{ready.url}/v1/obligations?verdict=overdue&limit=3'

  # how we know: the story of one episode, step by step
  {_replay(trial, overdue(ready) or subject)}

Stop with Ctrl-C. What is recorded stays in {trial.data}.
"""


def overdue(ready: Ready) -> str | None:
    """An episode with an overdue duty, asked as a manager would; None when there is none."""
    headers = {"Authorization": f"Bearer {ready.tokens['manager']}"}
    request = urllib.request.Request(f"{ready.url}/v1/obligations?verdict=overdue&limit=1", headers=headers)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310  our own address
            items = json.load(answer)["items"]
    except OSError:
        return None
    return str(items[0]["subject"]) if items else None


def _post(ready: Ready, subject: str, seconds: int) -> str:
    event = {
        "specversion": "1.0",
        "id": f"try-{seconds}",
        "source": "urn:example:try",
        "type": "missing-episode.reported.v1",
        "subject": subject,
        "time": rfc3339(seconds * SECOND),
        "data": {"child": "TRY-CHILD", "category": "missing", "reported_by": "home_staff"},
    }
    headers = f"-H 'Authorization: Bearer {ready.tokens['recorder']}' -H 'Content-Type: application/cloudevents+json'"
    return f"curl -s {headers} \\\n    -d '{json.dumps(event)}' {ready.url}/v1/events"


def _replay(trial: Trial, subject: str) -> str:
    given = "" if trial.data == default_folder() else f" --data {shlex.quote(str(trial.data))}"
    root = checkout()
    command = (
        "ledger"
        if root is None
        else "bin/ledger"
        if root == Path.cwd()
        else shlex.quote(str(root / "bin/ledger"))
    )
    return f"{command} replay {subject}{given}"


def _where() -> str:
    """Where the commands work: `bin/ledger` is meant from the checkout."""
    return f", in {Path.cwd()}" if checkout() == Path.cwd() else ""
