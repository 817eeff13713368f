"""A real browser, on pages that are served to it: Debian's Chromium, driven by playwright."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from application.access.persons import Persons
from tests.conftest import CHROMIUM
from tests.support.repository import ROOT

pytest_plugins = ["tests.support.pages_fixtures"]

VENDOR = ROOT / "tests" / "vendor"
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync")  # fmt: skip
"""As root in a container, and without a word to anybody else."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the whole run."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The accessibility checks, as they were vendored."""
    source = (VENDOR / "axe.min.js").read_bytes()
    wanted = (VENDOR / "SHA256SUMS").read_text().split()[0]
    assert hashlib.sha256(source).hexdigest() == wanted
    return source.decode()


@pytest.fixture
def served(app: Flask) -> Iterator[str]:
    """The address of the application, served on this machine."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def new_page(chromium: Browser, served: str, persons: Persons) -> Iterator[Callable[..., Page]]:
    """Open a page of a browser of its own: of so many pixels, with or without script, signed in as somebody."""
    contexts: list[BrowserContext] = []

    def open_(width: int = 1280, person: str | None = "Duty manager", **given: object) -> Page:
        context = chromium.new_context(base_url=served, viewport={"width": width, "height": 800}, **given)
        contexts.append(context)
        page = context.new_page()
        page.said = []  # what the console says: nothing, else the policy was broken
        page.on("console", lambda message: page.said.append(message.text))
        if person is not None:
            page.goto(f"/pages/sign-in?once={persons.new_link()}")
            page.get_by_label(person, exact=True).check()
            page.get_by_role("button", name="Continue").click()
            page.get_by_label("Safeguarding").check()
            page.get_by_role("button", name="Continue").click()
            page.wait_for_url(lambda address: "/purpose" not in address)  # and until it is loaded
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture
def violations(axe: str) -> Callable[[Page], list[str]]:
    """Return what is not accessible on a page."""

    def violations(page: Page) -> list[str]:
        page.evaluate(axe)
        found = page.evaluate("rules => axe.run({runOnly: rules})", RULES)
        return [f"{one['id']}: {node['html']}" for one in found["violations"] for node in one["nodes"]]

    return violations
