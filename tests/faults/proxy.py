"""A proxy of ours between a terminal and its FactoryCLOUD, which does to requests what bad lines do."""

import socket
import struct
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import BinaryIO, Self

_PAGE = b"<html><body>Welcome to our hotel. Please log in.</body></html>"
_PROBLEM = b'{"type":"about:blank","title":"no","status":%d,"detail":"no","code":"%s"}'
Pass = Callable[[], bytes]


@dataclass(frozen=True)
class Exchange:
    """One request on its way."""

    client: socket.socket
    send: Pass
    """Passes it on and returns the whole answer."""
    released: threading.Event
    """Ends all waiting."""


def _through(exchange: Exchange) -> Iterable[bytes]:
    yield exchange.send()


def _reset(exchange: Exchange) -> Iterable[bytes]:
    _slam(exchange.client)
    return ()


def _answer_lost(exchange: Exchange) -> Iterable[bytes]:
    """The server has committed; the client never hears of it."""
    exchange.send()
    _slam(exchange.client)
    return ()


def _half(exchange: Exchange) -> Iterable[bytes]:
    answer = exchange.send()
    yield answer[: len(answer) - 20]


def _slices(exchange: Exchange) -> Iterable[bytes]:
    """Whole, but in pieces of a few bytes, so that nothing arrives in one read."""
    answer = exchange.send()
    yield from (answer[at : at + 7] for at in range(0, len(answer), 7))


def _trickle(exchange: Exchange) -> Iterator[bytes]:
    """Byte after byte, too slowly ever to end in time."""
    for byte in exchange.send():
        if exchange.released.wait(0.02):
            return
        yield bytes([byte])


def _hang(exchange: Exchange) -> Iterable[bytes]:
    exchange.send()
    exchange.released.wait()
    return ()


def _twice(exchange: Exchange) -> Iterable[bytes]:
    """A line that replays: the server gets the request a second time, the client the second answer."""
    exchange.send()
    yield exchange.send()


def _html(_exchange: Exchange) -> Iterable[bytes]:
    yield _answer(200, _PAGE, "text/html")


def _redirect(_exchange: Exchange) -> Iterable[bytes]:
    yield _answer(302, b"", "text/html", "Location: http://hotel.example/login\r\n")


def problem(status: int, code: str, headers: str = "") -> Callable[[Exchange], Iterable[bytes]]:
    """Answers that say no, whatever was asked."""

    def refuse(_exchange: Exchange) -> Iterable[bytes]:
        yield _answer(status, _PROBLEM % (status, code.encode()), "application/problem+json", headers)

    return refuse


def delay(seconds: float) -> Callable[[Exchange], Iterable[bytes]]:
    """The answer comes late."""

    def wait(exchange: Exchange) -> Iterable[bytes]:
        exchange.released.wait(seconds)
        yield exchange.send()

    return wait


Fault = Callable[[Exchange], Iterable[bytes]]
FAULTS: dict[str, Fault] = {
    "through": _through,
    "reset": _reset,
    "answer_lost": _answer_lost,
    "half": _half,
    "slices": _slices,
    "trickle": _trickle,
    "hang": _hang,
    "twice": _twice,
    "html": _html,
    "redirect": _redirect,
    "503": problem(503, "unavailable"),
    "401": problem(401, "terminal_revoked"),
    "422": problem(422, "invalid"),
}


class Proxy:
    """Listens on `address` inside of a `with` block; `seen` counts requests by method and path.

    `choose` says what is done to a request by its first line; by default all go through."""

    def __init__(self, cloud_url: str) -> None:
        self.cloud_url = cloud_url
        self.choose: Callable[[str], Fault] = lambda _line: _through
        self.seen: Counter[str] = Counter()
        self._released = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.release()
        self._listener.close()

    def misbehave(self, fault: str | Fault, *, times: int | None = None, where: str = "/reports") -> None:
        """Do this to the next `times` requests (None: to all) whose first line has `where` in it."""
        chosen, left = (FAULTS[fault] if isinstance(fault, str) else fault), [times]

        def choose(line: str) -> Fault:
            if where not in line or left[0] == 0:
                return _through
            left[0] = None if left[0] is None else left[0] - 1
            return chosen

        self.choose = choose

    def behave(self) -> None:
        """Let everything through from now on, and end what still waits."""
        self.choose = lambda _line: _through
        self.release()

    def release(self) -> None:
        """End everything that waits."""
        self._released.set()
        self._released = threading.Event()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _address = self._listener.accept()
                threading.Thread(target=self._talk, args=(client,), daemon=True).start()

    def _talk(self, client: socket.socket) -> None:
        with client, suppress(OSError), client.makefile("rb") as reader:
            while (head := _head(reader)) is not None:
                line = head.split(b"\r\n", 1)[0].decode("latin-1")
                method, path, _version = line.split(" ")
                self.seen[f"{method} {path.partition('?')[0]}"] += 1
                request = head + reader.read(_length(head))
                exchange = Exchange(client, partial(self._pass_on, request), self._released)
                fault = self.choose(line)
                for piece in fault(exchange):
                    client.sendall(piece)
                if fault not in (_through, _slices, _twice):
                    return

    def _pass_on(self, request: bytes) -> bytes:
        host, port = self.cloud_url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), 30) as server, server.makefile("rb") as reader:
            server.sendall(request)
            head = _head(reader)
            if head is None:
                raise OSError("the server ended without an answer")
            return head + reader.read(_length(head))


def _head(reader: BinaryIO) -> bytes | None:
    """The first lines of a message up to the empty one; None at the end of the line."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        line: bytes = reader.readline()
        if not line:
            return None
        head += line
    return head


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _colon, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


def _answer(status: int, body: bytes, kind: str, headers: str = "") -> bytes:
    head = f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
    return head.encode() + body


def _slam(client: socket.socket) -> None:
    """End a connection with a reset."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()
