"""POST /v1/events: what case systems send, one event or a batch, recorded once (contract.md 1)."""

from __future__ import annotations

import re
from typing import Final

from flask import Blueprint, Response, g, request

from application.recording.outcomes import Duplicate, Outcome, Recorded, RefusedOutcome
from application.recording.refusals import Refusal
from domain.errors import Fault, InvalidQuery, Refused
from interface.http.contract.operation import Answer, Header, requires
from interface.http.contract.recording_schemas import POSTED
from interface.http.requests import parameter_fields as p
from interface.http.requests.cloudevents import read_posted
from interface.http.requests.parameters import ParametersSchema, read_query
from interface.http.requests.prefer_wait import PREFER_SEALED, preferred_wait
from interface.http.responses.bodies import answer
from interface.http.responses.problems import answer_problem, problem, refusal
from interface.http.responses.receipts import Inclusions, inclusions, outcomes_json, receipt_json
from interface.http.routes.event_recording import PostContext, record_events, store_refusals
from interface.http.runtime.services import services

blueprint = Blueprint("events", __name__)

_VERSION: Final = re.compile(r'"([0-9]{1,9})"', re.ASCII)
_VERSION_SCHEMA: Final = {"type": "string", "pattern": f"^{_VERSION.pattern}$"}


class PostParameters(ParametersSchema):
    """The parameters of a post."""

    atomic = p.flag("All events of the batch, or none.")
    dry_run = p.flag("Say what would become of the events; record nothing.")


@blueprint.post("/v1/events")
@requires(
    "recorder",
    summary="Record one CloudEvent, or a batch",
    query=PostParameters(),
    headers=(
        PREFER_SEALED,
        Header("If-Match", 'With one event: the version that its stream must be at, such as "3".', _VERSION_SCHEMA),
    ),
    takes_events=True,
    answers={
        200: Answer("A batch's outcomes; or the original receipt of one event that was recorded before", POSTED),
        201: Answer("Recorded: the receipt, or the outcomes of an atomic batch", POSTED),
    },
    problems=(
        "invalid-json", "invalid-cloudevent", "id-reused", "child-differs", "stale-version", "too-large",
        "unsupported-media-type", "invalid-event", "future-event", "atomic", "overloaded", "not-recorded",
    ),
)  # fmt: skip
def post() -> Response:
    """Take what is sent; answer with receipts, or say exactly why not."""
    query, parts = read_query(), services()
    posted = read_posted(parts.settings.limits)
    expected = None if posted.batch else _expected_version()
    if posted.batch and "If-Match" in request.headers:
        raise _invalid_header("goes with a single event only")
    outcomes = record_events(
        posted.events, PostContext(parts, g.credential, query["atomic"], query["dry_run"], expected)
    )
    proved = inclusions(outcomes, parts.proofs, 0 if query["dry_run"] else preferred_wait())
    if not posted.batch:
        return _answer_one(outcomes[0], proved)
    return _answer_batch(outcomes, proved, atomic=query["atomic"], dry_run=query["dry_run"])


@blueprint.errorhandler(Refused)
def refused_whole(error: Refused) -> Response:
    """A request that is refused before its events can be told apart is noted too."""
    if "credential" in g:
        services().metrics.events(error.reason)
        store_refusals(services(), g.credential, [Refusal(error)])
    return answer_problem(refusal(error))


def _expected_version() -> int | None:
    """Return the version that If-Match asks for. Anything else is refused, `*` too."""
    tag = request.headers.get("If-Match")
    if tag is None:
        return None
    if found := _VERSION.fullmatch(tag.strip()):
        return int(found[1])
    raise _invalid_header('must be the version of the stream in quotes, such as "3"')


def _invalid_header(what: str) -> InvalidQuery:
    return InvalidQuery(f"The header If-Match {what}.", (Fault("/If-Match", what),))


def _answer_one(outcome: Outcome, proved: Inclusions) -> Response:
    if isinstance(outcome, RefusedOutcome):
        return answer_problem(refusal(outcome.problem))
    return answer(receipt_json(outcome, proved), 201 if isinstance(outcome, Recorded) else 200)


def _answer_batch(outcomes: list[Outcome], proved: Inclusions, *, atomic: bool, dry_run: bool) -> Response:
    """200; an atomic batch 201 when something new was recorded, 422 when one fault stopped all."""
    body = outcomes_json(outcomes, proved, dry_run=dry_run)
    if not atomic or dry_run:
        return answer(body)
    if body["refused"]:
        return answer_problem({**problem("atomic", "Nothing was recorded: see the outcomes."), **body})
    return answer(body, 200 if all(isinstance(o, Duplicate) for o in outcomes) else 201)
