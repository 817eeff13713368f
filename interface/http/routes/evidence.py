"""GET /v1/episodes/…/evidence, /v1/children/…/evidence, /v1/evidence: what an inspector takes home.

Of one episode, of a child, or of a sample of episodes (docs/evidence.md).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from flask import Blueprint, Response, g

from application.access.visibility import may_open, scope_of
from application.evidence.collector import BundleRequest
from application.queries.episodes.episode_report import Visibility
from domain.facts.members import SUBJECT_KIND
from domain.facts.value_kinds import SUBJECT, ChildRef
from interface.http.contract.operation import Answer, reads
from interface.http.requests import parameter_fields as p
from interface.http.requests.parameters import ParametersSchema, read_query
from interface.http.requests.shared_parameters import LARGEST, as_at, known_at
from interface.http.requests.subject_and_times import child_of, known_at_if_asked, subject_of
from interface.http.responses.bodies import DisclosingResponse
from interface.http.runtime.services import services

blueprint = Blueprint("evidence", __name__)

_ZIP: Final = "application/zip"
_SAMPLE: Final = 100
"""Episodes in one sample at most: what an address line holds; the command line takes any number."""
F = TypeVar("F", bound=Callable[..., object])


def _sample(text: str) -> list[str]:
    """The episodes of a sample, with commas between."""
    subjects = text.split(",")
    if len(subjects) > _SAMPLE or not all(map(SUBJECT_KIND.fits, subjects)):
        raise ValueError(f"must be 1 to {_SAMPLE} episodes, <namespace>/<reference>, with commas between")
    return subjects


class EvidenceParameters(ParametersSchema):
    """The parameters of a bundle."""

    as_at = as_at("As things stood at this time. By default the time of the last entry under the checkpoint.")
    known_at = known_at("Also as the ledger knew it then, as well as all that is proved:")
    size = p.whole(1, LARGEST, "Under the checkpoint of so many entries. By default the last one.")
    access_to = p.whole(
        0,
        LARGEST,
        "The last position of the access log that is read."
        " By default what was recorded by the checkpoint's last entry.",
    )


class SampleParameters(EvidenceParameters):
    """The parameters of the bundle of a sample."""

    subjects = p.read_by(
        _sample,
        {"type": "string", "pattern": f"^{SUBJECT}(,{SUBJECT}){{0,{_SAMPLE - 1}}}$"},
        "The episodes, `<namespace>/<reference>`, with commas between.",
        required="must name the episodes of the sample",
    )


def _bundle(summary: str, query: type[ParametersSchema] = EvidenceParameters) -> Callable[[F], F]:
    """A route that answers with a bundle."""
    return reads(
        "auditor",
        discloses=True,
        summary=summary,
        query=query(),
        answers={200: Answer("The bundle; the same bytes for the same size and options", None, _ZIP)},
        problems=("not-found", "behind"),
    )


@blueprint.get("/v1/episodes/<namespace>/<reference>/evidence")
@_bundle("An episode's evidence: lines, proofs, verdicts, and what checks them without the ledger")
def of_episode(namespace: str, reference: str) -> Response:
    """The bundle of one episode, with what is sealed opened as far as the reader may see it."""
    return _answer([subject_of(namespace, reference)])


@blueprint.get("/v1/children/<scheme>/<reference>/evidence")
@_bundle("The evidence of every episode of a child, in one bundle")
def of_child(scheme: str, reference: str) -> Response:
    """The bundle of the person that the child is, as far as their episodes are within the reader's scope."""
    return _answer(child=child_of(scheme, reference))


@blueprint.get("/v1/evidence")
@_bundle("The evidence of a sample of episodes, in one bundle", SampleParameters)
def of_sample() -> Response:
    """The bundle of the episodes that an inspector chose; each must be there and within scope."""
    return _answer(read_query()["subjects"])


def _answer(subjects: Sequence[str] = (), child: ChildRef | None = None) -> Response:
    """The bundle that this request asks for."""
    query, credential = read_query(), g.credential
    request = BundleRequest(
        subjects, child, query["as_at"], known_at_if_asked(query), query["size"], query["access_to"]
    )
    bundle = services().evidence.bundle(request, Visibility(scope_of(credential), may_open(credential)))
    response = DisclosingResponse(bundle.content, bundle.disclosed, _ZIP)
    response.headers["Content-Disposition"] = 'attachment; filename="evidence.zip"'
    return response
