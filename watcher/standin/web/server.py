"""The HTTP server: one thread a connection, with connections that stay open."""

import select
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

from watcher.standin.state.watcher import Watcher
from watcher.standin.web.calls import Call, Calls, masked_body, masked_headers, masked_query
from watcher.standin.web.dispatch import answer_to, ordered_error
from watcher.standin.web.faults import STATUSES, Fault, Faults
from watcher.standin.web.messages import BASES, Answer, Request
from watcher.standin.web.pages import Pages

_LARGEST_BODY = 100_000_000


class Own(Protocol):
    """Answers what is outside the bases of the API."""

    def answer(
        self, method: str, path: str, query: dict[str, str], headers: Mapping[str, str], body: bytes
    ) -> Answer:
        """Answer a call to the stand-in itself."""


class Server(ThreadingHTTPServer):
    """Serve a Watcher on a port of 127.0.0.1; port 0 takes a free one."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, watcher: Watcher, own: Own, port: int) -> None:
        self.watcher = watcher
        self.own = own
        self.faults = Faults()
        self.calls = Calls()
        self.pages = Pages()
        self.stopping = Event()
        self._connections: dict[socket.socket, Thread] = {}
        self._guard = Lock()
        super().__init__(("127.0.0.1", port), _Connection)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer a connection in a thread that `stop` can wait for."""
        thread = Thread(
            target=self.process_request_thread, args=(request, client_address), daemon=True
        )
        with self._guard:
            self._connections[request] = thread
        thread.start()

    def shutdown_request(self, request: Any) -> None:
        """Close a connection."""
        with self._guard:
            self._connections.pop(request, None)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that hangs up; show any other error."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)

    def stop(self) -> None:
        """Close all connections and the port, and wait for their threads."""
        self.stopping.set()
        self.shutdown()
        with self._guard:
            open_now = dict(self._connections)
        for connection, thread in open_now.items():
            # The client may have hung up.
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            thread.join(timeout=10)
        self.server_close()


class _Connection(BaseHTTPRequestHandler):
    """Answer the calls of one connection."""

    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "standin"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = 65_536

    def _serve(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not length.isdecimal():
            self._send(Answer(411, {"error": "length_required"}), close=True)
            return
        if int(length) > _LARGEST_BODY:
            self._send(Answer(413, {"error": "too_large"}), close=True)
            return
        body = self.rfile.read(int(length))
        target = urlsplit(self.path)
        query = dict(parse_qsl(target.query, keep_blank_values=True))
        headers = {name.lower(): value for name, value in self.headers.items()}
        for prefix, base in BASES.items():
            if target.path.startswith(f"{prefix}/"):
                path = target.path.removeprefix(prefix)
                request = Request(self.command, base, path, query, headers, body)
                self._serve_api(request, target.path)
                return
        self._send(self.server.own.answer(self.command, target.path, query, headers, body))

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = _serve

    def _serve_api(self, request: Request, full_path: str) -> None:
        server = self.server
        page = server.pages.number(request)
        server.pages.run_hooks(request, page)
        fault = server.faults.meeting(request.method, request.path, page)
        answer: Answer | None = None
        if fault is None or fault.after or fault.kind == "late":
            if fault and fault.kind == "late" and not fault.after:
                server.stopping.wait(fault.seconds)
            answer = answer_to(server.watcher, request)
        if fault is not None and fault.kind in STATUSES:
            answer = ordered_error(server.watcher, request, fault)
        content = answer.content() if answer else b""
        sent = answer is not None and (fault is None or fault.kind not in {"closed", "silent"})
        server.calls.all.append(
            Call(
                request.method,
                full_path,
                masked_query(request.query),
                masked_headers(request.headers),
                masked_body(request.body),
                answer.status if answer and sent else 0,
                masked_body(content),
                len(content),
                fault.kind if fault else "",
                page,
            )
        )
        self._send_or_fail(answer, content, fault)

    def _send_or_fail(self, answer: Answer | None, content: bytes, fault: Fault | None) -> None:
        kind = fault.kind if fault else ""
        if kind == "silent":
            self._wait_for_client(fault)
        if answer is None or kind in {"closed", "silent"}:
            self.close_connection = True
        elif kind == "cut":
            self._send_head(answer, max(2, len(content)))
            self.wfile.write(content[: len(content) // 2])
            self.close_connection = True
        elif kind == "not_json":
            answer.text = content.decode()[: len(content) // 2] + "{not JSON"
            self._send(answer)
        else:
            if fault and kind == "late" and fault.after:
                self.server.stopping.wait(fault.seconds)
            self._send(answer, content)

    def _wait_for_client(self, fault: Fault | None) -> None:
        """Wait until the client hangs up, the faults are cleared, or the server stops."""
        server = self.server
        while not server.stopping.is_set() and fault in server.faults.ordered:
            readable, _writable, _errors = select.select([self.connection], [], [], 0.05)
            if readable and not self.connection.recv(1, socket.MSG_PEEK):
                return

    def _send(self, answer: Answer, content: bytes | None = None, *, close: bool = False) -> None:
        self.close_connection = close or self.close_connection
        content = answer.content() if content is None else content
        self._send_head(answer, len(content))
        if self.command != "HEAD":
            self.wfile.write(content)

    def _send_head(self, answer: Answer, length: int) -> None:
        self.send_response(answer.status)
        if answer.status != 204:
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(length))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Return the time by Watcher's clock."""
        seconds = self.server.watcher.clock.now_s() if timestamp is None else timestamp
        return formatdate(seconds, usegmt=True)

    def log_message(self, format: str, *args: object) -> None:
        """Write no log: the calls are recorded."""
