"""Live events between processes and servers on one PostgreSQL, and how they end."""

import os
import re
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import httpx
import psycopg
import pytest

from tests.server.shop import Owner, Shop, Till
from tests.server.watching import watching
from tests.support.forked import Circumstances, start_cloud
from tests.support.waiting import eventually

NEVER = 3600.0
ONLY_TOLD = Circumstances(
    constants={
        "factorypos_tui.server.live.hearing.ASK_SECONDS": NEVER,
        "factorypos_tui.server.live.hearing.REST_SECONDS": 0.1,
    }
)
"""Nobody asks; a connection that is lost is made again soon."""


@dataclass(frozen=True)
class Server:
    process: ForkServerProcess
    address: str
    http: httpx.Client
    said: Path
    """What it wrote to standard error."""

    def stop(self) -> None:
        os.kill(self.process.pid or 0, signal.SIGTERM)
        self.process.join(60)

    def owner(self) -> Owner:
        """A new account."""
        return Shop.of_another_process(self.http).owner()

    def takes(self, till: Till, number: int) -> bool:
        """Send it a Z of the till."""
        here = Till(Shop.of_another_process(self.http), till.id, till.store, till.token)
        return here.send(here.z(number)).status_code == 201


@contextmanager
def serving(folder: Path, *options: str, found: Circumstances = ONLY_TOLD) -> Iterator[Server]:
    folder.mkdir()
    process, address = start_cloud(folder / "cloud", *options, folder=folder, found=found)
    try:
        with httpx.Client(base_url=address, timeout=60, trust_env=False) as http:
            yield Server(process, address, http, folder / "2")
    finally:
        process.kill()
        process.join()


@pytest.fixture(scope="module")
def two_servers(
    tmp_path_factory: pytest.TempPathFactory, postgres_url: str
) -> Iterator[tuple[Server, Server]]:
    """One of two processes, and one of one, on one PostgreSQL."""
    folder, on = tmp_path_factory.mktemp("two"), ("--database", postgres_url, "--metrics", "127.0.0.1")
    with (
        serving(folder / "a", *on, "--workers", "2") as first,
        serving(folder / "b", *on) as second,
    ):
        yield first, second


def test_every_process_of_every_server_hears_of_a_report(two_servers: tuple[Server, Server]) -> None:
    first, second = two_servers
    owner = first.owner()
    till = owner.assign(owner.store())
    with ExitStack() as opened:
        streams = [opened.enter_context(watching(second.address, owner.token, store=till.store))]
        while len(processes_with_streams(first)) < 2:
            streams.append(opened.enter_context(watching(first.address, owner.token, store=till.store)))
        for number, server in enumerate([first, second], 1):
            assert server.takes(till, number)
            assert [stream.next_event() for stream in streams] == ["figures"] * len(streams)


def processes_with_streams(server: Server) -> set[str]:
    """Those that tell so; each call of them may be answered by another one."""
    told = set[str]()
    for _ in range(10):
        text = httpx.get(f"{server.address}/metrics", trust_env=False).text
        told |= set(re.findall(r'^factorycloud_streams\{pid="(\d+)"\} [1-9]', text, re.MULTILINE))
    return told


def test_after_the_listening_connection_was_lost_everybody_is_told_once(
    two_servers: tuple[Server, Server], postgres_url: str
) -> None:
    _, server = two_servers
    owner = server.owner()
    till = owner.assign(owner.store())
    with watching(server.address, owner.token) as stream:
        assert server.takes(till, 1)
        assert stream.next_event() == "figures"
        with psycopg.connect(postgres_url, autocommit=True) as other:
            listening = "query LIKE 'LISTEN %' AND datname = current_database()"
            ended = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {listening}"
            assert set(other.execute(ended).fetchall()) == {(True,)}
            eventually(lambda: other.execute(f"SELECT FROM pg_stat_activity WHERE {listening}").rowcount == 3)
        assert stream.next_event() == "figures"
        assert server.takes(till, 2)
        assert stream.next_event() == "figures"


@pytest.mark.parametrize("workers", ["1", "2"])
def test_streams_end_before_a_server_stops(
    workers: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    options = list[str]()
    if workers == "2":
        options = ["--workers", "2", "--database", str(request.getfixturevalue("postgres_url"))]
    with serving(tmp_path / "server", *options) as server:
        owner = server.owner()
        with watching(server.address, owner.token) as one, watching(server.address, owner.token) as other:
            server.stop()
            assert server.process.exitcode == 0
            assert server.said.read_text("utf-8") == "", "a call had to be cancelled"
            assert [one.next_event(), other.next_event()] == [None, None]
