"""Evidence bundles: what they hold, for whom, and that the same question gives the same bytes."""

from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser

import pytest

from application.access.log import AccessContext
from application.answers.disclosures import DisclosedRecords
from application.evidence.verify_bundle import Bundle
from domain.merkle.tree import leaf_hash
from domain.rules.rulebook import england
from tests.support.bundle_stories import FORCE, FREE_WORDS, POLICE_WORDS, told
from tests.support.http_client import AUTHORITY, SUBJECT, event
from tests.support.repository import DOCS
from tests.support.sealed_ledgers import change

pytest_plugins = ["tests.support.http_fixtures", "tests.support.sealing_fixtures"]

ELSEWHERE = f"{FORCE}/P-1"
PATH = f"/v1/episodes/{SUBJECT}/evidence"
ACCESS_LINES = "select line from ledger.access_entries"


@pytest.fixture
def police(sign_in):
    """The police force that is named on the episode."""
    return sign_in("recorder", namespace=FORCE)


@pytest.fixture
def story(api, police, sealer):
    """The story, under a checkpoint of seven entries."""
    told(api, police)
    sealer.catch_up()


@pytest.fixture
def auditor(sign_in):
    """Of the authority, so that what is for the police only is not for them."""
    return sign_in("auditor", namespace=AUTHORITY)


def bundle(api, path=PATH):
    """The bundle that a route gives, checked by the verifier that ships in it."""
    answer = api.get(path)
    assert answer.status_code == 200, answer.get_json()
    return Bundle(answer.get_data())


def about(bundle):
    """What the manifest says of the options."""
    return json.loads(bundle.files["manifest.json"])


def rows(bundle, name):
    """The rows of a table in a bundle."""
    return list(csv.reader(io.StringIO(bundle.files[name].decode()), delimiter="\t", quoting=csv.QUOTE_NONE))


def test_a_bundle_holds_the_lines_of_its_episode_as_they_are_stored(api, story):
    held = bundle(api)
    assert [json.loads(line)["position"] for line in held.files["lines.ndjson"].splitlines()] == [
        1,
        2,
        3,
        4,
        5,
        6,
    ]
    stored = api.get("/v1/ledger/entries").get_data().splitlines()
    assert held.files["lines.ndjson"].splitlines() == stored[:6]
    assert held.files["checkpoint"] == api.get("/v1/ledger/checkpoint").get_data()
    assert held.files["proofs/4"] == api.get("/v1/ledger/proofs/4", Accept="text/plain").get_data()


def test_the_disclosures_are_what_the_reader_may_see_and_the_rest_is_withheld_with_its_reason(auditor, story):
    held = bundle(auditor)
    [(position, path, disclosure)] = rows(held, "disclosures.tsv")
    assert (position, path, json.loads(disclosure)[1:]) == ("3", "note", ["note", FREE_WORDS])
    reason = "its handling allows it to others only"
    assert rows(held, "redactions.tsv") == [["5", "note", reason], ["5", "place", reason]]
    assert POLICE_WORDS.encode() not in b"".join(held.files.values())


def test_what_is_erased_is_withheld_as_erased(api, story, dsn):
    change(dsn, "update ledger.children set wrapped_key = null, sealed_reference = null")
    held = bundle(api)
    assert held.files["disclosures.tsv"] == b""
    assert {row[2] for row in rows(held, "redactions.tsv")} == {
        "erased: the key under which it was sealed is destroyed"
    }
    assert json.loads(held.files["told/now.json"])["episodes"][0]["episode"]["child"] is None


def test_what_does_not_open_is_said_to_be_unreadable(api, story, dsn):
    change(dsn, "delete from ledger.sealed_values")
    held = bundle(api)
    assert held.files["disclosures.tsv"] == b""
    assert {row[2].partition(":")[0] for row in rows(held, "redactions.tsv")} == {"unreadable"}
    steps = json.loads(held.files["told/now.json"])["episodes"][0]["steps"]
    assert [step.get("unreadable") for step in steps] == [["note"], None, None, None]


