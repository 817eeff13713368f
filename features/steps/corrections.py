"""Entries about the record: corrections, withdrawals, disputes, links, hand-overs, the wrong child."""

from __future__ import annotations

from features.driver import Story
from features.step_parts import told
from features.times import Moment


def changed(when: Moment) -> dict[str, object]:
    """The changes that give an entry another time."""
    return {"time": when} if isinstance(when, str) else {"data": {"happened": when}}


@told("{who:Who} correct(s) the time at which {what}: {when:When}")
def correct_time(api: Story, who: str, what: str, when: Moment):
    api.point(who, "corrected", f"that {what}", changes=changed(when))


@told("{who:Who}, writing {written:When}, correct(s) the time at which {what}: {when:When}")
def correct_time_in_writing(api: Story, who: str, written: Moment, what: str, when: Moment):
    api.point(who, "corrected", f"that {what}", written, changes=changed(when))


@told("{who:Who} withdraw(s) that {what}")
def withdraw(api: Story, who: str, what: str):
    api.point(who, "retracted", f"that {what}")


@told("{who:Who} withdraw(s) its own word that {what}")
def withdraw_own_word(api: Story, who: str, what: str):
    api.point(who, "retracted", f"{who}'s word that {what}")


@told("{who:Who} withdraw(s) the correction")
def withdraw_correction(api: Story, who: str):
    api.point(who, "retracted", "the corrected")


@told("{who:Who} withdraw(s) the withdrawal")
def withdraw_withdrawal(api: Story, who: str):
    api.point(who, "retracted", "the retracted")


@told("{who:Who} withdraw(s) the link to the record of {other:Who}")
def withdraw_link(api: Story, who: str, other: str):
    api.point(who, "retracted", f"the link to {other}'s record")


@told("{who:Who} dispute(s) that {what}")
def dispute(api: Story, who: str, what: str):
    api.point(who, "disputed", f"that {what}")


@told("{who:Who} settle(s) the dispute about whether {what}")
def settle(api: Story, who: str, what: str):
    api.point(who, "dispute-resolved", f"that {what}")


@told("{who:Who} link(s) its record to the record of {other:Who}")
def link(api: Story, who: str, other: str):
    api.link(who, other)


@told("{who:Who} record(s) that the episode is about {name} instead")
def correct_child(api: Story, who: str, name: str):
    api.note(who, "child-corrected", to=api.child_of(who, name), authorised_by="team_manager")


@told("{who:Who} record(s) that {one} and {other} are one child")
def link_children(api: Story, who: str, one: str, other: str):
    api.child = one
    api.note(who, "child-linked", same_as=api.child_of(who, other))


@told("{who:Who} acknowledge(s) the hand-over {when:When}")
def acknowledge(api: Story, who: str, when: Moment):
    api.point(who, "handover-acknowledged", "that the case was handed to the other authority", when)
