"""An HTTP server that answers properly, or in any of the ways that a client meets on a bad day."""

import gzip
import json
import socket
import ssl
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import chain, repeat
from typing import Any

Json = dict[str, Any]
Answer = Callable[[], tuple[int, Json]]
Misbehaviour = Callable[[BaseHTTPRequestHandler, threading.Event, Answer, Any], None]

_TRICKLE_S = 0.005
HOSTILE = "No.\x1b[2J\x9b31m \u202egnp.exe\ud800\x07\r\n" + "!" * 5000
"""A detail that would clear the screen, colour it, turn it round, crash it and fill it."""


@dataclass(frozen=True)
class Call:
    """A request that arrived, its body unpacked."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def document(self) -> Json:
        found = json.loads(self.body)
        return found if isinstance(found, dict) else {}

    @property
    def token(self) -> str:
        return self.headers.get("authorization", "").removeprefix("Bearer ")


class Problem(Exception):
    """A refusal, as RFC 9457 writes it."""

    def __init__(
        self, status: int, code: str, *fields: str, detail: str = "As the cloud says it.", **more: object
    ) -> None:
        super().__init__(code)
        problems = [{"field": name, "code": "invalid", "message": f"{name}?"} for name in fields]
        self.document = {"type": "about:blank", "title": code, "status": status, "detail": detail}
        self.document |= {"code": code, "fields": problems} | more
        self.status = status


class Versioned(dict[str, Any]):
    """A document that is sent as the very bytes it came in, with its ETag, packed for who takes that;
    of no bytes, the ETag alone."""

    def __init__(self, raw: bytes, etag: str) -> None:
        super().__init__(json.loads(raw) if raw else {})
        self.raw = raw
        self.etag = etag


def _send(
    http: BaseHTTPRequestHandler,
    status: int,
    body: bytes,
    kind: str = "application/json",
    length: int | None = None,
    headers: dict[str, str] | None = None,
) -> None:
    http.send_response(status)
    http.send_header("Content-Type", kind)
    http.send_header("Content-Length", str(len(body) if length is None else length))
    for name, value in (headers or {}).items():
        http.send_header(name, value)
    http.end_headers()
    with suppress(OSError):  # the client may have had enough
        http.wfile.write(body)


def _hang_up(http: BaseHTTPRequestHandler) -> None:
    http.close_connection = True


def _properly(http: BaseHTTPRequestHandler, status: int, document: Json) -> None:
    kind = "application/json" if status < 400 else "application/problem+json"
    if isinstance(document, Versioned):
        packed = "gzip" in http.headers.get("Accept-Encoding", "") and document.raw
        body = gzip.compress(document.raw) if packed else document.raw
        encoding = {"Content-Encoding": "gzip"} if packed else {}
        _send(http, status, body, kind, headers={"ETag": document.etag, **encoding})
    else:
        _send(http, status, json.dumps(document).encode() if document else b"", kind)


def _problem(status: int, code: str) -> Misbehaviour:
    def misbehave(http: BaseHTTPRequestHandler, _closing: object, _answer: object, value: Any) -> None:
        document = {"type": "about:blank", "title": code, "status": status, "detail": HOSTILE, "code": code}
        headers = {} if value is None else {"Retry-After": str(value)}
        _send(http, status, json.dumps(document).encode(), "application/problem+json", headers=headers)

    return misbehave


def _page(status: int, body: bytes, kind: str, headers: dict[str, str] | None = None) -> Misbehaviour:
    def misbehave(http: BaseHTTPRequestHandler, _closing: object, _answer: object, _value: object) -> None:
        _send(http, status, body, kind, headers=headers)

    return misbehave


def _labelled(kind: str, headers: dict[str, str] | None = None) -> Misbehaviour:
    """A proper answer that says it is something else."""

    def misbehave(http: BaseHTTPRequestHandler, _closing: object, answer: Answer, _value: object) -> None:
        status, document = answer()
        _send(http, status, json.dumps(document).encode(), kind, headers=headers)

    return misbehave


def _changed(change: Callable[[Json], object]) -> Misbehaviour:
    """A proper answer, of which `change` has changed the document."""

    def misbehave(http: BaseHTTPRequestHandler, _closing: object, answer: Answer, _value: object) -> None:
        status, document = answer()
        change(document)
        _properly(http, status, document)

    return misbehave


def _behave(http: BaseHTTPRequestHandler, _closing: object, answer: Answer, _value: object) -> None:
    _properly(http, *answer())


def _close(http: BaseHTTPRequestHandler, _closing: object, _answer: object, _value: object) -> None:
    _hang_up(http)


def _drop_answer(http: BaseHTTPRequestHandler, _closing: object, answer: Answer, _value: object) -> None:
    answer()
    _hang_up(http)


def _truncate(http: BaseHTTPRequestHandler, _closing: object, answer: Answer, _value: object) -> None:
    status, document = answer()
    body = json.dumps(document).encode()
    _send(http, status, body[: len(body) // 2], length=len(body))
    _hang_up(http)


def _stall(http: BaseHTTPRequestHandler, closing: threading.Event, _answer: object, _value: object) -> None:
    closing.wait()
    _hang_up(http)


def _endless(head: bytes, piece: bytes, pause_s: float) -> Misbehaviour:
    """Store, then send `head` and `piece` without an end, until the client or the test has had enough."""

    def misbehave(http: BaseHTTPRequestHandler, closing: threading.Event, answer: Answer, _v: object) -> None:
        answer()
        _hang_up(http)
        with suppress(OSError):
            for part in chain([b"HTTP/1.1 200 OK\r\n" + head], repeat(piece)):
                http.wfile.write(part)
                if closing.wait(pause_s):
                    return

    return misbehave


def _raw(http: BaseHTTPRequestHandler, _closing: object, _answer: object, value: Any) -> None:
    """Send the very bytes in `value`, and hang up."""
    http.wfile.write(value or b"")
    _hang_up(http)


def _reject(http: BaseHTTPRequestHandler, _closing: object, answer: Answer, value: Any) -> None:
    """Answer a batch properly, but for its second report with the problem `value`."""
    status, document = answer()
    document["results"][1] = {"title": "No", "detail": HOSTILE, **value}
    _properly(http, status, document)


def _echo(name: str, value: str) -> Callable[[Json], object]:
    """Change `name` in a receipt, or in the last of a batch's."""
    return lambda document: document.get("results", [document])[-1].update({name: value})


