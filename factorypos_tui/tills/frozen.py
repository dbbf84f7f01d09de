"""What was told of closed days, in a file of ours: the program of another till can change what they were made
of, its names, its receipts, its settings. A day that is here is told again as it was told first."""

import json
import zlib
from collections.abc import Iterable, Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import date
from decimal import Decimal
from operator import attrgetter
from pathlib import Path
from typing import Any

from factorypos_tui.core.errors import StillReading
from factorypos_tui.core.language import _
from factorypos_tui.core.language.instants import instant_of, rfc3339
from factorypos_tui.core.models import Close, Terminal
from factorypos_tui.core.reports.sales import (
    Cash,
    CloseReason,
    Control,
    Count,
    Line,
    Payment,
    Period,
    Perpetual,
    Receipt,
    ReceiptTax,
)
from factorypos_tui.core.storage.database import Database

FILE = "frozen.db"
"""What the file is called in a home."""
SCHEMA = """
CREATE TABLE frozen_day (
    terminal_id TEXT NOT NULL,
    z_number INTEGER NOT NULL,
    period_id TEXT NOT NULL,
    closed_at TEXT NOT NULL,
    sales INTEGER NOT NULL,
    refunds INTEGER NOT NULL,
    mark TEXT NOT NULL,
    period TEXT NOT NULL,
    receipts BLOB NOT NULL,
    PRIMARY KEY (terminal_id, z_number)
);
"""
LATE = """
ALTER TABLE frozen_day ADD COLUMN came_late INTEGER NOT NULL DEFAULT 0;
CREATE INDEX late_day ON frozen_day (terminal_id, z_number) WHERE came_late;
"""
TRIED = """
CREATE TABLE tried (terminal_id TEXT PRIMARY KEY, z_number INTEGER NOT NULL) WITHOUT ROWID;
"""
CHANGED = """
ALTER TABLE frozen_day ADD COLUMN changed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX changed_day ON frozen_day (terminal_id, z_number) WHERE changed;
"""
MIGRATIONS = (SCHEMA, LATE, TRIED, CHANGED)
_LINE = attrgetter(*Line.__slots__)
_TAX = attrgetter(*ReceiptTax.__slots__)
_PAYMENT = attrgetter(*Payment.__slots__)
_THIS_CLOSE = "terminal_id = ? AND z_number = ? AND period_id = ? AND closed_at = ?"


MOST_AT_ONCE = 100
"""After so many days are frozen, who asks for the running day is told that older ones are read first."""


def still_reading() -> StillReading:
    """The error that says so."""
    return StillReading(_("The till's closed days are read first. The running day follows by itself."))


