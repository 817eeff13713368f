"""Rows next to the lines: whatever a superuser changes of them is found, with its first position."""

from __future__ import annotations

import pytest

from application.access.grants import Grants
from application.crypto.keys import Keys
from application.verification import implied_pages
from domain.facts import FACTS
from tests.support.discrepancies import found, verified
from tests.support.sealed_ledgers import change, flipped
from tests.support.submission_builder import HOME, sample, submission

THEIRS = {"scheme": "E23000014", "reference": "X-1"}
SWAPPED_CHILDREN = """
create temp table kept as select * from ledger.children where no in (1, 2);
update ledger.children c set {0} = k.{0} from kept k where c.no in (1, 2) and k.no = 3 - c.no
"""
SWAPPED_BLOBS = """
create temp table kept as select * from ledger.sealed_values;
update ledger.sealed_values v set blob = k.blob from kept k where k.position = 7 - v.position
"""
CONTESTED = """
insert into ledger.grants_contested values (3, false); insert into ledger.grants values (3, 'ORG-EVIL', true)
"""
FINDS_CHILDREN = ("wrapped_key", "sealed_reference")


@pytest.fixture
def recorded(ledger):
    """Notes about two children, an interview that mentions an episode, a move to another child, and a link."""
    for each in (
        submission(note="first", setting={"responsible_authority": "E08000031"}),
        submission(episode="ME-2", child="P-2", note="second"),
        submission("interview-held", covers=[f"{HOME}/ME-2"]),
        submission("child-corrected", to="P-3"),
        submission("child-linked", child="P-3", same_as=THEIRS),
    ):
        ledger.record([each])  # one by one: children get their numbers in this order
    return ledger


@pytest.mark.parametrize(
    ("tampering", "disagree"),
    [
        # the vault
        *((SWAPPED_CHILDREN.format(column), {"vault": 3}) for column in FINDS_CHILDREN),
        *((f"update ledger.children set {column} = null where no = 2", {"vault": 4}) for column in FINDS_CHILDREN),
        *((f"update ledger.children set {column} = {flipped(column, 20)} where no = 2", {"vault": 4})
          for column in (*FINDS_CHILDREN, "lookup")),
        ("update ledger.children set kek_no = 9 where no = 2", {"vault": 4}),
        ("insert into ledger.children (id, lookup, kek_no) values (gen_random_uuid(), 'x', 1)", {"vault": 7}),
        ("delete from ledger.children where no = 2", {"vault": 4, "child": 4, "sealed values": 4}),
        ("update ledger.entries set child_no = 1 where position = 4",
         {"child": 4, "children of the episode": 4, "vault": 7}),
        ("update ledger.entries set child_no = null where position = 5", {"child": 5}),
        # sealed values
        (SWAPPED_BLOBS, {"sealed values": 3}),
        ("update ledger.sealed_values set key_no = 1 where position = 4", {"sealed values": 4}),
        ("delete from ledger.sealed_values where position = 4", {"sealed values": 4}),
        ("insert into ledger.sealed_values select 5, key_no, blob from ledger.sealed_values where position = 3",
         {"sealed values": 5}),
        ("insert into ledger.sealed_values select 9, key_no, blob from ledger.sealed_values where position = 3",
         {"sealed values": 9}),
        (f"update ledger.sealed_values set blob = {flipped('blob', 40)} where position = 4",
         {"sealed values": 4}),
        ("update ledger.sealed_values set blob = '\\x' where position = 4", {"sealed values": 4}),
        # fingerprints
        (f"update ledger.event_ids set fingerprint = {flipped('fingerprint', 0)} where position = 4",
         {"fingerprint": 4}),
        ("update ledger.event_ids set fingerprint = null where position = 4", {"fingerprint": 4}),
        ("update ledger.event_ids set fingerprint = '\\x00' where position = 1", {"fingerprint": 1}),
        # mentions of other subjects and of other children
        ("delete from ledger.mentions", {"mentions": 5}),
        ("update ledger.mentions set subject = 'E08000025/ME-9'", {"mentions": 5}),
        ("update ledger.mentions set stream_no = stream_no + 1", {"mentions": 5}),
        ("insert into ledger.mentions values ('E08000025/ME-9', 4, 3)", {"mentions": 4}),
        ("insert into ledger.mentions values ('E08000025/ME-9', 9, 2)", {"mentions": 9}),
        ("delete from ledger.child_mentions where position = 6", {"mentions": 6}),
        ("update ledger.child_mentions set child_no = 1 where position = 7", {"mentions": 7, "vault": 7}),
        # access to the episode, and the children that are allowed on it
        ("delete from ledger.stream_names", {"names on the episode": 3}),
        ("insert into ledger.stream_names values (3, 'ORG-EVIL')", {"names on the episode": 4}),
        ("update ledger.stream_names set namespace = 'ORG-EVIL'", {"names on the episode": 3}),
        ("delete from ledger.stream_children where stream_no = 3", {"children of the episode": 4}),
        ("delete from ledger.stream_children where stream_no = 2 and child_no = 3", {"children of the episode": 7}),
        ("insert into ledger.stream_children values (1, 3)", {"children of the episode": 4}),
        ("delete from ledger.grants", {"grants": 7}),
        ("insert into ledger.grants values (3, 'ORG-EVIL', true)", {"grants": 4}),
        ("update ledger.grants set named = false", {"grants": 7}),
        (CONTESTED,
         {"grants": 4}),
        ("update ledger.mentions set by = 'ORG-EVIL'", {"mentions": 5}),
        # the head
        ("update ledger.heads set name = 'another' where log = 1", {"head": 7}),
        ("update ledger.heads set epoch = 2 where log = 1", {"head": 7}),
        ("update ledger.heads set recorded_at = recorded_at + interval '1 day' where log = 1", {"head": 7}),
    ],
)  # fmt: skip
def test_a_change_next_to_the_lines_is_found_with_its_position(recorded, dsn, keys, tampering, disagree):
    assert found(dsn, keys=keys) == {}
    change(dsn, tampering)
    assert found(dsn, keys=keys) == disagree


