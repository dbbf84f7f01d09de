"""The bundled till: `till.db` as core's `Till` port sees it.

What reads and writes the configuration is imported when it is asked for: the app's first frame needs none."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from factorypos_tui import __version__
from factorypos_tui.core.database import Database, Row
from factorypos_tui.core.errors import TillError
from factorypos_tui.core.instants import instant_of, utc_now
from factorypos_tui.core.language import _
from factorypos_tui.core.models import (
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
    Terminal,
    TillStatus,
)
from factorypos_tui.pos.periods import close_period, day_of_open_period
from factorypos_tui.pos.setup import Setup, create_database, read_setup, time_zone

if TYPE_CHECKING:
    from factorypos_tui.core.configuration import Configuration
    from factorypos_tui.core.configuration_change import Applied, Backup, Change, Sold, Watch

SOFTWARE = f"factorypos-tui {__version__}"
_RECEIPTS_A_READ = 500
_PERIODS = (
    "SELECT id, opened_at, opening_float, perpetual_sales, perpetual_refunds, z_number, closed_at,"
    " business_date, close_reason, software, terminal_name, currency, timezone, counted, open_tickets_count,"
    " open_tickets_amount FROM periods"
)


class BundledTill:
    """`core.ports.Till` over `till.db`. A till that is not there is never created by looking at it."""

    def __init__(self, path: Path, now: Callable[[], datetime] = utc_now) -> None:
        """`path`: `till.db`; opened when it is first asked for something."""
        self._path = path
        self._now = now
        self._opening = threading.Lock()
        self._database: Database | None = None

    def database(self) -> Database:
        """The till's database; raises `TillError` where there is none."""
        with self._opening:
            if not self._path.exists():
                raise TillError(
                    _("There is no till at {file}. Run: factorypos-tui till init").format(file=self._path)
                )
            if self._database is None:
                self._database = create_database(self._path)
            return self._database

    def close(self) -> None:
        """Close the calling thread's connection."""
        if self._database:
            self._database.close()

    def terminal(self) -> Terminal:
        """Who this till is."""
        setup = read_setup(self.database())
        return Terminal(setup.id, setup.name)

    def status(self) -> TillStatus:
        """The running day in short; hours are those of the till's time zone."""
        database = self.database()
        setup = read_setup(database)
        period = database.row("SELECT id, opened_at FROM periods WHERE z_number IS NULL") or (None, None)
        by_hour = _net_by_hour(database, period[0], time_zone(setup.timezone))
        return TillStatus(
            kind="bundled",
            terminal=Terminal(setup.id, setup.name),
            currency=setup.currency,
            wizard_finished=setup.wizard_finished,
            last_z_number=database.value("SELECT MAX(z_number) FROM periods"),
            open_period_since=instant_of(period[1]) if period[1] else None,
            receipts=database.value("SELECT COUNT(*) FROM receipts WHERE period_id = ?", period[0]),
            net=sum(by_hour.values()),
            net_by_hour=sorted(by_hour.items()),
            upload_licensed=setup.upload_licensed,
        )

    def revision(self) -> object:
        """Other connections' commits (data_version), this one's (total_changes), and, because both belong to
        the calling thread's connection, how far sales and closes have come."""
        return self.database().row(
            "SELECT (SELECT data_version FROM pragma_data_version), total_changes(),"
            " (SELECT MAX(seq) FROM receipts), (SELECT MAX(z_number) FROM periods)"
        )

    def closed_periods(self, after: int, limit: int) -> Sequence[Period]:
        """At most `limit` closed periods with a Z number above `after`, ascending."""
        database = self.database()
        setup = read_setup(database)
        rows = database.rows(f"{_PERIODS} WHERE z_number > ? ORDER BY z_number LIMIT ?", after, limit)
        return [_closed(database, setup, row) for row in rows]

    def open_period(self) -> Period | None:
        """The period that is being sold into; its date is today's as long as nothing was sold."""
        database = self.database()
        setup = read_setup(database)
        row = database.row(f"{_PERIODS} WHERE z_number IS NULL")
        return _open(database, setup, row, self._now()) if row else None

    def receipts(self, period_id: str) -> Iterator[Receipt]:
        """The receipts of a period in the order the till recorded them."""
        database, last = self.database(), 0
        while rows := database.rows(
            "SELECT seq, uid, number, sold_at, user_code, user_name, rounding FROM receipts"
            " WHERE period_id = ? AND seq > ? ORDER BY seq LIMIT ?",
            period_id,
            last,
            _RECEIPTS_A_READ,
        ):
            yield from _receipts(database, rows)
            last = rows[-1][0]

    def configuration(self) -> Configuration:
        """All of its configuration."""
        from factorypos_tui.pos import configuration

        return configuration.read_configuration(self.database())

    def sold(self) -> Sold:
        """What sales have fixed of it."""
        from factorypos_tui.pos import configuration

        return configuration.sold(self.database())

    def apply_configuration(self, change: Change, watch: Watch) -> Applied:
        """Take a configuration, all of it or nothing, after a backup."""
        from factorypos_tui.pos.configuring import apply_change

        return apply_change(self.database(), change, self._now(), watch)

    def configuration_backups(self) -> Sequence[Backup]:
        """The configurations that can be brought back, the newest first."""
        from factorypos_tui.pos import configuration

        return configuration.backups(self.database())

    def configuration_of_backup(self, backup_id: int) -> Configuration:
        """What one of them holds."""
        from factorypos_tui.pos import configuration

        return configuration.read_backup(self.database(), backup_id)

    def close_day(self) -> int:
        """Close the running day, the cash in the drawer not counted; returns its Z number."""
        return close_period(self.database(), now=self._now(), software=SOFTWARE).z_number