def test_the_same_question_gives_the_same_bytes_whatever_came_since(api, story, sealer):
    first = api.get(PATH).get_data()
    assert api.get(PATH).get_data() == first
    api.post(event("carer-view-recorded"))
    sealer.catch_up()
    assert api.get(PATH).get_data() != first
    assert api.get(f"{PATH}?size=7").get_data() == first


def test_the_options_say_of_when_it_is(api, story):
    asked = f"{PATH}?as_at=2026-03-01T21:00:00Z&known_at=position:3&access_to=0"
    held = bundle(api, asked)
    now, known = (json.loads(held.files[f"told/{name}.json"]) for name in ("now", "known"))
    assert (now["as_at"], now["known_at"], known["known_at"]) == ("2026-03-01T21:00:00Z", 7, 3)
    assert now["episodes"][0]["episode"]["standing"] == "missing"
    assert len(now["episodes"][0]["steps"]) == 4
    assert len(known["episodes"][0]["steps"]) == 1
    manifest = json.loads(held.files["manifest.json"])
    assert {name: manifest[name] for name in ("ledger", "size", "subjects", "known_at", "access_to")} == {
        "ledger": "test", "size": 7, "subjects": [SUBJECT], "known_at": 3, "access_to": 0,
    }  # fmt: skip


def test_before_its_first_entry_nothing_was_known(api, story):
    known = json.loads(bundle(api, f"{PATH}?known_at=position:2").files["told/known.json"])
    assert (known["episodes"], known["not_known"]) == ([], [SUBJECT])


def test_what_the_ledger_makes_of_it_is_what_it_answers(api, story):
    told_now = json.loads(bundle(api).files["told/now.json"])["episodes"][0]
    at = "as_at=2026-03-05T00:00:00Z&known_at=position:7"
    asked = json.loads(bundle(api, f"{PATH}?as_at=2026-03-05T00:00:00Z").files["told/now.json"])["episodes"][
        0
    ]
    assert asked["episode"] == api.get(f"/v1/episodes/{SUBJECT}?{at}").get_json()
    assert asked["obligations"] == api.get(f"/v1/episodes/{SUBJECT}/timeline?{at}").get_json()["obligations"]
    assert (
        told_now["steps"]
        == api.get(f"/v1/episodes/{SUBJECT}/history?known_at=position:7").get_json()["items"]
    )


def test_rulebook_and_keys_are_those_that_the_ledger_states(api, story, keys):
    held = bundle(api)
    assert held.files["stated/2.text"].decode() == england().text
    assert held.files["stated/1.key"].decode() == keys.verifier_key("test/1")


def test_making_a_bundle_is_recorded_like_any_reading(api, story, sign_in):
    api.get(PATH, Purpose="inspection")
    readings = api.get(f"/v1/children/{AUTHORITY}/C1/access").get_json()["items"]
    [made] = [each for each in readings if each["route"].endswith("/evidence")]
    assert (made["role"], made["purpose"], made["positions"]) == ("auditor", "inspection", [3, 4, 5, 6])
    assert made["children"] == 1


def test_who_looked_is_told_and_proved_up_to_a_position_of_the_access_log(
    api, story, access_sealer, access_outside, ledger
):
    api.get(f"/v1/episodes/{SUBJECT}")
    api.get("/v1/ledger/entries")
    api.get(f"/v1/episodes/{AUTHORITY}/ME-2")
    access_sealer.catch_up()
    assert json.loads(bundle(api).files["told/access.json"]) == []
    held = bundle(api, f"{PATH}?access_to=2")
    [reading] = json.loads(held.files["told/access.json"])
    assert (reading["position"], reading["route"]) == (1, "/v1/episodes/{namespace}/{reference}")
    assert held.files["access/lines.ndjson"] == b"".join(
        line + b"\n" for (line,) in ledger.database.rows(f"{ACCESS_LINES} where position = 1")
    )
    assert list(held.readings) == [1]
    assert held.files["access/checkpoint"].decode() == access_outside.read()
    assert (about(held)["access_to"], about(held)["access_size"]) == (2, 3)


