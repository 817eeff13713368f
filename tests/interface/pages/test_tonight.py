"""Tonight over HTTP: what it shows is what the interface for programs answers to the same reader, recorded once."""

from __future__ import annotations

import gzip
import re
from html import unescape

import pytest

from application.projections.follower import Follower
from domain.moment import DAY, HOUR, rfc3339
from interface.http.contract.operation import operation_of
from tests.support.access_faults import broken, mended
from tests.support.http_client import event
from tests.support.pages_client import Page

pytest_plugins = ["tests.support.pages_fixtures"]

ROLES = {"p_trial_1": 200, "p_trial_2": 200, "p_trial_3": 403, "p_trial_4": 200, "p_trial_5": 200, "p_trial_6": 403,
         "p_trial_7": 200, "p_trial_8": 403}  # fmt: skip
"""Who may open Tonight."""


@pytest.fixture
def now(app):
    """The time of the application."""
    return app.extensions["ledger"].clock()


@pytest.fixture
def post(api, dsn, now):
    """Record what happened so many hours ago about an episode of a child, and bring the lists up to date."""

    def post(number, name, hours, namespace="E08000025", **data):
        sent = event(
            name,
            f"{namespace}/ME-{number}",
            {"child": f"C-{number}"} | data,
            time=rfc3339(now - int(hours * HOUR)),
        )
        answer = api.post(sent)
        assert answer.status_code == 201, answer.text
        return sent | {"position": answer.get_json()["position"]}

    return post


@pytest.fixture
def lists(dsn):
    """Bring the lists up to date."""
    return lambda: Follower(dsn).catch_up()


@pytest.fixture
def accesses(sign_in):
    """The entries of the access log about a child, as an auditor reads them."""
    auditor = sign_in("auditor", purpose="audit")
    return lambda number: [
        (entry["route"], entry["principal"], entry["purpose"], entry["status"])
        for entry in auditor.get(f"/v1/children/E08000025/C-{number}/access").get_json()["items"]
        if entry["principal"].startswith("p_")
    ]


def test_a_ledger_without_anybody_missing_says_what_that_means(duty_manager):
    page = duty_manager.page()
    assert "Not back: 0 children" in page.headings
    assert "Nobody is recorded as missing, away, or located and not back." in page.text


def test_who_is_not_back_stands_there_and_who_is_back_does_not(duty_manager, post, lists):
    post(1, "reported", 5, category="missing")
    post(2, "reported", 5, category="missing")
    post(2, "returned", 1)
    post(3, "absence-noticed", 2)
    post(4, "reported", 5, namespace="E10000001", category="missing")
    lists()
    page = duty_manager.page()
    assert page.subjects == ["E08000025/ME-1", "E08000025/ME-3"]
    assert "Not back: 2 children - Episode Ledger" in page.headings
    assert page.counts["#unknown"] == 2


def test_who_came_back_within_a_day_stands_there_and_who_came_back_before_does_not(
    duty_manager, post, lists, accesses
):
    for number, back in ((1, 23), (2, 25)):
        post(number, "reported", 30, category="missing")
        post(number, "returned", back)
    post(3, "reported", 30, category="missing")
    post(3, "returned", 10)
    post(3, "sighting-reported", 5)  # contradicted: a card, and not back
    lists()
    section = duty_manager.get("/pages").text.partition('id="back"')[2].partition("</section>")[0]
    assert [f"ME-{n}" in section for n in (1, 2, 3)] == [True, False, False]
    assert "returned" in section
    assert accesses(1) == [("/pages", "p_trial_1", "safeguarding", 200)]


def test_one_view_is_one_entry_with_the_pages_own_route_and_all_its_children(
    duty_manager, post, lists, accesses
):
    post(1, "reported", 5, category="missing")
    post(2, "reported", 200, category="missing")
    post(2, "returned", 24 * 5)  # its interview is overdue by now: a duty of a child who is back
    lists()
    duty_manager.page()
    assert accesses(1) == accesses(2) == [("/pages", "p_trial_1", "safeguarding", 200)]


def test_a_page_that_names_nobody_makes_no_entry(duty_manager, post, lists, accesses):
    post(1, "reported", 5, category="missing")
    lists()
    for path in ("/pages/me", "/pages/purpose", "/pages/nowhere", "/pages/sign-in"):
        duty_manager.get(path)
    assert accesses(1) == []


def test_nothing_is_shown_when_it_cannot_be_recorded(duty_manager, post, lists, dsn):
    post(1, "reported", 5, category="missing")
    lists()
    broken(dsn)
    answer = duty_manager.get("/pages")
    assert answer.status_code == 503
    assert "Nothing is shown because it cannot be recorded" in answer.text
    assert "C-1" not in answer.text
    mended(dsn)
    assert "C-1" in duty_manager.get("/pages").text


def test_entries_that_are_not_in_the_page_yet_are_counted(duty_manager, post, lists):
    post(1, "reported", 5, category="missing")
    lists()
    post(2, "reported", 4, category="missing")
    page = duty_manager.page()
    assert page.subjects == ["E08000025/ME-1"]
    assert "complete to entry 3 of 4" in page.text
    assert "1 entry is not in this page yet" in page.text


