"""Lists: the edges of spans, filters, scopes, and how far a list is complete."""

from __future__ import annotations

from application.projections.obligations_table import ObligationFilters
from application.projections.standings_table import EpisodeFilters
from application.queries.episodes.episode_reader import EpisodeReader
from application.queries.lists.page import ListQuery
from domain.facts.value_kinds import ChildRef
from domain.rules.rulebook import england
from tests.support.projection_stories import AUTHORITY, HOST, POLICE, at, event, hour, record, went_missing

pytest_plugins = ["tests.support.projection_fixtures"]

A, B, C, D = (f"{AUTHORITY}/{name}" for name in "abcd")
FIRST, LAST = -1, 1
"""A microsecond before, and after."""


def leads(answer) -> list[str]:
    return [item["subject"] for item in answer["items"]]


def episodes(lists, when: int, scope=None, **filters) -> list[str]:
    return leads(lists.episodes(EpisodeFilters(**filters), ListQuery(when, scope=scope)).json)


def obligations(lists, when: int, scope=None, **filters) -> list[tuple[str, str]]:
    answer = lists.obligations(ObligationFilters(**filters), ListQuery(when, scope=scope)).json
    return [(item["subject"], item["rule"]) for item in answer["items"]]


def test_an_episode_is_open_from_its_start_to_the_instant_before_its_end(ledger, lists, follow) -> None:
    went_missing(ledger, A, 10, back=20)
    follow()
    moments = [at(10) - 1, at(10), at(20) - 1, at(20)]
    assert [episodes(lists, m, open=True) for m in moments] == [[], [A], [A], []]
    assert [episodes(lists, m) for m in moments] == [[], [A], [A], [A]]
    assert [episodes(lists, m, standing="missing") for m in moments] == [[], [A], [A], []]
    assert episodes(lists, at(20), open=False) == [A]


def test_a_duty_is_due_until_the_limit_itself_and_overdue_after_it(ledger, lists, follow) -> None:
    went_missing(ledger, A, 0, back=10)
    record(ledger, event("interview-held", A, 100))
    follow()
    rule, limit = "return-interview-held", at(10 + 72)
    moments = [at(10) - 1, at(10), limit, limit + 1, at(100) - 1, at(100)]
    due = [[], [(A, rule)], [(A, rule)], [], [], []]
    overdue = [[], [], [], [(A, rule)], [(A, rule)], []]
    assert [obligations(lists, m, verdict="due", rule=rule) for m in moments] == due
    assert [obligations(lists, m, verdict="overdue", rule=rule) for m in moments] == overdue
    assert obligations(lists, at(100), verdict="met_late", rule=rule) == [(A, rule)]


def test_overdue_includes_the_possibly_overdue(ledger, lists, follow) -> None:
    day = {"earliest": hour(10), "latest": hour(34)}
    record(ledger, event("reported", A, 0, category="missing"))
    [returned] = [event("returned", A, 0)]
    returned.data["happened"] = day
    record(ledger, type(returned)(**{**fields(returned), "time": None}))
    follow()
    rule = "return-interview-held"
    answer = lists.obligations(ObligationFilters(verdict="overdue", rule=rule), ListQuery(at(90))).json
    assert [(item["verdict"], item["possibly"]) for item in answer["items"]] == [("cannot_tell", True)]
    assert obligations(lists, at(82), verdict="overdue", rule=rule) == []
    assert obligations(lists, at(34 + 72) + 1, verdict="overdue", rule=rule) == [(A, rule)]


def fields(submission) -> dict[str, object]:
    return {name: getattr(submission, name) for name in submission.__slots__}


def test_a_contradicted_end_is_open(ledger, lists, follow) -> None:
    went_missing(ledger, A, 0, back=10)
    record(ledger, event("sighting-reported", A, 12))
    follow()
    assert episodes(lists, at(13), open=True) == [A]
    assert episodes(lists, at(13), standing="returned") == [A]


