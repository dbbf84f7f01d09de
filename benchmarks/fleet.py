"""What a fleet of terminals asks of one FactoryCLOUD: a day's running reports, its close, a night without it.

Starts `factorypos-tui cloud serve` on a new database and calls it as terminals do, on a connection of its own
for each contact: an X every 30 minutes at the terminal's own phase, a Z at the close, and after an outage the
day that waits and the newest X in one batch, tried again with the waits of the real program. The clock runs
faster (`--speed`): so many terminals stand for that many times more, since the server is asked as often.

    python benchmarks/fleet.py                                   # 1,000 terminals that stand for 100,000
    python benchmarks/fleet.py --speed 200 --postgresql postgresql://postgres@127.0.0.1:5432/test --workers 2
"""

import argparse
import asyncio
import hashlib
import json
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.cloud import Cloud, database_of, say
from benchmarks.load import Load, Request, Zs, answer, canonical
from benchmarks.put import reports_of
from factorypos_tui.core.delivery.retry import Failure, wait_after
from factorypos_tui.core.models import Report
from factorypos_tui.server.serving import listen

X_INTERVAL_S, HOUR_S, FIVE_MINUTES_S, NIGHT_S = 1800, 3600, 300, 7200
CLOSE_WITHIN_THE_HOUR = 0.6
STORES = 50
MOST_AT_ONCE = 500
"""Connections of all terminals, so that this program does not run out of files."""


@dataclass
class Asked:
    """What one part of the day asked of the server, and what it got."""

    seconds: list[float] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    reports: int = 0
    sent: int = 0
    received: int = 0
    began: float = field(default_factory=time.perf_counter)

    def __str__(self) -> str:
        whole, ordered = time.perf_counter() - self.began, sorted(self.seconds)
        p50, p99 = (1000 * ordered[int(part * (len(ordered) - 1))] for part in (0.5, 0.99))
        others = {name: count for name, count in self.answers.items() if name not in ("200", "201")}
        size = (self.sent + self.received) / max(1, self.reports)
        return (
            f"{self.reports:6} reports, {self.reports / whole:5.0f}/s, p50 {p50:5.1f} ms, p99 {p99:6.0f} ms, "
            f"{size:5.0f} B a report" + (f", tried again after {dict(others)}" if others else "")
        )


class Terminal:
    """One till of the fleet, whose clock runs so many times faster."""

    def __init__(self, zs: Zs, port: int, speed: float, free: asyncio.Semaphore) -> None:
        self._zs = zs
        self._port = port
        self._speed = speed
        self._free = free
        self._revision = 0
        self.phase = random.random()

    async def rests(self, seconds: float) -> None:
        """So long on its own clock."""
        await asyncio.sleep(seconds / self._speed)

    async def sends_x(self, asked: Asked) -> None:
        await self._delivers([self._x()], asked)

    async def closes(self, asked: Asked) -> None:
        self._revision = 0
        await self._delivers(list(self._zs.reports(1)), asked)

    async def returns(self, asked: Asked) -> None:
        """What waits after an outage: the day that was closed meanwhile, and the newest X."""
        await self._delivers([*self._zs.reports(1), self._x()], asked)

    def _x(self) -> bytes:
        """The running report of the day after the last Z."""
        self._revision += 1
        document: dict[str, Any] = json.loads(self._zs.model.body)
        del document["content_hash"], document["closed_at"]
        period = str(uuid.uuid5(uuid.UUID(self._zs.terminal), f"period {self._zs.made + 1}"))
        document |= {
            "kind": "X", "revision": self._revision, "z_number": None, "close_reason": None,
            "previous_hash": None, "taken_at": document["opened_at"], "terminal_id": self._zs.terminal,
            "period_id": period, "report_id": str(uuid.uuid5(uuid.UUID(self._zs.terminal), f"X:{period}")),
        }  # fmt: skip
        content_hash = hashlib.sha256(canonical(document)).hexdigest()
        return canonical({**document, "content_hash": content_hash})

    async def _delivers(self, reports: list[bytes], asked: Asked) -> None:
        if len(reports) == 1:
            path = f"/v1/reports/{json.loads(reports[0])['report_id']}"
            request = Request.of("PUT", path, self._zs.token, reports[0])
        else:
            body = b'{"reports":[' + b",".join(reports) + b"]}"
            request = Request.of("POST", "/v1/reports/batch", self._zs.token, body)
        failures = 0
        while not await self._is_taken(request, asked):
            failures += 1
            rest = wait_after(Failure.LATER, failures, random.random(), None)
            await self.rests(rest.total_seconds())
        asked.reports += len(reports)

    async def _is_taken(self, request: Request, asked: Asked) -> bool:
        async with self._free:
            begun = time.perf_counter()
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
                with closing(writer):
                    writer.write(request.line)
                    status, body = await answer(reader)
            except (OSError, asyncio.IncompleteReadError) as error:
                asked.answers[type(error).__name__] += 1
                return False
        asked.seconds.append(time.perf_counter() - begun)
        asked.answers[str(status)] += 1
        asked.sent += len(request.line)
        asked.received += len(body)
        return status in (200, 201)


