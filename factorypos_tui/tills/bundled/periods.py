"""The life of a business period: it is opened, and it is closed once, by a Z."""

import uuid
from datetime import date, datetime

from factorypos_tui.core.errors import TillError
from factorypos_tui.core.language import _
from factorypos_tui.core.language.instants import rfc3339
from factorypos_tui.core.reports.closing import Closing
from factorypos_tui.core.reports.sales import CloseReason, Perpetual
from factorypos_tui.core.storage.database import Database
from factorypos_tui.tills.bundled.dating import running_day
from factorypos_tui.tills.bundled.setup import Setup, read_setup
from factorypos_tui.tills.bundled.till_database import RECEIPTS_SOLD

_LARGEST = 2**63 - 1


def open_period_id(database: Database) -> str:
    """The id of the period in which receipts are recorded; raises `TillError` where another program left none
    open."""
    period_id: str | None = database.value("SELECT id FROM periods WHERE z_number IS NULL")
    if period_id is None:
        read_setup(database)
        raise TillError(
            _("No business period is open in {file}. Nothing was changed.").format(file=database.path)
        )
    return period_id


def open_first(database: Database, now: datetime) -> None:
    """Open the till's first period, in the caller's transaction."""
    _open(database, rfc3339(now), Perpetual())


def close_period(
    database: Database,
    *,
    now: datetime,
    software: str,
    counted: int | None = None,
    auto: bool = False,
    day: date | None = None,
) -> Closing:
    """Close the open period with the next Z number and open the next one, in one transaction.

    `counted`: cash in the drawer, minor units. `day`: its business date, where a person says which.
    Raises `TillError` where there is no till, `StorageError` where nothing can be kept."""
    with database.transaction():
        setup, period_id = read_setup(database), open_period_id(database)
        closed = now.replace(microsecond=now.microsecond // 1000 * 1000)
        running = running_day(database, setup, period_id, closed)
        closed = max(closed, running.opened_at)
        before, day = _perpetual_before(database, period_id), day or running.business_date
        in_time = CloseReason.AUTO if auto else CloseReason.MANUAL
        reason = CloseReason.LATE if setup.business_date(closed) > day else in_time
        z_number = 1 + (database.value("SELECT MAX(z_number) FROM periods") or 0)
        receipts, sold, refunded = _takings(database, period_id)
        closing = Closing(
            period_id,
            z_number,
            day,
            running.opened_at,
            closed,
            reason,
            receipts,
            sold - refunded,
            setup.currency,
            counted,
        )
        _stamp(database, closing, setup, software, before)
        _open(database, rfc3339(closed), _added(before, sold, refunded))
    return closing


def _perpetual_before(database: Database, period_id: str) -> Perpetual:
    """The totals from the first sale up to the opening of the period: the totals before the last Z plus its
    takings. What another program wrote when it opened the period does not count."""
    last = database.row(
        "SELECT id, perpetual_sales, perpetual_refunds FROM periods WHERE z_number IS NOT NULL"
        " ORDER BY z_number DESC LIMIT 1"
    )
    if last is None:
        return Perpetual(
            *database.rows("SELECT perpetual_sales, perpetual_refunds FROM periods WHERE id = ?", period_id)[
                0
            ]
        )
    last_id, sales, refunds = last
    _receipts, sold, refunded = _takings(database, last_id)
    return _added(Perpetual(sales, refunds), sold, refunded)


def _added(before: Perpetual, sold: int, refunded: int) -> Perpetual:
    """The totals after a period, at most what the file can hold: another program may have written the largest
    number."""
    return Perpetual(min(before.sales + sold, _LARGEST), min(before.refunds + refunded, _LARGEST))


def _stamp(database: Database, closing: Closing, setup: Setup, software: str, before: Perpetual) -> None:
    database.execute(
        "UPDATE periods SET z_number = ?, opened_at = ?, closed_at = ?, business_date = ?, close_reason = ?,"
        " counted = ?, perpetual_sales = ?, perpetual_refunds = ?,"
        " software = ?, terminal_name = ?, currency = ?, timezone = ?,"
        " open_tickets_count = (SELECT COUNT(*) FROM open_tickets),"
        " open_tickets_amount = (SELECT COALESCE(SUM(amount), 0) FROM open_tickets)"
        " WHERE id = ? AND z_number IS NULL",
        closing.z_number,
        rfc3339(closing.opened_at),
        rfc3339(closing.closed_at),
        closing.business_date.isoformat(),
        closing.close_reason.value,
        closing.counted,
        before.sales,
        before.refunds,
        software,
        setup.name,
        setup.currency,
        setup.timezone,
        closing.period_id,
    )


def _open(database: Database, opened_at: str, before: Perpetual) -> None:
    database.execute(
        "INSERT INTO periods (id, opened_at, opening_float, perpetual_sales, perpetual_refunds)"
        " SELECT ?, ?, opening_float, ?, ? FROM terminal",
        str(uuid.uuid4()),
        opened_at,
        before.sales,
        before.refunds,
    )


def _takings(database: Database, period_id: str) -> tuple[int, int, int]:
    """(receipts, sales after discounts, refunds) of a period."""
    receipts = database.value(RECEIPTS_SOLD, period_id)
    sold, refunded = database.rows(
        "SELECT COALESCE(SUM((gross - discount) * (1 - is_refund)), 0),"
        " COALESCE(SUM((gross - discount) * is_refund), 0)"
        " FROM receipts JOIN receipt_lines ON receipt = seq WHERE period_id = ?",
        period_id,
    )[0]
    return receipts, sold, refunded
