"""The statements that read a host's periods. They fetch rows and add nothing up: a server's sum of DOUBLEs is
another one on another server."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from factorypos_tui.core.errors import TillAbsent
from factorypos_tui.core.language import _
from factorypos_tui.core.language.text import plain
from factorypos_tui.tills.unicenta import values
from factorypos_tui.tills.unicenta.rows import (
    CashRow,
    PeriodRows,
    RateRow,
)
from factorypos_tui.tills.unicenta.sales import read_sales
from factorypos_tui.tills.unicenta.tables import Row, Tables
from factorypos_tui.tills.unicenta.values import moment, text

_PERIODS = (
    "SELECT {closedcash[money]}, {closedcash[hostsequence]}, {closedcash[datestart]}, {closedcash[dateend]},"
    " {closedcash[nosales]}, (SELECT MAX(earlier.{closedcash.columns[dateend]})"
    " FROM {closedcash.spelling} earlier WHERE earlier.{closedcash.columns[host]} = {closedcash[host]}"
    " AND earlier.{closedcash.columns[hostsequence]} = {closedcash[hostsequence]} - 1)"
    " FROM {closedcash} WHERE {closedcash[host]} = %s"
)
_ENDED = (
    _PERIODS + " AND {closedcash[dateend]} IS NOT NULL AND {closedcash[hostsequence]} > %s"
    " AND {closedcash[hostsequence]} < (SELECT MAX(top.{closedcash.columns[hostsequence]})"
    " FROM {closedcash.spelling} top WHERE top.{closedcash.columns[host]} = %s)"
)
_CLOSED = _ENDED + " ORDER BY {closedcash[hostsequence]} LIMIT %s"
_NEWEST_CLOSED = _ENDED + " ORDER BY {closedcash[hostsequence]} DESC LIMIT 1"
_OPEN = _PERIODS + " ORDER BY {closedcash[hostsequence]} DESC LIMIT 1"
_ENDED_BELOW = (
    "SELECT {closedcash[hostsequence]} FROM {closedcash} WHERE {closedcash[host]} = %s"
    " AND {closedcash[dateend]} IS NOT NULL AND {closedcash[hostsequence]} < %s"
)
_FIRST = _PERIODS + " ORDER BY {closedcash[hostsequence]} LIMIT 1"
_LEFT_OPEN = (
    _PERIODS + " AND {closedcash[hostsequence]} < %s AND ({closedcash[dateend]} IS NULL"
    " OR {closedcash[dateend]} > (SELECT MIN(later.{closedcash.columns[datestart]})"
    " FROM {closedcash.spelling} later WHERE later.{closedcash.columns[host]} = {closedcash[host]}"
    " AND later.{closedcash.columns[hostsequence]} = {closedcash[hostsequence]} + 1))"
    " AND EXISTS (SELECT 1 FROM {receipts} WHERE {receipts[money]} = {closedcash[money]})"
    " ORDER BY {closedcash[hostsequence]}"
)
_REVISION = (
    "{closedcash[money]}, {closedcash[hostsequence]}, {closedcash[dateend]},"
    " (SELECT COUNT(*) FROM {receipts} WHERE {receipts[money]} = {closedcash[money]}),"
    " (SELECT MAX({receipts[datenew]}) FROM {receipts} WHERE {receipts[money]} = {closedcash[money]}),"
    " (SELECT MAX({receipts[datenew]}) FROM {receipts})"
    " FROM {closedcash} WHERE {closedcash[host]} = %s ORDER BY {closedcash[hostsequence]} DESC LIMIT 2"
)
RATES = (
    "SELECT {taxes[id]}, {taxes[name]}, {taxes[rate]}, {taxes[parentid]}, {taxes[ratecascade]},"
    " {taxes[rateorder]} FROM {taxes}"
)
_CATEGORIES = "SELECT {categories[id]}, {categories[name]} FROM {categories}"
_OTHER_HOSTS = (
    "SELECT {closedcash[host]} FROM {receipts} JOIN {closedcash} ON {closedcash[money]} = {receipts[money]}"
    " WHERE {closedcash[host]} <> %s AND {receipts[datenew]} >= %s AND {receipts[datenew]} < %s LIMIT 1"
)
_SOFTWARE = "SELECT {applications[name]}, {applications[version]} FROM {applications} LIMIT 1"
_HOSTS = "SELECT DISTINCT {closedcash[host]} FROM {closedcash} ORDER BY 1"
ALL = 1_000_000
"""More periods than a till lives to close."""
_FOREVER = datetime(9999, 1, 1)  # noqa: DTZ001 - a wall clock


@dataclass(frozen=True, slots=True)
class Masters:
    """What all periods of one pass share."""

    rates: Sequence[RateRow]
    categories: Mapping[str, str]
    voided: Sequence[float]
    """When lines were taken off a ticket, by the server's clock, ascending."""


