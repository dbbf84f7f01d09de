"""A bar on real files, its FactoryCLOUD as a process, its worker as a process, and what is done to them."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from factorypos_tui.cloud.client import FactoryCloud
from factorypos_tui.core.account import accounts
from factorypos_tui.core.account.assignment import TERMINAL, History
from factorypos_tui.core.answers import HeldZ
from factorypos_tui.core.language.instants import SystemClock, utc_now
from factorypos_tui.core.operations.enrolment import assign
from factorypos_tui.core.ports import Cloud
from factorypos_tui.core.queue.counting import counts
from factorypos_tui.core.queue.shipments import Shipment
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.station import Station
from factorypos_tui.core.storage.sync_db import open_sync_db
from factorypos_tui.credentials import open_credentials
from factorypos_tui.tills.bundled.catalogue import load_catalogue
from factorypos_tui.tills.bundled.periods import close_period
from factorypos_tui.tills.bundled.recording import record_receipts
from factorypos_tui.tills.bundled.seeding import seed_days
from factorypos_tui.tills.bundled.selling import Sale, SaleLine, Tender, make_receipt, parse_quantity
from factorypos_tui.tills.bundled.till import BundledTill
from tests.support.connectors import MemoryConnector
from tests.support.forked import run_forked, start_cloud
from tests.support.queued import every

PATIENCE_S = 60
PASSWORD = "a long enough secret"
PROGRAM = (sys.executable, "-m", "factorypos_tui")


class CloudProcess:
    """`cloud serve` on a home of its own; it can be killed and started again on the same port."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.url = ""
        self.start()

    def start(self) -> None:
        """Start and wait until it listens."""
        self._process, self.url = start_cloud(self.home, port=int(self.url.rpartition(":")[2] or 0))

    def kill(self) -> None:
        """End it at once, as a power cut does."""
        self._process.kill()
        self._process.join()


@dataclass
class Bar:
    """A terminal on its home, assigned to a store."""

    home: Path
    station: Station
    """Works on the same files in this process."""
    cloud_url: str
    program: Sequence[str] = PROGRAM
    begin: Callable[[], None] | None = None  # what the service does before anything else

    def sell_and_close(self) -> int:
        """A day with one receipt; returns its Z number."""
        till = BundledTill(self.home / "till.db")
        database = till.database()
        sale = Sale(str(uuid.uuid4()), utc_now(), [SaleLine("CAFE", parse_quantity("1"))], [Tender("CASH")])
        catalogue = load_catalogue(database)
        record_receipts(database, catalogue, [make_receipt(catalogue, sale)])
        number = close_period(database, now=utc_now(), software="test").z_number
        database.close()
        return number

    def queued(self) -> list[Shipment]:
        """The queue, oldest first."""
        return list(every(self.station.database))

    def states(self) -> list[State]:
        return [row.state for row in self.queued()]

    def delivered(self) -> int:
        return counts(self.station.database)[State.DELIVERED]

    def held(self) -> Sequence[HeldZ]:
        """What the cloud holds, asked without any proxy."""
        _store, _space, token = (self.station.credentials().get(TERMINAL) or "").rpartition(" ")
        with FactoryCloud(self.cloud_url) as cloud:
            return cloud.held_zs(token)

    def everything_arrived_once(self, days: int) -> bool:
        """Every Z of the till is in the cloud once, equal by hash, and the queue says so."""
        here = {row.z_number or 0: row.content_hash for row in self.queued() if row.kind == "Z"}
        there = {z.z_number: z.content_hash for z in self.held()}
        return sorted(here) == list(range(1, days + 1)) and here == there and self.delivered() == days

    def run(
        self, *arguments: str, url: str | None = None, prefix: Sequence[str] = (), **more: Any
    ) -> "subprocess.CompletedProcess[str]":
        """Run one command of the program to its end; no traceback ever reaches an operator."""
        command = ["--home", str(self.home), *arguments]
        environment = {**os.environ, "FACTORYPOS_CLOUD_URL": url or self.cloud_url}
        if prefix or more or self.program is not PROGRAM:  # the process itself is not the usual one
            done = subprocess.run(
                [*prefix, *self.program, *command],
                capture_output=True, text=True, timeout=120, check=False, env=environment, **more,
            )  # fmt: skip
        else:
            done = run_forked(command, environment=environment)
        assert "Traceback" not in done.stdout + done.stderr, done.stderr
        return done

    def drain(self, url: str | None = None) -> int:
        """`worker --once`; its exit code."""
        return self.run("worker", "--once", url=url).returncode

    @contextmanager
    def worker(self, url: str | None = None, **environment: str) -> Iterator["subprocess.Popen[str]"]:
        """The service, running until the block ends."""
        process = subprocess.Popen(
            [*self.program, "--home", str(self.home), "worker"],
            stderr=subprocess.PIPE, text=True, preexec_fn=self.begin,
            env={**os.environ, "FACTORYPOS_CLOUD_URL": url or self.cloud_url, **environment},
        )  # fmt: skip
        with process:
            try:
                yield process
            finally:
                process.send_signal(signal.SIGCONT)
                process.kill()

    @contextmanager
    def through(self, url: str, deadline_s: float = 60) -> Iterator[Station]:
        """The station of this process, on another way to the cloud."""
        with FactoryCloud(url, deadline_s=deadline_s) as cloud:
            yield replace(self.station, cloud=lambda: cloud)

    def close(self) -> None:
        """Let go of files and sockets."""
        self.station.database.close()
        self.station.till.close()
        cloud = self.station.cloud()
        assert isinstance(cloud, FactoryCloud)
        cloud.close()

    def clone(self, home: Path) -> "Bar":
        """The same machine a second time, as after a copy of its card."""
        self.close()
        shutil.copytree(self.home, home)
        return bar_at(home, self.cloud_url)

    def log(self) -> list[dict[str, object]]:
        """What the program wrote to its log."""
        text = (self.home / "logs" / "factorypos.jsonl").read_text("utf-8")
        return [json.loads(line) for line in text.splitlines()]


