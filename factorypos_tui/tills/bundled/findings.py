"""Findings in the rows of `till.db`: of the running day, of the newest closes, and of every closed day that
waits because of its rows, however old it is."""

import json
from collections.abc import Iterator
from datetime import datetime

from factorypos_tui.core.errors import TillError
from factorypos_tui.core.models import TillFinding
from factorypos_tui.core.reports.doubts import Doubt
from factorypos_tui.core.reports.findings import MOST_RECEIPTS, Code
from factorypos_tui.core.storage.database import Database
from factorypos_tui.tills.bundled.dating import began_at
from factorypos_tui.tills.bundled.doubts import look_at_the_close
from factorypos_tui.tills.bundled.setup import read_setup, time_zone

_NEWEST_CLOSES = 14
_NO_TEXT = "\ufffd"
_NET = (
    "(SELECT TOTAL(CASE is_refund WHEN 1 THEN discount - gross ELSE gross - discount END)"
    " FROM receipt_lines WHERE receipt = seq)"
)
_WRONG_SUMS = f"""
    SELECT number FROM receipts WHERE period_id = ? AND (
        (SELECT TOTAL(amount) FROM receipt_payments WHERE receipt = seq) <> rounding + {_NET}
        OR (SELECT TOTAL(base) + TOTAL(tax) FROM receipt_taxes WHERE receipt = seq) <> {_NET})
    ORDER BY seq LIMIT ?
"""
_LATE = "SELECT number FROM receipts WHERE period_id = ? AND sold_at < ? ORDER BY seq LIMIT ?"
_OUT_OF_TIME = (
    "SELECT number FROM receipts WHERE period_id = ? AND sold_at NOT BETWEEN '0001-01-02' AND '9999-12-30'"
    " ORDER BY seq LIMIT ?"
)
_TEXTS = """
    SELECT number, number || user_code || user_name FROM receipts WHERE period_id = ?1
    UNION ALL SELECT number, item_code || item_name || department_code || department_name || tax_code
        FROM receipts JOIN receipt_lines ON receipt = seq WHERE period_id = ?1
    UNION ALL SELECT number, code || name FROM receipts JOIN receipt_taxes ON receipt = seq
        WHERE period_id = ?1
    UNION ALL SELECT number, code || name FROM receipts JOIN receipt_payments ON receipt = seq
        WHERE period_id = ?1
    UNION ALL SELECT '', terminal_name || software FROM periods WHERE id = ?1
"""
_FOLLOWS = """
    SELECT perpetual_sales + (SELECT TOTAL((gross - discount) * (1 - is_refund)) FROM receipts
                              JOIN receipt_lines ON receipt = seq WHERE period_id = id),
           perpetual_refunds + (SELECT TOTAL((gross - discount) * is_refund) FROM receipts
                                JOIN receipt_lines ON receipt = seq WHERE period_id = id)
    FROM periods WHERE z_number < ? ORDER BY z_number DESC LIMIT 1
"""


def find(database: Database, now: datetime, sound: set[str]) -> Iterator[TillFinding]:
    """All findings. `sound`: ids of closed periods that had none before; they are not read again."""
    for timezone, z_numbers in database.rows(
        "SELECT timezone, json_group_array(z_number) FROM periods WHERE z_number IS NOT NULL GROUP BY 1"
    ):
        if not _is_known(timezone):
            yield from (TillFinding(Code.UNKNOWN_ZONE, z_number) for z_number in json.loads(z_numbers))
    newest = database.rows(
        "SELECT z_number, id, opened_at FROM periods WHERE z_number IS NOT NULL"
        " ORDER BY z_number DESC LIMIT ?",
        _NEWEST_CLOSES,
    )
    for z_number, period_id, opened_at in newest:
        if period_id in sound:
            continue
        found = [*_of_receipts(database, period_id, z_number, opened_at), *_of_totals(database, z_number)]
        if not found:
            sound.add(period_id)
        yield from found
    yield from _of_the_running_day(database, now)


def find_in_close(database: Database, z_number: int) -> Iterator[TillFinding]:
    """The findings of one closed period."""
    for period_id, opened_at in database.rows(
        "SELECT id, opened_at FROM periods WHERE z_number = ?", z_number
    ):
        yield from _of_receipts(database, period_id, z_number, opened_at)


def _of_the_running_day(database: Database, now: datetime) -> Iterator[TillFinding]:
    period_id = database.value("SELECT id FROM periods WHERE z_number IS NULL")
    if period_id is None:
        return
    if not _is_known(read_setup(database).timezone):
        yield TillFinding(Code.UNKNOWN_ZONE, None)
        return
    found = look_at_the_close(database, now).doubts
    if Doubt.CLOCK_BEHIND in found:
        yield TillFinding(Code.CLOCK_BEHIND, None)
    if Doubt.FORGOTTEN in found:
        yield TillFinding(Code.DAY_OPEN, None)
    yield from _of_receipts(database, period_id, None, began_at(database, period_id, now))


def _of_receipts(
    database: Database, period_id: str, z_number: int | None, opened_at: str
) -> Iterator[TillFinding]:
    named = {
        Code.OUT_OF_RANGE: database.rows(_OUT_OF_TIME, period_id, MOST_RECEIPTS),
        Code.DOES_NOT_ADD_UP: database.rows(_WRONG_SUMS, period_id, MOST_RECEIPTS),
        Code.LATE_SALE: database.rows(_LATE, period_id, opened_at, MOST_RECEIPTS),
        Code.BAD_TEXT: [row for row in database.rows(_TEXTS, period_id) if _NO_TEXT in (row[1] or "")],
    }
    for code, rows in named.items():
        if rows:
            numbers = tuple(dict.fromkeys(row[0] for row in rows if row[0]))
            yield TillFinding(code, z_number, numbers[:MOST_RECEIPTS])


def _of_totals(database: Database, z_number: int) -> Iterator[TillFinding]:
    due = database.row(_FOLLOWS, z_number)
    told = database.row("SELECT perpetual_sales, perpetual_refunds FROM periods WHERE z_number = ?", z_number)
    if due and tuple(due) != told:
        yield TillFinding(Code.PERPETUAL, z_number)


def _is_known(timezone: str) -> bool:
    try:
        time_zone(timezone)
    except TillError:
        return False
    return True
