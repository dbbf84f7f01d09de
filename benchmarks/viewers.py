"""What 1,000 viewers of live figures cost one process of FactoryCLOUD, and how late they hear of a Z.

Starts `factorypos-tui cloud serve` as a process of its own and opens streams of live events, 50 of an
account. Then a till of each account sends a Z, all at once, a few times. For each stream the time counts from
the moment at which the Zs are sent until its event is there. Viewers, tills and server share the processors.

    python -m benchmarks.viewers
    python -m benchmarks.viewers --postgresql postgresql://postgres@127.0.0.1:5432/test
"""

import argparse
import asyncio
import resource
import sys
import tempfile
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

from benchmarks.cloud import Cloud, database_of, say, started
from benchmarks.load import Load, Request, Taken, answer
from benchmarks.put import reports_of

OF_ONE = 50
ROUNDS = 5
PATIENCE_S = 60.0


@dataclass
class Viewer:
    """An open stream."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    heard: float = 0.0

    async def hear(self) -> None:
        """Wait for the next event."""
        while b"event: figures" not in await self.reader.readline():
            pass
        self.heard = time.perf_counter()


async def open_stream(load: Load, token: str) -> Viewer:
    reader, writer = await asyncio.open_connection("127.0.0.1", load.port)
    writer.write(Request.of("GET", "/events", token).line)
    head = await reader.readuntil(b"\r\n\r\n")
    assert b" 200 " in head, head
    await reader.readuntil(b"ping")
    return Viewer(reader, writer)


async def watch(load: Load, clouds: list[Cloud], rounds: list[list[Request]]) -> None:
    viewers = [await open_stream(load, cloud.token) for cloud in clouds for _ in range(OF_ONE)]
    say("memory with the streams", clouds[0].memory())
    before, begun = load.processor(), time.perf_counter()
    await asyncio.sleep(5)
    used = (load.processor() - before) / (time.perf_counter() - begun)
    say("their processor at rest", f"{100 * used:.1f} % of one")
    lines = [await asyncio.open_connection("127.0.0.1", load.port) for _ in clouds]
    taken = Taken()
    for requests in rounds:
        hearing = [asyncio.create_task(viewer.hear()) for viewer in viewers]
        begun = time.perf_counter()
        for (_, writer), request in zip(lines, requests, strict=True):
            writer.write(request.line)
        statuses = [(await answer(reader))[0] for reader, _ in lines]
        assert set(statuses) == {201}, statuses
        receipts = time.perf_counter() - begun
        await asyncio.wait_for(asyncio.gather(*hearing), PATIENCE_S)
        taken.each += [viewer.heard - begun for viewer in viewers]
        say(f"{len(requests)} Zs at once", f"last receipt after {1000 * receipts:.0f} ms")
        await asyncio.sleep(1)  # what follows sooner may be the same event
    say("from the Zs to the events", f"p50 {taken.millis():.0f} ms, p99 {taken.millis(0.99):.0f} ms")
    say("the last one", f"{taken.millis(1.0):.0f} ms")
    for writer in [it.writer for it in viewers] + [writer for _, writer in lines]:
        writer.close()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--postgresql", metavar="URL", help="measure on a database of its own there")
    parser.add_argument("--viewers", type=int, default=1000)
    options = parser.parse_args()
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, options.viewers + 200), hard))
    program = [sys.executable, "-m", "factorypos_tui"]
    with (
        tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".viewers-") as name,
        database_of(options.postgresql) as url,
    ):
        model = reports_of(Path(name), 1)[1][0]
        serve = [*program, "--home", str(Path(name) / "cloud"), "cloud", "serve", "--port", "0"]
        with started([*serve, *(["--database", url] if url else [])]) as load:
            clouds = [Cloud(load, f"{uuid.uuid4()}@example.com") for _ in range(options.viewers // OF_ONE)]
            tills = [cloud.new_zs(model, cloud.new_store()) for cloud in clouds]
            queues = [till.puts(ROUNDS + 1) for till in tills]
            load.at_once([queue[:1] for queue in queues])
            say("memory without streams", clouds[0].memory())
            asyncio.run(watch(load, clouds, [list(it) for it in zip(*(q[1:] for q in queues), strict=True)]))


if __name__ == "__main__":
    main()