def test_rows_of_every_type_with_every_member_agree(ledger, dsn, keys):
    ledger.record([
        submission(cls.NAME, episode=f"ME-{n}", time=None, **sample(cls)) for n, cls in enumerate(FACTS.values())
    ])  # fmt: skip
    report = verified(dsn, keys=keys)
    assert (report.findings, report.entries) == ((), len(FACTS) + 2)
    assert report.opened == len(FACTS)


@pytest.mark.parametrize("child", ["P-1", {"scheme": HOME, "reference": "P-1"}, THEIRS])
def test_a_child_agrees_in_each_form_that_can_be_sent(ledger, dsn, keys, child):
    ledger.record(
        [submission(child=child, note="first"), submission("child-corrected", child=child, to=child)]
    )
    assert found(dsn, keys=keys) == {}


def test_grants_of_a_contested_episode_are_worked_out_from_its_entries(recorded, dsn, keys):
    recorded.record([submission("profile-recorded", id="named", setting={"host_authority": "E08000026"})])
    target = {"source": "urn:x:lcs", "id": "named"}
    recorded.record([submission("retracted", target=target)])
    Grants(recorded.database).named_on(f"{HOME}/ME-1")  # works out what is due
    assert found(dsn, keys=keys) == {}
    change(dsn, "insert into ledger.grants values (2, 'E08000026', true)")
    assert found(dsn, keys=keys) == {"grants": 9}
    change(dsn, "update ledger.grants_contested set due = true")  # it is worked out before it is used
    assert found(dsn, keys=keys) == {}


def test_without_the_secrets_only_what_needs_them_is_left_out(recorded, dsn):
    assert verified(dsn).opened is None
    change(dsn, "update ledger.event_ids set fingerprint = null where position = 4")
    assert found(dsn) == {}
    change(dsn, "delete from ledger.sealed_values where position = 4")
    assert found(dsn) == {"sealed values": 4}


def test_nothing_opens_with_the_secrets_of_another_ledger(recorded, dsn, tmp_path):
    stranger = Keys.new(tmp_path / "stranger")
    assert found(dsn, keys=stranger) == {"vault": 3}


def test_processes_find_the_same(recorded, dsn, keys, monkeypatch):
    monkeypatch.setattr(implied_pages, "_FEW", 0)
    assert found(dsn, keys=keys) == {}
    change(dsn, SWAPPED_BLOBS)
    assert found(dsn, keys=keys) == {"sealed values": 3}
