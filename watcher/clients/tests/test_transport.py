"""Calls: what is repeated, where credentials go, and what people are told."""

from __future__ import annotations

import datetime
import ipaddress
import logging
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from watcher.clients import transport as transport_module
from watcher.clients.tests.answering import Answering, answer
from watcher.clients.transport import MOST_CALLS, Transport
from watcher.errors import (
    CertificateError,
    ConflictError,
    FailedError,
    NoRightError,
    NotSupportedError,
    NotThereError,
    PlatformError,
    RedirectedError,
    RefusedByPlatformError,
    TooManyCallsError,
    UnexpectedAnswerError,
    UnreachableError,
)

CUT = httpx.RemoteProtocolError("peer closed connection without sending complete message body")
SECRET = {"Authorization": "Basic c2VjcmV0"}


@pytest.fixture(autouse=True)
def open_gates() -> Iterator[None]:
    transport_module._gates.clear()
    yield
    transport_module._gates.clear()


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@pytest.mark.parametrize(
    "first",
    [
        answer(status=500),
        answer(status=503),
        httpx.ReadTimeout("slow"),
        httpx.ConnectError("x"),
        CUT,
    ],
)
def test_a_call_that_can_be_repeated_is_after_an_error_that_passes(
    method: str, first: httpx.Response | Exception
) -> None:
    server = Answering(first, answer({"id": 1}))

    got = server.transport().call(method, "/a")

    assert (got.object, got.was_repeated) == ({"id": 1}, True)
    assert len(server.requests) == 2
    assert len(server.waited) == 1
    assert 0.5 <= server.waited[0] <= 1.5


def test_repetitions_end_and_wait_longer_each_time() -> None:
    server = Answering(answer(status=502))

    with pytest.raises(FailedError):
        server.transport().call("GET", "/a")

    assert len(server.requests) == 4
    assert [0.5 <= w / n <= 1.5 for w, n in zip(server.waited, (1, 2, 3), strict=True)] == [
        True
    ] * 3


@pytest.mark.parametrize("failure", [answer(status=500), httpx.ReadTimeout("slow"), CUT])
def test_a_post_is_not_repeated(failure: httpx.Response | Exception) -> None:
    server = Answering(failure)

    with pytest.raises(PlatformError):
        server.transport().call("POST", "/a", body={})

    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 501])
def test_an_answer_that_will_not_change_is_not_asked_for_again(status: int) -> None:
    server = Answering(answer(status=status))

    with pytest.raises(PlatformError) as caught:
        server.transport().call("GET", "/a")

    assert caught.value.status == status
    assert len(server.requests) == 1


def test_a_body_that_is_cut_short_or_not_json_is_asked_for_again() -> None:
    server = Answering(httpx.Response(200, content=b'{"streams": [{"na'), answer({"streams": []}))
    assert server.transport().call("GET", "/a").object == {"streams": []}

    broken = Answering(httpx.Response(200, content=b"<html>Sign in</html>"))
    with pytest.raises(UnexpectedAnswerError):
        broken.transport().call("GET", "/a")


@pytest.mark.parametrize(
    ("status", "content", "kind", "said"),
    [
        (
            404,
            b'{"errors": [{"status": "404", "code": "not_found", "title": "No such organization",'
            b' "source": {"pointer": "/organization_id"}}]}',
            NotThereError,
            "No such organization (/organization_id)",
        ),
        (403, b'{"errors": null}', NoRightError, ""),
        (
            400,
            b'{"errors": [{"code": "bad"}, {"title": "second"}]}',
            RefusedByPlatformError,
            "bad; second",
        ),
        (404, b'{"error": "not_found"}', NotThereError, "not_found"),
        (400, b'{"error_message": "ValidationError"}', RefusedByPlatformError, "ValidationError"),
        (403, b"<html><b>403</b> nginx</html>", NoRightError, ""),
        (402, b'{"errors": [{"title": 5}]}', NoRightError, ""),
        (405, b"", NotSupportedError, ""),
        (409, b'{"errors": [{"title": "a\\u0000b\\u202ec\\nd"}]}', ConflictError, "a b c d"),
        (418, b"[]", UnexpectedAnswerError, ""),
    ],
)
def test_all_shapes_of_errors_become_one_line(
    status: int, content: bytes, kind: type[PlatformError], said: str
) -> None:
    server = Answering(httpx.Response(status, content=content))

    with pytest.raises(kind) as caught:
        server.transport().call("GET", "/a")

    assert caught.value.said == said
    assert "<" not in str(caught.value)
    assert str(caught.value).endswith(said)


def test_a_long_text_of_watcher_is_cut() -> None:
    server = Answering(answer({"error": "x" * 5_000}, 400))

    with pytest.raises(RefusedByPlatformError) as caught:
        server.transport().call("GET", "/a")

    assert len(caught.value.said) == 200


def test_too_many_calls_stop_all_calls_until_watcher_wants_some() -> None:
    server = Answering(answer(status=429, Retry_After="7"), answer({"id": 1}))
    calls = server.transport()

    assert calls.call("GET", "/a").object == {"id": 1}

    assert server.waited == [7.0]


