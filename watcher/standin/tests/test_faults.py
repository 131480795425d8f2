"""Errors on order, the record of calls, and the clock."""

import socket
import threading
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest

from watcher.standin.standin import StandIn
from watcher.standin.tests.callers import Callers, at


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("expired", 401),
        ("forbidden", 403),
        ("missing", 404),
        ("conflict", 409),
        ("refused", 400),
        ("too_many", 429),
        ("broken", 500),
        ("unavailable", 503),
    ],
)
def test_the_next_calls_fail_and_change_nothing(
    standin: StandIn, callers: Callers, kind: str, status: int
) -> None:
    admin = callers.admin
    order = standin.faults.order(kind, calls=2, retry_after="7")  # type: ignore[arg-type]
    answers = [admin.put("/streams/new", json={"title": "New"}) for _attempt in range(3)]
    assert [one.status_code for one in answers] == [status, status, 200]
    assert answers[0].json()["errors"][0]["status"] == str(status)
    assert answers[0].headers["Retry-After"] == "7"
    assert order.happened == 2
    assert [one.fault for one in standin.calls.to("/streams/new")] == [kind, kind, ""]


def test_v2_has_no_401(standin: StandIn, callers: Callers) -> None:
    standin.faults.order("expired")
    answer = callers.v2.get("/cameras")
    assert (answer.status_code, answer.json()["error"]) == (403, "ApikeyExpired")


def test_a_proxy_answers_html(standin: StandIn, callers: Callers) -> None:
    admin = callers.admin
    standin.faults.order("bad_gateway")
    answer = admin.get("/streams")
    assert (answer.status_code, answer.headers["content-type"]) == (502, "text/html")
    assert answer.text.startswith("<html>")


def test_a_redirect(standin: StandIn, callers: Callers) -> None:
    admin = callers.admin
    standin.faults.order("redirected", location="http://other.example/")
    answer = admin.get("/streams")
    assert (answer.status_code, answer.headers["location"]) == (301, "http://other.example/")


@pytest.mark.parametrize("kind", ["closed", "cut", "broken"])
@pytest.mark.parametrize("after", [False, True])
def test_a_connection_breaks_before_or_after_the_effect(
    standin: StandIn, callers: Callers, kind: str, after: bool
) -> None:
    admin = callers.admin
    standin.faults.order(kind, after=after, path="/streams")  # type: ignore[arg-type]
    if kind == "broken":
        assert admin.put("/streams/new", json={}).status_code == 500
    else:
        with pytest.raises(httpx.RemoteProtocolError):
            admin.put("/streams/new", json={})
    assert ("new" in standin.state.cameras) is (after or kind == "cut")
    assert admin.get("/streams").status_code == 200


def test_an_answer_is_not_json(standin: StandIn, callers: Callers) -> None:
    admin = callers.admin
    standin.faults.order("not_json")
    answer = admin.get("/streams")
    assert answer.status_code == 200
    with pytest.raises(ValueError, match=r"."):
        answer.json()


@pytest.mark.parametrize("after", [False, True])
def test_no_answer_comes(standin: StandIn, callers: Callers, after: bool) -> None:
    admin = callers.admin
    standin.faults.order("silent", after=after)
    with pytest.raises(httpx.ReadTimeout):
        admin.put("/streams/new", json={}, timeout=httpx.Timeout(60, read=0.1))
    assert standin.calls.to("/streams/new")[0].status == 0
    assert ("new" in standin.state.cameras) is after


def test_a_late_answer_comes_when_its_time_has_come(standin: StandIn, callers: Callers) -> None:
    admin = callers.admin
    standin.faults.order("late", seconds=30)
    with pytest.raises(httpx.ReadTimeout):
        admin.get("/streams", timeout=httpx.Timeout(60, read=0.1))
    standin.faults.order("late", seconds=0.01)
    assert admin.get("/streams").status_code == 200


