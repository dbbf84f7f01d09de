"""Callers of a FactoryCLOUD that cost little themselves: bare HTTP/1.1 on kept connections."""

import asyncio
import hashlib
import json
import os
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from factorypos_tui.core.models import Report

Json = dict[str, Any]


def canonical(document: Json) -> bytes:
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@dataclass(frozen=True)
class Request:
    """A call as it goes over the line."""

    line: bytes

    @classmethod
    def of(cls, method: str, path: str, token: str, body: bytes = b"") -> "Request":
        head = f"{method} {path} HTTP/1.1\r\nHost: cloud\r\nAuthorization: Bearer {token}\r\n"
        kind = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n" if body else ""
        return cls(f"{head}{kind}\r\n".encode() + body)


@dataclass
class Zs:
    """Zs of one terminal without end, made from a real one: each a day before the one that came first."""

    model: Report
    terminal: str
    token: str
    made: int = 0

    def reports(self, days: int) -> Iterator[bytes]:
        document: Json = json.loads(self.model.body)
        del document["content_hash"]
        last = date.fromisoformat(document["business_date"])
        for _ in range(days):
            self.made += 1
            period = str(uuid.uuid4())
            document |= {
                "terminal_id": self.terminal,
                "period_id": period,
                "report_id": str(uuid.uuid5(uuid.UUID(self.terminal), f"Z:{period}")),
                "z_number": self.made,
                "business_date": (last - timedelta(self.made % 1096)).isoformat(),
            }
            content_hash = hashlib.sha256(canonical(document)).hexdigest()
            yield canonical({**document, "content_hash": content_hash})

    def puts(self, days: int) -> list[Request]:
        return [
            Request.of("PUT", f"/v1/reports/{json.loads(body)['report_id']}", self.token, body)
            for body in self.reports(days)
        ]

    def batch(self, days: int) -> Request:
        body = b'{"reports":[' + b",".join(self.reports(days)) + b"]}"
        return Request.of("POST", "/v1/reports/batch", self.token, body)


@dataclass
class Taken:
    """How long calls took, and all of them together, in seconds."""

    whole: float = 0.0
    processor: float = 0.0
    """What the server's process used meanwhile."""
    each: list[float] = field(default_factory=list)
    errors: int = 0

    @property
    def rate(self) -> float:
        return len(self.each) / self.whole

    def millis(self, part: float = 0.5) -> float:
        """The time that this part of the calls took at most."""
        return 1000 * sorted(self.each)[min(len(self.each) - 1, int(part * len(self.each)))]

    def __str__(self) -> str:
        cost = f"{1000 * self.processor / len(self.each):.2f} ms of a processor each"
        ends = f"p50 {self.millis():.1f} ms, p99 {self.millis(0.99):.0f} ms"
        return f"{self.rate:6.0f}/s, {ends}, {cost}" + (f", {self.errors} ERRORS" if self.errors else "")


class Load:
    """Sends calls to the process that listens on a port of this machine."""

    def __init__(self, port: int, pid: int) -> None:
        self.port = port
        self.pid = pid

    def at_once(self, queues: Iterable[list[Request]], seconds: float = 600) -> Taken:
        """One connection for each queue; each sends its calls in order until the time is over."""
        taken, before = Taken(), self.processor()
        taken.whole = asyncio.run(self._all(list(queues), seconds, taken))
        taken.processor = self.processor() - before
        return taken

    def processor(self) -> float:
        """Seconds of a processor that the process has used."""
        user, system = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    async def _all(self, queues: list[list[Request]], seconds: float, taken: Taken) -> float:
        lines = [await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 24) for _ in queues]
        begun = time.perf_counter()
        each = zip(lines, queues, strict=True)
        await asyncio.gather(*(self._one(line, queue, begun + seconds, taken) for line, queue in each))
        whole = time.perf_counter() - begun
        for _reader, writer in lines:
            writer.close()
        return whole

    async def _one(
        self,
        line: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        queue: list[Request],
        until: float,
        taken: Taken,
    ) -> None:
        reader, writer = line
        for request in queue:
            begun = time.perf_counter()
            if begun > until:
                break
            writer.write(request.line)
            status, _body = await answer(reader)
            taken.each.append(time.perf_counter() - begun)
            taken.errors += status not in (200, 201)

    def call(self, method: str, path: str, token: str = "", form: Json | None = None) -> Any:
        """One call that must succeed; its answer."""
        body = b"" if form is None else json.dumps(form).encode()

        async def once() -> tuple[int, bytes]:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 24)
            with closing(writer):
                writer.write(Request.of(method, path, token, body).line)
                return await answer(reader)

        status, content = asyncio.run(once())
        assert status in (200, 201), content
        return json.loads(content)


async def answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    _, _, rest = head.partition(b"content-length:")
    return int(head[9:12]), await reader.readexactly(int(rest.split(b"\r\n", 1)[0]))
