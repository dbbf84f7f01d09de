"""A reader of a stream of live events."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx


@dataclass(frozen=True, slots=True)
class Stream:
    """What comes over an open stream."""

    lines: Iterator[str]

    def next(self) -> str | None:
        """The name of the next event, `ping` for a sign of life, None at the end."""
        for line in self.lines:
            if line.startswith(":"):
                return line.removeprefix(":").strip()
            if line.startswith("event: "):
                return line.removeprefix("event: ")
        return None

    def next_event(self) -> str | None:
        """The same, but no sign of life."""
        while (sign := self.next()) == "ping":
            pass
        return sign


@contextmanager
def watching(address: str, token: str, **about: str) -> Iterator[Stream]:
    """An open stream, about a `store` or a `company`, or about all that the caller has."""
    with (
        httpx.Client(base_url=address, timeout=60, trust_env=False) as http,
        watching_by(http, token, **about) as stream,
    ):
        yield stream


@contextmanager
def watching_by(http: httpx.Client, token: str, **about: str) -> Iterator[Stream]:
    """The same, on a way of its own to the server."""
    headers = {"Authorization": f"Bearer {token}"}
    with http.stream("GET", "/events", params=about, headers=headers) as answer:
        assert answer.status_code == 200, answer.read()
        assert answer.headers["content-type"].startswith("text/event-stream")
        stream = Stream(answer.iter_lines())
        assert stream.next() == "ping"
        yield stream