def test_after_too_many_calls_a_post_fails_and_the_next_call_waits() -> None:
    server = Answering(answer(status=429), answer({}))
    calls = server.transport()

    with pytest.raises(TooManyCallsError) as caught:
        calls.call("POST", "/a")
    calls.call("POST", "/a")

    assert "30" in str(caught.value)
    assert server.waited == [30.0]


def test_a_long_wait_is_an_error_and_nothing_is_sent_meanwhile() -> None:
    server = Answering(answer(status=429, Retry_After="600"), answer({}))
    calls = server.transport()

    for _number in range(2):
        with pytest.raises(TooManyCallsError) as caught:
            calls.call("GET", "/a")

    assert not caught.value.was_sent
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "location",
    [
        "http://watcher.example/a",
        "https://evil.example/a",
        "https://watcher.example:8443/a",
        "//evil.example/a",
    ],
)
def test_credentials_do_not_follow_a_redirect_elsewhere(location: str) -> None:
    server = Answering(answer(status=302, Location=location), answer({}))

    with pytest.raises(RedirectedError) as caught:
        server.transport().call("GET", "/a", headers=SECRET)

    assert len(server.requests) == 1
    assert "://" in str(caught.value)


def test_a_redirect_on_the_same_host_is_followed_for_get_only() -> None:
    moved = answer(status=301, Location="/b?x=1")
    server = Answering(moved, answer({"id": 1}))
    assert server.transport().call("GET", "/a", query={"y": "2"}, headers=SECRET).object
    assert str(server.requests[1].url) == "https://watcher.example/b?x=1"

    server = Answering(moved, answer({}))
    with pytest.raises(UnexpectedAnswerError):
        server.transport().call("PUT", "/a", body={})
    assert len(server.requests) == 1


def test_redirects_in_a_circle_end() -> None:
    steps = [answer(status=302, Location=f"/{number}") for number in range(50)]
    server = Answering(*steps)

    with pytest.raises(UnexpectedAnswerError):
        server.transport(waits=()).call("GET", "/a")

    assert len(server.requests) == 4


def test_each_call_says_who_calls_and_has_an_id_of_its_own() -> None:
    server = Answering(answer(status=500), answer({}))

    server.transport().call("GET", "/a")

    assert {each.headers["X-Originator"] for each in server.requests} == {"Camera billing"}
    assert len({each.headers["X-Trace-Id"] for each in server.requests}) == 2


def test_logs_have_no_secrets(caplog: pytest.LogCaptureFixture) -> None:
    server = Answering(httpx.ReadError("broken"), answer({"access_token": "tok-en"}))

    with caplog.at_level(logging.DEBUG):
        server.transport().call(
            "GET", "/login", query={"q": "hid-den"}, headers=SECRET, body={"password": "pass-word"}
        )

    assert "GET /login" in caplog.text
    for secret in ("c2VjcmV0", "tok-en", "hid-den", "pass-word"):
        assert secret not in caplog.text


def test_a_pause_follows_each_call() -> None:
    server = Answering(answer({}))
    calls = server.transport(pause_seconds=0.25)

    calls.call("GET", "/a")
    calls.call("GET", "/b")

    assert server.waited == [0.25, 0.25]


def test_an_answer_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport_module, "MOST_BYTES", 1_000)
    server = Answering(answer("x" * 2_000))

    with pytest.raises(UnexpectedAnswerError):
        server.transport(waits=()).call("GET", "/a")


# --- Over real connections -----------------------------------------------------------------------


class _Watcher(BaseHTTPRequestHandler):
    """Answers with an object; counts how many are answered at once."""

    busy = 0
    most = 0
    lock = threading.Lock()
    together = threading.Barrier(MOST_CALLS)

    def do_GET(self) -> None:
        kind = type(self)
        with kind.lock:
            kind.busy += 1
            kind.most = max(kind.most, kind.busy)
        # Four calls are under way together, or this breaks.
        kind.together.wait(timeout=20)
        with kind.lock:
            kind.busy -= 1
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[int]:
    """Serve on a free port, and yield it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Watcher)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_no_more_than_four_calls_are_made_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving() as port:
        calls = [Transport(f"http://127.0.0.1:{port}") for _number in range(3)]
        threads = [
            threading.Thread(target=calls[number % 3].call, args=("GET", "/a"))
            for number in range(4 * MOST_CALLS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for each in calls:
            each.close()

    assert _Watcher.most == MOST_CALLS


def test_a_certificate_that_nobody_knows_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_self_signed(tmp_path / "cert.pem"))
    with (
        serving(context) as port,
        closing(Transport(f"https://127.0.0.1:{port}")) as calls,
        pytest.raises(CertificateError),
    ):
        calls.call("GET", "/a")


def test_nobody_at_the_address_is_told_from_a_broken_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving() as port:
        pass
    with (
        closing(Transport(f"http://127.0.0.1:{port}", waits=())) as calls,
        pytest.raises(UnreachableError) as caught,
    ):
        calls.call("GET", "/a")

    assert not caught.value.was_sent


def _self_signed(path: Path) -> Path:
    """Write a certificate for 127.0.0.1 that no authority has signed, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return path
