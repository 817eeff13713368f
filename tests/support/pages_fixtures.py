"""Browsers that read the pages of a ledger of the test's own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from application.access.persons import Persons
from application.store.database import Database
from interface.trial.personas import PERSONAS
from tests.support.pages_client import Browser

pytest_plugins = ["tests.support.http_fixtures"]


@pytest.fixture
def persons(dsn: str) -> Persons:
    """The owner's hand on who may sign in; the people of the trial are there."""
    persons = Persons(Database(dsn, role=None))
    persons.keep_trial(PERSONAS)
    return persons


@pytest.fixture
def browser(app: Flask, persons: Persons) -> Callable[[], Browser]:
    """Open a new browser."""
    return lambda: Browser(app, persons.new_link)


@pytest.fixture
def duty_manager(browser: Callable[[], Browser]) -> Browser:
    """A duty manager who has signed in and said why."""
    return browser().sign_in()
