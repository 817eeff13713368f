"""Every role, route, relation and standing: what is not in scope is as if it were not there.

One ledger holds an episode of each standing in each relation to an organisation, each with a planted value. What the
organisation's tokens get is compared with what they get for an episode and a child that nobody recorded.
"""

from __future__ import annotations

import base64
import itertools
import json

import pytest

from application.access.credentials import Credentials
from application.merkle_log.checkpoint_file import CheckpointFile
from application.merkle_log.sealer import Sealer
from application.projections.follower import Follower
from application.recording.ledger import Ledger
from application.store.database import Database
from application.store.logs import EPISODES
from domain.rules.rulebook import england
from interface.http.app import create_app
from interface.http.build_services import wire
from interface.settings import Settings
from tests.support.http_client import AUTHORITY, Api, event

ASKER = "E09000001"
MISSING = "nobody"
STORIES = {
    "absence_noticed": ["absence-noticed"],
    "missing": ["reported"],
    "away": ["reported", "category-assigned"],
    "located": ["reported", "located"],
    "returned": ["reported", "returned"],
    "ended": ["reported", "ended-otherwise"],
    "in_error": ["reported", "episode-recorded-in-error"],
}
MEMBERS = {
    "reported": {"category": "missing"},
    "category-assigned": {"scheme": "DfE-2014", "value": "away_without_authorisation"},
    "ended-otherwise": {"reason": "turned_18"},
}
SEEN, UNSEEN = ("own", "named"), ("former", "proposed", "stranger")
ROLES = ("reader", "manager", "auditor", "administrator")
OF_EPISODE = (
    "",
    "/history",
    "/timeline",
    "/evidence",
    "?known_at=position:{then}",
    "/history?known_at=position:{then}",
)
OF_CHILD = ("", "/access", "/evidence", "?known_at=position:{then}")
LISTS = (
    "/v1/episodes?", "/v1/episodes?known_at=position:{then}&", "/v1/obligations?",
    "/v1/obligations?known_at=position:{then}&", "/v1/obligations/changes?from=position:1&to=position:{then}&",
    "/v1/quality?", "/v1/quality?known_at=position:{then}&",
    "/v1/measures/missing-episodes/episodes?from=2026-01-01T00:00:00Z&to=2026-06-01T00:00:00Z&as_at=2026-06-01T00:00:00Z&",
)  # fmt: skip
_CELLS = [f"{relation}-{standing}" for relation in (*SEEN, *UNSEEN) for standing in STORIES]


def subject_of(cell):
    """The subject of an episode; those of a relation to another organisation are the other's."""
    return f"{ASKER if cell.startswith('own-') else AUTHORITY}/{cell}"


def told(cell):
    """The events of one episode, in order; the naming comes first, its retraction last."""
    relation, _, standing = cell.partition("-")
    subject, at = subject_of(cell), itertools.count(10)

    def made(name, **data):
        common = {"child": f"child-{cell}", "note": f"planted-{cell}"}
        time = f"2026-03-01T{next(at)}:00:00Z"
        return event(name, subject, common | MEMBERS.get(name, {}) | data, time=time, id=f"{cell}-{name}")

    setting = {"host_authority": ASKER}
    if relation in {"named", "former"}:
        yield made("profile-recorded", setting=setting)
    yield from (made(name) for name in STORIES[standing])
    if relation == "former":
        yield made("retracted", target={"source": "urn:x:lcs", "id": f"{cell}-profile-recorded"})
    if relation == "proposed":
        link = {"child": f"child-own-{standing}", "with": subject, "relation": "same_episode"}
        yield event("episodes-linked", f"{ASKER}/own-{standing}", link, time="2026-03-02T10:00:00Z")


@pytest.fixture(scope="module")
def world(databases, keys, secrets, tmp_path_factory):
    """The ledger with all its episodes, followed and sealed: a way to sign in, and its last position."""
    dsn = databases.take()
    ledger = Ledger(dsn, keys, "test")
    ledger.initialise(england().text)
    app = create_app(wire(ledger, Settings(name="test", keys=secrets)))
    credentials = Credentials(Database(dsn, "postgres"))

    def sign_in(*roles, **given):
        return Api(app.test_client(), credentials.new(roles, purpose="safeguarding", **given)[1])

    batch = [each for cell in _CELLS for each in told(cell)]
    said = sign_in("recorder").batch(batch).get_json()
    assert said["recorded"] == len(batch), said
    Follower(dsn).catch_up()
    outside = CheckpointFile(tmp_path_factory.mktemp("sealed") / "checkpoint")
    Sealer(
        dsn, EPISODES, lambda epoch: keys.signer(EPISODES.origin("test", epoch), epoch), outside
    ).catch_up()
    yield sign_in, 2 + len(batch)
    ledger.close()
    databases.give_back(dsn)


