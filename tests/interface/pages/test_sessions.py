"""Sign-in by a one-time link, the session that it opens, and what ends it."""

from __future__ import annotations

import hashlib

import psycopg
import pytest

from application.store.database import as_role
from interface import pages
from interface.http.app import create_app
from interface.http.build_services import wire
from interface.settings import Settings
from interface.trial.personas import PERSONAS
from tests.support.http_client import Api
from tests.support.pages_client import Browser, Page

pytest_plugins = ["tests.support.pages_fixtures"]

FORMS = ("/pages/sign-in", "/pages/purpose", "/pages/sign-out")


@pytest.fixture
def owner(dsn):
    """The owner of the database."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        yield connection


def test_the_link_opens_a_chooser_of_everybody_and_the_session_begins_with_the_choice(browser, persons):
    visitor, once = browser(), persons.new_link()
    chooser = visitor.page(f"/pages/sign-in?once={once}")
    assert chooser.fields["person"] == [each.id for each in PERSONAS]
    assert len(PERSONAS) == 8
    answer = visitor.post("/pages/sign-in", {"once": once, "person": "p_trial_4"})
    assert (answer.status_code, answer.location) == (303, "/pages/purpose")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("ledger-trial=")
    assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert not {"Secure", "Expires"} & {part.partition("=")[0] for part in cookie.split("; ")}


def test_everybody_of_the_trial_is_of_one_organisation():
    assert all(each.namespace and len(each.roles) == 1 for each in PERSONAS)


def test_a_link_is_good_once(browser, persons):
    once = persons.new_link()
    assert browser().post("/pages/sign-in", {"once": once, "person": "p_trial_1"}).status_code == 303
    second = browser().post("/pages/sign-in", {"once": once, "person": "p_trial_1"})
    assert (second.status_code, second.headers.get("Set-Cookie")) == (401, None)
    assert "it prints a new link" in second.text
    assert browser().get(f"/pages/sign-in?once={once}").status_code == 401


def test_a_link_is_good_for_ten_minutes(browser, persons, owner):
    once = persons.new_link()
    [(minutes,)] = owner.execute(
        "select extract(epoch from expires_at - now()) / 60 from ledger.sign_in_links"
    ).fetchall()
    assert 9.5 < minutes <= 10
    owner.execute("update ledger.sign_in_links set expires_at = now()")
    assert browser().get(f"/pages/sign-in?once={once}").status_code == 401
    assert browser().post("/pages/sign-in", {"once": once, "person": "p_trial_1"}).status_code == 401


@pytest.mark.parametrize("once", ["", "x", "x" * 10_000, "ü\0"])
def test_what_is_no_link_opens_nothing(browser, persons, once):
    answer = browser().post("/pages/sign-in", {"once": once, "person": "p_trial_1"})
    assert (answer.status_code, answer.headers.get("Set-Cookie")) == (401, None)


def test_nobody_becomes_a_person_who_is_not_of_the_trial(browser, persons, owner):
    owner.execute(
        "insert into ledger.persons (id, name, organisation, namespace, roles, trial)"
        " values ('p_real', 'R', 'R', 'E10000001', '{manager}', false)"
    )
    for person in ("p_real", "p_nobody", "ü\0"):
        assert (
            browser().post("/pages/sign-in", {"once": persons.new_link(), "person": person}).status_code
            == 401
        )


def test_a_choice_is_asked_for_again_with_the_link_still_good(browser, persons):
    once = persons.new_link()
    answer = browser().post("/pages/sign-in", {"once": once})
    assert answer.status_code == 400
    assert "Choose who you are" in answer.text
    assert Page(answer.text).fields["once"] == [once]


def test_of_a_session_only_the_hash_is_stored(browser, owner):
    visitor = browser().sign_in()
    token = visitor.client.get_cookie("ledger-trial").value
    assert len(token) >= 43
    [row] = owner.execute("select * from ledger.sessions").fetchall()
    assert row[0] == hashlib.sha256(token.encode()).digest()
    assert token not in str(owner.execute("select * from ledger.sessions").fetchall())


@pytest.mark.parametrize(
    "ended",
    [
        "used_at = now() - interval '31 minutes'",
        "begun_at = now() - interval '721 minutes'",
        "ended_at = now()",
    ],
    ids=["idle", "old", "ended"],
)
def test_a_session_ends_when_it_is_idle_or_old_or_ended(duty_manager, owner, ended):
    assert duty_manager.get("/pages").status_code == 200
    owner.execute(f"update ledger.sessions set {ended}")
    answer = duty_manager.get("/pages")
    assert answer.status_code == 401
    assert "You are signed out" in answer.text
    assert "Not back" not in answer.text


def test_looking_keeps_a_session_but_not_beyond_its_end(duty_manager, owner):
    owner.execute("update ledger.sessions set used_at = now() - interval '29 minutes'")
    assert duty_manager.get("/pages/me").status_code == 200
    [(idle,)] = owner.execute("select now() - used_at < interval '1 minute' from ledger.sessions").fetchall()
    assert idle


def test_a_person_who_is_ended_is_signed_out_at_once(duty_manager, owner):
    owner.execute("update ledger.persons set ended_at = now()")
    assert duty_manager.get("/pages").status_code == 401


def test_sign_out_ends_the_session_for_everybody_who_has_its_cookie(duty_manager):
    cookie = duty_manager.client.get_cookie("ledger-trial").value
    answer = duty_manager.post("/pages/sign-out", {"form_token": duty_manager.form_token()})
    assert answer.status_code == 200
    assert "Birmingham" not in answer.text
    assert "ledger-trial=;" in answer.headers["Set-Cookie"]
    duty_manager.client.set_cookie("ledger-trial", cookie)
    assert duty_manager.get("/pages").status_code == 401


def test_without_a_purpose_nothing_is_shown_and_it_is_asked_for(browser):
    visitor = browser().sign_in(purpose=None)
    answer = visitor.get("/pages")
    assert (answer.status_code, answer.location) == (303, "/pages/purpose")
    page = visitor.get("/pages/purpose").text
    assert 'value="safeguarding"' in page
    assert "checked" not in page


def test_a_purpose_that_is_not_of_the_list_is_asked_for_again(duty_manager):
    token = duty_manager.form_token()
    for form in ({"form_token": token}, {"form_token": token, "purpose": "curiosity"}):
        answer = duty_manager.post("/pages/purpose", form)
        assert answer.status_code == 400
        assert "Choose why you read" in answer.text
        assert "curiosity" not in answer.text


def test_a_purpose_is_asked_for_again_after_eight_hours(duty_manager, owner):
    assert "reading for safeguarding" in duty_manager.page().text
    owner.execute("update ledger.sessions set purpose_at = now() - interval '481 minutes'")
    assert duty_manager.get("/pages").location == "/pages/purpose"


def test_a_visitor_of_the_trial_becomes_somebody_else_and_the_first_session_ends(duty_manager):
    first = duty_manager.client.get_cookie("ledger-trial").value
    assert len(duty_manager.page("/pages/sign-in").fields["person"]) == 8
    assert duty_manager.post("/pages/sign-in", {"person": "p_trial_8"}).status_code == 303
    assert "Police officer" in duty_manager.page("/pages/me").text
    duty_manager.client.set_cookie("ledger-trial", first)
    assert duty_manager.get("/pages/me").status_code == 401


def test_the_session_is_no_token_and_a_token_is_no_session(duty_manager, sign_in, app):
    assert duty_manager.get("/v1/me").status_code in {401, 404}
    assert duty_manager.get("/v1/episodes").status_code == 401
    cookie = duty_manager.client.get_cookie("ledger-trial").value
    assert Api(app.test_client(), cookie).get("/v1/episodes").status_code == 401
    token = sign_in("manager").headers["Authorization"]
    assert app.test_client().get("/pages", headers={"Authorization": token}).status_code == 401


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://elsewhere.example"},
     {"Origin": "null"}, {}],
)  # fmt: skip
def test_a_form_of_another_site_does_nothing(duty_manager, path, headers):
    form = {"form_token": duty_manager.form_token(), "purpose": "care", "person": "p_trial_8"}
    assert duty_manager.client.post(path, data=form, headers=headers).status_code == 403
    assert "Duty manager" in duty_manager.page("/pages/me").text


def test_a_browser_that_tells_only_the_origin_may_send_forms(duty_manager):
    form = {"form_token": duty_manager.form_token(), "purpose": "care"}
    answer = duty_manager.client.post("/pages/purpose", data=form, headers={"Origin": "http://localhost"})
    assert answer.status_code == 303


@pytest.mark.parametrize("path", ["/pages/purpose", "/pages/sign-out"])
def test_a_form_without_the_token_of_the_session_does_nothing(duty_manager, path):
    assert duty_manager.post(path, {"purpose": "care", "form_token": "0" * 64}).status_code == 403
    assert duty_manager.post(path, {"purpose": "care"}).status_code == 403
    assert "reading for safeguarding" in duty_manager.page().text


@pytest.mark.parametrize(
    ("remote", "host"),
    [("10.1.2.3", "localhost"), ("127.0.0.1", "ledger.example"), ("127.0.0.1", "10.1.2.3:8080")],
)
@pytest.mark.parametrize("path", ["/pages", "/pages/sign-in", "/", "/pages/nowhere"])
def test_without_an_address_pages_are_served_to_this_machine_only(app, remote, host, path):
    answer = app.test_client().get(
        path, headers={"Host": host, "Accept": "text/html"}, environ_base={"REMOTE_ADDR": remote}
    )
    assert answer.status_code == 404


def test_with_an_address_pages_are_served_under_it_and_the_cookie_is_bound_to_it(ledger, secrets, persons):
    settings = Settings(name="test", keys=secrets, pages_address="https://ledger.example:8443")
    app = create_app(wire(ledger, settings), pages.BLUEPRINTS)
    visitor = Browser(app, persons.new_link)
    assert visitor.get("/pages/sign-in").status_code == 404
    answer = visitor.post(
        "/pages/sign-in", {"once": persons.new_link(), "person": "p_trial_1"}, Host="ledger.example:8443"
    )
    assert answer.status_code == 303
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-ledger=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))


def test_the_services_role_makes_no_person_and_no_link_and_reads_no_session(dsn, duty_manager):
    with psycopg.connect(as_role(dsn, "ledger_service"), autocommit=True) as service:
        for statement in (
            "insert into ledger.persons select 'p_new', name, 'o', 'n', roles, authorities, true from ledger.persons",
            "update ledger.persons set roles = '{administrator}'",
            "insert into ledger.sign_in_links (token_hash, expires_at) values ('\\x00', now())",
            "select * from ledger.sessions",
            "update ledger.sessions set person = 'p_trial_4'",
            "select * from ledger.sign_in_links",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                service.execute(statement)
    with psycopg.connect(as_role(dsn, "ledger_follower"), autocommit=True) as follower:
        for name in ("open_session(null, null, null)", "use_session(null)", "end_session(null)"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                follower.execute(f"select ledger.{name}")


def test_sign_in_and_sign_out_are_logged_by_id_and_without_a_name(browser, caplog):
    caplog.set_level("INFO", logger="ledger.pages")
    visitor = browser().sign_in()
    visitor.post("/pages/sign-out", {"form_token": visitor.form_token()})
    assert caplog.messages.count("sign-in of p_trial_1") == 1
    assert caplog.messages.count("sign-out of p_trial_1") == 1
    assert "manager" not in " ".join(caplog.messages).lower()
