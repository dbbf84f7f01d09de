"""What the till records: receipts in the open period, practice sales apart, and other events.

Everything that happens together is one transaction. So a sale is recorded whole or not at all, and its period
was open when it was committed."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count, islice

from factorypos_tui.core.language.instants import rfc3339
from factorypos_tui.core.reports.sales import Line, Receipt
from factorypos_tui.core.storage.database import Database, Row
from factorypos_tui.tills.bundled.catalogue import Catalogue
from factorypos_tui.tills.bundled.dating import stamp_business_date
from factorypos_tui.tills.bundled.periods import open_period_id
from factorypos_tui.tills.bundled.setup import read_setup

_ROWS_A_STATEMENT = 200


@dataclass(frozen=True, slots=True)
class CashMovement:
    """Money put into the drawer or taken out without a sale."""

    happened_at: datetime
    direction: str
    """in or out."""
    amount: int
    reason: str


@dataclass(frozen=True, slots=True)
class ControlEvent:
    """What an owner watches."""

    happened_at: datetime
    kind: str
    """voided_line, cancelled_receipt, no_sale or reprint."""
    amount: int = 0


def record_receipts(database: Database, catalogue: Catalogue, receipts: Sequence[Receipt]) -> list[Receipt]:
    """Record `receipts` in the open period, in their order; those without a number get the till's next ones.

    Returns them as recorded. What trainees sold is kept apart: it is never reported, has no number and is not
    returned. Raises `TillError` where there is no till, `StorageError` where nothing can be kept; then
    nothing is recorded."""
    with database.transaction():
        period = open_period_id(database)
        sales: list[Receipt] = []
        practice: list[Receipt] = []
        for receipt in receipts:
            (practice if catalogue.user(receipt.user_code).training else sales).append(receipt)
        _record_training(database, practice)
        numbered = _number(database, sales)
        _write(database, period, numbered)
        stamp_business_date(database, read_setup(database), period)
    return numbered


def record_happenings(
    database: Database, movements: Iterable[CashMovement], events: Iterable[ControlEvent]
) -> None:
    """Bind cash movements and control events to the open period."""
    with database.transaction():
        period = open_period_id(database)
        _insert(
            database,
            "cash_movements (period_id, happened_at, direction, amount, reason)",
            ((period, rfc3339(m.happened_at), m.direction, m.amount, m.reason) for m in movements),
        )
        _insert(
            database,
            "control_events (period_id, happened_at, kind, amount)",
            ((period, rfc3339(event.happened_at), event.kind, event.amount) for event in events),
        )


def known_uids(database: Database, uids: Iterable[str]) -> set[str]:
    """Those of `uids` that were recorded before, as sale or practice sale."""
    known: set[str] = set()
    remaining = iter(uids)
    while some := list(islice(remaining, _ROWS_A_STATEMENT)):
        marks = ", ".join("?" * len(some))
        sql = (
            f"SELECT uid FROM receipts WHERE uid IN ({marks})"
            f" UNION ALL SELECT uid FROM training_receipts WHERE uid IN ({marks})"
        )
        known.update(row[0] for row in database.rows(sql, *some, *some))
    return known


def _write(database: Database, period: str, receipts: Sequence[Receipt]) -> None:
    first = 1 + (database.value("SELECT MAX(seq) FROM receipts") or 0)
    rows = list(enumerate(receipts, first))
    _insert(
        database,
        "receipts (seq, uid, number, sold_at, user_code, user_name, rounding, period_id)",
        (
            (n, r.uid, r.number, rfc3339(r.sold_at), r.user_code, r.user_name, r.rounding, period)
            for n, r in rows
        ),
    )
    _insert(
        database,
        "receipt_lines (receipt, line, item_code, item_name, department_code, department_name, tax_code,"
        " quantity, gross, discount, is_refund, is_comp)",
        ((n, place, *_line_row(line)) for n, r in rows for place, line in enumerate(r.lines, 1)),
    )
    _insert(
        database,
        "receipt_taxes (receipt, code, name, rate, base, tax)",
        ((n, tax.code, tax.name, tax.rate, tax.base, tax.tax) for n, r in rows for tax in r.taxes),
    )
    _insert(
        database,
        "receipt_payments (receipt, payment, code, name, type, amount, tip)",
        (
            (n, place, paid.code, paid.name, paid.type, paid.amount, paid.tip)
            for n, r in rows
            for place, paid in enumerate(r.payments, 1)
        ),
    )


def _record_training(database: Database, receipts: Iterable[Receipt]) -> None:
    _insert(
        database,
        "training_receipts (uid, sold_at, user_code, user_name, net, content)",
        (
            (
                r.uid,
                rfc3339(r.sold_at),
                r.user_code,
                r.user_name,
                sum(line.net for line in r.lines),
                _content(r),
            )
            for r in receipts
        ),
    )


def _number(database: Database, receipts: Sequence[Receipt]) -> list[Receipt]:
    last = read_setup(database).last_receipt_number
    numbers = count(last + 1)
    numbered = [r if r.number else replace(r, number=f"{next(numbers):06d}") for r in receipts]
    database.execute("UPDATE terminal SET last_receipt_number = ?", next(numbers) - 1)
    return numbered


def _line_row(line: Line) -> Row:
    return (
        line.item_code,
        line.item_name,
        line.department_code,
        line.department_name,
        line.tax_code,
        f"{line.quantity:f}",
        line.gross,
        line.discount,
        int(line.is_refund),
        int(line.is_comp),
    )


def _content(receipt: Receipt) -> str:
    lines = [
        {"item": line.item_code, "name": line.item_name, "quantity": f"{line.quantity:f}", "net": line.net}
        for line in receipt.lines
    ]
    payments = [{"code": paid.code, "amount": paid.amount, "tip": paid.tip} for paid in receipt.payments]
    return json.dumps({"lines": lines, "payments": payments}, ensure_ascii=False)


def _insert(database: Database, table_and_columns: str, rows: Iterable[Row]) -> None:
    remaining = iter(rows)
    while some := list(islice(remaining, _ROWS_A_STATEMENT)):
        marks = f"({', '.join('?' * len(some[0]))})"
        sql = f"INSERT INTO {table_and_columns} VALUES {', '.join([marks] * len(some))}"
        database.execute(sql, *(value for row in some for value in row))