def test_filters_of_episodes(ledger, lists, follow) -> None:
    setting = {"placement_type": "foster", "host_authority": HOST}
    record(ledger, event("reported", A, 0, category="missing", setting=setting))
    record(ledger, event("reported", B, 5, "P-2", category="away_without_authorisation"))
    record(ledger, event("reported", f"{POLICE}/x", 7, "P-3", category="missing"))
    record(ledger, event("episodes-linked", B, 6, "P-2", with_=f"{POLICE}/x", relation="related"))
    follow()
    police, now = f"{POLICE}/x", at(8)
    asked = {
        "none": {},
        "authority": {"authority": HOST},
        "namespace": {"authority": POLICE},
        "category": {"category": "missing"},
        "placement": {"placement_type": "foster"},
        "unmatched": {"unmatched": True},
        "matched": {"unmatched": False},
        "from": {"from_": at(5)},
        "to": {"to": at(5)},
        "child": {"child": ChildRef(AUTHORITY, "P-2")},
        "nobody": {"child": ChildRef(AUTHORITY, "P-99")},
    }
    assert {name: episodes(lists, now, **filters) for name, filters in asked.items()} == {
        "none": [A, B, police],
        "authority": [A],
        "namespace": [police],
        "category": [A, police],
        "placement": [A],
        "unmatched": [A],
        "matched": [B, police],
        "from": [B, police],
        "to": [A],
        "child": [B],
        "nobody": [],
    }


def test_a_child_is_listed_with_all_episodes_of_the_person(ledger, lists, follow) -> None:
    went_missing(ledger, A, 0, "P-1", back=5)
    went_missing(ledger, B, 10, "P-2")
    record(ledger, event("child-linked", B, 11, "P-2", same_as={"scheme": AUTHORITY, "reference": "P-1"}))
    follow()
    for reference in ("P-1", "P-2"):
        assert episodes(lists, at(12), child=ChildRef(AUTHORITY, reference)) == [A, B]


def test_filters_of_obligations(ledger, lists, follow) -> None:
    went_missing(ledger, A, 0, "P-1", back=10)
    went_missing(ledger, B, 0, "P-2", back=20)
    follow()
    rule = "return-interview-held"
    assert obligations(lists, at(30), rule=rule) == [(A, rule), (B, rule)]
    assert obligations(lists, at(30), rule=rule, due_before=at(20 + 72)) == [(A, rule)]
    assert obligations(lists, at(30), rule=rule, due_from=at(20 + 72)) == [(B, rule)]
    assert obligations(lists, at(200), rule=rule, verdict="overdue") == [(B, rule), (A, rule)]  # newest first
    first = lists.obligations(
        ObligationFilters(rule=rule, verdict="overdue"), ListQuery(at(200), limit=1)
    ).json
    second = ListQuery(at(200), limit=1, cursor=first["next"])
    rest = lists.obligations(ObligationFilters(rule=rule, verdict="overdue"), second).json
    assert [page["items"][0]["subject"] for page in (first, rest)] == [B, A]
    assert obligations(lists, at(30), rule=rule, accountable="responsible_authority") == [
        (A, rule),
        (B, rule),
    ]
    assert obligations(lists, at(30), rule=rule, accountable=AUTHORITY) == [(A, rule), (B, rule)]
    assert obligations(lists, at(30), rule=rule, accountable=HOST) == []
    assert obligations(lists, at(30), rule=rule, authority=HOST) == []
    raised = sum(any(p.fact.NAME == "returned" for p in r.starts.facts) for r in england().rules)
    assert len(obligations(lists, at(30), authority=AUTHORITY)) == 2 * raised


def test_a_reader_sees_own_episodes_and_those_that_name_them(ledger, lists, follow) -> None:
    went_missing(ledger, A, 0, "P-1", back=3)
    record(ledger, event("reported", B, 1, "P-2", category="missing", setting={"host_authority": HOST}))
    record(ledger, event("returned", B, 4, "P-2"))
    follow()
    assert episodes(lists, at(5), frozenset({HOST})) == [B]
    assert episodes(lists, at(5), frozenset({AUTHORITY})) == [A, B]
    assert episodes(lists, at(5), frozenset({POLICE})) == []
    assert {subject for subject, _ in obligations(lists, at(5), frozenset({HOST}))} == {B}


