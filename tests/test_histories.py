"""A person's history is read for what it is, however much else is recorded."""

from __future__ import annotations

from application.histories import _ENTRIES, history
from application.record import Ledger
from tests.plans import rows_read
from tests.store_builders import HOME, submission


def test_one_episode_is_read_without_meeting_the_others(ledger: Ledger) -> None:
    ledger.record([submission(episode=f"ME-{n}", child=f"P-{n}") for n in range(200)])
    ledger.record([submission("returned", episode="ME-7", child="P-7")])
    subject = f"{HOME}/ME-7"
    assert len(history(ledger.database, 1000, subjects=[subject])) == 2
    asked = {"subjects": [subject], "children": [], "known_at": 1000}
    with ledger.database.connection() as connection:
        assert rows_read(connection, _ENTRIES, asked, "entries") == 2
        assert rows_read(connection, _ENTRIES, asked) < 20
