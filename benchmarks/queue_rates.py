"""Durable rates of our queue beside raw sqlite3, litequeue, persist-queue and huey, in one run.

Every commit of every contender is synced to the disk before it counts (`synchronous=FULL`, in WAL). The
rounds of the contenders alternate, a ratio is taken inside of one round, and the median of the rounds is
shown, since machines are noisy. Items are 4 KiB.

*Raw* is sqlite3 with hand-written statements and nothing else: one table with the columns of a shipment and
its bytes, the unique key and the two indexes that a queue cannot do without. Ours does more in the same
commit: it packs the bytes, checks them against their hash, keeps the history and the counts of the states,
and supersedes. huey takes an item away when it hands it out, so that a killed worker loses it: its claim is
an acknowledgement too, one commit instead of two. What is not installed is said and left out:

    pip install litequeue persist-queue huey
"""

import argparse
import os
import random
import sqlite3
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from factorypos_tui.core.language.instants import rfc3339, utc_now
from factorypos_tui.core.models import Acknowledgement, Report
from factorypos_tui.core.queue.outbox import Outbox
from factorypos_tui.core.reports.reports import canonical_json, content_hash, thaw
from factorypos_tui.core.storage.sync_db import open_sync_db

STORE = str(uuid.uuid4())
TERMINAL = str(uuid.uuid4())
PADDING = os.urandom(1850).hex()
BATCH = 100
AS_OF = datetime(2026, 1, 1, tzinfo=UTC)


class Contender(Protocol):
    """A queue in a folder of its own."""

    def put(self, reports: list[Report]) -> None:
        """Outbox one after another, each durable before the next."""

    def put_together(self, reports: list[Report]) -> None:
        """Outbox all in one commit."""

    def take(self, count: int) -> None:
        """Take and acknowledge one after another."""

    def close(self) -> None:
        """Let go of the files."""


class Ours:
    """`core/queue/outbox.py` on `sync.db`."""

    def __init__(self, folder: Path) -> None:
        self._database = open_sync_db(folder / "sync.db")
        self._queue = Outbox(self._database)

    def put(self, reports: list[Report]) -> None:
        for report in reports:
            self._queue.enqueue(report, STORE, AS_OF, utc_now())

    def put_together(self, reports: list[Report]) -> None:
        self._queue.enqueue_all([(report, AS_OF) for report in reports], STORE, utc_now())

    def take(self, count: int) -> None:
        for _ in range(count):
            ((row_id, report),) = self._queue.claim(STORE, 1, utc_now())
            receipt = Acknowledgement(report.id, report.content_hash, "created", AS_OF)
            self._queue.acknowledge(row_id, receipt, utc_now())

    def close(self) -> None:
        self._database.close()


