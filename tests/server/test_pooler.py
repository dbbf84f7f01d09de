"""A pooler between the server and PostgreSQL: pgbouncer, which gives each transaction another connection."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit, urlunsplit

import httpx
import pytest

from tests.server.shop import Till
from tests.server.test_behind_proxies import free_ports
from tests.server.test_killed import new_tills
from tests.server.test_live_processes import ONLY_TOLD, serving
from tests.server.watching import watching
from tests.support.forked import Circumstances, start_cloud
from tests.support.waiting import eventually

DAYS = 12
"""More than psycopg runs a statement before it has it prepared."""
SETTINGS = """
[databases]
* = {to}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 4
ignore_startup_parameters = extra_float_digits
"""


@pytest.fixture
def pooled_url(postgres_url: str) -> Iterator[str]:
    """The database of the tests, through fewer connections than the server takes."""
    program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    if not program:
        pytest.skip("pgbouncer is not installed (apt-get install pgbouncer)")
    parts, (port,) = urlsplit(postgres_url), free_ports(1)
    to = {"host": parts.hostname, "port": parts.port, "user": parts.username, "password": parts.password}
    way = " ".join(f"{name}={value}" for name, value in to.items() if value)
    settings = SETTINGS.format(to=way, listen=port)
    with TemporaryDirectory() as name, (Path(name) / "log").open("wb") as log:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "pgbouncer.ini").write_text(settings, "utf-8")
        command = [program, str(folder / "pgbouncer.ini")]
        with subprocess.Popen(command, stderr=log, user="nobody" if os.geteuid() == 0 else None) as pooler:
            try:
                eventually(lambda: b"listening on" in (folder / "log").read_bytes())
                yield urlunsplit(parts._replace(netloc=f"{parts.username}@127.0.0.1:{port}"))
            finally:
                pooler.terminate()


def test_reports_arrive_through_a_pooler(pooled_url: str, tmp_path: Path) -> None:
    process, address = start_cloud(tmp_path / "cloud", "--database", pooled_url, "--workers", "2")
    try:
        with httpx.Client(base_url=address, timeout=60, trust_env=False) as http:
            tills = new_tills(http)
            with ThreadPoolExecutor(len(tills)) as senders:
                for statuses in senders.map(send_days, tills):
                    assert statuses == [201] * DAYS
    finally:
        process.kill()
        process.join()


@pytest.mark.parametrize("way", ["by asking", "past it"])
def test_live_events_come_where_there_is_a_pooler(
    way: str, pooled_url: str, postgres_url: str, tmp_path: Path
) -> None:
    options, found = ["--database", pooled_url], Circumstances()
    if way == "past it":
        options, found = [*options, "--listen-url", postgres_url], ONLY_TOLD
    with serving(tmp_path / "server", *options, found=found) as server:
        owner = server.owner()
        till = owner.assign(owner.store())
        with watching(server.address, owner.token, store=till.store) as stream:
            for number in range(1, 4):  # the first event may be that it listens from now on
                till.send(till.z(number))
                assert stream.next_event() == "figures"


def send_days(till: Till) -> list[int]:
    return [till.send(till.z(number)).status_code for number in range(1, DAYS + 1)]
