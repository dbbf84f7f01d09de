"""Several processes behind one address, and the service manager that watches over them."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import httpx
import pytest

from factorypos_tui.server.workers import Workers
from tests.server.test_commands import run
from tests.server.test_killed import new_tills
from tests.support.forked import start_cloud
from tests.support.waiting import eventually

_PATIENCE_S = 60


@contextmanager
def started(home: Path, *options: str) -> Iterator[tuple[ForkServerProcess, str]]:
    process, address = start_cloud(home, *options)
    try:
        yield process, address
    finally:
        process.kill()
        process.join()


@contextmanager
def manager(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """What stands for systemd."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(folder / "notify"))
        listening.settimeout(_PATIENCE_S)
        monkeypatch.setenv("NOTIFY_SOCKET", str(folder / "notify"))
        yield listening


def children_of(pid: int) -> list[int]:
    return [int(it) for it in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]


def is_gone(pid: int) -> bool:
    return not is_alive(pid)


def is_alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "State:\tZ" not in status.read_text("ascii")


def test_reports_arrive_though_processes_are_killed(tmp_path: Path, postgres_url: str) -> None:
    with started(tmp_path / "cloud", "--database", postgres_url, "--workers", "2") as (process, address):
        watching = process.pid or 0
        with httpx.Client(base_url=address, timeout=_PATIENCE_S, trust_env=False) as http:
            till = new_tills(http)[0]
        for number in range(1, 5):
            report, pids = till.z(number), children_of(watching)
            assert [put(address, till.token, report) for _ in range(4)] == [201, 200, 200, 200]
            os.kill(pids[0], signal.SIGKILL)
            eventually(partial(is_gone, pids[0]))
            assert put(address, till.token, report) == 200
            eventually(partial(has_two_others, watching, pids[0]))
        serving = children_of(watching)
        os.kill(watching, signal.SIGTERM)
        process.join(_PATIENCE_S)
        assert process.exitcode == 0
        assert all(map(is_gone, serving))


def has_two_others(watching: int, killed: int) -> bool:
    """Whether another took the place of the one that was killed, which is a child until it is buried."""
    return len(set(children_of(watching)) - {killed}) == 2


def put(address: str, token: str, report: dict[str, object]) -> int:
    """Send a report on a connection of its own, whichever process takes it."""
    with httpx.Client(base_url=address, timeout=_PATIENCE_S, trust_env=False) as http:
        headers = {"Authorization": f"Bearer {token}"}
        return http.put(f"/v1/reports/{report['report_id']}", json=report, headers=headers).status_code


def test_they_end_where_nobody_watches_them_any_more(tmp_path: Path, postgres_url: str) -> None:
    with started(tmp_path / "cloud", "--database", postgres_url, "--workers", "2") as (process, _address):
        assert process.pid
        serving = children_of(process.pid)
        process.kill()
        eventually(lambda: all(map(is_gone, serving)))


@pytest.fixture
def workers() -> Iterator[Workers]:
    before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)]
    yield Workers(1, lambda _ready, _alive: None)
    for number, handler in zip((signal.SIGTERM, signal.SIGINT), before, strict=True):
        signal.signal(number, handler)


def test_none_starts_once_they_are_to_end(workers: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    mask = signal.pthread_sigmask

    def too_late(how: int, numbers: Iterable[int]) -> set[int]:
        if how == signal.SIG_BLOCK:
            signal.raise_signal(signal.SIGTERM)
        return set(mask(how, numbers))

    monkeypatch.setattr(signal, "pthread_sigmask", too_late)
    monkeypatch.setattr(os, "fork", lambda: pytest.fail("one started that nobody ends"))
    workers.run(lambda: None, lambda: None)


def test_one_that_has_ended_already_is_no_obstacle_to_ending_the_others(workers: Workers) -> None:
    ended, other = (subprocess.Popen(["sleep", "60"]) for _ in range(2))
    ended.kill()
    ended.wait()
    workers._pipes = {ended.pid: 0, other.pid: 0}
    workers._stop()
    assert other.wait(_PATIENCE_S) == -signal.SIGTERM


def test_sqlite_has_one_process(tmp_path: Path) -> None:
    refused = run(tmp_path / "cloud", "serve", "--workers", "2")
    assert refused.returncode == 2
    assert "needs a database on PostgreSQL" in refused.stderr


def test_on_sqlite_there_is_nothing_to_listen_to(tmp_path: Path) -> None:
    refused = run(tmp_path / "cloud", "serve", "--listen-url", "postgresql://db/cloud")
    assert refused.returncode == 2
    assert "--listen-url needs a database on PostgreSQL" in refused.stderr


def test_the_service_manager_hears_that_a_server_is_ready_and_alive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with manager(tmp_path, monkeypatch) as systemd, started(tmp_path / "cloud") as (process, _address):
        assert systemd.recv(99) == b"READY=1"
        assert [systemd.recv(99) for _ in range(2)] == [b"WATCHDOG=1"] * 2
        assert process.is_alive()


def test_it_hears_no_more_once_one_of_several_processes_hangs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres_url: str
) -> None:
    options = ("--database", postgres_url, "--workers", "2")
    with manager(tmp_path, monkeypatch) as systemd, started(tmp_path / "cloud", *options) as (process, _it):
        assert process.pid
        assert [systemd.recv(99) for _ in range(2)] == [b"READY=1", b"WATCHDOG=1"]
        hanging = children_of(process.pid)[0]
        os.kill(hanging, signal.SIGSTOP)
        systemd.settimeout(8)
        with pytest.raises(TimeoutError):
            read_to_the_end(systemd)
        os.kill(hanging, signal.SIGCONT)
        systemd.settimeout(_PATIENCE_S)
        assert systemd.recv(99) == b"WATCHDOG=1"


def read_to_the_end(manager: socket.socket) -> None:
    while True:
        manager.recv(99)
