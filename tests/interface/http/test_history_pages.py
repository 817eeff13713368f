"""A history in pages: together they are the whole, in each order, and all of one moment of the ledger."""

from __future__ import annotations

import pytest

from application.store.line_codec import read_line
from tests.support.http_client import SUBJECT, event

pytest_plugins = ["tests.support.http_fixtures"]

HISTORY = f"/v1/episodes/{SUBJECT}/history"
OTHER = "E08000025/ME-other"
DAYS = (1, 5, 3, 2, 6, 4, 7)


@pytest.fixture
def story(api):
    """Seven entries, recorded in another order than they happened."""
    for n, day in enumerate(DAYS):
        name = "reported" if n == 0 else "sighting-reported"
        api.post(event(name, id=str(n), time=f"2026-03-{day:02}T20:00:00Z", data={"note": f"note {n}"}))


def pages(api, query, limit):
    """Return all pages of a history."""
    found, following = [], ""
    while following is not None:
        answer = api.get(f"{HISTORY}?limit={limit}{query}{following and f'&cursor={following}'}").json
        found.append(answer)
        following = answer["next"]
    return found


@pytest.mark.parametrize(
    "query", ["", "&order=happened", "&backwards=true", "&order=happened&backwards=true"]
)
@pytest.mark.parametrize("limit", [1, 3, 7, 500])
def test_the_pages_are_the_whole(story, api, query, limit):
    whole = api.get(f"{HISTORY}?{query[1:]}").json
    found = pages(api, query, limit)
    assert [item for page in found for item in page["items"]] == whole["items"]
    assert {len(page["items"]) for page in found[:-1]} <= {limit}
    assert {page["entries"] for page in found} == {whole["entries"]} == {len(DAYS)}
    assert whole["next"] is None


def test_the_next_page_knows_what_the_first_page_knew(story, api):
    first = api.get(f"{HISTORY}?limit=2&backwards=true").json
    api.post(event("returned", id="later", time="2026-03-08T20:00:00Z"))
    second = api.get(f"{HISTORY}?limit=2&backwards=true&cursor={first['next']}").json
    assert second["known_at"] == first["known_at"]
    assert second["entries"] == len(DAYS)
    assert first["items"][-1]["position"] > second["items"][0]["position"]


def test_a_cursor_is_good_for_its_own_history_only(story, api):
    api.post(event("reported", id="other", subject=OTHER, data={"child": "C-other"}))
    cursor = api.get(f"{HISTORY}?limit=2").json["next"]
    known_at = api.get(HISTORY).json["known_at"]
    for address in (
        f"{HISTORY}?order=happened&cursor={cursor}",
        f"{HISTORY}?backwards=true&cursor={cursor}",
        f"{HISTORY}?known_at=position:{known_at - 2}&cursor={cursor}",
        f"{HISTORY}?cursor=x{cursor}",
        f"/v1/episodes/{OTHER}/history?cursor={cursor}",
    ):
        answer = api.get(address)
        assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (400, "/cursor"), address


def test_a_page_discloses_what_is_on_it(story, api, ledger):
    answer = api.get(f"{HISTORY}?limit=2").json
    lines = ledger.database.rows("select line from ledger.access_entries order by position")
    assert read_line(lines[-1][0]).data["positions"] == [item["position"] for item in answer["items"]]