def test_what_was_read_by_the_checkpoints_last_entry_is_told_unless_another_position_is_asked_for(
    api, sealer, access_sealer, police
):
    told(api, police)
    api.get(f"/v1/episodes/{SUBJECT}")
    api.post(event("carer-view-recorded"))
    sealer.catch_up()
    answer = api.get(PATH)
    assert answer.get_json()["type"] == "/problems/behind"
    assert "position 1 of the access log" in answer.get_json()["detail"]
    access_sealer.catch_up()
    held = bundle(api)
    assert (about(held)["access_to"], about(held)["access_size"], list(held.readings)) == (1, 1, [1])


def test_where_nothing_is_sealed_yet_nobody_is_told_to_have_looked(api, story):
    api.get(f"/v1/episodes/{SUBJECT}")
    held = bundle(api, f"{PATH}?access_to=1000")
    assert about(held)["access_to"] == 0
    assert "access_size" not in about(held)
    assert "access/checkpoint" not in held.files


def test_the_same_position_of_the_access_log_gives_the_same_bytes_though_asking_adds_to_it(
    api, story, access_sealer
):
    api.get(f"/v1/episodes/{SUBJECT}")
    access_sealer.catch_up()
    asked = f"{PATH}?size=7&access_to=1"
    first = api.get(asked).get_data()
    later = f"{PATH}?size=7&access_to=1000"
    access_sealer.catch_up()
    assert about(bundle(api, later))["access_to"] == 2
    access_sealer.catch_up()
    assert about(bundle(api, later))["access_to"] == 3
    assert api.get(asked).get_data() == first
    assert list(Bundle(first).readings) == [1]


def test_a_reading_that_showed_other_children_too_is_told_by_its_hash(api, story, ledger, access_sealer):
    shown = DisclosedRecords(
        {child.hex for (child,) in ledger.database.rows("select id from ledger.children")}, {3, 7}
    )
    ledger.access.record(AccessContext("c_1", AUTHORITY, "manager", "oversight", "/v1/episodes"), shown, 200)
    access_sealer.catch_up()
    held = bundle(api, f"{PATH}?access_to=1")
    [reading] = json.loads(held.files["told/access.json"])
    assert (reading["children"], reading["positions"]) == (2, [3])
    assert set(json.loads(held.files["access/lines.ndjson"])) == {"v", "position", "leaf_hash"}
    assert list(held.readings) == [1]


def test_only_an_auditor_who_may_see_the_episode_gets_a_bundle(sign_in, story):
    assert sign_in("manager").get(PATH).status_code == 403
    stranger = sign_in("auditor", namespace="E09000007")
    assert stranger.get(PATH).get_json()["type"] == "/problems/not-found"
    assert stranger.get(f"/v1/episodes/{AUTHORITY}/none/evidence").status_code == 404
    assert sign_in("auditor", namespace=AUTHORITY).get(PATH).status_code == 200


def test_nothing_signed_yet_is_said(api, police):
    told(api, police)
    assert api.get(PATH).get_json()["type"] == "/problems/behind"


def test_a_size_at_which_nothing_was_signed_is_refused(api, story):
    answer = api.get(f"{PATH}?size=6")
    assert (answer.status_code, answer.get_json()["type"]) == (400, "/problems/invalid-query")


