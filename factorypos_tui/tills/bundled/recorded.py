"""The periods and receipts of `till.db`, as core's facts. Functions raise `StorageError`, and `TillError`
where the till has no setup."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby

from factorypos_tui.core.language.instants import instant_or_none_there_is
from factorypos_tui.core.models import Terminal
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
from factorypos_tui.core.storage.database import Database, Row
from factorypos_tui.tills.bundled.dating import date_or_none, running_day
from factorypos_tui.tills.bundled.setup import Setup, read_setup
from factorypos_tui.tills.bundled.till_database import TillDatabase

_RECEIPTS_A_READ = 500
_PERIODS = (
    "SELECT id, opened_at, opening_float, perpetual_sales, perpetual_refunds, z_number, closed_at,"
    " business_date, close_reason, software, terminal_name, currency, timezone, counted, open_tickets_count,"
    " open_tickets_amount FROM periods"
)


def read_closed_periods(database: TillDatabase, after: int, limit: int) -> Sequence[Period]:
    """At most `limit` closed periods with a Z number above `after`, ascending."""
    setup, rules = read_setup(database), database.rules()
    rows = database.rows(f"{_PERIODS} WHERE z_number > ? ORDER BY z_number LIMIT ?", after, limit)
    return [_closed(database, setup, row, rules) for row in rows]


def read_open_period(database: Database, now: datetime, software: str) -> Period | None:
    """The period in which `software` records receipts; its date is today's until something is sold."""
    setup = read_setup(database)
    row = database.row(f"{_PERIODS} WHERE z_number IS NULL")
    return _open(database, setup, row, now, software) if row else None


def read_receipts(database: Database, period_id: str) -> Iterator[Receipt]:
    """The receipts of a period in the order in which the till recorded them, a few hundred at a time."""
    last = 0
    while rows := database.rows(
        "SELECT seq, uid, number, sold_at, user_code, user_name, rounding FROM receipts"
        " WHERE period_id = ? AND seq > ? ORDER BY seq LIMIT ?",
        period_id,
        last,
        _RECEIPTS_A_READ,
    ):
        yield from _whole(database, rows)
        last = rows[-1][0]


def _whole(database: Database, rows: Sequence[Row]) -> Iterator[Receipt]:
    between = (rows[0][0], rows[-1][0])
    lines = _by_receipt(
        database,
        "SELECT receipt, item_code, item_name, department_code, department_name, tax_code, quantity, gross,"
        " discount, is_refund, is_comp FROM receipt_lines WHERE receipt BETWEEN ? AND ?"
        " ORDER BY receipt, line",
        between,
    )
    taxes = _by_receipt(
        database,
        "SELECT receipt, code, name, rate, base, tax FROM receipt_taxes WHERE receipt BETWEEN ? AND ?"
        " ORDER BY receipt, code",
        between,
    )
    payments = _by_receipt(
        database,
        "SELECT receipt, code, name, type, amount, tip FROM receipt_payments WHERE receipt BETWEEN ? AND ?"
        " ORDER BY receipt, payment",
        between,
    )
    for seq, uid, number, sold_at, user_code, user_name, rounding in rows:
        yield Receipt(
            uid=uid,
            number=number,
            sold_at=instant_or_none_there_is(sold_at),
            user_code=user_code,
            user_name=user_name,
            lines=[_line(row) for row in lines.get(seq, ())],
            taxes=[ReceiptTax(*row[1:]) for row in taxes.get(seq, ())],
            payments=[Payment(*row[1:]) for row in payments.get(seq, ())],
            rounding=rounding,
        )


def _by_receipt(database: Database, sql: str, between: tuple[int, int]) -> Mapping[int, Sequence[Row]]:
    return {seq: list(rows) for seq, rows in groupby(database.rows(sql, *between), key=lambda row: row[0])}


def _line(row: Row) -> Line:
    _seq, item, name, department, department_name, tax, quantity, gross, discount, refund, comp = row
    amounts = Decimal(quantity), gross, discount
    return Line(item, name, department, department_name, tax, *amounts, bool(refund), bool(comp))


def _closed(database: Database, setup: Setup, row: Row, rules: Sequence[tuple[int, int]]) -> Period:
    (id_, opened_at, opening_float, sales, refunds, z_number, closed_at, day, reason, software) = row[:10]
    terminal_name, currency, timezone, counted, tickets, tickets_amount = row[10:]
    return Period(
        id=id_,
        terminal=Terminal(setup.id, terminal_name),
        business_date=date_or_none(day) or date.min,
        timezone=timezone,
        currency=currency,
        software=software,
        opened_at=instant_or_none_there_is(opened_at),
        perpetual_before=Perpetual(sales, refunds),
        cash=_cash(database, id_, opening_float, counted),
        control=_control(database, id_, Count(tickets, tickets_amount)),
        z_number=z_number,
        closed_at=instant_or_none_there_is(closed_at),
        close_reason=CloseReason(reason),
        rules=max((version for first_z, version in rules if first_z <= z_number), default=1),
    )


def _open(database: Database, setup: Setup, row: Row, now: datetime, software: str) -> Period:
    id_, _opened_at, opening_float, sales, refunds = row[:5]
    running = running_day(database, setup, id_, now)
    tickets = database.rows("SELECT COUNT(*), COALESCE(SUM(amount), 0) FROM open_tickets")[0]
    return Period(
        id=id_,
        terminal=Terminal(setup.id, setup.name),
        business_date=running.business_date,
        timezone=setup.timezone,
        currency=setup.currency,
        software=software,
        opened_at=running.opened_at,
        perpetual_before=Perpetual(sales, refunds),
        cash=_cash(database, id_, opening_float, None),
        control=_control(database, id_, Count(*tickets)),
    )


def _cash(database: Database, period_id: str, opening_float: int, counted: int | None) -> Cash:
    moved: dict[str, int] = dict(
        database.rows(
            "SELECT direction, SUM(amount) FROM cash_movements WHERE period_id = ? GROUP BY direction",
            period_id,
        )
    )
    return Cash(opening_float, moved.get("in", 0), moved.get("out", 0), counted)


def _control(database: Database, period_id: str, open_tickets: Count) -> Control:
    events = {
        kind: Count(count, amount)
        for kind, count, amount in database.rows(
            "SELECT kind, COUNT(*), SUM(amount) FROM control_events WHERE period_id = ? GROUP BY kind",
            period_id,
        )
    }
    return Control(
        voided_lines=events.get("voided_line", Count()),
        cancelled_receipts=events.get("cancelled_receipt", Count()),
        no_sale_opens=events.get("no_sale", Count()).count,
        reprints=events.get("reprint", Count()).count,
        open_tickets=open_tickets,
    )
