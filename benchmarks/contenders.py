"""The queues that `queue_rates.py` measures, ours among them."""

import os
import sqlite3
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Protocol

from factorypos_tui.core.language.instants import rfc3339, utc_now
from factorypos_tui.core.models import Acknowledgement, Report
from factorypos_tui.core.queue.outbox import Outbox
from factorypos_tui.core.reports.reports import canonical_json, content_hash, thaw
from factorypos_tui.core.storage.sync_db import open_sync_db

STORE = str(uuid.uuid4())
TERMINAL = str(uuid.uuid4())
PADDING = os.urandom(1850).hex()
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


def make_reports(count: int) -> list[Report]:
    """Different reports of 4 KiB, packed to three fifths; those of a real day are packed to two fifths."""
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
