"""A period's rows as the program would write them: in DOUBLEs, by nothing of the adapter's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from factorypos_tui.core.models import Terminal
from factorypos_tui.core.reports.adding_up import add_up
from factorypos_tui.core.reports.figures import figures_of
from factorypos_tui.core.reports.sales import CloseReason, Period, Perpetual
from factorypos_tui.tills.unicenta.codes import Codes
from factorypos_tui.tills.unicenta.figuring import Figured, figure
from factorypos_tui.tills.unicenta.rows import (
    CashRow,
    LineRow,
    PaymentRow,
    PeriodRows,
    RateRow,
    TaxRow,
    TicketRow,
)

MADRID = ZoneInfo("Europe/Madrid")
CODES = Codes(
    payment_types={
        **dict.fromkeys(("cash", "cashrefund"), "cash"),
        **dict.fromkeys(("ccard", "ccardrefund", "magcard", "magcardrefund"), "card"),
        **dict.fromkeys(("cheque", "chequerefund"), "check"),
        **dict.fromkeys(("voucherin", "voucherout", "paperin", "paperout"), "store_credit"),
        **dict.fromkeys(("debt", "debtpaid"), "debt"),
        **dict.fromkeys(("cashin", "cashout"), "movement"),
        "bank": "bank",
        "slip": "restaurant_ticket",
        "free": "free",
    },
    refund_kinds=frozenset({1}),
    settlement_kinds=frozenset({2, 3}),
)
RATES = (
    RateRow("t-10", "IVA 10%", Decimal("0.1"), None),
    RateRow("t-21", "IVA 21%", Decimal("0.21"), None),
)
CATEGORIES = {"c-bar": "Bar", "c-kit": "Kitchen", "c-bot": "Bottles", "c-del": "Deli", "c-sho": "Shop"}
PEOPLE = {"u-ana": "Ana", "u-ben": "Ben"}


@dataclass(frozen=True)
class Item:
    """Something for sale, at a price with tax."""

    reference: str
    name: str
    price: float
    tax: str
    category: str

    @property
    def id(self) -> str:
        return f"p-{self.reference.lower()}"


COFFEE = Item("COF", "Coffee", 1.50, "t-10", "c-bar")
MENU = Item("MEN", "Menu", 12.50, "t-10", "c-kit")
WINE = Item("WIN", "Wine", 9.90, "t-21", "c-bot")
CHEESE = Item("CHE", "Cheese kg", 18.90, "t-10", "c-del")
SHIRT = Item("SHI", "T-shirt", 15.00, "t-21", "c-sho")


@dataclass(frozen=True)
class Sold:
    """A line as the program keeps it: net, with all its digits."""

    units: float
    price: float
    tax: str
    item: Item | None = None
    attributes: bytes | None = None


def of(item: Item, units: float = 1) -> Sold:
    """An item at its price."""
    rate = {row.tax: float(row.rate) for row in RATES}[item.tax]
    return Sold(units, item.price / (1 + rate), item.tax, item, properties(item))


def free_line(units: float, price: float, tax: str) -> Sold:
    """A line of no item: a discount, where its price is negative."""
    return Sold(units, price, tax)


def properties(item: Item) -> bytes:
    """As Java writes them."""
    sold = {
        "product.name": item.name,
        "product.reference": item.reference,
        "product.categoryid": item.category,
    }
    entries = "".join(f'<entry key="{key}">{escape(value)}</entry>\n' for key, value in sold.items())
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
        '<!DOCTYPE properties SYSTEM "http://java.sun.com/dtd/properties.dtd">\n'
        f"<properties>\n<comment>uniCenta oPOS</comment>\n{entries}</properties>\n"
    ).encode()


def double(value: float) -> Decimal:
    """A DOUBLE by its shortest text."""
    return Decimal(repr(float(value)))


def at(text: str) -> datetime:
    """A time of November 2026 on the till's clock: `02T08:15`."""
    return datetime.fromisoformat(f"2026-11-{text}")


_OPENED = at("02T00:00")


