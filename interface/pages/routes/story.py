"""GET /pages/episodes/{namespace}/{reference}: the story of an episode, now or as it was known."""

from __future__ import annotations

from flask import Response, g

from application.access.visibility import may_open, scope_of
from application.queries.episodes.episode_report import Visibility, episode_report
from interface.http.contract.operation import reads
from interface.http.requests.parameters import read_query
from interface.http.requests.shared_parameters import WithAsAt, WithKnownAt
from interface.http.requests.subject_and_times import as_at, known_at, subject_of
from interface.http.runtime.services import services
from interface.pages import render
from interface.pages.routes.pages_blueprint import pages_blueprint
from interface.pages.shown.story import story

blueprint = pages_blueprint("story")


class StoryParameters(WithKnownAt, WithAsAt):
    """The two times of a story."""


@blueprint.get("/pages/episodes/<namespace>/<reference>")
@reads(
    "reader",
    "manager",
    "auditor",
    discloses=True,
    summary="The story of an episode",
    query=StoryParameters(),
    for_people=True,
)
def story_page(namespace: str, reference: str) -> Response:
    """One load of the person, and one entry in the access log."""
    query, credential, subject = read_query(), g.credential, subject_of(namespace, reference)
    seeing = Visibility(scope_of(credential), may_open(credential))
    known = known_at(query)
    report = episode_report(services().reader, subject, seeing, as_at(query), known)
    names = {credential.namespace: g.session.organisation}
    is_past = query["as_at"] is not None or query["known_at"] is not None
    found = story(report.json, names, is_past=is_past)
    return render.disclosing_page("story.html", found.heading, report.disclosed, story=found)
