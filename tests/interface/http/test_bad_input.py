"""Every way in which what is posted can be wrong: the exact problem, and nothing recorded."""

from __future__ import annotations

import gzip
import json
import tracemalloc

import pytest

from interface.http.app import create_app
from interface.http.build_services import wire
from interface.settings import Limits, Settings
from tests.support.http_client import AUTHORITY, BATCH, STRUCTURED, SUBJECT, Api, event

pytest_plugins = ["tests.support.http_fixtures"]

KIB = 1024


def text(name="returned", **attributes):
    """An event as JSON text, to be spoilt."""
    return json.dumps(event(name, **attributes)).encode()


def binary_headers(**changed):
    """The headers of binary mode; None leaves one out."""
    sent = event() | changed
    return {f"ce-{n}": v for n, v in sent.items() if n != "data" and v is not None}


WRONG = {
    "not JSON": (b"child=C1", 400, "invalid-json"),
    "nothing": (b"", 400, "invalid-json"),
    "deeply nested JSON": (
        text(data={"a": 1}).replace(b"1}", b"[" * 50 + b"]" * 50 + b"}"),
        400,
        "invalid-json",
    ),
    "the same key twice": (text().replace(b'"child"', b'"child": "C9", "child"'), 400, "invalid-json"),
    "NUL": (text(data={"note": "a\0b"}), 400, "invalid-json"),
    "a lone surrogate": (text(data={"note": "\ud800"}), 400, "invalid-json"),
    "not UTF-8": (text(data={"note": "?"}).replace(b"?", b"\xff"), 400, "invalid-json"),
    "NaN": (text(extension="?").replace(b'"?"', b"NaN"), 400, "invalid-json"),
    "a list": (b"[]", 400, "invalid-cloudevent"),
    "no id": (text(id=None), 400, "invalid-cloudevent"),
    "no source": (text(source=None), 400, "invalid-cloudevent"),
    "no subject": (text(subject=None), 400, "invalid-cloudevent"),
    "no type": (text(type=None), 400, "invalid-cloudevent"),
    "no specversion": (text(specversion=None), 400, "invalid-cloudevent"),
    "a subject without namespace": (text(subject="ME-1"), 400, "invalid-cloudevent"),
    "an unknown type": (text(type="missing-episode.vanished.v1"), 422, "invalid-event"),
    "an unknown version": (text(type="missing-episode.returned.v9"), 422, "invalid-event"),
    "an unknown member": (text(data={"colour": "red"}), 422, "invalid-event"),
    "a value outside its list": (text(data={"mode": "by_bus"}), 422, "invalid-event"),
    "free words in a clear member": (text(data={"condition": "tired but well"}), 422, "invalid-event"),
    "a fraction": (text("oversight-recorded", data={"seen_to_position": 1.5}), 422, "invalid-event"),
    "beyond 2^53": (text("oversight-recorded", data={"seen_to_position": 2**53 + 1}), 422, "invalid-event"),
    "a number for words": (text(data={"note": 1e300}), 422, "invalid-event"),
    "a naive time": (text(time="2026-03-01T22:30:00"), 422, "invalid-event"),
    "1970": (text(time="1970-01-01T00:00:00Z"), 422, "invalid-event"),
    "2090": (text(time="2090-01-01T00:00:00Z"), 422, "future-event"),
    "no time at all": (text(time=None), 422, "invalid-event"),
    "two times": (text(data={"happened": {"date": "2026-03-01"}}), 422, "invalid-event"),
    "latest before earliest": (
        text(
            time=None,
            data={"happened": {"earliest": "2026-03-02T00:00:00Z", "latest": "2026-03-01T00:00:00Z"}},
        ),
        422,
        "invalid-event",
    ),
    "data in base64": (text(data_base64="e30="), 422, "invalid-event"),
    "a note of 2 MB": (text(data={"note": "x" * 2_000_000}), 413, "too-large"),
}


@pytest.mark.parametrize(("body", "status", "reason"), WRONG.values(), ids=WRONG.keys())
def test_one_event_that_is_wrong(api, recorded, body, status, reason):
    before = recorded()
    answer = api.post(body)
    assert (answer.status_code, answer.get_json()["type"]) == (status, f"/problems/{reason}")
    assert answer.mimetype == "application/problem+json"
    assert recorded() == before


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/xml", "application/cloudevents+xml", "application/x-www-form-urlencoded", None,
     "application/cloudevents+json; charset=utf-16", "application/cloudevents"],
)  # fmt: skip
def test_another_content_type(api, recorded, content_type):
    before = recorded()
    answer = api.post(event(), content_type)
    assert (answer.status_code, answer.get_json()["type"]) == (415, "/problems/unsupported-media-type")
    assert recorded() == before


