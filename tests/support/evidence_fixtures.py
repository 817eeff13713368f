"""A bundle of a ledger of its own, made once for all tests of a file: for the tests of what checks it."""

from __future__ import annotations

import pytest

from application.evidence.verify_bundle import Bundle
from tests.support.bundle_stories import made


@pytest.fixture(scope="module")
def content(databases, keys, tmp_path_factory):
    """The bytes of a bundle."""
    dsn = databases.take()
    yield made(dsn, keys, tmp_path_factory.mktemp("made"))
    databases.give_back(dsn)


@pytest.fixture(scope="module")
def bundle(content):
    """The bundle, checked."""
    return Bundle(content)


@pytest.fixture(scope="module")
def ours(keys):
    """Whoever signs for the ledger: the worst forger."""
    return keys.signer("test/1")


@pytest.fixture(scope="module")
def key(keys):
    """The ledger's key, from elsewhere."""
    return keys.verifier_key("test/1")
