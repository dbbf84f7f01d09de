"""How fast ten years of Z reports leave: on loopback, and over a link with a round trip of 50 ms.

Runs a real FactoryCLOUD, and the worker beside the same till's reports sent with one durable PUT after
another, over the same link in the same run. One after another is measured on a sample and scaled up; the
output says so. `verify` follows, and what is left of a month offline.

    python benchmarks/drain.py --days 3650
"""

import argparse
import os
import queue
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from benchmarks.shop import connect, run, serving
from factorypos_tui.cli.home import Home
from factorypos_tui.cli.station import open_station
from factorypos_tui.cloud.client import FactoryCloud
from factorypos_tui.core.account.assignment import load_assignment, terminal_token
from factorypos_tui.core.delivery.collector import collect
from factorypos_tui.core.delivery.worker import Worker
from factorypos_tui.core.language.instants import utc_now
from factorypos_tui.core.operations.verification import verify
from factorypos_tui.core.queue.counting import counts
from factorypos_tui.core.queue.outbox import Outbox
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.reports.reports import build_x
from factorypos_tui.core.station import Station

ONE_WAY_S = 0.025
X_A_MONTH = 20


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--days", type=int, default=3650)
    parser.add_argument("--sample", type=int, default=100, help="reports sent one after another")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        till = Path(folder) / "till"
        run(till, "till", "seed", "--days", str(options.days), "--receipts", "3")
        for name, delay in (("loopback", 0.0), ("50 ms round trip", ONE_WAY_S)):
            with serving(Path(folder) / f"cloud of {name}") as url:
                drain_beside_puts(Path(folder), till, name, url, delay, options.sample)
        month = Path(folder) / "month"
        run(month, "till", "seed", "--days", "30", "--receipts", "40")
        with serving(Path(folder) / "cloud of month"):
            connect(month)
            drain_a_month(month)


def drain_beside_puts(folder: Path, till: Path, name: str, url: str, delay: float, sample: int) -> None:
    """Drain a copy of the till, and send a sample of another copy's reports one after another."""
    drained, one_by_one = folder / f"drained{delay}", folder / f"one{delay}"
    for home in (drained, one_by_one):
        home.mkdir(mode=0o700)
        shutil.copy(till / "till.db", home)
    connect(drained)
    with open_station(Home(drained)) as station:
        begun = time.perf_counter()
        days = collect(station)
        print(f"{name}: {days} Z queued in {time.perf_counter() - begun:.1f} s, link aside")
    with link_to(url, delay) as address:
        drain_s = drain(drained, address)
    other = folder / f"cloud of one{delay}"
    with serving(other) as url_of_other:
        connect_alone(one_by_one)
        with link_to(url_of_other, delay) as address:
            put_s = put_one_by_one(one_by_one, address, sample)
    print(f"{name}: drained in {drain_s:.2f} s, {days / drain_s:,.0f}/s")
    print(
        f"{name}: one durable PUT after another {1 / put_s:,.0f}/s, measured on {sample} and scaled up:"
        f" {put_s * days:.1f} s, {put_s * days / drain_s:.1f} times as long"
    )
    if not delay:
        print(f"verify of {days} Z on loopback: {seconds_to_verify(drained, url):.2f} s")


def connect_alone(home: Path) -> None:
    connect(home)
    with open_station(Home(home)) as station:
        collect(station)


def drain(home: Path, address: str) -> float:
    """Seconds until the worker has delivered all that waits."""
    with through(home, address) as station:
        waiting = counts(station.database)[State.PENDING]
        worker = Worker(station)
        begun = time.perf_counter()
        while counts(station.database)[State.PENDING]:
            assert worker.step(), "the link rests"
        taken = time.perf_counter() - begun
        assert worker.drained().delivered == waiting
    return taken


def put_one_by_one(home: Path, address: str, sample: int) -> float:
    """Seconds a report, on one connection that is kept open."""
    with through(home, address) as station, FactoryCloud(address) as cloud:
        assignment = load_assignment(station.database)
        assert assignment is not None
        token = terminal_token(station, assignment)
        reports = Outbox(station.database).claim(assignment.store.id, sample, utc_now())
        begun = time.perf_counter()
        for _row_id, report in reports:
            cloud.send(token, report)
        return (time.perf_counter() - begun) / len(reports)


def seconds_to_verify(home: Path, address: str) -> float:
    with through(home, address) as station:
        begun = time.perf_counter()
        found = verify(station)
        assert found.holds
        return time.perf_counter() - begun


def drain_a_month(home: Path) -> None:
    """Thirty closed days and the running one, read again and again meanwhile; how many requests it takes."""
    with open_station(Home(home)) as station:
        collect(station)
        assignment, period = load_assignment(station.database), station.till.open_period()
        assert assignment is not None
        assert period is not None
        for revision in range(1, X_A_MONTH + 1):
            x = build_x(period, station.till.receipts(period.id), revision, utc_now())
            Outbox(station.database).enqueue(x, assignment.store.id, utc_now(), utc_now())
        waiting = counts(station.database)
        worker, requests = Worker(station), 0
        while counts(station.database)[State.PENDING]:
            assert worker.step(), "the link rests"
            requests += 1
    print(
        f"a month offline: {waiting[State.PENDING]} reports wait, {waiting[State.SUPERSEDED]} X superseded:"
        f" delivered with {requests} request{'s' * (requests > 1)}"
    )


@contextmanager
def through(home: Path, address: str) -> Iterator[Station]:
    """The terminal with its FactoryCLOUD at this address."""
    os.environ["FACTORYPOS_CLOUD_URL"] = address
    with open_station(Home(home)) as station:
        yield station


@contextmanager
def link_to(url: str, delay: float) -> Iterator[str]:
    """The address of a relay to `url` where each byte arrives `delay` seconds after it was sent."""
    if not delay:
        yield url
        return
    host, port = url.removeprefix("http://").split(":")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept, args=(listener, (host, int(port)), delay), daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def accept(listener: socket.socket, target: tuple[str, int], delay: float) -> None:
    with suppress(OSError):
        while True:
            client, _address = listener.accept()
            server = socket.create_connection(target)
            for near, far in ((client, server), (server, client)):
                near.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                line: queue.Queue[tuple[float, bytes]] = queue.Queue()
                threading.Thread(target=take_in, args=(near, line, delay), daemon=True).start()
                threading.Thread(target=give_out, args=(far, line), daemon=True).start()


def take_in(near: socket.socket, line: "queue.Queue[tuple[float, bytes]]", delay: float) -> None:
    data = b"any"
    while data:
        try:
            data = near.recv(1 << 16)
        except OSError:
            data = b""
        line.put((time.monotonic() + delay, data))


def give_out(far: socket.socket, line: "queue.Queue[tuple[float, bytes]]") -> None:
    with suppress(OSError):
        while True:
            due, data = line.get()
            time.sleep(max(0.0, due - time.monotonic()))
            if not data:
                far.shutdown(socket.SHUT_WR)
                return
            far.sendall(data)


if __name__ == "__main__":
    main()
