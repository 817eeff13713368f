"""Asking where the child is, whose episode it is, what is odd about it, and how the ledger came to know."""

from __future__ import annotations

from pytest_bdd import then

from features import times
from features.driver import Story
from features.spoken_words import ORGANISATIONS
from features.step_parts import sentence


@then(sentence("the child is {standing:Standing}"))
def stands(api: Story, standing: str):
    assert api.episode()["standing"] == standing


@then(sentence("{at:At} the child was {standing:Standing}"))
def stood(api: Story, at: str, standing: str):
    assert api.episode(at)["standing"] == standing


@then(sentence('as known on "{mark}", the child is {standing:Standing}'))
def stands_as_known(api: Story, mark: str, standing: str):
    assert api.episode(known=mark)["standing"] == standing


@then(sentence('as known on "{mark}", {at:At} the child was {standing:Standing}'))
def stood_as_known(api: Story, mark: str, at: str, standing: str):
    assert api.episode(at, mark)["standing"] == standing


@then(sentence("the episode is flagged as {finding}"))
def flagged(api: Story, finding: str):
    assert finding.replace(" ", "_") in api.flags()


@then(sentence("the episode is not flagged as {finding}"))
def not_flagged(api: Story, finding: str):
    assert finding.replace(" ", "_") not in api.flags()


@then(sentence("the episode started {when:When}"))
def started(api: Story, when: times.Moment):
    assert times.same(api.episode()["started"], when)


@then(sentence("the child has been so since {when:When}"))
def since(api: Story, when: times.Moment):
    assert times.same(api.episode()["since"], when)


@then(sentence("the responsible authority is {who:Who}"))
def responsible(api: Story, who: str):
    assert api.episode()["responsible_authority"] == ORGANISATIONS[who].namespace


@then(sentence("the highest risk was {level}"))
def risk(api: Story, level: str):
    assert api.episode()["risk"]["APP-2017"]["highest"] == level


@then(sentence("the return is contradicted"))
def contradicted(api: Story):
    assert api.episode()["end_contradicted"] == [api.position]


@then(sentence("the return is not contradicted"))
def not_contradicted(api: Story):
    assert api.episode()["end_contradicted"] == []


@then(sentence("the last entry is listed as a dispute"))
def disputed(api: Story):
    assert api.position in api.episode()["disputes"]


@then(sentence("nothing is listed as a dispute"))
def undisputed(api: Story):
    assert api.episode()["disputes"] == []


@then(sentence("it is one episode with the record of {who:Who}"))
def united(api: Story, who: str):
    assert api.subject(who) in api.episode()["linked"]


@then(sentence("it is linked with no other record"))
def alone(api: Story):
    assert api.episode()["linked"] == []


@then(sentence("{name:Name} has {count:d} episode"))
@then(sentence("{name:Name} has {count:d} episodes"))
def episodes(api: Story, name: str, count: int):
    assert len(api.episodes_of(name)) == count


@then(sentence('as known on "{mark}", {name:Name} has {count:d} episode'))
@then(sentence('as known on "{mark}", {name:Name} has {count:d} episodes'))
def episodes_as_known(api: Story, mark: str, name: str, count: int):
    assert len(api.episodes_of(name, mark)) == count


@then(sentence("the child is on the list of those who are not back"))
def listed(api: Story):
    assert api.on_list(open="true")


@then(sentence("the child is not on the list of those who are not back"))
def not_listed(api: Story):
    assert not api.on_list(open="true")


@then(sentence("{who:Who} can see the episode"))
def visible(api: Story, who: str):
    assert api.may_see(who)


@then(sentence("{who:Who} cannot see the episode"))
def invisible(api: Story, who: str):
    assert not api.may_see(who)


@then(sentence("a link is proposed by {who:Who}"))
def proposed(api: Story, who: str):
    assert [each["by"] for each in api.episode()["proposals"]] == [api.subject(who).partition("/")[0]]


@then(sentence("no link is proposed"))
def not_proposed(api: Story):
    assert api.episode()["proposals"] == []