NO_MASTERS = Masters((), {}, ())


class Reader:
    """What the tables say of one host. Every method raises `TillError`."""

    def __init__(self, tables: Tables, host: str, zone: ZoneInfo) -> None:
        self.tables = tables
        self._host, self._zone = host, zone

    def snapshot(self) -> AbstractContextManager[None]:
        """Everything that the block reads is of one moment."""
        return self.tables.server.snapshot()

    def revision(self) -> object:
        """Differs after each sale, edit, deletion and close of the newest two periods, and after each sale
        into an older one."""
        tickets = "(SELECT COUNT(*) FROM {sharedtickets})" if self.tables.has("sharedtickets") else "0"
        return tuple(self.tables.rows(f"SELECT {tickets}, {_REVISION}", self._host))

    def closed(self, after: int, limit: int = ALL) -> list[CashRow]:
        """At most `limit` periods that are closed for certain, above a Z number, ascending: another one of
        the host follows. Its program can go on to sell into the last one although that has an end."""
        return [self._cash(row) for row in self.tables.rows(_CLOSED, self._host, after, self._host, limit)]

    def open(self) -> CashRow:
        """The period that the host sells into: without an end, although a close that was broken off has set
        one. Raises `TillAbsent` where the host has none."""
        rows = self.tables.rows(_OPEN, self._host)
        if not rows:
            hosts = ", ".join(plain(host, 60) for host in self.hosts()[:20])
            raise TillAbsent(
                _(
                    "The till {host} is not in that database. Nothing was changed. Tills there: {hosts}. Set"
                    " host under [till] in config.toml."
                ).format(host=plain(self._host, 60), hosts=hosts or "-")
            )
        return replace(self._cash(rows[0]), closed=None)

    def newest_closed(self) -> CashRow | None:
        """The last period that is closed for certain."""
        rows = self.tables.rows(_NEWEST_CLOSED, self._host, 0, self._host)
        return self._cash(rows[0]) if rows else None

    def ended_below(self, z_number: int) -> set[int]:
        """The numbers of all periods with an end below a Z number."""
        return {int(number) for (number,) in self.tables.rows(_ENDED_BELOW, self._host, z_number)}

    def first(self) -> CashRow:
        """The oldest period of a host that has one."""
        return self._cash(self.tables.rows(_FIRST, self._host)[0])

    def hosts(self) -> list[str]:
        """Every host that has ever opened a period there."""
        return [str(host) for (host,) in self.tables.rows(_HOSTS)]

    def left_open(self, before: int) -> list[CashRow]:
        """Periods with receipts, below a Z number, that were open when the next one began: their program lost
        them, and may have closed them since."""
        return [self._cash(row) for row in self.tables.rows(_LEFT_OPEN, self._host, before)]

    def masters(self, periods: Sequence[CashRow]) -> Masters:
        """What these periods share."""
        rates = list(map(values.rate, self.tables.rows(RATES)))
        categories = {str(id_): text(name) for id_, name in self.tables.rows(_CATEGORIES)}
        first, last = min(it.opened for it in periods), max(it.closed or _FOREVER for it in periods)
        return Masters(rates, categories, self._voided(first, last))

    def period(self, cash: CashRow, masters: Masters) -> PeriodRows:
        """All that a period consists of; a period that is open has no end."""
        return self.periods([cash], masters)[0]

    def periods(self, periods: Sequence[CashRow], masters: Masters) -> list[PeriodRows]:
        """The same of several."""
        return [
            PeriodRows(
                cash=cash,
                tickets=sales.tickets,
                lines=sales.lines,
                taxes=sales.taxes,
                payments=sales.payments,
                rates=masters.rates,
                categories=masters.categories,
                voided_lines=self._voided_in(cash, masters),
                no_sale_opens=0 if cash.closed else self._no_sales_since(cash),
                open_tickets=0 if cash.closed else self._open_tickets(),
            )
            for cash, sales in zip(periods, read_sales(self.tables, periods), strict=True)
        ]

    def counts(self, moneys: Sequence[str]) -> Mapping[str, int]:
        """How many receipts each of some periods has."""
        places = ", ".join(["%s"] * len(moneys))
        sql = (
            f"SELECT {{receipts[money]}}, COUNT(*) FROM {{receipts}} WHERE {{receipts[money]}} IN ({places})"
        )
        return dict(self.tables.rows(f"{sql} GROUP BY {{receipts[money]}}", *moneys)) if moneys else {}

    def software(self) -> str:
        """The till's program and its version."""
        if not self.tables.has("applications", "name", "version"):
            return "uniCenta"
        rows = self.tables.rows(
            "SELECT {applications[name]}, {applications[version]} FROM {applications} LIMIT 1"
        )
        return plain(" ".join(map(text, rows[0])), 100) if rows else "uniCenta"

    def _cash(self, row: Row) -> CashRow:
        money, sequence, opened, closed, no_sales, before = row
        if before is not None and "datestart" in self.tables.spelled()["closedcash"].stamps:
            opened = before  # the close may have rewritten it: ON UPDATE CURRENT_TIMESTAMP
        return CashRow(
            str(money), int(sequence), moment(opened), closed and moment(closed), int(no_sales or 0)
        )

    def _seconds(self, wall: datetime) -> float:
        try:
            return wall.replace(tzinfo=self._zone).timestamp()
        except (OverflowError, ValueError):
            return 0.0

    def _voided(self, first: datetime, last: datetime) -> list[float]:
        if not self.tables.has("lineremoved", "removeddate", "productid"):
            return []
        at = self.tables.epoch("{lineremoved[removeddate]}")
        sql = f"SELECT {at} FROM {{lineremoved}} WHERE {{lineremoved[productid]}} IS NOT NULL"
        between = f" AND {at} >= %s AND {at} < %s"
        seconds = self.tables.rows(sql + between, self._seconds(first), self._seconds(last))
        return sorted(float(second) for (second,) in seconds)

    def _voided_in(self, cash: CashRow, masters: Masters) -> int:
        """Lines that were taken off tickets in a period. The table does not say at which till: where another
        one sold meanwhile, none is counted."""
        since = bisect_left(masters.voided, self._seconds(cash.opened))
        count = bisect_left(masters.voided, self._seconds(cash.closed or _FOREVER)) - since
        return 0 if count and self._others_sold(cash) else count

    def _others_sold(self, cash: CashRow) -> bool:
        return bool(self.tables.rows(_OTHER_HOSTS, self._host, cash.opened, cash.closed or _FOREVER))

    def _no_sales_since(self, cash: CashRow) -> int:
        if not self.tables.has("draweropened", "opendate", "ticketid"):
            return 0
        at = self.tables.epoch("{draweropened[opendate]}")
        sql = f"SELECT COUNT(*) FROM {{draweropened}} WHERE {{draweropened[ticketid]}} = %s AND {at} >= %s"
        return int(self.tables.rows(sql, "No Sale", self._seconds(cash.opened))[0][0])

    def _open_tickets(self) -> int:
        if not self.tables.has("sharedtickets"):
            return 0
        return int(self.tables.rows("SELECT COUNT(*) FROM {sharedtickets}")[0][0])