class FrozenDays:
    """The closed days that were told, by terminal and Z number. Every method raises `StorageError`."""

    def __init__(self, path: Path) -> None:
        """`path`: the file; it is made with its first day."""
        self._path = path
        self._opened: Database | None = None

    def period(self, terminal_id: str, close: Close) -> Period | None:
        """The close as it was told; None where it, and not another one with its number, was not told yet."""
        found = self._database().value(
            f"SELECT period FROM frozen_day WHERE {_THIS_CLOSE}", *_key(terminal_id, close)
        )
        with self._trusted():
            return _period(json.loads(found)) if found else None

    def receipts(self, terminal_id: str, close: Close) -> Sequence[Receipt] | None:
        """The receipts of a close as they were told; None where it was not told yet."""
        found = self._database().value(
            f"SELECT receipts FROM frozen_day WHERE {_THIS_CLOSE}", *_key(terminal_id, close)
        )
        with self._trusted():
            return [_receipt(row) for row in json.loads(zlib.decompress(found))] if found else None

    def perpetual_before(self, terminal_id: str, z_number: int) -> Perpetual:
        """The totals of all days before a Z number that were told: those of the day before it, with the late
        ones that were told after that day."""
        row = self._database().row(
            "SELECT period, sales, refunds, z_number, rowid FROM frozen_day"
            " WHERE terminal_id = ? AND z_number < ? ORDER BY z_number DESC LIMIT 1",
            terminal_id,
            z_number,
        )
        if row is None:
            return Perpetual()
        late = self._database().rows(
            "SELECT sales, refunds FROM frozen_day WHERE terminal_id = ? AND z_number < ? AND came_late"
            " AND rowid > ?",
            *(terminal_id, row[3], row[4]),
        )
        with self._trusted():
            before = Perpetual(**json.loads(row[0])["perpetual_before"])
        added = [(row[1], row[2]), *late]
        return Perpetual(
            before.sales + sum(sales for sales, _refunds in added),
            before.refunds + sum(refunds for _sales, refunds in added),
        )

    def closes(self, terminal_id: str) -> Set[Close]:
        """Every close that was told."""
        return self._closes(terminal_id, "TRUE")

    def numbers(self, terminal_id: str) -> set[int]:
        """Their Z numbers alone, which takes a tenth of the time."""
        rows = self._database().rows("SELECT z_number FROM frozen_day WHERE terminal_id = ?", terminal_id)
        return {number for (number,) in rows}

    def late(self, terminal_id: str) -> Set[Close]:
        """Those that were told after closes above them."""
        return self._closes(terminal_id, "came_late")

    def changed(self, terminal_id: str) -> Set[Close]:
        """Those whose rows were others than told when they were last looked at."""
        return self._closes(terminal_id, "changed")

    def note_changed(self, terminal_id: str, close: Close, *, is_changed: bool) -> None:
        """Keep whether the rows of a close are others now, for processes that start later."""
        self._database().execute(
            f"UPDATE frozen_day SET changed = ? WHERE {_THIS_CLOSE}", is_changed, *_key(terminal_id, close)
        )

    def tried(self, terminal_id: str) -> int:
        """The number up to which closes were told or could not be told; 0 before the first."""
        newest: int = self._database().value(
            "SELECT max(coalesce((SELECT MAX(z_number) FROM frozen_day WHERE terminal_id = ?1), 0),"
            " coalesce((SELECT z_number FROM tried WHERE terminal_id = ?1), 0))",
            terminal_id,
        )
        return newest

    def note_tried(self, terminal_id: str, z_number: int) -> None:
        """Keep that all closes up to this number were read, also where the last ones could not be told. Days
        below it that are told from now on come late: the queue has passed them."""
        if z_number > self.tried(terminal_id):
            self._database().execute("INSERT OR REPLACE INTO tried VALUES (?, ?)", terminal_id, z_number)

    def _closes(self, terminal_id: str, condition: str) -> Set[Close]:
        columns = "z_number, period_id, closed_at"
        rows = self._database().rows(
            f"SELECT {columns} FROM frozen_day WHERE terminal_id = ? AND {condition}", terminal_id
        )
        return {Close(*row) for row in rows}

    def mark(self, terminal_id: str, close: Close) -> str:
        """What the adapter noted of a close when it was told."""
        found = self._database().value(
            f"SELECT mark FROM frozen_day WHERE {_THIS_CLOSE}", *_key(terminal_id, close)
        )
        return found or ""

    @contextmanager
    def together(self) -> Iterator[None]:
        """Keep all days of the block, or none."""
        with self._database().transaction():
            yield

    def freeze(self, close: Close, period: Period, receipts: Iterable[Receipt], mark: str = "") -> None:
        """Keep a close with all that belongs to it, for good. `mark`: what the adapter has to say of it.

        If another close had its number, the till was restored from a backup: that one and all after it go.
        A day below one that was told, or could not be, comes late, and its period says so from now on."""
        kept, database = list(receipts), self._database()
        lines = [line for receipt in kept for line in receipt.lines]
        this = period.terminal.id, close.z_number
        with database.transaction():
            if self.period(period.terminal.id, close):  # another process was faster
                return
            if database.row("SELECT 1 FROM frozen_day WHERE terminal_id = ? AND z_number = ?", *this):
                database.execute("DELETE FROM frozen_day WHERE terminal_id = ? AND z_number >= ?", *this)
                database.execute("DELETE FROM tried WHERE terminal_id = ?", this[0])
            came_late = close.z_number < self.tried(this[0])
            database.execute(
                "INSERT INTO frozen_day VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, FALSE)",
                *_key(period.terminal.id, close),
                sum(line.net for line in lines if not line.is_refund),
                -sum(line.net for line in lines if line.is_refund),
                mark,
                json.dumps(_period_document(replace(period, came_late=came_late))),
                zlib.compress(json.dumps([_receipt_document(receipt) for receipt in kept]).encode(), 6),
                came_late,
            )

    def forget(self, terminal_id: str) -> None:
        """Forget what was told of a till: it is told anew. Nobody may have taken it into a queue."""
        with self._database().transaction():
            self._database().execute("DELETE FROM frozen_day WHERE terminal_id = ?", terminal_id)
            self._database().execute("DELETE FROM tried WHERE terminal_id = ?", terminal_id)

    def close(self) -> None:
        """Close the calling thread's connection."""
        if self._opened:
            self._opened.close()

    @contextmanager
    def _trusted(self) -> Iterator[None]:
        try:
            with self._database().trusted():
                yield
        except (zlib.error, LookupError) as error:
            raise self._database().damaged() from error

    def _database(self) -> Database:
        self._opened = self._opened or Database(self._path, MIGRATIONS)
        return self._opened


def _key(terminal_id: str, close: Close) -> tuple[str, int, str, str]:
    return terminal_id, close.z_number, close.period_id, close.closed_at


def _receipt_document(receipt: Receipt) -> list[Any]:
    return [
        receipt.uid,
        receipt.number,
        rfc3339(receipt.sold_at),
        receipt.user_code,
        receipt.user_name,
        [
            [str(value) if isinstance(value, Decimal) else value for value in _LINE(it)]
            for it in receipt.lines
        ],
        [_TAX(tax) for tax in receipt.taxes],
        [_PAYMENT(payment) for payment in receipt.payments],
        receipt.rounding,
    ]


def _receipt(row: Sequence[Any]) -> Receipt:
    uid, number, sold_at, user_code, user_name, lines, taxes, payments, rounding = row
    return Receipt(
        uid,
        number,
        instant_of(sold_at),
        user_code,
        user_name,
        [_line(it) for it in lines],
        [ReceiptTax(*it) for it in taxes],
        [Payment(*it) for it in payments],
        rounding,
    )


def _line(row: Sequence[Any]) -> Line:
    item, name, department, department_name, tax, quantity, *amounts = row
    return Line(item, name, department, department_name, tax, Decimal(quantity), *amounts)


def _period_document(period: Period) -> dict[str, Any]:
    instants = {
        "opened_at": rfc3339(period.opened_at),
        "closed_at": period.closed_at and rfc3339(period.closed_at),
    }
    return asdict(period) | instants | {"business_date": period.business_date.isoformat()}


def _period(document: dict[str, Any]) -> Period:
    control = document["control"]
    counts = {name: Count(**value) for name, value in control.items() if isinstance(value, dict)}
    return Period(
        **document
        | {
            "terminal": Terminal(**document["terminal"]),
            "business_date": date.fromisoformat(document["business_date"]),
            "opened_at": instant_of(document["opened_at"]),
            "perpetual_before": Perpetual(**document["perpetual_before"]),
            "cash": Cash(**document["cash"]),
            "control": Control(**control | counts),
            "closed_at": instant_of(document["closed_at"]),
            "close_reason": CloseReason(document["close_reason"]),
        }
    )