class Tags(HTMLParser):
    """The elements and attributes of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        """Note an element."""
        self.seen |= {tag, *(name for name, _ in attrs)}
        self.links += [value for name, value in attrs if name == "href"]


def test_the_page_is_html_without_scripts_and_with_everything_escaped(auditor, story):
    page = bundle(auditor).files["index.html"].decode()
    assert "she said &lt;b&gt;“Zoë”&lt;/b&gt; &amp; left" in page
    tags = Tags(page)
    seen = tags.seen
    assert tags.links == ["#check"]
    assert not seen & {"script", "iframe", "img", "link", "b", "onclick", "onload", "src"}
    assert {"h1", "table", "pre"} <= seen
    for told_there in ("Story", "What is withheld", "Who looked", "How to check it", "size=7"):
        assert told_there.lower() in page.lower()


def test_what_a_duty_rests_on_elsewhere_is_there_as_far_as_the_reader_may_see_it(
    api, auditor, police, sealer
):
    told(api, police)
    held = {"child": {"scheme": AUTHORITY, "reference": "C1"}, "covers": [SUBJECT], "note": "elsewhere"}
    police.post(event("interview-held", subject=ELSEWHERE, data=held, time="2026-03-03T10:00:00Z"))
    sealer.catch_up()
    everything, within = bundle(api), bundle(auditor)
    [(position, path, reason)] = [row for row in rows(everything, "redactions.tsv") if int(row[0]) > 7]
    assert (path, reason) == ("note", "of an entry of another episode than those that were asked for")
    whole, bare = (each.files["lines.ndjson"].splitlines()[-1] for each in (everything, within))
    assert json.loads(bare) == {
        "v": 1, "position": int(position), "leaf_hash": leaf_hash(whole).hex(),
    }  # fmt: skip
    assert [position, "*", "the episode is outside the reader's scope"] in rows(within, "redactions.tsv")


def test_every_file_of_a_bundle_is_described(api, story):
    described = (DOCS / "evidence.md").read_text("utf-8")
    section = described.partition("## What is in it")[2].partition("\n## ")[0]
    names = {re.sub(r"\d+", "N", name) for name in bundle(api, f"{PATH}?known_at=position:3").files}
    assert {name for name in names if f"`{name}`" not in section} == set()


def subjects_of(bundle):
    """The episodes that a bundle tells of."""
    return [told["subject"] for told in json.loads(bundle.files["told/now.json"])["episodes"]]


def test_a_bundle_is_had_of_a_child_and_of_a_sample_too(api, story, sign_in):
    of_child = bundle(api, f"/v1/children/{AUTHORITY}/C2/evidence")
    assert (subjects_of(of_child), list(of_child.lines)) == ([f"{AUTHORITY}/ME-2"], [1, 2, 7])
    sample = bundle(api, f"/v1/evidence?subjects={AUTHORITY}/ME-2,{SUBJECT}")
    assert subjects_of(sample) == [f"{AUTHORITY}/ME-2", SUBJECT]
    assert list(sample.lines) == [1, 2, 3, 4, 5, 6, 7]
    for place in ("The story", SUBJECT, f"{AUTHORITY}/ME-2"):
        assert place in sample.files["index.html"].decode()
    stranger = sign_in("auditor", namespace="E09000007")
    for path in (f"/v1/children/{AUTHORITY}/C2/evidence", f"/v1/evidence?subjects={SUBJECT}"):
        assert sign_in("manager").get(path).status_code == 403
        assert stranger.get(path).get_json()["type"] == "/problems/not-found"


def test_of_a_child_only_the_episodes_within_scope_are_told(api, auditor, police, sealer):
    told(api, police)
    child = {"scheme": AUTHORITY, "reference": "C1"}
    police.post(event("reported", subject=ELSEWHERE, data={"child": child}))
    sealer.catch_up()
    path = f"/v1/children/{AUTHORITY}/C1/evidence"
    assert subjects_of(bundle(api, path)) == [SUBJECT, ELSEWHERE]
    assert subjects_of(bundle(auditor, path)) == [SUBJECT]


@pytest.mark.parametrize(
    ("asked", "status", "words"),
    [
        ("", 400, "must name the episodes of the sample"),
        ("?subjects=", 400, "must be 1 to 100 episodes"),
        ("?subjects=E08000025/ME-1,", 400, "must be 1 to 100 episodes"),
        (f"?subjects={','.join(['E08000025/ME-1'] * 101)}", 400, "must be 1 to 100 episodes"),
        (
            "?subjects=E08000025/ME-1,E08000025/none",
            404,
            "Of the 2 episodes not every one is there: look at number 2.",
        ),
    ],
)
def test_a_sample_that_cannot_be_had_is_refused_with_what_is_wrong(api, story, asked, status, words):
    answer = api.get(f"/v1/evidence{asked}")
    assert answer.status_code == status
    assert words in answer.get_json()["detail"]
