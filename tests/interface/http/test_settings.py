"""Settings: one reader of the environment, and a sentence for what is missing or cannot be meant."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from interface.settings import Access, Limits, Publishing, Settings, SettingsError, from_environment


def test_what_is_not_set_has_the_contracts_limits_and_no_secret():
    settings = from_environment({})
    assert settings == Settings(is_named=False)
    assert (settings.limits.event, settings.limits.batch, settings.limits.batch_events) == (
        262144,
        16777216,
        1000,
    )
    assert (settings.dsn, settings.keys, settings.name, settings.durability) == (
        None,
        None,
        "ledger",
        "local",
    )


def test_what_is_set_is_read(tmp_path):
    keys = tmp_path / "secrets.json"
    keys.touch()
    settings = from_environment(
        {"LEDGER_DSN": "host=db", "LEDGER_KEYS": str(keys), "LEDGER_NAME": "kent", "LEDGER_DURABILITY": "standby",
         "LEDGER_PG_BINDIR": "/usr/lib/postgresql/15/bin", "LEDGER_RATE": "10", "OTHER": "x"}
    )  # fmt: skip
    assert (settings.need_dsn(), settings.need_keys(), settings.name) == ("host=db", keys, "kent")
    assert settings.durability == "standby"
    assert settings.pg_bindir == Path("/usr/lib/postgresql/15/bin")
    assert settings.limits == Limits(requests_per_second=10)


def test_how_reading_is_watched_can_be_set(tmp_path):
    given = {
        "LEDGER_PURPOSES": "care, audit,care",
        "LEDGER_BREAK_GLASS": str(tmp_path),
        "LEDGER_OFFICE_HOURS": "08-24",
        "LEDGER_MANY_CHILDREN": "20",
    }
    assert from_environment(given).access == Access(
        purposes=("care", "audit"), spool=tmp_path, office_hours=(8, 24), many_children=20
    )


def test_where_checkpoints_go_can_be_set_and_is_off_until_then(tmp_path):
    given = {
        "LEDGER_PUBLISH_EVERY": "7",
        "LEDGER_PUBLISH_FOLDER": str(tmp_path),
        "LEDGER_PUBLISH_URL": "https://kent:secret@a.example/in",
    }
    settings = from_environment(given)
    assert (settings.publishing.every, settings.publishing.folder) == (7, tmp_path)
    assert settings.publishing.url.url == "https://a.example/in"
    assert "secret" not in repr(settings)
    assert from_environment({}).publishing == Publishing(every=100, folder=None, url=None)


@pytest.mark.parametrize(
    ("name", "value"),
    [("LEDGER_NAME", "two words"), ("LEDGER_NAME", "x" * 65), ("LEDGER_DURABILITY", "maybe"),
     ("LEDGER_RATE", "-1"), ("LEDGER_RATE", "many"), ("LEDGER_RATE", "1e9"), ("LEDGER_RATE", "9" * 5000),
     ("LEDGER_PURPOSES", "two words"), ("LEDGER_PURPOSES", "care,,audit"), ("LEDGER_BREAK_GLASS", "/nowhere/at-all"),
     ("LEDGER_OFFICE_HOURS", "19-07"), ("LEDGER_OFFICE_HOURS", "07-25"), ("LEDGER_OFFICE_HOURS", "7:00"),
     ("LEDGER_MANY_CHILDREN", "lots"), ("LEDGER_PUBLISH_EVERY", "0"), ("LEDGER_PUBLISH_EVERY", "often"),
     ("LEDGER_PUBLISH_URL", "ftp://kent:secret@a.example/")],
)  # fmt: skip
def test_a_value_that_cannot_be_meant_is_named_and_not_repeated(name, value):
    with pytest.raises(SettingsError) as error:
        from_environment({name: value})
    assert name in str(error.value)
    assert value not in str(error.value)


def test_a_missing_secret_stops_the_start_with_a_sentence():
    with pytest.raises(SettingsError, match=r"LEDGER_DSN is not set.*\.$"):
        from_environment({"LEDGER_DSN": " "}).need_dsn()
    with pytest.raises(SettingsError, match=r"LEDGER_KEYS is not set.*ledger keys new"):
        from_environment({}).need_keys()
    with pytest.raises(SettingsError, match=r"LEDGER_KEYS is not there.*ledger keys new"):
        from_environment({"LEDGER_KEYS": "/nowhere/secrets.json"}).need_keys()


def test_secrets_do_not_show():
    shown = repr(from_environment({"LEDGER_DSN": "password=hunter2", "LEDGER_KEYS": "/hidden"}))
    assert "hunter2" not in shown
    assert "hidden" not in shown


def test_nobody_else_reads_a_setting_from_the_environment():
    readers = [
        str(path)
        for folder in ("domain", "application", "interface")
        for path in Path(folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("LEDGER_")
        and node.value.replace("_", "").isalpha()
    ]  # fmt: skip
    assert set(readers) == {"interface/settings.py"}
