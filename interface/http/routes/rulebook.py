"""GET /v1/rulebook: the rules by which verdicts are judged; POST /v1/rulebook/what-if: what others would change."""

from __future__ import annotations

from itertools import islice
from typing import Any, Final

from flask import Blueprint, Response, g, request

from application.access.visibility import scope_of
from application.answers import as_json as answers
from application.answers.as_json import known
from application.answers.disclosures import DisclosingAnswer, disclosed_by
from application.projections.measures_table import PeriodFilter
from application.queries.measures.basis import YEAR
from application.rulebooks.adopt import finder, whole
from application.rulebooks.show import rulebook as rulebook_document
from application.rulebooks.what_if import WhatIf, WhatIfChange, WhatIfQuery
from application.store.adopted_rulebooks import every_adopted
from domain.rules.rulebook import cached
from interface.http.contract.operation import Answer, reads
from interface.http.contract.rulebook_schemas import RulebookSchema, WhatIfSchema
from interface.http.requests import parameter_fields as p
from interface.http.requests.body import read_body
from interface.http.requests.parameters import read_members, read_query
from interface.http.requests.shared_parameters import WithAsAt, WithKnownAt, WithRulebook, start_of_period
from interface.http.requests.subject_and_times import as_at, known_at
from interface.http.responses.bodies import answer, disclosing
from interface.http.responses.problems import UnsupportedMediaType
from interface.http.runtime.services import services
from interface.validation import read_json

blueprint = Blueprint("rulebook", __name__)

EPISODES: Final = 2_000
"""Episodes that one answer judges again at most; `ledger what-if` takes any number."""
LISTED: Final = 1_000
"""Changes that one answer lists at most; all are counted."""


class RulebookParameters(WithRulebook, WithKnownAt):
    """The parameters of the rulebook."""


class WhatIfMembers(WithKnownAt, WithAsAt):
    """The members of a what-if."""

    rulebook = p.any_text(
        "The other rulebook: its whole text, in TOML.",
        required="must be there: the whole text of the other rulebook, in TOML",
    )
    from_ = start_of_period("Episodes that started at or after this time. By default a year before `to`.")
    to = p.time("Episodes that started before this time. By default `as_at`.")
    authority = p.namespace("Of which this authority was responsible at the start.")


@blueprint.get("/v1/rulebook")
@reads(
    "manager",
    "auditor",
    summary="The rules by which verdicts are judged, each with its source",
    query=RulebookParameters(),
    answers={200: Answer("The rulebook", RulebookSchema)},
)
def rulebook() -> Response:
    """The rulebook adopted by then, or another that was adopted."""
    return answer(rulebook_document(services().ledger.database, known_at(read_query())))


@blueprint.post("/v1/rulebook/what-if")
@reads(
    "manager",
    "auditor",
    summary="The verdicts of a period that another rulebook would change; nothing is recorded",
    takes=WhatIfMembers(),
    discloses=True,
    answers={200: Answer("What would change", WhatIfSchema)},
    problems=("invalid-query", "invalid-json", "too-large", "unsupported-media-type"),
)
def what_if() -> Response:
    """Assess a period under the rulebook in the body as well as the adopted one."""
    read_query()
    if request.mimetype != "application/json":
        raise UnsupportedMediaType("Send application/json.")
    members = read_members(read_json(read_body(services().settings.limits.event)))
    replay = WhatIf(services().ledger.database, _question(members), lambda _done, _of: None)
    changes = replay.changes()
    listed = _named(list(islice(changes, LISTED)))
    more = sum(1 for _ in changes)
    listing = {"changes": [each.json for each in listed], **known(changes_left_out=more or None)}
    return disclosing(DisclosingAnswer(replay.summary() | listing, disclosed_by(listed)))


def _question(members: dict[str, Any]) -> WhatIfQuery:
    database, at = services().ledger.database, as_at(members)
    to = at if members["to"] is None else members["to"]
    wanted = PeriodFilter(
        from_=to - YEAR if members["from_"] is None else members["from_"],
        to=to,
        as_at=at,
        authority=members["authority"],
        scope=scope_of(g.credential),
    )
    book = cached(*whole(members["rulebook"], finder(every_adopted(database))))
    # The member `rulebook` is another's text, not the name of the one that the answer is compared with.
    return WhatIfQuery(
        wanted=wanted, known_at=known_at(members | {"rulebook": None}), book=book, most=EPISODES
    )


def _named(changes: list[WhatIfChange]) -> list[DisclosingAnswer]:
    """The changes, each with whom the child's id stands for."""
    references = services().ledger.vault.references({change.child for change in changes})
    return [
        DisclosingAnswer({**each.item, "child": answers.child(references.get(each.child))}, each.disclosed)
        for each in changes
    ]