class Raw:
    """The standard library's sqlite3."""

    _SCHEMA = """
        CREATE TABLE q (
            id INTEGER PRIMARY KEY, report_id TEXT NOT NULL, revision INTEGER NOT NULL, kind TEXT NOT NULL,
            store_id TEXT NOT NULL, terminal_id TEXT NOT NULL, period_id TEXT NOT NULL, z_number INTEGER,
            business_date TEXT NOT NULL, as_of TEXT NOT NULL, currency TEXT NOT NULL, net INTEGER NOT NULL,
            content_hash TEXT NOT NULL, body BLOB NOT NULL, state INTEGER NOT NULL DEFAULT 0,
            attempts INTEGER NOT NULL DEFAULT 0, queued_at INTEGER NOT NULL, changed_at INTEGER NOT NULL,
            UNIQUE (report_id, revision, content_hash)
        );
        CREATE INDEX q_due ON q (state, attempts, id);
        CREATE INDEX q_state ON q (state, id);
    """
    _INSERT = (
        "INSERT INTO q (report_id, revision, kind, store_id, terminal_id, period_id, z_number, business_date,"
        " as_of, currency, net, content_hash, body, queued_at, changed_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    )
    _CLAIM = (
        "UPDATE q SET state = 1, attempts = attempts + 1, changed_at = ? WHERE id ="
        " (SELECT id FROM q WHERE state = 0 ORDER BY attempts, id LIMIT 1) RETURNING id, body"
    )

    def __init__(self, folder: Path) -> None:
        self._connection = sqlite3.connect(folder / "q.db", isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = wal")
        self._connection.execute("PRAGMA synchronous = full")
        self._connection.executescript(self._SCHEMA)

    def put(self, reports: list[Report]) -> None:
        for report in reports:
            self._connection.execute(self._INSERT, _row(report))

    def put_together(self, reports: list[Report]) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany(self._INSERT, map(_row, reports))
        self._connection.execute("COMMIT")

    def take(self, count: int) -> None:
        for _ in range(count):
            row_id, _body = self._connection.execute(self._CLAIM, (time.time_ns(),)).fetchone()
            self._connection.execute(
                "UPDATE q SET state = 2, changed_at = ? WHERE id = ? AND state = 1", (time.time_ns(), row_id)
            )

    def close(self) -> None:
        self._connection.close()


class LiteQueue:
    """litequeue, which ships with synchronous=NORMAL, set to FULL."""

    def __init__(self, folder: Path) -> None:
        self._queue = import_module("litequeue").LiteQueue(str(folder / "q.db"))
        self._queue.conn.execute("PRAGMA synchronous = full")

    def put(self, reports: list[Report]) -> None:
        for report in reports:
            self._queue.put(report.body.decode())

    def put_together(self, reports: list[Report]) -> None:
        with self._queue.transaction(mode="IMMEDIATE"):
            self.put(reports)

    def take(self, count: int) -> None:
        for _ in range(count):
            self._queue.done(self._queue.pop().message_id)

    def close(self) -> None:
        self._queue.conn.close()


class PersistQueue:
    """persist-queue's SQLiteAckQueue; it offers no batch, so a batch is one after another."""

    def __init__(self, folder: Path) -> None:
        self._queue = import_module("persistqueue").SQLiteAckQueue(str(folder), multithreading=True)

    def put(self, reports: list[Report]) -> None:
        for report in reports:
            self._queue.put(report.body)

    put_together = put

    def take(self, count: int) -> None:
        for _ in range(count):
            self._queue.ack(self._queue.get(block=False, raw=True))

    def close(self) -> None:
        self._queue.close()


class Huey:
    """huey's SqliteStorage with fsync; it offers no batch, so its own `db` block is used."""

    def __init__(self, folder: Path) -> None:
        storage = import_module("huey.storage")
        self._storage = storage.SqliteStorage(
            "q", filename=str(folder / "q.db"), fsync=True, strict_fifo=True
        )

    def put(self, reports: list[Report]) -> None:
        for report in reports:
            self._storage.enqueue(report.body)

    def put_together(self, reports: list[Report]) -> None:
        with self._storage.db(commit=True) as cursor:
            for report in reports:
                cursor.execute(
                    "INSERT INTO task (queue, data, priority) VALUES (?, ?, 0)",
                    (self._storage.name, report.body),
                )

    def take(self, count: int) -> None:
        for _ in range(count):
            assert self._storage.dequeue()

    def close(self) -> None:
        self._storage.close()


LIBRARIES = {"litequeue": "litequeue", "persist-queue": "persistqueue", "huey": "huey"}
CONTENDERS: dict[str, Callable[[Path], Contender]] = {
    "raw": Raw,
    "ours": Ours,
    "litequeue": LiteQueue,
    "persist-queue": PersistQueue,
    "huey": Huey,
}
GOALS = {"singly": 0.95, "100 a commit": 0.8, "claim + acknowledge": 0.9}


def make_reports(count: int) -> list[Report]:
    """Different reports of 4 KiB; what they say does not matter to a queue."""
    return [_report(number) for number in range(1, count + 1)]


def _report(number: int) -> Report:
    document = {
        "report_id": str(uuid.uuid4()),
        "kind": "Z",
        "revision": 0,
        "terminal_id": TERMINAL,
        "period_id": str(uuid.uuid4()),
        "z_number": number,
        "business_date": "2026-01-01",
        "currency": "EUR",
        "totals": {"net": number},
        "padding": PADDING,
    }
    report = thaw(canonical_json(document | {"content_hash": content_hash(document)}))
    assert report is not None
    return report


def _row(report: Report) -> tuple[object, ...]:
    now = time.time_ns()
    return (
        report.id,
        report.revision,
        report.kind.value,
        STORE,
        report.terminal_id,
        report.period_id,
        report.z_number,
        report.business_date.isoformat(),
        rfc3339(AS_OF),
        report.currency,
        report.net,
        report.content_hash,
        report.body,
        now,
        now,
    )


def measure(make: Callable[[Path], Contender], items: int, where: Path) -> dict[str, float]:
    """Items a second, by what was done with them, on files made for it."""
    with tempfile.TemporaryDirectory(dir=where, prefix=".queue-") as folder:
        queue = make(Path(folder))
        singly, together = make_reports(items), make_reports(items * 4)
        rates = {"singly": _rate(items, lambda: queue.put(singly))}
        rates["claim + acknowledge"] = _rate(items, lambda: queue.take(items))
        batches = [together[at : at + BATCH] for at in range(0, len(together), BATCH)]
        rates["100 a commit"] = _rate(len(together), lambda: put_batches(queue, batches))
        queue.close()
    return rates


def put_batches(queue: Contender, batches: list[list[Report]]) -> None:
    for batch in batches:
        queue.put_together(batch)


def _rate(items: int, work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return items / (time.perf_counter() - begun)


def _missing() -> Iterator[str]:
    for name, module in LIBRARIES.items():
        try:
            import_module(module)
        except ImportError:
            yield name


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--items", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--folder", type=Path, default=Path.cwd(), help="on the disk to measure")
    options = parser.parse_args()
    missing = list(_missing())
    names = [name for name in CONTENDERS if name not in missing]
    measured: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    for _round in range(options.rounds):
        for name in random.sample(names, len(names)):
            measured[name].append(measure(CONTENDERS[name], options.items, options.folder))
    for name in missing:
        print(f"{name}: not installed, left out")
    print(f"{'':15}" + "".join(f"{what:>32}" for what in GOALS))
    for name in names:
        print(f"{name:15}" + "".join(f"{_cell(measured, name, what):>32}" for what in GOALS))
    print(f"{'goal for ours':15}" + "".join(f"{f'>= {goal:.2f} x raw':>32}" for goal in GOALS.values()))


def _cell(measured: dict[str, list[dict[str, float]]], name: str, what: str) -> str:
    """Median items a second, and the median ratio to raw within a round."""
    rates = [rates[what] for rates in measured[name]]
    ratios = [rate / raw[what] for rate, raw in zip(rates, measured["raw"], strict=True)]
    return f"{statistics.median(rates):,.0f}/s  {statistics.median(ratios):.2f} x raw"


if __name__ == "__main__":
    main()
