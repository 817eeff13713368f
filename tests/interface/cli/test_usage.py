"""What every command has in common: help, wrong usage, a database that is not there, and its documentation."""

from __future__ import annotations

import click
import pytest

from interface.cli import cli, main
from tests.support.repository import ROOT

DOCUMENTATION = ROOT / "docs" / "commands.md"


def commands(group=cli, before="ledger"):
    """Every command with its whole name."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{before} {name}")
        else:
            yield f"{before} {name}", command


COMMANDS = dict(commands())
EXTRACT = ["import", "--format", "ssd-missing", __file__]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_says_what_it_is_for(name, capsys):
    command = COMMANDS[name]
    assert command.help
    for option in command.params:
        assert not isinstance(option, click.Option) or option.help, option.name
    assert main([*name.split()[1:], "--help"]) == 0
    assert command.help.split("\n")[0][:40] in capsys.readouterr().out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_documented(name):
    sections = DOCUMENTATION.read_text().split("\n## ")
    section = next((s for s in sections if s.startswith(f"`{name}`")), "")
    assert section, f"{name} has no section"
    for option in COMMANDS[name].params:
        if isinstance(option, click.Option) and not option.hidden:
            assert f"`{option.opts[-1]}" in section, f"{option.opts[-1]} is not in the section of {name}"


def test_nothing_is_documented_that_is_not_there():
    sections = DOCUMENTATION.read_text().split("\n## ")[1:]
    named = {section.split("`")[1] for section in sections if section.startswith("`ledger ")}
    assert named == set(COMMANDS)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nonsense"], "No such command"),
        (["tokens", "new", "--role", "king"], "'king'"),
        (
            ["tokens", "new", "--role", "reader", "--namespace", "E08000025", "--namespace", "E08000026"],
            "one --namespace",
        ),
        (["tokens", "new", "--role", "reader", "--namespace", "Birmingham"], "not a namespace"),
        (["tokens", "new", "--role", "reader", "--expires", "tomorrow"], "RFC 3339"),
        (
            ["tokens", "new", "--role", "reader", "--expires", "2030-01-01T00:00:00Z", "--days", "3"],
            "not both",
        ),
        (["tokens", "new", "--role", "reader", "--expires", "2020-01-01T00:00:00Z"], "in the past"),
        (["replay", "E08000025"], "<namespace>/<reference>"),
        (["replay", "E08000025/1", "--known-at", "yesterday"], "position:1234"),
        (["import", "--format", "ssd-missing", __file__], "--namespace and --source"),
        (["import", "--format", "cloudevents", "/not/there"], "does not exist"),
        ([*EXTRACT, "--namespace", "Birmingham", "--source", "urn:x"], "The namespace must be"),
        ([*EXTRACT, "--namespace", "E08000025", "--source", "two words"], "The source must be"),
        (
            [*EXTRACT, "--namespace", "E08000025", "--source", "urn:x", "--extracted-at", "Monday"],
            "The time of the extraction must be",
        ),
        (["run", "--port", "99999"], "65535"),
        (["migrate"], "LEDGER_DSN"),
        (["serve"], "LEDGER_DSN"),
        (["follow"], "LEDGER_DSN"),
    ],
)
def test_wrong_usage_is_a_sentence_and_status_2(arguments, sentence, capsys, monkeypatch):
    monkeypatch.delenv("LEDGER_DSN", raising=False)
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert sentence in said.err
    assert said.out == ""


SIMULATE = ["simulate", "--namespace", "E08000025", "--children", "2", "--seed", "1"]
JANUARY = ["--from", "2026-01-01", "--to", "2026-01-31"]


@pytest.mark.parametrize(
    "arguments",
    [
        [*SIMULATE, "--from", "2026-01-02", "--to", "2026-01-01"],
        [*SIMULATE, *JANUARY, "--post", "http://127.0.0.1:1"],
        [*SIMULATE, *JANUARY, "--token", "t"],
        [*SIMULATE, *JANUARY, "--post", "http://127.0.0.1:1", "--token", "t", "--out", "x"],
        [*SIMULATE, "--from", "January", "--to", "2026-02-01"],
        ["simulate", "--namespace", "nowhere", "--children", "2", "--seed", "1", *JANUARY],
    ],
)  # fmt: skip
def test_a_simulation_that_makes_no_sense_is_wrong_usage(arguments, capsys):
    assert main(arguments) == 2
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ["migrate", "--wait", "0"],
        ["serve", "--wait", "0"],
        ["follow", "--wait", "0"],
        ["rebuild"],
        ["tokens", "list"],
        ["replay", "E08000025/1"],
    ],
)
def test_a_database_that_is_not_there_is_status_4(arguments, capsys, monkeypatch, tmp_path):
    keys = tmp_path / "ledger.keys"
    assert main(["keys", "new", str(keys)]) == 0
    monkeypatch.setenv("LEDGER_DSN", f"host={tmp_path} user=u password=hidden-word connect_timeout=1")
    monkeypatch.setenv("LEDGER_KEYS", str(keys))
    assert main(arguments) == 4
    said = capsys.readouterr().err
    assert "The database cannot be reached" in said
    assert "hidden-word" not in said


def test_a_folder_without_a_trial_is_not_made_into_one(tmp_path, capsys):
    assert main(["replay", "E08000025/1", "--data", str(tmp_path / "nothing")]) == 1
    assert "There is no trial in" in capsys.readouterr().err
    assert not (tmp_path / "nothing").exists()


def test_secrets_are_for_their_owner_only_and_never_written_over(tmp_path, capsys):
    path = tmp_path / "ledger.keys"
    assert main(["keys", "new", str(path)]) == 0
    assert path.stat().st_mode & 0o777 == 0o600
    before = path.read_bytes()
    assert main(["keys", "new", str(path)]) == 1
    assert "never written over" in capsys.readouterr().err
    assert path.read_bytes() == before
    assert main(["keys", "new", str(tmp_path / "no" / "folder")]) == 1
