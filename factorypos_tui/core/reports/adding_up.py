"""Adds up the receipts of a period. Receipts whose sums do not agree are not refused here: see `figures`."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from factorypos_tui.core.language.instants import NO_INSTANT
from factorypos_tui.core.reports.findings import Code, unreportable
from factorypos_tui.core.reports.sales import Count, Line, Payment, Period, Receipt, ReceiptTax

_NONE = Count()
_LONGEST_DECIMAL = 40


def add_up(period: Period, receipts: Iterable[Receipt]) -> "Sums":
    """The sums of a period's receipts; raises `Unreportable`."""
    sums = Sums(known_zone(period.timezone), period.opened_at, counts_all=period.rules < 3)
    for receipt in receipts:
        sums.add(receipt)
    return sums


def known_zone(name: str) -> ZoneInfo:
    """The time zone of an IANA name; raises `Unreportable` where the name is unknown."""
    try:
        return ZoneInfo(name)
    except (ValueError, LookupError, OSError) as error:
        raise unreportable(Code.UNKNOWN_ZONE) from error


@dataclass(slots=True)
class Group:
    """One row of a breakdown while it is being added up."""

    name: str = ""
    quantity: Decimal = Decimal(0)
    amount: int = 0

    def add(self, name: str, line: Line) -> None:
        """Count a line to it, under the newest name."""
        self.name = name
        self.quantity += -line.quantity if line.is_refund else line.quantity
        self.amount += line.net


@dataclass(slots=True)
class Tender:
    """One payment method while it is being added up."""

    name: str = ""
    type: str = ""
    sales: Count = _NONE
    refunds: Count = _NONE
    tips: int = 0

    @property
    def amount(self) -> int:
        """What was paid by it."""
        return self.sales.amount - self.refunds.amount + self.tips

    def add(self, payment: Payment) -> None:
        """Count a payment to it."""
        self.name, self.type = payment.name, payment.type
        if payment.amount < 0:
            self.refunds = Count(self.refunds.count + 1, self.refunds.amount - payment.amount)
        else:
            self.sales = Count(self.sales.count + 1, self.sales.amount + payment.amount)
        self.tips += payment.tip


@dataclass(slots=True)
class Times:
    """How often the receipts of a period gave something away, took something back, or had a tip."""

    discounts: int = 0
    """Lines sold with a discount."""
    refunds: int = 0
    """Receipts with a line that was taken back."""
    tips: int = 0
    """Payments with a tip."""

    def add(self, receipt: Receipt) -> None:
        """Count what a receipt has."""
        self.discounts += sum(line.discount != 0 for line in receipt.lines if not line.is_refund)
        self.refunds += any(line.is_refund for line in receipt.lines)
        self.tips += sum(payment.tip != 0 for payment in receipt.payments)


@dataclass(slots=True)
class Sums:
    """All sums of a period's receipts."""

    zone: ZoneInfo
    opened_at: datetime
    """What was sold before this is late."""
    counts_all: bool = False
    """Whether a receipt without lines counts, too: the money of one always does."""
    count: int = 0
    late: Count = _NONE
    first: str | None = None
    last: str | None = None
    gross: int = 0
    discounts: int = 0
    refunds: int = 0
    rounding: int = 0
    comps: Count = _NONE
    times: Times = field(default_factory=Times)
    taxes: dict[tuple[str, str], ReceiptTax] = field(default_factory=dict)
    tenders: defaultdict[str, Tender] = field(default_factory=lambda: defaultdict(Tender))
    departments: defaultdict[str, Group] = field(default_factory=lambda: defaultdict(Group))
    items: defaultdict[str, Group] = field(default_factory=lambda: defaultdict(Group))
    users: defaultdict[str, Group] = field(default_factory=lambda: defaultdict(Group))
    hours: defaultdict[int, Count] = field(default_factory=lambda: defaultdict(Count))

    @property
    def net(self) -> int:
        """What was sold, tax included."""
        return self.gross - self.discounts - self.refunds

    @property
    def paid(self) -> int:
        """What was paid, without tips."""
        return sum(tender.amount - tender.tips for tender in self.tenders.values())

    @property
    def taxed(self) -> int:
        """What was sold, according to the taxes."""
        return sum(tax.base + tax.tax for tax in self.taxes.values())

    @property
    def adds_up(self) -> bool:
        """Whether payments and taxes agree with the lines."""
        return self.paid == self.net + self.rounding and self.taxed == self.net

    def add(self, receipt: Receipt) -> None:
        """Count a receipt; raises `Unreportable`."""
        self.rounding += receipt.rounding
        self.times.add(receipt)
        for line in receipt.lines:
            self._add_line(line)
            self.users[receipt.user_code].add(receipt.user_name, line)
        for tax in receipt.taxes:
            self._add_tax(tax)
        for payment in receipt.payments:
            self.tenders[payment.code].add(payment)
        hour = self._hour_of(receipt)
        if receipt.lines or self.counts_all:
            self._count(receipt, hour)

    def _count(self, receipt: Receipt, hour: int) -> None:
        self.count += 1
        self.first = self.first or receipt.number
        self.last = receipt.number
        net = sum(line.net for line in receipt.lines)
        self.hours[hour] = Count(self.hours[hour].count + 1, self.hours[hour].amount + net)
        if receipt.sold_at < self.opened_at:
            self.late = Count(self.late.count + 1, self.late.amount + net)

    def _add_tax(self, tax: ReceiptTax) -> None:
        rate = travelling_decimal(tax.rate)
        known = self.taxes.get((tax.code, rate))
        base, amount = (known.base, known.tax) if known else (0, 0)
        self.taxes[tax.code, rate] = ReceiptTax(tax.code, tax.name, rate, base + tax.base, amount + tax.tax)

    def _hour_of(self, receipt: Receipt) -> int:
        try:
            hour = receipt.sold_at.astimezone(self.zone).hour
        except OverflowError:
            hour = None
        if hour is None or receipt.sold_at == NO_INSTANT:
            raise unreportable(Code.OUT_OF_RANGE, (receipt.number,))
        return hour

    def _add_line(self, line: Line) -> None:
        if line.is_refund:
            self.refunds -= line.net
        else:
            self.gross += line.gross
            self.discounts += line.discount
        if line.is_comp:
            self.comps = Count(self.comps.count + 1, self.comps.amount + line.gross)
        self.departments[line.department_code].add(line.department_name, line)
        self.items[line.item_code].add(line.item_name, line)


def travelling_decimal(decimal: str) -> str:
    """A decimal text that a report can carry: a too long one of another program is rounded."""
    if len(decimal) <= _LONGEST_DECIMAL and decimal[-1:] != ".":
        return decimal
    whole, _point, fraction = decimal.partition(".")
    rounded = f"{Decimal(whole + '.' + fraction[:20] if fraction else whole):.10f}".rstrip("0").rstrip(".")
    if len(rounded) > _LONGEST_DECIMAL:
        raise unreportable(Code.OUT_OF_RANGE)
    return rounded