_ENDLESS_BODY = b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
_DEEP = b'{"a":' * 100_000

MISBEHAVIOURS: dict[str, Misbehaviour] = {
    "": _behave,
    "500": _problem(500, "internal"),
    "503": _problem(503, "unavailable"),
    "429": _problem(429, "too_many_requests"),
    "425": _problem(425, "too_early"),
    "408": _problem(408, "timeout"),
    "401": _problem(401, "unauthorized"),
    "403": _problem(403, "forbidden"),
    "413": _page(413, b"<html>Request Entity Too Large</html>", "text/html"),
    "422": _problem(422, "invalid"),
    "elsewhere": _problem(409, "terminal_elsewhere"),
    "302": _page(302, b"", "text/html", {"Location": "/portal"}),
    "404": _page(404, b'{"detail": "Not Found"}', "application/json"),
    "html": _page(200, b"<html>Welcome to the hotel</html>", "text/html"),
    "html_as_json": _page(200, b"<html>Welcome to the hotel</html>", "application/json"),
    "list": _page(200, b"[]", "application/json"),
    "nan": _page(200, b'{"a": NaN}', "application/json"),
    "invalid_json": _page(200, b'{"report_id": "', "application/json"),
    "deep_json": _page(200, _DEEP, "application/json"),
    "not_gzip": _labelled("application/json", {"Content-Encoding": "gzip"}),
    "br": _labelled("application/json", {"Content-Encoding": "br"}),
    "bomb": _page(200, gzip.compress(b" " * (16 << 20)), "application/json", {"Content-Encoding": "gzip"}),
    "cut_gzip": _page(200, gzip.compress(b"{}")[:-1], "application/json", {"Content-Encoding": "gzip"}),
    "receipt_as_html": _labelled("text/html"),
    "close": _close,
    "drop_answer": _drop_answer,
    "truncate": _truncate,
    "stall": _stall,
    "trickle": _endless(_ENDLESS_BODY, b"1\r\n \r\n", _TRICKLE_S),
    "trickle_head": _endless(b"", b"X: y\r\n", _TRICKLE_S),
    "huge": _endless(_ENDLESS_BODY, b"10000\r\n" + b" " * 65536 + b"\r\n", 0),
    "wrong_id": _changed(_echo("report_id", "00000000-0000-4000-8000-000000000000")),
    "wrong_hash": _changed(_echo("content_hash", "0" * 64)),
    "wrong_result": _changed(_echo("result", "maybe")),
    "wrong_count": _changed(lambda document: document["results"].pop()),
    "same_cursor": _changed(lambda document: document.update(next_cursor="0")),
    "bad_token": _changed(lambda document: document.update(token="a\r\nX-Evil: 1", terminal_token="a b")),
    "reject": _reject,
    "raw": _raw,
}


class Server(ThreadingHTTPServer):
    """Asks `answer` for each call; `soon` and `for_ever` say which answers go wrong, and how. `faults` has
    what was raised meanwhile."""

    daemon_threads = False

    def __init__(self, answer: Callable[[Call], tuple[int, Json]], tls: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = answer
        self.closing = threading.Event()
        self.soon: list[tuple[str, Any]] = []
        self.for_ever: tuple[str, Any] = ("", None)
        self.faults: list[Exception] = []
        self._connections: set[socket.socket] = set()
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def misbehaviour(self) -> tuple[str, Any]:
        try:
            return self.soon.pop(0)
        except IndexError:
            return self.for_ever

    def process_request(self, request: Any, client_address: Any) -> None:
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, *_of_whom: object) -> None:
        error = sys.exc_info()[1]
        if isinstance(error, Exception) and not isinstance(error, OSError):  # a client may hang up
            self.faults.append(error)

    def hang_up(self) -> None:
        for connection in list(self._connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def handle_call(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        if headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        call = Call(self.command, self.path, headers, body)
        how, value = self.server.misbehaviour()
        MISBEHAVIOURS[how](self, self.server.closing, lambda: self.server.answer(call), value)

    do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = handle_call  # noqa: N815 - http.server's names

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Say nothing on standard error."""
