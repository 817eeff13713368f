"""What recording leaves for readers: names to find an entry by, the library's own ways, corrected values."""

from __future__ import annotations

from application.recording.ledger import Ledger
from domain.entries.missing_episode import fold
from tests.support.recorded_entries import entries, reasons
from tests.support.submission_builder import HOME, submission


def test_what_an_entry_names_can_be_found_from_the_other_side(ledger: Ledger) -> None:
    ledger.record([
        submission("police-notified", force="E23000014"),
        submission("interview-held", covers=[f"{HOME}/ME-7"]),
        submission("child-linked", same_as={"scheme": "E23000014", "reference": "X-1"}),
        submission("episodes-linked", **{"with": f"{HOME}/ME-8", "relation": "same_episode"}),
    ])  # fmt: skip
    assert ledger.database.rows("select namespace from ledger.stream_names") == [("E23000014",)]
    assert ledger.database.rows("select subject, position from ledger.mentions order by 2") == [
        (f"{HOME}/ME-7", 4), (f"{HOME}/ME-8", 6),
    ]  # fmt: skip
    [(child,)] = ledger.database.rows(
        "select c.id from ledger.child_mentions m join ledger.children c on c.no = m.child_no"
    )
    assert ledger.vault.reference(child.hex) == ("E23000014", "X-1")


def test_the_librarys_repository_folds_a_stream(ledger: Ledger) -> None:
    ledger.record([submission(), submission("returned")])
    episode = ledger.repository.get(f"{HOME}/ME-1", projector_func=fold)
    assert (episode.version, [e.type.split(".")[1] for e in episode.entries]) == (2, ["reported", "returned"])
    earlier = ledger.repository.get(f"{HOME}/ME-1", version=1, projector_func=fold)
    assert earlier.version == 1


def test_the_library_saves_through_the_same_append(ledger: Ledger) -> None:
    sent = submission()
    [recording] = ledger.save(sent)
    assert recording.notification.id == 3
    assert reasons(ledger.record([sent])) == ["duplicate"]


def test_corrected_personal_values_are_sealed_and_nulls_stay(ledger: Ledger) -> None:
    changes = {"data": {"date_of_birth": "2011-05-06", "circumstances": "free words", "sex": None}}
    ledger.record([submission("corrected", target={"source": "s", "id": "1"}, changes=changes)])
    [entry] = entries(ledger)
    assert entry.data["changes"] == {"data": {"birth_month": "2011-05", "sex": None}}
    assert list(entry.data["sealed"]) == ["changes/data/circumstances", "changes/data/date_of_birth"]
    assert "circumstances" in changes["data"]
