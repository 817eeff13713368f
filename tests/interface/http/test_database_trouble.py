"""The store in trouble, as it looks over HTTP: 503, then recovery, and nothing acknowledged is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from interface.http.app import create_app
from interface.http.build_services import wire
from interface.settings import Settings
from tests.support.http_client import ALL_ROLES, SUBJECT, Api, event
from tests.support.waiting import until

pytestmark = pytest.mark.slow

pytest_plugins = ["tests.support.http_fixtures"]


@pytest.fixture
def serve(open_ledger, ledger, credentials, monkeypatch):
    """Serve with room for one waiting event, which is tried for some seconds; one event is recorded already."""
    monkeypatch.setattr(
        "application.access.credentials._CACHED", 3600.0
    )  # however long it takes to stop PostgreSQL

    def serve(deadline):
        served = open_ledger(capacity=1, deadline=deadline)
        app = create_app(wire(served, Settings()))
        _, token = credentials.new(ALL_ROLES, purpose="safeguarding")
        apis = [Api(app.test_client(), token) for _ in range(2)]  # two senders with one token
        assert sent_again(apis[0], event(id="before")).status_code in {200, 201}
        return apis, served

    return serve


@pytest.fixture
def impatient(serve):
    """A service that gives up after a second."""
    [api, _], _ = serve(1.0)
    return api


@pytest.fixture
def patient(serve):
    """A service that waits for longer than PostgreSQL is away here: two senders, and its ledger."""
    return serve(300.0)


@pytest.fixture
def stopped(postgres):
    """PostgreSQL is stopped while the test runs; calling this brings it back earlier."""
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
    answers = (api.post(sent) for _ in range(100))
    return next(answer for answer in answers if answer.status_code != 503)


def test_a_store_that_does_not_answer_and_then_does(impatient, stopped):
    sent = event(id="during")
    assert problem(impatient.post(sent)) == (503, "/problems/not-recorded", True)
    assert problem(impatient.batch([sent])) == (503, "/problems/not-recorded", True)
    assert problem(impatient.get("/readyz")) == (503, "/problems/not-recorded", True)
    assert problem(impatient.get(f"/v1/episodes/{SUBJECT}")) == (503, "/problems/not-recorded", True)
    assert impatient.get("/livez").status_code == 200
    stopped()
    assert sent_again(impatient, sent).status_code in {200, 201}
    assert impatient.get("/readyz").status_code == 200
    history = impatient.get(f"/v1/episodes/{SUBJECT}/history").get_json()["items"]
    assert [item["event"]["id"] for item in history] == ["before", "during"]


def test_when_too_much_waits_the_next_is_turned_away(patient, stopped):
    [first, second], ledger = patient
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(first.post, event())
        until(lambda: ledger._writer._waiting)
        try:
            for _ in range(3):
                assert problem(second.post(event())) == (503, "/problems/overloaded", True)
        finally:
            stopped()
        assert waiting.result().status_code == 201


def test_what_is_wrong_is_wrong_whether_or_not_the_store_answers(impatient, stopped):
    assert impatient.post(b"{").status_code == 400
