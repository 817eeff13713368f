"""What the image and the compose file must agree on with each other, and with the settings."""

from __future__ import annotations

import re

import pytest
import yaml

from tests.support.repository import ROOT


@pytest.fixture
def services():
    """The services of the compose file."""
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]


@pytest.mark.parametrize("service", ["serve", "follow"])
def test_whoever_records_or_seals_is_told_what_an_acknowledgement_promises(services, service):
    assert services[service]["environment"]["LEDGER_DURABILITY"] == "${LEDGER_DURABILITY:-local}"


def test_the_image_can_back_up_the_database_that_it_runs_with(services):
    [server] = re.findall(r"^postgres:(\d+)-", services["db"]["image"])
    [client] = re.findall(r"postgresql-client-(\d+)", (ROOT / "Dockerfile").read_text("utf-8"))
    assert int(client) >= int(server)
