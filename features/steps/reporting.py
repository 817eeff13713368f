"""Telling what happened: who says what, and when it happened."""

from __future__ import annotations

from pytest_bdd import given, step

from features.driver import Story
from features.step_parts import sentence, told
from features.times import Moment


@told("{who:Who} say(s) that {what} {when:When}")
def say(api: Story, who: str, what: str, when: Moment):
    api.tell(who, what, when)


@told("{who:Who}, who learned of it {learned:When}, say(s) that {what} {when:When}")
def say_what_was_learned(api: Story, who: str, learned: Moment, what: str, when: Moment):
    api.tell(who, what, when, learned_at=learned)


@told("{who:Who} say(s) that {what} {when:When}, also for the {one} and the {other} episode")
def say_for_other_episodes(api: Story, who: str, what: str, when: Moment, one: str, other: str):
    api.tell(who, what, when, covers=[api.subject_of(one), api.subject_of(other)])


@told("{who:Who} say(s) that {what} {when:When}, after leaving {left:When}")
def say_when_the_child_left(api: Story, who: str, what: str, when: Moment, left: Moment):
    api.tell(who, what, when, left_at=left)


@told('{who:Who} say(s), for the police only, that {what} {when:When}: "{note}"')
def say_for_the_police_only(api: Story, who: str, what: str, when: Moment, note: str):
    api.tell(who, what, when, handling="police_only", note=note)


@told("an extract that {who:Who} made {made:When} claims that an interview was held")
def claim_from_an_extract(api: Story, who: str, made: Moment):
    api.tell(who, "interview-summary-recorded", made, offered="yes", held="yes", learned_at=made)


@given(sentence("{who:Who} keep a record of their own"))
@given(sentence("{who:Who} keeps a record of its own"))
def keep_own_record(api: Story, who: str):
    api.keeps_own_record(who)


@step(sentence("turning to the {name} episode"))
def turn_to_episode(api: Story, name: str):
    api.turn_to_episode(name)


@step(sentence("turning to the record of {who:Who}"))
def turn_to_record(api: Story, who: str):
    api.turn_to_record(who)


@given(sentence("the child is thought to be {name}"))
def think_of(api: Story, name: str):
    api.child = name


@told('this moment is remembered as "{mark}"')
def remember(api: Story, mark: str):
    api.remember(mark, api.position)