def answered(api, path, cell):
    """What an answer is, but for what it repeats of the path and of the clock."""
    got = api.get(path)
    headers = {
        k: v for k, v in got.headers.items() if k not in {"Content-Length", "ETag", "X-Request-Id", "Date"}
    }
    text = got.get_data(as_text=True).replace(cell, MISSING) if got.mimetype != "application/zip" else ""
    body = json.loads(text) if got.mimetype in {"application/json", "application/problem+json"} else text
    if isinstance(body, dict):
        body = {k: v for k, v in body.items() if k not in {"as_at", "instance"}}
    return got.status_code, sorted(headers), body


@pytest.mark.parametrize("role", ROLES)
def test_an_episode_or_child_out_of_scope_is_as_if_it_were_not_there(world, role):
    sign_in, then = world
    api = sign_in(role, namespace=ASKER)
    paths = [f"/v1/episodes/{AUTHORITY}/{{}}{rest}" for rest in OF_EPISODE]
    paths += [f"/v1/children/{AUTHORITY}/child-{{}}{rest}" for rest in OF_CHILD]
    paths += [f"/v1/episodes?child={AUTHORITY}/child-{{}}", f"/v1/quality?child={AUTHORITY}/child-{{}}"]
    paths += [f"/v1/evidence?subjects={AUTHORITY}/{{}}"]
    for path in paths:
        wanted = answered(api, path.format(MISSING, then=then), MISSING)
        for cell in _CELLS:
            if cell.startswith(UNSEEN):
                assert answered(api, path.format(cell, then=then), cell) == wanted, (path, cell)


def test_nobody_may_post_to_an_episode_out_of_scope_or_learn_that_it_is_there(world):
    sign_in, _ = world
    api = sign_in("recorder", namespace=ASKER)

    def refused(cell, query):
        got = api.post(event("returned", subject_of(cell), id="same"), query=query)
        return got.status_code, got.get_json() | {"instance": None}

    for query in ("", "?dry_run=true"):
        wanted = refused(MISSING, query)
        assert wanted[0] == 403
        for cell in _CELLS:
            if cell.startswith(UNSEEN):
                assert refused(cell, query) == wanted, cell


@pytest.mark.parametrize("role", ROLES)
def test_what_is_in_scope_is_there_and_opened(world, role):
    sign_in, _ = world
    api = sign_in(role, namespace=ASKER)
    for cell in _CELLS:
        if cell.startswith(SEEN):
            got = api.get(f"/v1/episodes/{subject_of(cell)}/history")
            assert got.status_code == 200, cell
            assert f"planted-{cell}" in got.text, cell


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("path", LISTS)
def test_no_list_names_counts_or_points_at_what_is_out_of_scope(world, role, path):
    sign_in, then = world
    api, cursor = sign_in(role, namespace=ASKER), ""
    while cursor is not None:
        got = api.get(f"{path.format(then=then)}limit=5{cursor and f'&cursor={cursor}'}")
        if got.status_code == 403:
            return
        assert got.status_code == 200, got.text
        page = got.get_json()
        pointed = base64.urlsafe_b64decode((page["next"] or "") + "==").decode("latin-1")
        for relation in ("former-", "stranger-", "child-proposed-", f"planted-{AUTHORITY}"):
            assert relation not in got.text + pointed, relation
        assert not any(item["subject"].startswith(f"{AUTHORITY}/proposed-") for item in page["items"])
        assert page.get("not_assessable") is None
        cursor = page["next"]


def test_figures_count_what_is_in_scope(world):
    sign_in, then = world
    period = "measure=missing-episodes&from=2026-01-01T00:00:00Z&to=2026-06-01T00:00:00Z"
    for known in ("", f"&known_at=position:{then}"):
        bound = (
            sign_in("manager", namespace=ASKER).get(f"/v1/measures?{period}{known}").get_json()["items"][0]
        )
        own = (
            sign_in("manager", namespace="ORG-NONE")
            .get(f"/v1/measures?{period}{known}")
            .get_json()["items"][0]
        )
        everything = sign_in("manager").get(f"/v1/measures?{period}{known}").get_json()["items"][0]
        assert own["denominator"] == own["numerator"] == 0
        assert 0 < bound["numerator"] * len(UNSEEN + SEEN) == everything["numerator"] * len(SEEN)


def test_lines_out_of_scope_are_hashes_alone(world):
    sign_in, _ = world
    lines = sign_in("auditor", namespace=ASKER).get("/v1/ledger/entries?limit=1000").text.splitlines()
    for cell in _CELLS:
        hidden = cell.startswith(UNSEEN)
        found = [line for line in lines if f'"subject":"{subject_of(cell)}"' in line]
        assert bool(found) != hidden, cell
