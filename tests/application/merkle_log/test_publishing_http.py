"""Checkpoints posted to an address: the signed message, and answers that come late, without end, or not at all."""

from __future__ import annotations

import base64
import hashlib
import re
import socket
import ssl
import subprocess
import threading
from contextlib import suppress

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from application.crypto.checkpoint import Checkpoint
from application.crypto.signed_note import Signer, Verifier
from application.merkle_log.publishing import http_exchange as exchange
from application.merkle_log.publishing.http_exchange import Address
from application.merkle_log.publishing.http_post import HttpTarget
from application.store import tree_rows as tree
from application.store.logs import EPISODES
from tests.support.http_receiver import Answered, listening
from tests.support.sealed_ledgers import last_note

pytest_plugins = [
    "tests.support.http_fixtures",
    "tests.support.sealing_fixtures",
    "tests.support.publishing_fixtures",
]


def test_an_address_gets_the_note_and_a_signature_that_an_outsider_can_check(
    ledger, seal, publish, post, keys
):
    seal()
    with listening(lambda _: Answered(204)) as somebody:
        assert publish(post(f"{somebody.url}?of=kent"))
    [asked] = somebody.asked
    assert (asked.path, asked.body.decode()) == ("/in?of=kent", last_note(ledger))
    digest = base64.b64encode(hashlib.sha256(asked.body).digest()).decode()
    said = asked.headers["Signature-Input"].removeprefix("ledger=")
    base = [  # RFC 9421, 2.5
        '"@method": POST',
        f'"@target-uri": {somebody.url}?of=kent',
        '"content-type": text/plain; charset=utf-8',
        f'"content-digest": sha-256=:{digest}:',
        f'"@signature-params": {said}',
    ]
    found = re.search(r'keyid="([^"]+)"', said)
    assert found[1] == keys.verifier_key("test/1")
    assert 'alg="ed25519"' in said
    assert 'tag="episode-ledger-checkpoint"' in said
    signature = base64.b64decode(asked.headers["Signature"].removeprefix("ledger=:").removesuffix(":"))
    public = Ed25519PublicKey.from_public_bytes(Verifier.read(found[1]).public)
    public.verify(signature, "\n".join(base).encode())


def test_of_two_keys_that_signed_the_newer_one_signs_the_message(connection, keys):
    old, new, unused = (Signer("test/1", Ed25519PrivateKey.generate()) for _ in range(3))
    both = old._replace(later=(new.key, unused.key))
    text = Checkpoint("test/1", 7, b"\x11" * 32).text
    signed = tree.SignedCheckpoint(
        1, 7, b"\x11" * 32, f"{text}\n{old.line(text)}{new.line(text)}", is_released=True
    )
    with listening(lambda _: Answered(200)) as somebody:
        HttpTarget(Address(somebody.url), lambda _: lambda _: both).take(connection, EPISODES, signed, None)
    assert f'keyid="{new.verifier}"' in somebody.asked[0].headers["Signature-Input"]


def test_a_name_and_password_are_sent_and_shown_nowhere(seal, publish, post, caplog, reach):
    seal()
    with listening(lambda _: Answered(500)) as somebody:
        secret = somebody.url.replace("http://", "http://kent:s%40cret@")
        assert not publish(post(secret))
    [asked] = somebody.asked
    assert asked.headers["Authorization"] == "Basic " + base64.b64encode(b"kent:s@cret").decode()
    assert "cret" not in asked.headers["Signature-Input"] + caplog.text + reach("url").problem + repr(
        Address(secret)
    )


@pytest.mark.parametrize(
    ("answered", "words"),
    [
        (Answered(503), "the answer was 503"),
        (Answered(302, headers={"Location": "/elsewhere"}), "the answer was 302"),
        (Answered(200, b"x" * 70_000), "its answer is longer than 65,536 bytes"),
    ],
)
def test_what_an_address_answers_otherwise_is_an_alarm(seal, publish, post, reach, answered, words):
    seal()
    with listening(lambda _: answered) as somebody:
        assert not publish(post(somebody.url))
    assert len(somebody.asked) == 1
    assert reach("url").problem == words
    assert reach("url").behind == 3


@pytest.fixture
def raw():
    """Somebody who answers to whatever is sent with bytes, and then holds the line."""
    opened = []

    def raw(answer):
        server = socket.create_server(("127.0.0.1", 0))

        def serve():
            line, _ = server.accept()
            opened.append(line)
            with suppress(ConnectionError):  # it was hung up on, as it should be
                for part in answer:
                    line.sendall(part)

        thread = threading.Thread(target=serve)
        thread.start()
        opened.extend([server])
        threads.append(thread)
        return f"http://127.0.0.1:{server.getsockname()[1]}/"

    threads = []
    yield raw
    for thread in threads:
        thread.join()
    for line in opened:
        line.close()


def test_who_never_ends_answering_is_cut_off(seal, publish, post, reach, raw, monkeypatch):
    monkeypatch.setattr(exchange, "_PATIENCE", 0.2)
    seal()
    assert not publish(post(raw([b"HTTP/1.1 200 OK\r\nContent-Le"])))
    assert reach("url").problem == "no answer within 0.2 s"


def test_who_answers_byte_by_byte_is_cut_off(seal, publish, post, reach, raw, monkeypatch):
    monkeypatch.setattr(exchange, "_PATIENCE", 0.2)
    seal()
    cut = threading.Event()

    def drip():
        yield b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n"
        while not cut.wait(0.02):
            yield b"x"

    try:
        assert not publish(post(raw(drip())))
    finally:
        cut.set()
    assert reach("url").problem == "no answer within 0.2 s"


def test_who_does_not_speak_http_or_does_not_listen_is_an_alarm(seal, publish, post, reach, raw):
    seal()
    assert not publish(post(raw([b"220 mail.example.gov.uk ESMTP\r\n\r\n"])))
    assert reach("url").problem == "no answer that is HTTP (BadStatusLine)"
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    assert not publish(post(f"http://127.0.0.1:{port}/"))
    assert reach("url").problem == "not reached: Connection refused"


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(
    seal, publish, post, reach, tmp_path, monkeypatch
):
    seal()
    with listening(lambda _: Answered(), certified(tmp_path)) as somebody:
        assert not publish(post(somebody.url))
        assert "CERTIFICATE_VERIFY_FAILED" in reach("url").problem
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
        assert publish(post(somebody.url))
    assert len(somebody.asked) == 1


def certified(folder):
    """Encryption with a certificate of its own."""
    made = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-subj", "/CN=localhost", "-addext",
         "subjectAltName=DNS:localhost", "-out", made[0], "-keyout", made[1]],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*made)
    return context


@pytest.mark.parametrize(
    "text", ["ftp://a.example/", "https://", "https:///x", "//a.example", "https://a b/", "http://a:x/"]
)
def test_what_is_no_address_is_refused_and_not_repeated(text):
    with pytest.raises(
        ValueError, match=r"^must be an address such as https://example\.gov\.uk/checkpoints$"
    ):
        Address(text)
