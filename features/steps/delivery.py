"""Sending: again, in batches, over broken lines; and what the ledger answers."""

from __future__ import annotations

from pytest_bdd import then, when

from features.driver import Story
from features.step_parts import sentence, split, told
from features.times import Moment


@told("{who:Who} attempt(s) to say that {what} {when:When}")
def attempt(api: Story, who: str, what: str, when: Moment):
    api.attempt(who, what, when)


@when(sentence("the same is sent again"))
def send_again(api: Story):
    api.send_again()


@when(sentence("the same facts are sent again as a new event"))
def send_as_new(api: Story):
    api.send_again(id=f"{api.position}-again")


@when(sentence("the same event is sent again with another time, {when:At}"))
def send_changed(api: Story, when: str):
    api.send_again(time=when)


@when(sentence("the same is sent again with a time of no offset, {time}"))
def send_naive(api: Story, time: str):
    api.send_again(id=f"{api.position}-naive", time=time)


@when(sentence("{who:Who} says that {what} {when:When}, and never gets the answer"))
def lose_the_answer(api: Story, who: str, what: str, when: Moment):
    api.lose_the_answer(who, what, when)


@told("{who:Who} send(s) in one batch:")
def send_batch(api: Story, who: str, datatable: list[list[str]]):
    api.batch(who, [split(line) for [line] in datatable])


@told("{who:Who} send(s) in one batch, all or nothing:")
def send_atomic_batch(api: Story, who: str, datatable: list[list[str]]):
    api.batch(who, [split(line) for [line] in datatable], "?atomic=true")


@when(sentence("the same batch is sent again"))
def send_batch_again(api: Story):
    api.send_batch_again()


@then(sentence("the ledger answers: {statuses}"))
def answered(api: Story, statuses: str):
    assert [o["status"] for o in api.outcomes] == statuses.split(", ")


@then(sentence("it is refused: {reason}"))
def refused(api: Story, reason: str):
    [problem] = [o["problem"] for o in api.outcomes if "problem" in o]
    assert problem["type"] == f"/problems/{reason.replace(' ', '-')}"


@then(sentence("the answer points to {what}"))
def pointed(api: Story, what: str):
    [problem] = [o["problem"] for o in api.outcomes if "problem" in o]
    assert what in str(problem)


@then(sentence("the receipt is the original one"))
def original(api: Story):
    assert api.outcomes[0]["receipt"]["position"] == api.history()[-1]["position"]
