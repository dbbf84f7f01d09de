"""The figures of a report.

`net` = gross - discounts - refunds, tax included. Departments, hours and taxes each add up to `net`; payments
add up to net + rounding + tips. The difference between payments and lines is `rounding`; the difference
between taxes and lines is a tax row of its own. Quantities of refunds count negative."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from decimal import Decimal
from typing import Any

from factorypos_tui.core.reports.adding_up import Group, Sums, travelling_decimal
from factorypos_tui.core.reports.sales import Period, ReceiptTax

UNEXPLAINED = "unexplained"
"""The code of the tax row that holds the difference between lines and taxes."""
Figures = dict[str, Any]


def figures_of(period: Period, sums: Sums, *, as_written: bool = False) -> Figures:
    """The groups of interfaces §6 that hold figures, `receipts` to `perpetual`. `as_written`: also where they
    do not add up."""
    late = {"late": asdict(sums.late)} if sums.late.count and period.rules > 1 else {}
    counts = {"counts": asdict(sums.times)} if period.rules > 3 else {}
    return (
        late
        | counts
        | {
            "receipts": {"count": sums.count, "first": sums.first, "last": sums.last},
            "totals": _totals(sums, as_written=as_written),
            "taxes": _taxes(sums, as_written=as_written),
            "payments": _payments(sums),
            "cash": _cash(period, sums),
            "departments": _groups(sums.departments),
            "items": _groups(sums.items),
            "users": _groups(sums.users),
            "hours": _hours(sums),
            "control": _control(period, sums),
            "perpetual": _perpetual(period, sums),
        }
    )


def _totals(sums: Sums, *, as_written: bool) -> Figures:
    return {
        "gross": sums.gross,
        "discounts": sums.discounts,
        "refunds": sums.refunds,
        "net": sums.net,
        "tax": sum(tax.tax for tax in sums.taxes.values()),
        "rounding": sums.rounding if as_written else sums.paid - sums.net,
        "tips": sum(tender.tips for tender in sums.tenders.values()),
    }


def _taxes(sums: Sums, *, as_written: bool) -> list[Figures]:
    taxes = dict(sums.taxes)
    if (left := sums.net - sums.taxed) and not as_written:
        key = (UNEXPLAINED, "0")
        known = taxes.get(key, ReceiptTax(UNEXPLAINED, UNEXPLAINED, "0", 0, 0))
        taxes[key] = replace(known, base=known.base + left)
    return [
        asdict(tax) | {"gross": tax.base + tax.tax}
        for _key, tax in sorted(taxes.items(), key=lambda entry: entry[0])
    ]


def _payments(sums: Sums) -> list[Figures]:
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


def _cash(period: Period, sums: Sums) -> Figures:
    cash = period.cash
    taken = sum(tender.amount for tender in sums.tenders.values() if tender.type == "cash")
    expected = cash.opening_float + taken + cash.paid_in - cash.paid_out
    over_short = None if cash.counted is None else cash.counted - expected
    return asdict(cash) | {"expected": expected, "over_short": over_short}


def _hours(sums: Sums) -> list[Figures]:
    return [
        {"hour": hour, "receipts": count.count, "amount": count.amount}
        for hour, count in sorted(sums.hours.items())
    ]


def _perpetual(period: Period, sums: Sums) -> Figures:
    sales = period.perpetual_before.sales + sums.gross - sums.discounts
    refunds = period.perpetual_before.refunds + sums.refunds
    return {"sales": sales, "refunds": refunds, "net": sales - refunds}


def _control(period: Period, sums: Sums) -> Figures:
    control = period.control
    return {
        "voided_lines": asdict(control.voided_lines),
        "cancelled_receipts": asdict(control.cancelled_receipts),
        "comps": asdict(sums.comps),
        "no_sale_opens": {"count": control.no_sale_opens},
        "reprints": {"count": control.reprints},
        "open_tickets": asdict(control.open_tickets),
    }


def _groups(groups: Mapping[str, Group]) -> list[Figures]:
    return [
        {"code": code, "name": group.name, "quantity": _decimal(group.quantity), "amount": group.amount}
        for code, group in sorted(groups.items())
    ]


def _decimal(value: Decimal) -> str:
    """`Decimal("2.500")` as `2.5`, never in exponent notation."""
    text = f"{value:f}"
    short = (text.rstrip("0").rstrip(".") if "." in text else text) if value else "0"
    return travelling_decimal(short)
