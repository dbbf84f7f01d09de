"""A terminal for tests: real files and the real till, with a cloud, a token store and a clock that obey."""

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from uuid import uuid4

from factorypos_tui.core.account import accounts
from factorypos_tui.core.account.assignment import History
from factorypos_tui.core.delivery.contact import note_contact
from factorypos_tui.core.operations.enrolment import assign
from factorypos_tui.core.queue import shipments
from factorypos_tui.core.queue.shipments import Shipment
from factorypos_tui.core.station import Station
from factorypos_tui.core.storage.database import Database
from factorypos_tui.core.storage.facts import keep_fact
from factorypos_tui.core.storage.sync_db import open_sync_db
from factorypos_tui.tills.bundled.catalogue import load_catalogue
from factorypos_tui.tills.bundled.demo_bar import open_demo_bar
from factorypos_tui.tills.bundled.periods import close_period
from factorypos_tui.tills.bundled.recording import record_receipts
from factorypos_tui.tills.bundled.seeding import seed_days
from factorypos_tui.tills.bundled.selling import Sale, SaleLine, Tender, make_receipt, parse_quantity
from factorypos_tui.tills.bundled.till import BundledTill
from tests.support.connectors import MemoryConnector
from tests.support.fakes import FakeCloud, FrozenClock
from tests.support.memory_credentials import MemoryCredentials
from tests.support.queued import every

MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
EMAIL, PASSWORD = "ana@example.com", "a long enough secret"


@dataclass(frozen=True)
class Shop:
    """A station and its surroundings, with the verbs of a day in a bar."""

    station: Station
    cloud: FakeCloud
    credentials: MemoryCredentials
    clock: FrozenClock
    till: BundledTill

    def sell(self, *items: str, receipts: int = 1) -> None:
        """Sell `receipts` of these items, in cash."""
        database = self.till.database()
        catalogue = load_catalogue(database)
        lines = [SaleLine(code, parse_quantity("1")) for code in items or ("CAFE",)]
        sales = [Sale(str(uuid4()), self.clock.now(), lines, [Tender("CASH")]) for _ in range(receipts)]
        record_receipts(database, catalogue, [make_receipt(catalogue, sale) for sale in sales])

    def close_day(self) -> int:
        """Close the running day; returns its Z number."""
        return close_period(self.till.database(), now=self.clock.now(), software="test 1").z_number

    def connect(self, history: History = History.ALL) -> None:
        """Register, make a company and a store, assign it."""
        accounts.register(self.station, EMAIL, PASSWORD, "Ana")
        self.assign_new_store("Bar Maritim", history)

    def assign_new_store(self, name: str, history: History = History.ALL) -> None:
        """Assign a store that did not exist before."""
        company = accounts.create_company(self.station, "Maritim SL", "ES", "EUR")
        store = accounts.create_store(self.station, company.id, name, "Europe/Madrid")
        assign(self.station, company.id, store.id, history, move=False)

    def change_what_the_cloud_holds(self, z_number: int) -> None:
        """The cloud holds other content than this terminal under a Z number."""
        for report in self.cloud.reports.values():
            if report.z_number == z_number:
                self.cloud.reports[report.id] = replace(report, content_hash="0" * 64)

    def lose_the_queue(self) -> None:
        """All that `sync.db` knew of reports is gone."""
        for table in ("event", "body", "acknowledgement", "shipment", "z_hash"):
            self.station.database.execute(f"DELETE FROM {table}")

    def queued(self) -> list[Shipment]:
        """The queue, oldest first."""
        return list(every(self.station.database))


def body_of(database: Database, row_id: int) -> bytes:
    """The bytes of a report that the queue has itself."""
    found = shipments.body(database, row_id)
    assert found is not None
    return found


def make_files(days: int) -> Path:
    """What a shop finds on its disk, for copies: it takes longer to make than most tests take."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    open_demo_bar(folder / "till.db", now=MORNING - timedelta(hours=1), name="Terminal 01")
    if days:
        seed_days(
            folder / "till.db", days=days, seed=1, now=MORNING, terminal_name="Terminal 01", receipts=12
        )
    database = open_sync_db(folder / "sync.db")
    with database.connection():
        keep_fact(database, "welcomed", "yes")
    return folder


_made_files = cache(make_files)


@contextmanager
def open_shop(folder: Path, days: int = 0, files: Path | None = None) -> Iterator[Shop]:
    """A bar with `days` closed days and no log-in; its operator has seen the welcome. `files` (`make_files`)
    are those that it begins with, if not any of so many days."""
    clock, cloud, credentials = FrozenClock(MORNING), FakeCloud(), MemoryCredentials()
    connector = MemoryConnector()
    shutil.copytree(files or _made_files(days), folder, dirs_exist_ok=True)
    till = BundledTill(folder / "till.db", now=clock.now)
    station = Station(
        database=open_sync_db(folder / "sync.db"),
        till=till,
        cloud=lambda: cloud,
        credentials=lambda: credentials,
        connector=lambda: connector,
        clock=clock,
        worker_lock=folder / "worker.lock",
        cloud_url="https://cloud.example.com",
        x_interval=timedelta(minutes=30),
        terminal_name=None,
        software="factorypos-tui test",
        version="test",
    )
    cloud.hear = lambda: note_contact(station.database, clock.now(), clock.now())
    with station.connections():
        yield Shop(station, cloud, credentials, clock, till)
    shutil.rmtree(folder, ignore_errors=True)
