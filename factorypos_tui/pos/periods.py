"""The life of a business period: opened, stamped with its date by its first receipt, closed once, by a Z."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from factorypos_tui.core.database import Database
from factorypos_tui.core.errors import TillError
from factorypos_tui.core.instants import rfc3339
from factorypos_tui.core.language import _
from factorypos_tui.core.sales import CloseReason, Perpetual
from factorypos_tui.pos.setup import Setup, read_setup


@dataclass(frozen=True, slots=True)
class Closing:
    """A Z in short: `net` is its takings, in minor units of `currency`."""

    period_id: str
    z_number: int
    business_date: date
    opened_at: datetime
    closed_at: datetime
    close_reason: CloseReason
    receipts: int
    net: int
    currency: str
    counted: int | None


def open_period_id(database: Database) -> str:
    """The id of the period that is sold into; raises `TillError` where another program left none."""
    found: str | None = database.value("SELECT id FROM periods WHERE z_number IS NULL")
    if found is None:
        read_setup(database)
        raise TillError(
            _("No business period is open in {file}. Nothing was changed.").format(file=database.path)
        )
    return found


def open_first(database: Database, now: datetime) -> None:
    """Open the till's first period, in the caller's transaction."""
    _open(database, rfc3339(now), Perpetual())


def stamp_business_date(database: Database, period_id: str, sold_at: datetime) -> None:
    """Give the period its date, unless it has one: its first receipt decides, also if nobody stamped it."""
    day = day_of_open_period(database, read_setup(database), period_id, sold_at)
    database.execute(
        "UPDATE periods SET business_date = ? WHERE id = ? AND business_date IS NULL",
        day.isoformat(),
        period_id,
    )


def day_of_open_period(database: Database, setup: Setup, period_id: str, now: datetime) -> date:
    """Its stamped date; else that of its first receipt (another program's, unstamped); else today's."""
    stamped = database.value("SELECT business_date FROM periods WHERE id = ?", period_id)
    if stamped:
        return date.fromisoformat(stamped)
    first = database.value("SELECT sold_at FROM receipts WHERE period_id = ? ORDER BY seq LIMIT 1", period_id)
    return setup.business_date(datetime.fromisoformat(first) if first else now)


def close_period(
    database: Database, *, now: datetime, software: str, counted: int | None = None, auto: bool = False
) -> Closing:
    """Close the open period with the next Z number and open the next one, in one transaction.

    `counted`: cash in the drawer, minor units. A clock that went back closes at the opening instant.
    Raises `TillError` where there is no till, `StorageError` where nothing can be kept.
    """
    with database.transaction():
        setup, period_id = read_setup(database), open_period_id(database)
        opened_at, sales, refunds = database.rows(
            "SELECT opened_at, perpetual_sales, perpetual_refunds FROM periods WHERE id = ?", period_id
        )[0]
        opened = datetime.fromisoformat(opened_at)
        closed = max(now.replace(microsecond=now.microsecond // 1000 * 1000), opened)
        day = day_of_open_period(database, setup, period_id, closed)
        if setup.business_date(closed) > day:
            reason = CloseReason.LATE
        else:
            reason = CloseReason.AUTO if auto else CloseReason.MANUAL
        z_number = 1 + (database.value("SELECT MAX(z_number) FROM periods") or 0)
        receipts, sold, refunded = _takings(database, period_id)
        closing = Closing(
            period_id,
            z_number,
            day,
            opened,
            closed,
            reason,
            receipts,
            sold - refunded,
            setup.currency,
            counted,
        )
        _stamp(database, closing, setup, software)
        _open(database, rfc3339(closed), Perpetual(sales + sold, refunds + refunded))
    return closing


def _stamp(database: Database, closing: Closing, setup: Setup, software: str) -> None:
    database.execute(
        "UPDATE periods SET z_number = ?, closed_at = ?, business_date = ?, close_reason = ?, counted = ?,"
        " software = ?, terminal_name = ?, currency = ?, timezone = ?,"
        " open_tickets_count = (SELECT COUNT(*) FROM open_tickets),"
        " open_tickets_amount = (SELECT COALESCE(SUM(amount), 0) FROM open_tickets)"
        " WHERE id = ? AND z_number IS NULL",
        closing.z_number,
        rfc3339(closing.closed_at),
        closing.business_date.isoformat(),
        closing.close_reason.value,
        closing.counted,
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
    receipts = database.value("SELECT COUNT(*) FROM receipts WHERE period_id = ?", period_id)
    sold, refunded = database.rows(
        "SELECT COALESCE(SUM((gross - discount) * (1 - is_refund)), 0),"
        " COALESCE(SUM((gross - discount) * is_refund), 0)"
        " FROM receipts JOIN receipt_lines ON receipt = seq WHERE period_id = ?",
        period_id,
    )[0]
    return receipts, sold, refunded