class Fleet:
    """All terminals, and the parts of their day."""

    def __init__(self, terminals: list[Terminal]) -> None:
        self._terminals = terminals

    async def runs_an_hour(self) -> Asked:
        return await self._all(self._terminals, _an_hour_of_x)

    async def closes_within(self, part: float, seconds: float) -> Asked:
        closing_now = random.sample(self._terminals, int(part * len(self._terminals)))

        async def close(terminal: Terminal, asked: Asked) -> None:
            await terminal.rests(terminal.phase * seconds)
            await terminal.closes(asked)

        return await self._all(closing_now, close)

    async def returns(self, stop: Callable[[], None], start: Callable[[], None]) -> Asked:
        """The server is stopped; each closes and tries; then it is started again."""
        stop()
        asked = Asked()
        tries = [asyncio.create_task(terminal.returns(asked)) for terminal in self._terminals]
        await self._terminals[0].rests(NIGHT_S)
        asked.answers.clear()
        await asyncio.to_thread(start)
        asked.began = time.perf_counter()
        await asyncio.gather(*tries)
        return asked

    async def _all(
        self, terminals: Iterable[Terminal], does: Callable[[Terminal, Asked], Awaitable[None]]
    ) -> Asked:
        asked = Asked()
        await asyncio.gather(*(does(terminal, asked) for terminal in terminals))
        return asked


async def _an_hour_of_x(terminal: Terminal, asked: Asked) -> None:
    await terminal.rests(terminal.phase * X_INTERVAL_S)
    await terminal.sends_x(asked)
    await terminal.rests(X_INTERVAL_S)
    await terminal.sends_x(asked)


class Server:
    """`cloud serve` on a port and a database that outlive it."""

    def __init__(self, folder: Path, url: str | None, workers: int) -> None:
        with listen("127.0.0.1", 0) as listener:
            self.port: int = listener.getsockname()[1]
        self._command = [
            sys.executable, "-m", "factorypos_tui", "--home", str(folder / "cloud"), "cloud", "serve",
            "--port", str(self.port), "--workers", str(workers), *(["--database", url] if url else []),
        ]  # fmt: skip
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout
        assert re.search(r":\d+", self._process.stdout.readline())

    def stop(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        assert self._process.wait() == 0

    @property
    def pid(self) -> int:
        return self._process.pid


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--terminals", type=int, default=1000, metavar="N")
    parser.add_argument("--speed", type=float, default=100, metavar="N", help="how much faster clocks run")
    parser.add_argument("--postgresql", metavar="URL", help="measure on a database of its own there")
    parser.add_argument("--workers", type=int, default=1, metavar="N")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".fleet-") as name,
        database_of(options.postgresql) as url,
    ):
        _terminal, made = reports_of(Path(name), 3)
        server = Server(Path(name), url, options.workers)
        try:
            measure(server, max(made, key=lambda report: len(report.body)), options.terminals, options.speed)
        finally:
            server.stop()


def measure(server: Server, model: Report, terminals: int, speed: float) -> None:
    cloud = Cloud(Load(server.port, server.pid))
    stores = [cloud.new_store() for _ in range(STORES)]
    zs = [cloud.new_zs(model, stores[number % STORES]) for number in range(terminals)]
    say("terminals", f"{terminals}, which stand for {terminals * speed:,.0f}")

    async def day() -> None:
        free = asyncio.Semaphore(MOST_AT_ONCE)
        fleet = Fleet([Terminal(it, server.port, speed, free) for it in zs])
        say("an hour of X", str(await fleet.runs_an_hour()))
        say("60 % close within an hour", str(await fleet.closes_within(CLOSE_WITHIN_THE_HOUR, HOUR_S)))
        say("all close within 5 minutes", str(await fleet.closes_within(1, FIVE_MINUTES_S)))
        say("all return after a night", str(await fleet.returns(server.stop, server.start)))

    asyncio.run(day())


if __name__ == "__main__":
    main()
