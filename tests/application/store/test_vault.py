"""What the vault keeps in mind of children: never more than its limit, and nothing that is needed."""

from __future__ import annotations

from tests.support.submission_builder import submission


def told(n, id_):
    """Return a submission about one of several children, in an episode of its own."""
    return submission(id=id_, episode=f"ME-{n}", child=f"C{n}", category="missing", note=f"note {n}")


def test_no_more_children_are_kept_in_mind_than_the_limit_whoever_asked(ledger, monkeypatch):
    monkeypatch.setattr("application.store.vault._MOST", 3)
    ledger.record([told(n, f"first-{n}") for n in range(10)])
    assert len(ledger.vault._known) <= 3
    rows = ledger.database.rows("select id from ledger.children")
    children = [id_.hex for (id_,) in rows]
    assert len(ledger.vault.references(children)) == 10
    assert len(ledger.vault._known) <= 3


def test_a_child_that_was_forgotten_is_the_same_child(ledger, monkeypatch):
    monkeypatch.setattr("application.store.vault._MOST", 1)
    for round_ in range(2):
        for n in range(4):
            ledger.record([told(n, f"{round_}-{n}")])
    assert ledger.database.rows("select count(*) from ledger.children") == [(4,)]