@dataclass
class Day:
    """A period that is being sold into."""

    money: str = "m-2"
    sequence: int = 2
    opened: datetime = _OPENED
    closed: datetime | None = None
    rates: Sequence[RateRow] = RATES
    tickets: list[TicketRow] = field(default_factory=list)
    lines: list[LineRow] = field(default_factory=list)
    taxes: list[TaxRow] = field(default_factory=list)
    payments: list[PaymentRow] = field(default_factory=list)
    beside: dict[str, Any] = field(default_factory=dict)

    def sell(
        self,
        when: str | datetime,
        number: int,
        sold: Sequence[Sold],
        paid: Sequence[tuple[str, float]],
        *,
        kind: int | None = 0,
        person: str = "u-ana",
        taxes: Mapping[str, tuple[float, float]] | None = None,
    ) -> str:
        """A receipt; `taxes` in place of what the program would write. Its id."""
        id_ = f"r{len(self.tickets):04}"
        self.tickets.append(TicketRow(id_, _time(when), kind, number, person, PEOPLE.get(person, "")))
        bases: dict[str, float] = {}
        for place, line in enumerate(sold):
            bases[line.tax] = bases.get(line.tax, 0.0) + line.units * line.price
            self.lines.append(self._line(id_, place, line))
        rates = {row.tax: float(row.rate) for row in self.rates}
        due = {tax: (base, base * rates[tax]) for tax, base in bases.items()} if taxes is None else taxes
        self.taxes += [TaxRow(id_, tax, double(base), double(amount)) for tax, (base, amount) in due.items()]
        self.payments += [PaymentRow(id_, name, double(total)) for name, total in paid]
        return id_

    def move(self, when: str | datetime, name: str, total: float) -> str:
        """Cash in or out, without a ticket."""
        return self.sell(when, 0, [], [(name, total)], kind=None, person="")

    def rows(self) -> PeriodRows:
        """Everything, in the order in which it is read."""
        tickets = sorted(self.tickets, key=lambda t: (t.at, -1 if t.kind is None else t.kind, t.number, t.id))
        cash = CashRow(self.money, self.sequence, self.opened, self.closed, self.beside.get("no_sales", 0))
        return PeriodRows(
            cash=cash,
            tickets=tickets,
            lines=self.lines,
            taxes=self.taxes,
            payments=self.payments,
            rates=self.rates,
            categories=CATEGORIES,
            **{key: value for key, value in self.beside.items() if key != "no_sales"},
        )

    def figured(self, exponent: int = 2, zone: ZoneInfo = MADRID) -> Figured:
        """What the adapter makes of it."""
        return figure(self.rows(), CODES, exponent, zone, self.sequence if self.closed else None)

    def period(self, figured: Figured, zone: ZoneInfo = MADRID, currency: str = "EUR") -> Period:
        """The period of its report."""
        return Period(
            id="00000000-0000-4000-8000-000000000001",
            terminal=Terminal("00000000-0000-4000-8000-000000000002", "CAJA-1"),
            business_date=date(2026, 11, 2),
            timezone=zone.key,
            currency=currency,
            software="uniCenta",
            opened_at=self.opened.replace(tzinfo=zone),
            cash=figured.cash,
            control=figured.control,
            z_number=self.sequence,
            closed_at=(self.closed or self.opened).replace(tzinfo=zone),
            close_reason=CloseReason.MANUAL,
        )

    def figures(
        self, exponent: int = 2, zone: ZoneInfo = MADRID, before: Perpetual | None = None
    ) -> dict[str, Any]:
        """The figures of its report, by core's own adding up."""
        figured = self.figured(exponent, zone)
        period = replace(self.period(figured, zone), perpetual_before=before or Perpetual())
        return figures_of(period, add_up(period, figured.receipts))

    def found(self) -> dict[str, tuple[str, ...]]:
        """The findings: code, and the receipts that show it."""
        return {str(finding.code): tuple(finding.receipts) for finding in self.figured().findings}

    def _line(self, id_: str, place: int, line: Sold) -> LineRow:
        row = LineRow(id_, place, None, double(line.units), double(line.price), line.tax, line.attributes)
        if line.item is None:
            return row
        item = line.item
        return replace(
            row,
            product=item.id,
            product_name=f"{item.name} of today",
            product_reference=f"{item.reference}-NOW",
            category=item.category,
            category_name=CATEGORIES[item.category],
        )


def rows_by_code(rows: Sequence[Mapping[str, Any]], *fields: str) -> dict[str, Any]:
    """Some fields of a list of a report, by its codes."""
    return {row["code"]: tuple(row[name] for name in fields) for row in rows}


def _time(when: str | datetime) -> datetime:
    return at(when) if isinstance(when, str) else when
