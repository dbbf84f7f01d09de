"""Whatever a shop sells: each payment and each tax is one exact sum of its rows, rounded once, and the report
holds together."""

import json
from collections import defaultdict
from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factorypos_tui.core.reports.reports import build_z
from factorypos_tui.server.documents.report import checked_report
from tests.tills.unicenta.making import Day
from tests.tills.unicenta.shops import COMPOUND, PARTS, days

CURRENCIES = {"EUR": 2, "JPY": 0, "KWD": 3}
_WIDE = Context(prec=99, rounding=ROUND_HALF_EVEN)


def rounded_once(amounts: Iterable[Decimal], exponent: int) -> int:
    """An exact sum as a paper prints it, in minor units. It shares no code with the adapter."""
    total = Decimal(0)
    for amount in amounts:
        total = _WIDE.add(total, amount)
    clean = _WIDE.quantize(total, Decimal("1e-6"))
    return int(_WIDE.scaleb(_WIDE.quantize(clean, Decimal(1).scaleb(-exponent)), exponent))


def report_of(day: Day, currency: str) -> dict[str, Any]:
    """Its Z, which the cloud takes: that is where every sum of a report is compared with the others."""
    figured = day.figured(CURRENCIES[currency])
    period = day.period(figured, currency=currency)
    document: dict[str, Any] = json.loads(build_z(period, figured.receipts, None).body)
    checked_report(document, period.terminal.id)
    return document


shops = st.sampled_from(sorted(CURRENCIES)).flatmap(
    lambda currency: st.tuples(days(CURRENCIES[currency]), st.just(currency))
)


@given(shops)
@settings(max_examples=40, deadline=None)
def test_each_payment_is_the_sum_of_its_rows_rounded_once(shop: tuple[Day, str]) -> None:
    day, currency = shop
    paid: dict[str, list[Decimal]] = defaultdict(list)
    for row in day.payments:
        paid[row.name].append(row.total)
    moved = {name: rounded_once(paid.pop(name, []), CURRENCIES[currency]) for name in ("cashin", "cashout")}
    report = report_of(day, currency)
    assert {row["code"]: row["amount"] for row in report["payments"]} == {
        name: rounded_once(totals, CURRENCIES[currency]) for name, totals in paid.items()
    }
    cash = report["cash"]
    assert (cash["paid_in"], -cash["paid_out"]) == (moved["cashin"], moved["cashout"])


@given(shops)
@settings(max_examples=40, deadline=None)
def test_each_tax_is_the_sum_of_its_rows_rounded_once(shop: tuple[Day, str]) -> None:
    day, currency = shop
    gross, tax = defaultdict[str, list[Decimal]](list), defaultdict[str, list[Decimal]](list)
    for row in day.taxes:
        code = COMPOUND if row.tax in PARTS else row.tax
        tax[code].append(row.amount)
        gross[code] += [row.amount] if row.tax == PARTS[1] else [row.base, row.amount]
    report = report_of(day, currency)
    exponent = CURRENCIES[currency]
    assert {row["code"]: (row["gross"], row["tax"]) for row in report["taxes"]} == {
        code: (rounded_once(gross[code], exponent), rounded_once(tax[code], exponent)) for code in gross
    }
    rates = {row["code"]: row["rate"] for row in report["taxes"]}
    assert rates.items() <= {"t-0": "0", "t-7": "7.7", "t-10": "10", "t-21": "21", "t-all": "15.5"}.items()


@given(shops)
@settings(max_examples=40, deadline=None)
def test_the_takings_are_the_papers_but_for_one_minor_unit_a_tax(shop: tuple[Day, str]) -> None:
    day, currency = shop
    exponent = CURRENCIES[currency]
    net = [_WIDE.multiply(line.units, line.price) for line in day.lines]
    printed = rounded_once([*net, *(row.amount for row in day.taxes)], exponent)
    report = report_of(day, currency)
    assert abs(report["totals"]["net"] - printed) <= max(1, len(report["taxes"]))


@given(shops)
@settings(max_examples=40, deadline=None)
def test_no_receipt_is_more_than_a_minor_unit_a_tax_from_its_slip(shop: tuple[Day, str]) -> None:
    day, currency = shop
    exponent = CURRENCIES[currency]
    for receipt in day.figured(exponent).receipts:
        lines = [line for line in day.lines if line.ticket == receipt.uid]
        taxes = [tax.amount for tax in day.taxes if tax.ticket == receipt.uid]
        slip = rounded_once([*(_WIDE.multiply(x.units, x.price) for x in lines), *taxes], exponent)
        assert abs(sum(line.net for line in receipt.lines) - slip) <= max(1, len(receipt.taxes))
        assert len(receipt.lines) == len(lines)
        assert all(line.gross >= 0 and line.discount >= 0 for line in receipt.lines)


@given(days())
@settings(max_examples=30, deadline=None)
def test_a_shop_that_does_nothing_odd_has_no_findings(day: Day) -> None:
    """Vouchers of the generated shops may be worth more than what was bought."""
    assert set(day.found()) <= {"voucher_excess"}


@pytest.mark.parametrize(("price", "units"), [(0.0049, 7), (16.515, 1), (0.333, 3)])
def test_the_paper_is_met_at_the_end_of_a_day_of_fractions(price: float, units: int) -> None:
    day = Day()
    for number in range(1, 301):
        taxes = {"t-10": (price * units, price * units * 0.1)}
        day.sell("02T09:00", number, [], [("cash", price * units * 1.1)], taxes=taxes)
    figures = day.figures()
    exact = Decimal(repr(price * units)), Decimal(repr(price * units * 0.1))
    assert figures["taxes"][0]["tax"] == rounded_once([exact[1]] * 300, 2)
    assert figures["taxes"][0]["gross"] == rounded_once([*exact] * 300, 2)
    assert figures["payments"][0]["amount"] == rounded_once([Decimal(repr(price * units * 1.1))] * 300, 2)
