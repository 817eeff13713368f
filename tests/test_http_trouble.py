"""The store in trouble, as it looks over HTTP: 503, then recovery, and nothing acknowledged is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from interface.http.app import create_app
from interface.http.wiring import wire
from interface.settings import Settings
from tests.http_client import ALL_ROLES, SUBJECT, Api, event

pytest_plugins = ["tests.http_fixtures"]


@pytest.fixture
def impatient(open_ledger, ledger, credentials):
    """A service that gives up after a second, with room for one waiting event, and its ledger."""
    short = open_ledger(capacity=1, deadline=1.0)
    app = create_app(wire(short, Settings()))
    _, token = credentials.new(ALL_ROLES, purpose="safeguarding")
    api = Api(app.test_client(), token)
    assert api.post(event(id="before")).status_code == 201
    return api, app, token


@pytest.fixture
def stopped(postgres, impatient):
    """PostgreSQL is stopped while the test runs; `start` brings it back earlier."""
    postgres.stop()
    started = []

    def start():
        postgres.start()
        started.append(True)

    yield start
    if not started:
        postgres.start()


def problem(answer):
    """Status, type, and whether it says when to try again."""
    return answer.status_code, answer.get_json()["type"], answer.headers["Retry-After"].isdigit()


def sent_again(api, sent):
    """The answer to an event that is sent as a case system would: again, while it is told to."""
    answers = (api.post(sent) for _ in range(10))
    return next(answer for answer in answers if answer.status_code != 503)


def test_a_store_that_does_not_answer_and_then_does(impatient, stopped):
    api, _, _ = impatient
    sent = event(id="during")
    assert problem(api.post(sent)) == (503, "/problems/not-recorded", True)
    assert problem(api.batch([sent])) == (503, "/problems/not-recorded", True)
    assert problem(api.get("/readyz")) == (503, "/problems/not-recorded", True)
    assert problem(api.get(f"/v1/episodes/{SUBJECT}")) == (503, "/problems/not-recorded", True)
    assert api.get("/livez").status_code == 200
    stopped()
    assert sent_again(api, sent).status_code in {200, 201}
    assert api.get("/readyz").status_code == 200
    history = api.get(f"/v1/episodes/{SUBJECT}/history").get_json()["items"]
    assert [item["event"]["id"] for item in history] == ["before", "during"]


def test_when_too_much_waits_the_next_is_turned_away(impatient, stopped):
    _, app, token = impatient
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: Api(app.test_client(), token).post(event()), range(4)))
    reasons = sorted(problem(answer)[1] for answer in answers)
    assert reasons == ["/problems/not-recorded", *["/problems/overloaded"] * 3]
    assert all(answer.headers["Retry-After"].isdigit() for answer in answers)


def test_what_is_wrong_is_wrong_whether_or_not_the_store_answers(impatient, stopped):
    api, _, _ = impatient
    assert api.post(b"{").status_code == 400