@pytest.mark.parametrize(
    "content_type", [f"{STRUCTURED}; charset=UTF-8", "Application/CloudEvents+JSON;charset=utf-8"]
)
def test_a_charset_is_no_other_content_type(api, content_type):
    assert api.post(event(), content_type).status_code == 201


def test_exactly_256_kib_are_taken_and_one_byte_more_is_not(api, recorded):
    room = 256 * KIB - len(text(data={"note": ""}, id="fits"))
    assert api.post(text(data={"note": "x" * room}, id="fits")).status_code == 201
    before = recorded()
    answer = api.post(text(data={"note": "x" * (room + 1)}, id="fits"))
    assert (answer.status_code, answer.get_json()["type"]) == (413, "/problems/too-large")
    assert recorded() == before


def test_a_batch_over_its_number(api, recorded):
    before = recorded()
    answer = api.batch([event() for _ in range(1001)])
    assert (answer.status_code, answer.get_json()["type"]) == (413, "/problems/too-large")
    assert recorded() == before


HOSTILE = {"numbers": b"1", "objects": b"{}", "lists in lists": b"[[[[]]]]"}


@pytest.mark.parametrize("item", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_batch_over_its_number_is_refused_without_reading_it(api, item):
    body = b"[" + b",".join([item] * (15 * KIB * KIB // (len(item) + 1))) + b"]"
    tracemalloc.start()
    answer = api.post(body, BATCH)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (answer.status_code, answer.get_json()["type"]) == (413, "/problems/too-large")
    assert most < 4 * len(body)


def test_an_event_of_a_batch_over_its_size_is_refused_without_reading_it(api, recorded):
    before = recorded()
    unread = b"[" + b"{}," * 100_000 + b'{"a":1,"a":1.5}]'
    outcomes = api.post(b"[%s,%s]" % (unread, text()), BATCH).get_json()["outcomes"]
    assert outcomes[0]["problem"]["type"] == "/problems/too-large"
    assert outcomes[1]["status"] == "recorded"
    assert recorded() == before + 1


BAD_BATCHES = {
    "NaN": b'[{},{"a":NaN}]', "a key twice": b'[{"a":1,"a":1}]',
    "NUL": b'["\\u0000"]', "half a surrogate pair": b'["\\ud800......"]', "not UTF-8": b'["\xff"]',
    "a control character": b'["\x01"]', "seventeen deep": b"[" + b"[" * 17 + b"]" * 17 + b"]",
    "very deep": b"[" * 100_000, "cut off": b"[{}", "more after it": b"[]x", "trailing comma": b"[{},]",
    "byte order mark": b"\xef\xbb\xbf[]", "nothing": b"",
}  # fmt: skip


def test_a_fraction_in_one_event_of_a_batch_is_the_fault_of_that_event(api):
    wrong = event("oversight-recorded", data={"seen_to_position": 0.5})
    outcomes = api.batch([wrong, event(weight=0.5)]).get_json()["outcomes"]
    assert outcomes[0]["problem"]["errors"][0]["pointer"] == "/0/data/seen_to_position"
    assert outcomes[1]["status"] == "recorded"


@pytest.mark.parametrize("body", BAD_BATCHES.values(), ids=BAD_BATCHES.keys())
def test_a_batch_that_is_not_strict_json(api, body):
    answer = api.post(body, BATCH)
    assert (answer.status_code, answer.get_json()["type"]) == (400, "/problems/invalid-json")


def test_an_event_of_a_batch_may_be_sixteen_deep(api):
    assert api.post(b"[" + b"[" * 16 + b"]" * 16 + b"]", BATCH).get_json()["refused"] == 1


def test_a_batch_over_its_size(api, recorded):
    before = recorded()
    answer = api.post(b" " * (16 * KIB * KIB + 1), BATCH)
    assert (answer.status_code, answer.get_json()["type"]) == (413, "/problems/too-large")
    assert recorded() == before


def test_one_event_of_a_batch_over_its_size(api, recorded):
    before = recorded()
    body = api.batch([event(), event(data={"note": "x" * 256 * KIB})]).get_json()
    assert [o["status"] for o in body["outcomes"]] == ["recorded", "refused"]
    assert body["outcomes"][1]["problem"]["type"] == "/problems/too-large"
    assert recorded() == before + 1


@pytest.mark.parametrize("body", [b"{}", b'"text"', b"null", b"5"])
def test_a_batch_that_is_no_list(api, body):
    answer = api.post(body, BATCH)
    assert (answer.status_code, answer.get_json()["type"]) == (400, "/problems/invalid-cloudevent")


def test_a_batch_of_things_that_are_no_events(api, recorded):
    before = recorded()
    body = api.batch([None, 5, "text", [], {}]).get_json()
    assert {o["problem"]["type"] for o in body["outcomes"]} == {"/problems/invalid-cloudevent"}
    assert body["refused"] == 5
    assert recorded() == before


def test_a_namespace_and_a_source_that_the_token_does_not_have(sign_in, recorded):
    mine = sign_in("recorder", namespace=AUTHORITY, sources=["urn:x:mine"])
    before = recorded()
    batch = [
        event(source="urn:x:mine"),
        event(source="urn:x:other"),
        event(subject="E10000014/A", source="urn:x:mine"),
    ]
    body = mine.batch(batch).get_json()
    assert [o["status"] for o in body["outcomes"]] == ["recorded", "refused", "refused"]
    assert [o["problem"]["status"] for o in body["outcomes"][1:]] == [403, 403]
    assert recorded() == before + 1


@pytest.mark.parametrize(
    "value", ["E08000025/%C3%A9", "E08000025/%FF", "E08000025/\xe9", "E08000025/a%00", "%", ""]
)
def test_binary_mode_with_a_subject_that_is_none(api, recorded, value):
    before = recorded()
    answer = api.post(b'{"child":"C1"}', "application/json", headers=binary_headers(subject=value))
    assert (answer.status_code, answer.get_json()["type"]) == (400, "/problems/invalid-cloudevent")
    assert recorded() == before


@pytest.mark.parametrize(
    ("subject", "extension"),
    [(SUBJECT, "Bod%C3%A9"), ("E08000025%2FME-1", "%F0%9F%98%80"), (f'"{SUBJECT}"', '"a \\"b\\""')],
)
def test_binary_mode_percent_encoded(api, subject, extension):
    headers = binary_headers(subject=subject) | {"Ce-Extension": extension}
    answer = api.post(b'{"child":"C1"}', "application/json; charset=utf-8", headers=headers)
    assert (answer.status_code, answer.get_json()["subject"]) == (201, SUBJECT)


@pytest.mark.parametrize("name", ["specversion", "id", "source", "type", "subject"])
def test_binary_mode_without_an_attribute(api, recorded, name):
    before = recorded()
    answer = api.post(b'{"child":"C1"}', "application/json", headers=binary_headers(**{name: None}))
    assert (answer.status_code, answer.get_json()["errors"][0]["pointer"]) == (400, f"/{name}")
    assert recorded() == before


MODES = {
    "a structured event as plain JSON": (event(), "application/json", STRUCTURED),
    "a batch as plain JSON": ([event()], "application/json", BATCH),
    "a batch as a structured event": ([event()], STRUCTURED, BATCH),
    "a structured event as a batch": (event(), BATCH, STRUCTURED),
}


@pytest.mark.parametrize(("body", "sent_as", "right"), MODES.values(), ids=MODES.keys())
def test_a_body_under_the_content_type_of_another_mode_is_told_its_own(api, recorded, body, sent_as, right):
    before = recorded()
    answer = api.post(body, sent_as)
    assert (answer.status_code, answer.get_json()["type"]) == (400, "/problems/invalid-cloudevent")
    assert f"as {right}." in answer.get_json()["detail"]
    assert recorded() == before


HELP = {
    "a child that is a number": ({"child": 12345}, "/data/child", "text of 1 to 64 letters, digits and . _ : ~ -"),
    "a member misspelt": ({"categroy": "missing"}, "/data/categroy", "the nearest one is category"),
    "a member of a group misspelt": (
        {"setting": {"legal_statu": "C1"}}, "/data/setting/legal_statu", "legal_status",
    ),
    "a day for a moment": ({"learned_at": "2026-11-20"}, "/data/learned_at", 'send {"date": …} with that day'),
    "a day for an end": ({"learned_at": {"latest": "2026-11-20"}}, "/data/learned_at", "must be an RFC 3339 time"),
    "a number for a moment": ({"learned_at": 5}, "/data/learned_at", '{"date": "2026-03-01"}'),
}  # fmt: skip


@pytest.mark.parametrize(("data", "pointer", "words"), HELP.values(), ids=HELP.keys())
def test_a_refusal_says_what_would_be_right(api, data, pointer, words):
    body = api.post(event("reported", data=data)).get_json()
    [fault] = body["errors"]
    assert (body["type"], fault["pointer"]) == ("/problems/invalid-event", pointer)
    assert words in fault["detail"]


@pytest.mark.parametrize(
    ("sent", "pointer", "words"),
    [
        ({"type": "missing-episode.retuned.v1"}, "/type", "nearest is missing-episode.returned.v1; /v1/schemas lists"),
        ({"type": "com.example.thing"}, "/type", "is not a known type; /v1/schemas lists the types"),
        ({"time": "2026-03-01"}, "/time", 'send data.happened as {"date": …}'),
        ({"time": None, "data": {"happened": "2026-11-20"}}, "/data/happened", 'send {"date": …} with that day'),
    ],
)  # fmt: skip
def test_a_refusal_of_an_attribute_says_what_would_be_right(api, sent, pointer, words):
    body = api.post(event("reported", **sent)).get_json()
    [fault] = body["errors"]
    assert (body["type"], fault["pointer"]) == ("/problems/invalid-event", pointer)
    assert words in fault["detail"]


def test_an_event_of_many_unknown_members_is_refused_at_once(api):
    many = {f"member_{n}": n for n in range(10_000)}
    answer = api.post(event("reported", data=many))
    assert (answer.status_code, len(answer.get_json()["errors"])) == (422, 21)


def test_a_time_with_nine_fraction_digits_is_kept_as_it_was_sent(api, ledger):
    sent = "2026-03-01T22:30:00.0000000Z"
    position = api.post(event(time=sent, id="dotnet")).get_json()["position"]
    assert b'"time":"%s"' % sent.encode() in ledger.entries.select_notifications(position, 1)[0].state
    assert api.post(event(time="2026-03-01T22:30:00Z", id="dotnet")).get_json()["status"] == "duplicate"
    assert api.get(f"/v1/episodes/{SUBJECT}").get_json()["since"]["earliest"] == "2026-03-01T22:30:00Z"


@pytest.mark.parametrize(
    ("query", "names"),
    [("?atomic=yes", "atomic"), ("?dry_run=1", "dry_run"), ("?atomic=true&atomic=true", "atomic"),
     ("?dryrun=true", "dryrun"), ("?atomic=", "atomic")],
)  # fmt: skip
def test_a_parameter_that_cannot_be_meant(api, recorded, query, names):
    before = recorded()
    answer = api.post(event(), query=query)
    assert (answer.status_code, answer.get_json()["type"]) == (400, "/problems/invalid-query")
    assert names in answer.get_json()["detail"]
    assert recorded() == before


@pytest.mark.parametrize("encoding", ["gzip", "br", "gzip, identity", "x"])
@pytest.mark.parametrize("path", ["/v1/events", "/v1/rulebook/what-if"])
def test_a_compressed_body_is_refused_by_its_encoding(api, recorded, encoding, path):
    before = recorded()
    headers = api.headers | {"Content-Encoding": encoding}
    answer = api.client.post(path, data=gzip.compress(text()), content_type=STRUCTURED, headers=headers)
    assert (answer.status_code, answer.get_json()["type"]) == (415, "/problems/unsupported-media-type")
    assert answer.headers["Accept-Encoding"] == "identity"
    assert recorded() == before


def test_a_body_that_says_it_is_not_compressed_is_taken(api):
    assert api.post(event(), headers={"Content-Encoding": "Identity"}).status_code == 201


def test_a_refusal_of_the_media_type_says_nothing_of_encodings(api):
    answer = api.post(event(), "text/plain")
    assert answer.status_code == 415
    assert "Accept-Encoding" not in answer.headers


@pytest.mark.parametrize("path", ["//v1//ledger", "//v1/ledger", "/v1//ledger", "/v1/ledger/"])
def test_a_path_with_slashes_too_many_is_no_route(api, path):
    answer = api.client.get("http://localhost" + path, headers=api.headers)
    assert (answer.status_code, answer.get_json()["type"]) == (404, "/problems/not-found")


def test_no_refusal_repeats_what_was_sent(api):
    answer = api.post(text(data={"note": "", "mode": "Jonathan", "Jonathan Doe": 1}, id="Jonathan"))
    assert answer.status_code == 422
    assert b"Jonathan" not in answer.data


def test_limits_are_settings(ledger, credentials):
    app = create_app(wire(ledger, Settings(limits=Limits(batch_events=2))))
    api = Api(app.test_client(), credentials.new(["recorder"])[1])
    assert api.batch([event(), event()]).status_code == 200
    assert api.batch([event(), event(), event()]).status_code == 413
