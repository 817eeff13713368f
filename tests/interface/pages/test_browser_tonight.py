"""Tonight and the pages around it in a real browser: accessible, narrow, enlarged, printed, without script or mouse."""

from __future__ import annotations

import re

import pytest

from application.projections.follower import Follower
from domain.moment import HOUR, rfc3339
from tests.support.http_client import event

pytest_plugins = ["tests.support.browser_fixtures"]

STORY = "/pages/episodes/E08000025/ME-4"
PAGES = ("/pages", STORY, f"{STORY}?known_at=position:3", "/pages/me", "/pages/purpose", "/pages/sign-in",
         "/pages/nowhere")  # fmt: skip
WIDTHS = (1280, 320)


@pytest.fixture
def full_board(api, app, dsn):
    """Children in every state of the board, one of them under a long reference, and a duty that is overdue."""
    now = app.extensions["ledger"].clock()

    def post(reference, name, hours, **data):
        sent = event(name, f"E08000025/{reference}", {"child": f"C-{reference}"} | data,
                     time=rfc3339(now - int(hours * HOUR)))  # fmt: skip
        answer = api.post(sent)
        assert answer.status_code == 201, answer.text

    post("ME-1", "reported", 55, category="missing")
    post("A-VERY-LONG-REFERENCE-THAT-KNOWS-NO-END-01", "absence-noticed", 3)
    post("ME-3", "reported", 30, category="away_without_authorisation")
    post("ME-4", "reported", 30, category="missing")
    post("ME-4", "returned", 20)
    post("ME-4", "sighting-reported", 10)
    post("ME-5", "reported", 200, category="missing")
    post("ME-5", "returned", 24 * 5)
    Follower(dsn).catch_up()


def fits(page):
    """Nothing is wider than the window."""
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_accessible_and_fits(full_board, new_page, violations, path, width):
    page = new_page(width)
    page.goto(path)
    assert violations(page) == []
    assert fits(page)
    assert page.locator("h1").count() == 1
    assert [text for text in page.said if "404" not in text] == []


@pytest.mark.parametrize("width", WIDTHS)
def test_sign_in_and_an_empty_board_are_accessible(new_page, violations, persons, width):
    page = new_page(width, person=None)
    for path in (f"/pages/sign-in?once={persons.new_link()}", "/pages", "/pages/sign-in?once=used"):
        page.goto(path)
        assert violations(page) == []
        assert fits(page)
    page = new_page(width)
    assert violations(page) == []
    assert "Nobody is recorded as missing" in page.locator("main").inner_text()


def test_a_mistake_is_named_at_the_top_and_at_the_field(new_page, violations, persons):
    page = new_page(person=None)
    page.goto(f"/pages/sign-in?once={persons.new_link()}")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("alert").get_by_text("Choose who you are").wait_for()
    assert violations(page) == []
    page.get_by_role("alert").get_by_role("link").click()
    assert page.evaluate("document.activeElement.type") == "radio"


def test_the_board_reads_without_script_from_the_link_to_the_cards(full_board, new_page):
    page = new_page(java_script_enabled=False)
    assert page.title().startswith("Not back: 4 children, 1 contradicted")
    assert page.locator("li.card").count() == 4
    page.get_by_role("button", name="Sign out").click()
    assert page.locator("h1").inner_text() == "You are signed out"
    page.goto("/pages")
    assert "Not back" not in page.content()


def test_each_number_leads_to_exactly_its_rows(full_board, new_page):
    page = new_page()
    for link in page.locator("a.numbers__link").all():
        count, target = int(link.locator(".numbers__count").inner_text()), link.get_attribute("href")
        section = page.locator(f"section:has(> {target})")
        rows = section.locator("li.card, li.duties__item").count() if section.count() else 0
        assert rows == count, target
        assert page.locator(target).count() == 1


def test_the_first_question_is_answered_by_keyboard_alone(new_page, full_board, persons):
    page = new_page(person=None)
    page.goto(f"/pages/sign-in?once={persons.new_link()}")
    for _ in range(2):  # the skip link, then the first of the people
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/pages/purpose")
    page.get_by_label("Safeguarding").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/pages")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    assert page.locator("h1").inner_text() == "Not back: 4 children"


@pytest.mark.parametrize("width", WIDTHS)
def test_everything_that_is_pressed_is_large_enough(full_board, new_page, width):
    page = new_page(width)
    for path in PAGES[:6]:
        page.goto(path)
        for target in page.locator("a:visible:not(.govuk-skip-link), button:visible, summary:visible").all():
            box = target.bounding_box()
            assert min(box["height"], box["width"]) >= 24 or box["x"] < 0, target.inner_text()


SPACED = (
    "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
    " p { margin-bottom: 2em !important }"
)
"""As WCAG 1.4.12 has it."""


@pytest.mark.parametrize("style", [SPACED, "html { font-size: 200% }"], ids=["spaced", "enlarged"])
def test_text_that_is_spaced_or_enlarged_still_fits(full_board, new_page, style):
    page = new_page(320, bypass_csp=True)
    page.add_style_tag(content=style)
    assert fits(page)


def test_no_fact_is_told_by_colour_alone(full_board, new_page, violations):
    page = new_page(forced_colors="active", reduced_motion="reduce")
    said = page.locator("main").inner_text()
    for word in (
        "Missing",
        "Absence noticed",
        "Away",
        "Contradicted",
        "Risk not assessed",
    ):
        assert word in said
    assert violations(page) == []


def test_on_paper_the_board_says_when_and_for_whom_and_no_addresses(full_board, new_page):
    page = new_page()
    page.emulate_media(media="print")
    said = page.locator("body").inner_text()
    assert "As at" in said
    assert "Duty manager, Birmingham" in said
    assert "reading for safeguarding" in said
    assert "Look again" not in said
    after = page.evaluate("[...document.links].map(a => getComputedStyle(a, '::after').content)")
    assert set(after) <= {"none", "normal"}
    assert re.search(r"Not back: 4 children", said)


def test_nothing_is_loaded_from_elsewhere_and_the_policy_is_never_broken(full_board, new_page, served):
    asked = []
    page = new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/pages")
    page.reload()
    assert all(url.startswith(served) for url in asked)
    assert page.said == []
    assert len([url for url in set(asked) if "/static/" in url]) <= 3
