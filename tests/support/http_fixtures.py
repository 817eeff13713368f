"""The application on a real database, for the tests of the HTTP edge."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from application.access.credentials import Credentials
from application.recording.ledger import Ledger
from application.store.database import Database
from interface import pages
from interface.http.app import create_app
from interface.http.build_services import wire
from interface.settings import Settings
from tests.support import disclosed_answers, strict_answers
from tests.support.http_client import ALL_ROLES, Api


@pytest.fixture
def app(ledger: Ledger, secrets: Path) -> Flask:
    """The application on the test's ledger, for programs and for people."""
    app = create_app(wire(ledger, Settings(name="test", keys=secrets)), pages.BLUEPRINTS)
    return disclosed_answers.checked(strict_answers.checked(app))


@pytest.fixture
def credentials(dsn: str) -> Credentials:
    """The owner's hand on the credentials."""
    return Credentials(Database(dsn, "postgres"))


@pytest.fixture
def sign_in(app: Flask, credentials: Credentials) -> Callable[..., Api]:
    """Make a credential and use it."""

    def sign_in(*roles, **given):
        _, token = credentials.new(roles or ALL_ROLES, **{"purpose": "safeguarding"} | given)
        return Api(app.test_client(), token)

    return sign_in


@pytest.fixture
def api(sign_in: Callable[..., Api]) -> Api:
    """Everything but administration, for every namespace."""
    return sign_in()


@pytest.fixture
def recorded(ledger: Ledger) -> Callable[[], int]:
    """How many entries there are."""
    return lambda: ledger.entries.max_notification_id() or 0
