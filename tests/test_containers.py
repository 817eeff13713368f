"""What the image and the compose file must agree on with each other, and with the settings."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

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


DOCKER = """#!/bin/sh
# Stands in for Docker: refuses what Docker would refuse for want of a setting or a file, and makes the secrets itself.
set -eu
echo "docker $*" >> docker.log
case "$1 $2" in
  "compose build" | "compose up" | "compose run")
    for name in $(grep -o '[$][{][A-Z_]*:[?]' docker-compose.yml | tr -d '${:?' | sort -u); do
      grep -q "^$name=." .env 2>/dev/null || { echo "required variable $name is missing a value" >&2; exit 1; }
    done
    [ "$2" = build ] && exit 0
    for file in $(grep -o '[.]/secrets/[a-z_.]*' docker-compose.yml); do
      [ -s "$file" ] || { echo "$file is missing" >&2; exit 1; }
    done ;;
  "run --rm")
    for last; do :; done
    exec "$LEDGER" keys new "$PWD${last}" ;;
esac
"""


@pytest.fixture
def recipe():
    """The commands of the page on containers, in their order, up to the one that starts them."""
    page = (ROOT / "docs" / "operating.md").read_text("utf-8").partition("## Containers\n")[2]
    [once] = re.findall(r"^Once, .*?\n\n((?:    .*\n)+)", page, re.MULTILINE)
    assert "`docker compose up -d`" in page
    return re.sub(r"^    ", "", once, flags=re.MULTILINE) + "docker compose up -d\n"


@pytest.fixture
def follow_recipe(tmp_path, monkeypatch):
    """Follow commands in a folder with the compose file; Docker and chown, which need root, are stood in for."""
    programs, folder = tmp_path / "bin", tmp_path / "host"
    for made in (programs, folder):
        made.mkdir()
    for name, text in (("docker", DOCKER), ("chown", "#!/bin/sh\n")):
        (programs / name).write_text(text, "utf-8")
        (programs / name).chmod(0o755)
    shutil.copy(ROOT / "docker-compose.yml", folder)
    environment = {"PATH": f"{programs}:{os.environ['PATH']}", "LEDGER": str(ROOT / "bin" / "ledger")}

    def follow(commands):
        return subprocess.run(
            ["/bin/bash", "-eu"],
            input=commands,
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    return follow, folder


def test_the_recipe_runs_as_it_is_written(recipe, follow_recipe):
    follow, folder = follow_recipe
    done = follow(recipe)
    assert (done.returncode, done.stderr) == (0, "")
    said = (folder / "docker.log").read_text("utf-8").splitlines()
    assert [line.split()[1:3] for line in said] == [["compose", "build"], ["run", "--rm"], ["compose", "up"]]
    assert {file.name: file.stat().st_mode & 0o777 for file in (folder / "secrets").iterdir()}[
        "ledger.keys"
    ] == 0o600
    assert (folder / "secrets").stat().st_mode & 0o777 == 0o700


def test_the_recipe_would_stop_at_a_step_that_comes_too_early(recipe, follow_recipe):
    follow, _ = follow_recipe
    name = next(line for line in recipe.splitlines() if "LEDGER_NAME" in line)
    done = follow(recipe.replace(f"{name}\n", "") + name)
    assert done.returncode != 0
    assert "LEDGER_NAME is missing a value" in done.stderr


def test_the_recipe_makes_the_image_that_the_compose_file_names(recipe, services):
    image = services["serve"]["image"]
    assert f" {image} keys new " in recipe