def test_an_episode_in_a_list_is_the_episode_itself(ledger, lists, follow) -> None:
    went_missing(ledger, A, 0, back=10)
    went_missing(ledger, B, 5, back=20)
    record(ledger, event("episodes-linked", A, 6, with_=B, relation="same_episode"))
    follow()
    reader = EpisodeReader(ledger.database, ledger.vault, ledger.repository)
    known = reader.known_at()
    [item] = lists.episodes(EpisodeFilters(), ListQuery(at(15))).json["items"]
    single = reader.episode(A, None, at(15), known).json
    assert item == {name: value for name, value in single.items() if name in item}
    assert item["linked"] == [B]
    duties = reader.timeline(A, None, at(15), known).json["obligations"]
    listed = lists.obligations(ObligationFilters(), ListQuery(at(15))).json["items"]
    of_child = {"subject": A, "child": {"scheme": AUTHORITY, "reference": "P-1"}}
    assert sorted(listed, key=lambda d: d["rule"]) == sorted(
        ({**of_child, **d} for d in duties), key=lambda d: d["rule"]
    )


def test_a_list_says_how_far_it_is_complete(ledger, lists, follow) -> None:
    complete = follow()
    went_missing(ledger, A, 0)
    answer = lists.episodes(EpisodeFilters(), ListQuery(at(1))).json
    assert (answer["items"], answer["complete_to"], answer["ledger_size"]) == ([], complete, complete + 1)
    assert not lists.wait_for(complete + 1, 0.05)
    follow()
    assert lists.wait_for(complete + 1, 0)
    answer = lists.episodes(EpisodeFilters(), ListQuery(at(1))).json
    assert leads(answer) == [A]
    assert answer["complete_to"] == answer["ledger_size"] == answer["known_at"] == complete + 1


def test_a_finding_names_no_episode_out_of_scope(ledger, lists, follow) -> None:
    hidden, shared = f"{HOST}/hidden", f"{HOST}/shared"
    went_missing(ledger, A, 1)
    record(ledger, event("reported", hidden, 2, category="missing"))
    record(
        ledger,
        event("reported", shared, 3, category="missing", setting={"responsible_authority": AUTHORITY}),
    )
    follow()
    reader = EpisodeReader(ledger.database, ledger.vault, ledger.repository)
    own, known_at = frozenset({AUTHORITY}), reader.known_at()
    past = reader.known_at(known_at.position)
    for scope, named in ((own, [shared]), (None, [hidden, shared])):
        single = reader.episode(A, scope, at(5), known_at).json
        of_child = reader.child(ChildRef(AUTHORITY, "P-1"), scope, at(5), known_at).json["episodes"][0]
        listed = lists.episodes(EpisodeFilters(), ListQuery(at(5), scope=scope)).json["items"][0]
        listed_past = lists.episodes(EpisodeFilters(), ListQuery(at(5), past, scope)).json["items"][0]
        for told in (single, of_child, listed, listed_past):
            [overlap] = [f for f in told["findings"] if f["finding"] == "overlaps_episode"]
            assert overlap["subjects"] == named


def test_a_finding_about_nothing_but_what_is_out_of_scope_is_left_out(ledger, lists, follow) -> None:
    went_missing(ledger, A, 1)
    went_missing(ledger, f"{HOST}/hidden", 2)
    follow()
    listed = lists.episodes(EpisodeFilters(), ListQuery(at(5), scope=frozenset({AUTHORITY}))).json["items"][0]
    assert "overlaps_episode" not in [each["finding"] for each in listed["findings"]]


def test_an_obligation_is_listed_under_the_authority_of_the_instant_asked(ledger, lists, follow) -> None:
    episode, rule = f"{POLICE}/m", "return-interview-held"
    record(
        ledger,
        event("reported", episode, 1, category="missing", setting={"responsible_authority": AUTHORITY}),
        event("returned", episode, 3),
        event("setting-changed", episode, 50, by=AUTHORITY, setting={"host_authority": HOST}),
    )
    known = EpisodeReader(ledger.database, ledger.vault, ledger.repository).known_at(follow())
    for known_at in (None, known):
        for moment, expected in ((40, []), (60, [(episode, rule)])):
            filters = ObligationFilters(authority=HOST, rule=rule)
            answer = lists.obligations(filters, ListQuery(at(moment), known_at)).json
            assert [(item["subject"], item["rule"]) for item in answer["items"]] == expected