@dataclass(frozen=True)
class Owner:
    """A person with an account in a FactoryCLOUD, who opens bars."""

    cloud_url: str
    token: str

    def open_bar(self, home: Path, days: int, *, assigned: bool = True) -> Bar:
        """A bar with `days` closed days, assigned to a store of its own, nothing sent yet."""
        seed_days(home / "till.db", days=days, seed=1, now=utc_now(), terminal_name="Till", receipts=4)
        bar = bar_at(home, self.cloud_url)
        station = bar.station
        station.credentials().set("user", self.token)
        if assigned:
            company = accounts.create_company(station, "Maritim SL", "ES", "EUR")
            store = accounts.create_store(station, company.id, "Bar Maritim", "Europe/Madrid")
            assign(station, company.id, store.id, History.ALL, move=False)
        return bar


def new_owner(cloud_url: str) -> Owner:
    """Register a person."""
    email = f"{uuid.uuid4().hex}@example.com"
    with FactoryCloud(cloud_url) as cloud:
        cloud.register(email, PASSWORD, "Ana", "en")
        return Owner(cloud_url, cloud.log_in(email, PASSWORD).token)


def at_rest(bar: Bar) -> Path:
    """The queue's file, complete, when no process has it open."""
    bar.station.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    bar.station.database.close()
    return bar.home / "sync.db"


def conflicts_in(cloud: CloudProcess) -> int:
    """How many refused reports a cloud keeps beside those that it accepted."""
    with sqlite3.connect(next(cloud.home.glob("*.db"))) as database:
        count: int = database.execute("SELECT count(*) FROM conflict").fetchone()[0]
    database.close()
    return count


def bar_at(home: Path, cloud_url: str) -> Bar:
    """The bar whose files are in a home."""
    cloud: Cloud = FactoryCloud(cloud_url)
    credentials = open_credentials(home, home / "credentials.json", "auto")
    station = Station(
        database=open_sync_db(home / "sync.db"),
        till=BundledTill(home / "till.db"),
        cloud=lambda: cloud,
        credentials=lambda: credentials,
        connector=MemoryConnector,
        clock=SystemClock(),
        worker_lock=home / "worker.lock",
        cloud_url=cloud_url,
        x_interval=timedelta(minutes=30),
        terminal_name=None,
        software="factorypos-tui test",
        version="test",
    )
    return Bar(home, station, cloud_url)
