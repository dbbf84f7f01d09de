"""A server that is stopped takes no new call, ends those that have begun, and loses nothing."""

import os
import signal
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import httpx
import psycopg
import pytest

from tests.server.shop import Till
from tests.server.test_killed import assert_held, new_tills, shop_at
from tests.support.forked import Circumstances, start_cloud
from tests.support.waiting import eventually

PATIENT = {"factorypos_tui.server.storage.postgresql.WHILE_SERVING": {"lock_timeout": "60s"}}
UNDER_WAY = 'factorycloud_turns{lane="documents",state="served",pid="%d"} 2\n'


@contextmanager
def no_report_can_be_stored(database: Path | str) -> Iterator[None]:
    if isinstance(database, Path):
        with closing(sqlite3.connect(database, isolation_level=None)) as holder:
            holder.execute("BEGIN IMMEDIATE")
            yield
    else:
        with psycopg.connect(database) as holder:
            holder.execute("LOCK TABLE z_report IN EXCLUSIVE MODE")
            yield


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_calls_that_have_begun_are_answered_and_what_they_brought_is_held(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    home, options = tmp_path / "cloud", list[str]()
    where: Path | str = home / "cloud.db"
    if kind == "postgresql":
        where = str(request.getfixturevalue("postgres_url"))
        options = ["--database", where]
    with (
        started(home, "--metrics", "127.0.0.1", *options) as (process, http),
        ThreadPoolExecutor(2) as senders,
    ):
        tills = new_tills(http)[:2]
        reports = [till.z() for till in tills]
        with no_report_can_be_stored(where):
            answers = [senders.submit(Till.send, *sent) for sent in zip(tills, reports, strict=True)]
            eventually(lambda: UNDER_WAY % (process.pid or 0) in http.get("/metrics").text)
            os.kill(process.pid or 0, signal.SIGTERM)
            eventually(lambda: refuses(str(http.base_url)))
        assert [answer.result().status_code for answer in answers] == [201, 201]
        process.join(60)
        assert process.exitcode == 0
    with started(home, *options) as (_, http):
        for till, report in zip(tills, reports, strict=True):
            assert_held(Till(shop_at(http), till.id, till.store, till.token), [report])


@contextmanager
def started(home: Path, *options: str) -> Iterator[tuple[ForkServerProcess, httpx.Client]]:
    """A server in a process of its own that waits for a lock as long as a busy machine takes."""
    process, address = start_cloud(home, *options, found=Circumstances(constants=PATIENT))
    try:
        with httpx.Client(base_url=address, timeout=60, trust_env=False) as http:
            yield process, http
    finally:
        process.kill()
        process.join()


def refuses(address: str) -> bool:
    """Whether no new connection is taken."""
    try:
        httpx.get(f"{address}/v1/health", trust_env=False)
    except httpx.ConnectError:
        return True
    except httpx.TransportError:  # it was taken as the server stopped, or a busy machine lets it wait
        return False
    return False