def _receipts(database: Database, rows: Sequence[Row]) -> Iterator[Receipt]:
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
            sold_at=instant_of(sold_at),
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
    _seq, item, item_name, department, department_name, tax, quantity, gross, discount, is_refund, is_comp = (
        row
    )
    return Line(
        item,
        item_name,
        department,
        department_name,
        tax,
        Decimal(quantity),
        gross,
        discount,
        bool(is_refund),
        bool(is_comp),
    )


def _closed(database: Database, setup: Setup, row: Row) -> Period:
    (id_, opened_at, opening_float, sales, refunds, z_number, closed_at, day, reason, software) = row[:10]
    terminal_name, currency, timezone, counted, tickets, tickets_amount = row[10:]
    return Period(
        id=id_,
        terminal=Terminal(setup.id, terminal_name),
        business_date=date.fromisoformat(day),
        timezone=timezone,
        currency=currency,
        software=software,
        opened_at=instant_of(opened_at),
        perpetual_before=Perpetual(sales, refunds),
        cash=_cash(database, id_, opening_float, counted),
        control=_control(database, id_, Count(tickets, tickets_amount)),
        z_number=z_number,
        closed_at=instant_of(closed_at),
        close_reason=CloseReason(reason),
    )


def _open(database: Database, setup: Setup, row: Row, now: datetime) -> Period:
    id_, opened_at, opening_float, sales, refunds = row[:5]
    tickets = database.rows("SELECT COUNT(*), COALESCE(SUM(amount), 0) FROM open_tickets")[0]
    return Period(
        id=id_,
        terminal=Terminal(setup.id, setup.name),
        business_date=day_of_open_period(database, setup, id_, now),
        timezone=setup.timezone,
        currency=setup.currency,
        software=SOFTWARE,
        opened_at=instant_of(opened_at),
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


def _net_by_hour(database: Database, period_id: str | None, timezone: ZoneInfo) -> dict[int, int]:
    by_hour: dict[int, int] = {}
    for minute, net in database.rows(
        "SELECT substr(sold_at, 1, 16) || ':00Z', SUM((gross - discount) * (1 - 2 * is_refund))"
        " FROM receipts JOIN receipt_lines ON receipt = seq WHERE period_id = ? GROUP BY 1",
        period_id,
    ):
        hour = instant_of(minute).astimezone(timezone).hour
        by_hour[hour] = by_hour.get(hour, 0) + net
    return by_hour
