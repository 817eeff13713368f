"""Events to post, and a hand to post them with: for the tests of the HTTP edge and the features."""

from __future__ import annotations

import itertools
import json

from flask.testing import FlaskClient

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
AUTHORITY = "E08000025"
SUBJECT = f"{AUTHORITY}/ME-1"
ALL_ROLES = ("recorder", "reader", "manager", "auditor")
_IDS = itertools.count(1)


def event(name="returned", subject=SUBJECT, data=None, **attributes):
    """A structured CloudEvent; its id is new unless given, None leaves an attribute out."""
    made = {
        "specversion": "1.0",
        "id": f"event-{next(_IDS)}",
        "source": "urn:x:lcs",
        "type": f"missing-episode.{name}.v1",
        "subject": subject,
        "time": "2026-03-01T22:30:00Z",
        "data": {"child": "C1"} | (data or {}),
    } | attributes
    return {key: value for key, value in made.items() if value is not None}


class Api:
    """One credential's view of the ledger over HTTP."""

    def __init__(self, client: FlaskClient, token: str | None) -> None:
        self.client = client
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, path, **headers):
        """GET."""
        return self.client.get(path, headers=self.headers | headers)

    def post(self, body, content_type=STRUCTURED, query="", headers=None):
        """POST to /v1/events: bytes as they are, anything else as JSON."""
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.client.post(
            f"/v1/events{query}", data=sent, content_type=content_type, headers=self.headers | (headers or {})
        )

    def batch(self, events, query=""):
        """POST a batch."""
        return self.post(events, BATCH, query)


def bad(answer, kind, words):
    """It is a problem of this kind, and says so in these words."""
    body = answer.get_json()
    assert (answer.status_code, body["type"]) == (body["status"], f"/problems/{kind}")
    assert words in body["detail"]