def test_stopping_ends_what_waits() -> None:
    standin = StandIn().start()
    standin.faults.order("silent")
    ended = threading.Event()

    def call() -> None:
        with pytest.raises(httpx.TransportError):
            httpx.get(f"{standin.client_base}/ui_settings", timeout=60)
        ended.set()

    caller = threading.Thread(target=call)
    caller.start()
    while not standin.calls.all:
        caller.join(0.01)
    standin.stop()
    assert ended.wait(60)
    caller.join()
    port = int(standin.url.rpartition(":")[2])
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_errors_come_at_a_page(standin: StandIn, callers: Callers) -> None:
    admin = callers.admin
    standin.faults.order("unavailable", page=2, path="/streams")
    query: dict[str, Any] = {"limit": 5, "sort": "name"}
    first = admin.get("/streams", params=query).json()
    following = {**query, "cursor": first["next"]}
    assert admin.get("/users").status_code == 200
    assert admin.get("/streams", params=following).status_code == 503
    standin.faults.order("broken", page=3)
    v2 = callers.v2
    offsets = [v2.get("/cameras", params={"limit": 5, "offset": n}) for n in (0, 5, 10)]
    assert [one.status_code for one in offsets] == [200, 200, 500]


def test_a_share_of_calls_fails_the_same_way_for_a_seed(standin: StandIn, callers: Callers) -> None:
    def statuses(seed: int) -> list[int]:
        standin.faults.clear()
        standin.faults.order("broken", calls=None, share=0.3, seed=seed)
        return [callers.v2.get("/auth/whoami").status_code for _n in range(40)]

    first = statuses(5)
    assert 4 <= first.count(500) <= 20
    assert statuses(5) == first
    assert statuses(6) != first


def test_sign_in_fails_only_on_order(standin: StandIn, callers: Callers) -> None:
    standin.faults.order("expired", calls=None)
    admin = callers.admin
    assert admin.get("/streams").status_code == 401
    standin.faults.clear()
    standin.faults.order("unavailable", path="/login")
    assert httpx.post(f"{standin.admin_base}/login", auth=("a", "b")).status_code == 503


def test_an_unknown_error_is_refused(standin: StandIn) -> None:
    with pytest.raises(ValueError, match="kind is one of"):
        standin.faults.order("nonsense")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        standin.faults.order("broken", nonsense=1)


def test_the_record_has_all_but_credentials(standin: StandIn, callers: Callers) -> None:
    admin = callers.admin
    body = {"title": "New", "inputs": [{"url": "rtsp://root:camera-secret@cam/1"}]}
    admin.put("/streams/new?x=1", json=body, headers={"X-Trace-Id": "7"})
    admin.post("/users", json={"name": "new", "password": "very-secret"})
    callers.v2.get("/cameras")
    callers.v2.post("/users/import", content="login,password\nnew2,csv-secret\n")
    admin.get("/streams", auth=("admin", "admin-of-standin"))

    call = standin.calls.to("/streams/new", "PUT")[0]
    assert call.path == "/watcher/admin-api/v3/streams/new"
    assert (call.query, call.headers["x-trace-id"], call.status) == ({"x": "1"}, "7", 200)
    assert call.headers["authorization"] == "Bearer ***"
    assert call.body["inputs"] == [{"url": "rtsp://***@cam/1"}]
    assert call.answer["title"] == "New"
    assert "new2" in standin.state.logins
    text = repr(list(standin.calls.all))
    token = admin.headers["Authorization"].removeprefix("Bearer ")
    for secret in (
        "secret@",
        "very-secret",
        "csv-secret",
        token,
        standin.sessions.system_key,
        "YWRtaW46",
    ):
        assert secret not in text


def test_the_clock_can_be_wrong(standin: StandIn, callers: Callers) -> None:
    admin = callers.admin
    real = standin.clock.now_ms()
    standin.clock.offset_seconds = -600
    assert admin.get("/monitoring/liveness").json()["now"] == real - 600_000
    answer = admin.put(at("new/one"), json={})
    assert answer.json()["created_at"] == real - 600_000
    told = parsedate_to_datetime(answer.headers["date"]).timestamp()
    assert told == real // 1000 - 600


def test_a_body_without_a_length_is_refused(standin: StandIn) -> None:
    answer = httpx.post(f"{standin.client_base}/autologin", content=iter([b"{}"]))
    assert answer.status_code == 411
