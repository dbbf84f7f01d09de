"""What a period's receipts add up to, and the figures of a report that come from it.

`net` = gross - discounts - refunds, tax included; departments, hours and taxes each add up to it; payments
add up to net + rounding + tips. Quantities of refunds count negative.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from factorypos_tui.core.sales import Count, Line, Payment, Period, Receipt, ReceiptTax

Figures = dict[str, Any]
_NONE = Count()


def figures_of(period: Period, receipts: Iterable[Receipt]) -> Figures:
    """The groups of interface §6 that hold figures, `receipts` to `perpetual`."""
    sums = _Sums(ZoneInfo(period.timezone))
    for receipt in receipts:
        sums.add(receipt)
    return {
        "receipts": {"count": sums.count, "first": sums.first, "last": sums.last},
        "totals": _totals(sums),
        "taxes": _taxes(sums),
        "payments": _payments(sums),
        "cash": _cash(period, sums),
        "departments": _groups(sums.departments),
        "items": _groups(sums.items),
        "users": _groups(sums.users),
        "hours": _hours(sums),
        "control": _control(period, sums),
        "perpetual": _perpetual(period, sums),
    }


@dataclass(slots=True)
class _Group:
    """One row of a breakdown while it is being added up."""

    name: str = ""
    quantity: Decimal = Decimal(0)
    amount: int = 0

    def add(self, name: str, line: Line) -> None:
        self.name = name
        self.quantity += -line.quantity if line.is_refund else line.quantity
        self.amount += line.net


@dataclass(slots=True)
class _Tender:
    """One payment method while it is being added up."""

    name: str = ""
    type: str = ""
    sales: Count = _NONE
    refunds: Count = _NONE
    tips: int = 0

    @property
    def amount(self) -> int:
        return self.sales.amount - self.refunds.amount + self.tips

    def add(self, payment: Payment) -> None:
        self.name, self.type = payment.name, payment.type
        if payment.amount < 0:
            self.refunds = Count(self.refunds.count + 1, self.refunds.amount - payment.amount)
        else:
            self.sales = Count(self.sales.count + 1, self.sales.amount + payment.amount)
        self.tips += payment.tip


@dataclass(slots=True)
class _Sums:
    """Everything that a period's receipts add up to."""

    zone: ZoneInfo
    count: int = 0
    first: str | None = None
    last: str | None = None
    gross: int = 0
    discounts: int = 0
    refunds: int = 0
    rounding: int = 0
    comps: Count = _NONE
    taxes: dict[tuple[str, str], ReceiptTax] = field(default_factory=dict)
    tenders: defaultdict[str, _Tender] = field(default_factory=lambda: defaultdict(_Tender))
    departments: defaultdict[str, _Group] = field(default_factory=lambda: defaultdict(_Group))
    items: defaultdict[str, _Group] = field(default_factory=lambda: defaultdict(_Group))
    users: defaultdict[str, _Group] = field(default_factory=lambda: defaultdict(_Group))
    hours: defaultdict[int, Count] = field(default_factory=lambda: defaultdict(Count))

    @property
    def net(self) -> int:
        return self.gross - self.discounts - self.refunds

    def add(self, receipt: Receipt) -> None:
        self.count += 1
        self.first = self.first or receipt.number
        self.last = receipt.number
        self.rounding += receipt.rounding
        for line in receipt.lines:
            self._add_line(line)
            self.users[receipt.user_code].add(receipt.user_name, line)
        for tax in receipt.taxes:
            known = self.taxes.get((tax.code, tax.rate))
            base, amount = (known.base, known.tax) if known else (0, 0)
            total = ReceiptTax(tax.code, tax.name, tax.rate, base + tax.base, amount + tax.tax)
            self.taxes[tax.code, tax.rate] = total
        for payment in receipt.payments:
            self.tenders[payment.code].add(payment)
        hour = receipt.sold_at.astimezone(self.zone).hour
        net = sum(line.net for line in receipt.lines)
        self.hours[hour] = Count(self.hours[hour].count + 1, self.hours[hour].amount + net)

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


def _totals(sums: _Sums) -> Figures:
    return {
        "gross": sums.gross,
        "discounts": sums.discounts,
        "refunds": sums.refunds,
        "net": sums.net,
        "tax": sum(tax.tax for tax in sums.taxes.values()),
        "rounding": sums.rounding,
        "tips": sum(tender.tips for tender in sums.tenders.values()),
    }


def _taxes(sums: _Sums) -> list[Figures]:
    return [
        {
            "code": tax.code,
            "name": tax.name,
            "rate": tax.rate,
            "base": tax.base,
            "tax": tax.tax,
            "gross": tax.base + tax.tax,
        }
        for _key, tax in sorted(sums.taxes.items())
    ]


def _payments(sums: _Sums) -> list[Figures]:
    return [
        {
            "code": code,
            "name": tender.name,
            "type": tender.type,
            "sales_count": tender.sales.count,
            "sales_amount": tender.sales.amount,
            "refund_count": tender.refunds.count,
            "refund_amount": tender.refunds.amount,
            "tips": tender.tips,
            "amount": tender.amount,
        }
        for code, tender in sorted(sums.tenders.items())
    ]


def _cash(period: Period, sums: _Sums) -> Figures:
    cash = period.cash
    taken = sum(tender.amount for tender in sums.tenders.values() if tender.type == "cash")
    expected = cash.opening_float + taken + cash.paid_in - cash.paid_out
    return {
        "opening_float": cash.opening_float,
        "paid_in": cash.paid_in,
        "paid_out": cash.paid_out,
        "expected": expected,
        "counted": cash.counted,
        "over_short": None if cash.counted is None else cash.counted - expected,
    }


def _hours(sums: _Sums) -> list[Figures]:
    return [
        {"hour": hour, "receipts": count.count, "amount": count.amount}
        for hour, count in sorted(sums.hours.items())
    ]


def _perpetual(period: Period, sums: _Sums) -> Figures:
    sales = period.perpetual_before.sales + sums.gross - sums.discounts
    refunds = period.perpetual_before.refunds + sums.refunds
    return {"sales": sales, "refunds": refunds, "net": sales - refunds}


def _control(period: Period, sums: _Sums) -> Figures:
    control = period.control
    return {
        "voided_lines": _count(control.voided_lines),
        "cancelled_receipts": _count(control.cancelled_receipts),
        "comps": _count(sums.comps),
        "no_sale_opens": {"count": control.no_sale_opens},
        "reprints": {"count": control.reprints},
        "open_tickets": _count(control.open_tickets),
    }


def _count(count: Count) -> Figures:
    return {"count": count.count, "amount": count.amount}


def _groups(groups: Mapping[str, _Group]) -> list[Figures]:
    return [
        {"code": code, "name": group.name, "quantity": _decimal(group.quantity), "amount": group.amount}
        for code, group in sorted(groups.items())
    ]


def _decimal(value: Decimal) -> str:
    """`Decimal("2.500")` as `2.5`, never in exponent notation."""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) if value else "0"
