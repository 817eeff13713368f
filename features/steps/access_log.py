"""Looking at a child's records, and seeing who did."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import psycopg
import pytest
from pytest_bdd import given, then, when

from features.conftest import Told
from features.driver import OFFICER, Story
from features.spoken_words import ORGANISATIONS
from features.step_parts import sentence


@pytest.fixture
def access_log(national: Told) -> Iterator[Callable[[bool], None]]:
    """Whether the access log can be written; it can again after the story."""

    def writable(can: bool) -> None:  # noqa: FBT001  that is what it is about
        how = "grant execute on function {} to" if can else "revoke execute on function {} from"
        with psycopg.connect(national.dsn) as owner:
            owner.execute(f"{how.format('ledger.append_access')} ledger_service".encode())

    yield writable
    writable(True)


@given(sentence("the reviewing officer looked at the episode for {purpose}"), target_fixture="answer")
@when(sentence("the reviewing officer looks at the episode for {purpose}"), target_fixture="answer")
def look(api: Story, purpose: str) -> httpx.Response:
    return api.look(OFFICER, purpose)


@when(sentence("the reviewing officer looks at the episode and does not say why"), target_fixture="answer")
def look_without_a_reason(api: Story) -> httpx.Response:
    return api.look(OFFICER)


@when(sentence("the access log cannot be written"))
def breaks(access_log: Callable[[bool], None]) -> None:
    access_log(False)


@when(sentence("the access log can be written again"))
def mends(access_log: Callable[[bool], None]) -> None:
    access_log(True)


@then(sentence("the episode is shown"))
def shown(answer: httpx.Response) -> None:
    assert answer.status_code == 200, answer.text


@then(sentence("nothing is shown, and the reviewing officer is asked for one of the purposes"))
def asked_for_a_purpose(answer: httpx.Response) -> None:
    assert answer.status_code == 400
    assert "header Purpose with one of safeguarding, care," in answer.json()["detail"]
    assert "subject" not in answer.json()


@then(sentence("nothing is shown, because it could not be recorded"))
def not_recorded(answer: httpx.Response) -> None:
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/not-recorded")
    assert "subject" not in answer.json()


@then(sentence("the child's access list says that {who:Who} looked for {purpose}"))
def listed(api: Story, who: str, purpose: str) -> None:
    assert (ORGANISATIONS[who].namespace, purpose) in api.lookers()


@then(sentence("the child's access list does not name {who:Who}"))
def not_listed(api: Story, who: str) -> None:
    assert ORGANISATIONS[who].namespace not in {by for by, _ in api.lookers()}


@then(sentence("the child's access list says that the list itself was looked at for {purpose}"))
def list_is_listed(api: Story, purpose: str) -> None:
    api.lookers()
    assert ("ledger", purpose) in api.lookers()