def test_a_contradicted_return_is_on_the_board_with_the_entry_that_contradicts_it(duty_manager, post, lists):
    post(1, "reported", 20, category="missing")
    post(1, "returned", 10)
    sighting = post(1, "sighting-reported", 2)
    lists()
    page = duty_manager.page()
    assert page.subjects == ["E08000025/ME-1"]
    assert "1 contradicted" in page.text
    assert f"entry {sighting['position']} reports the child away" in page.text


def test_every_question_of_the_foot_answers_what_the_page_shows(duty_manager, post, lists, sign_in):
    post(1, "reported", 5, category="missing")
    post(2, "reported", 200, category="missing")
    post(2, "returned", 24 * 5)
    post(3, "reported", 30, category="missing")
    post(3, "returned", 71)  # before its report: odd, and shown as it is
    post(4, "reported", 30, category="missing")
    post(4, "returned", 3)
    lists()
    html = duty_manager.get("/pages").text
    page = Page(html)
    manager = sign_in("manager", namespace="E08000025")
    questions = [unescape(found) for found in re.findall(r"\$LEDGER(/v1/[^\"]*?)&#34;|\$LEDGER(/v1/[^\"]*?)\"", html)
                 for found in found if found]  # fmt: skip
    answers = {
        q.partition("?")[0] + q.partition("?")[2][:12]: manager.get(q).get_json()["items"] for q in questions
    }
    episodes, back, due, overdue, _ = answers.values()
    assert [item["subject"] for item in back] == ["E08000025/ME-4"]
    assert "/pages/episodes/E08000025/ME-4" in html.partition('id="back"')[2].partition("</section>")[0]
    assert sorted(page.subjects) == sorted(item["subject"] for item in episodes)
    assert page.counts["#due"] == len(due)
    assert page.counts["#overdue"] == len({item["subject"] for item in overdue})
    assert page.counts["#overdue"] > 0


@pytest.mark.parametrize("person", ROLES)
def test_only_managers_and_auditors_open_tonight(browser, person):
    visitor = browser().sign_in(person)
    assert visitor.get("/pages").status_code == ROLES[person]
    assert ("/pages" in visitor.page("/pages/me").links) == (ROLES[person] == 200)


def test_a_browser_at_the_door_is_led_to_the_pages_and_a_program_is_not(app):
    answer = app.test_client().get("/", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert (answer.status_code, answer.location) == (303, "/pages")
    for accept in ("*/*", "application/json"):
        answer = app.test_client().get("/", headers={"Accept": accept})
        assert (answer.status_code, answer.content_type) == (404, "application/problem+json")


@pytest.mark.parametrize(
    "path", ["/pages", "/pages/me", "/pages/purpose", "/pages/sign-in", "/pages/nowhere"]
)
def test_every_page_is_strict_about_what_it_loads_and_is_never_stored(duty_manager, path):
    headers = duty_manager.get(path).headers
    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
        " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    assert (headers["Cache-Control"], headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert headers["Content-Type"] == "text/html; charset=utf-8"


def test_a_page_loads_few_things_all_its_own_and_they_are_kept(duty_manager):
    html = duty_manager.get("/pages").text
    loaded = re.findall(r'<(?:link|script|img)[^>]*(?:href|src)="([^"]+)"', html)
    assert len(loaded) == 3
    for address in loaded:
        answer = duty_manager.get(address)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
    assert duty_manager.get(re.sub(r"[0-9a-f]{16}", "0" * 16, loaded[0])).status_code == 404
    styles = [duty_manager.get(address).data for address in loaded if address.endswith(".css")]
    assert len(gzip.compress(b"".join(styles))) <= 14_000
    assert b"url(" not in b"".join(styles)
    assert "style=" not in html
    assert "<script" not in html


@pytest.mark.parametrize("query", ["?as_of=1", "?x", "?open=%00", "?" + "a" * 2000])
def test_an_unknown_parameter_is_a_page_in_words(duty_manager, query):
    answer = duty_manager.get(f"/pages{query}")
    assert answer.status_code == 400
    assert "The address is not right" in answer.text
    assert "as_of" not in answer.text


def test_a_fault_of_ours_is_a_page_without_its_text(duty_manager, app, monkeypatch, caplog):
    def fault(*_):
        raise RuntimeError("the secret of C-1")

    monkeypatch.setattr(app.extensions["ledger"].lists, "episodes", fault)
    answer = duty_manager.get("/pages")
    assert answer.status_code == 500
    assert "A fault of ours" in answer.text
    assert "secret" not in answer.text + caplog.text
    assert answer.headers["Correlation-Id"] in answer.text


def test_every_page_has_an_access_decision(app):
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("pages")]
    assert len(rules) >= 9
    for rule in rules:
        operation = operation_of(app.view_functions[rule.endpoint])
        assert operation is not None, rule
        assert operation.for_people, rule


def test_the_interface_for_programs_does_not_describe_pages(app):
    assert not [
        path for path in app.test_client().get("/openapi.json").get_json()["paths"] if "pages" in path
    ]


def test_a_board_of_fifty_is_small(duty_manager, post, lists, now):
    for number in range(50):
        post(number, "reported", number + 1, category="missing", last_seen_at=rfc3339(now - DAY * 3))
    lists()
    html = duty_manager.get("/pages").data
    assert len(html) <= 65_000
    assert len(gzip.compress(html)) <= 8_000
