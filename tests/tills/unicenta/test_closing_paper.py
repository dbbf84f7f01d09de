"""Generated shops on real servers: our Z beside the statements by which the program prints its own close."""

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings

from factorypos_tui.core.reports.reports import build_z
from factorypos_tui.server.documents.report import checked_report
from factorypos_tui.tills.unicenta.till import UnicentaTill
from tests.support.unicenta.connected import connected
from tests.support.unicenta.shop import Shop
from tests.tills.unicenta.making import CATEGORIES, Day
from tests.tills.unicenta.shops import COMPOUND, RATES, days

_OF_THE_PERIOD = "receipts.money = %s"
_PAYMENTS = (
    "SELECT payments.payment, SUM(payments.total) FROM payments, receipts"
    f" WHERE payments.receipt = receipts.id AND {_OF_THE_PERIOD} GROUP BY payments.payment"
)
_SALES = (
    "SELECT COUNT(DISTINCT receipts.id), COALESCE(SUM(ticketlines.units * ticketlines.price), 0)"
    f" FROM receipts, ticketlines WHERE receipts.id = ticketlines.ticket AND {_OF_THE_PERIOD}"
)
_TAXES = (
    "SELECT taxcategories.id, SUM(taxlines.amount) FROM receipts, taxlines, taxes, taxcategories"
    " WHERE receipts.id = taxlines.receipt AND taxlines.taxid = taxes.id"
    f" AND taxes.category = taxcategories.id AND {_OF_THE_PERIOD} GROUP BY taxcategories.id"
)
_HALF_A_CENT = Decimal("0.5001")
"""The server adds up DOUBLEs, and its sum has noise: where that is at half a cent, either cent is its."""


@pytest.fixture
def open_shop(new_database: Callable[[], str], tmp_path: Path) -> Iterator[tuple[Shop, UnicentaTill]]:
    """A shop with the taxes and the items of the generated days."""
    with connected(new_database(), tmp_path / "home") as (shop, till):
        _stock(shop)
        yield shop, till


@given(day=days())
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
def test_our_z_is_what_the_program_prints(open_shop: tuple[Shop, UnicentaTill], day: Day) -> None:
    shop, till = open_shop
    money = _live(shop, day)
    (period,) = till.closed_periods(shop.sequence - 2, 1)
    document: dict[str, Any] = json.loads(build_z(period, till.receipts(period.id), None).body)
    checked_report(document, period.terminal.id)

    paid = dict(shop.run(_PAYMENTS, money))
    cash = document["cash"]
    ours = {row["code"]: row["amount"] for row in document["payments"]}
    ours |= {"cashin": cash["paid_in"], "cashout": -cash["paid_out"]}
    assert {code for code, amount in ours.items() if amount} <= paid.keys()
    for code, total in paid.items():
        assert is_printed_as(ours[code], total), code
    for category, amount in shop.run(_TAXES, money):
        assert is_printed_as(tax_of(document, category), amount), category
    receipts, net = shop.run(_SALES, money)[0]
    assert document["receipts"]["count"] == receipts
    total = Decimal(net) + sum(Decimal(amount) for _category, amount in shop.run(_TAXES, money))
    assert abs(document["totals"]["net"] - total * 100) <= len(document["taxes"]) + _HALF_A_CENT


def is_printed_as(cents: int, total: float) -> bool:
    """Whether an amount of ours is a sum of the server's, rounded once."""
    return abs(cents - Decimal(total) * 100) <= _HALF_A_CENT


def tax_of(document: dict[str, Any], category: str) -> int:
    """The category of a generated tax is called like it."""
    return sum(int(row["tax"]) for row in document["taxes"] if row["code"] == category)


def _stock(shop: Shop) -> None:
    shop.run("DELETE FROM {taxes}")
    for rate in RATES:
        category = COMPOUND if rate.parent else rate.tax
        if not rate.parent:
            shop.run("INSERT INTO {taxcategories} VALUES (%s, %s)", category, rate.name)
        shop.run(
            "INSERT INTO {taxes} (id, name, category, parentid, rate, ratecascade, rateorder)"
            f" VALUES (%s, %s, %s, %s, %s, {shop.flag(rate.cascades)}, %s)",
            *(rate.tax, rate.name, category, rate.parent, float(rate.rate), rate.order),
        )
    for number in range(1, 9):
        category = sorted(CATEGORIES)[number % len(CATEGORIES)]
        shop.run(
            "INSERT INTO {products} (id, reference, code, name, pricesell, category, taxcat, isvprice)"
            f" VALUES (%s, %s, %s, %s, 1, %s, 't-10', {shop.flag(False)})",
            *(f"p-i{number}", f"I{number}", f"c{number}", f"Item {number}", category),
        )


def _live(shop: Shop, day: Day) -> str:
    """Write a generated day into the open period, or into the first one, and close it. Returns its id."""
    if not shop.money:
        shop.open(str(uuid4()), 2, day.opened)
    money, mark = shop.money, uuid4().hex
    shop.run("UPDATE {closedcash} SET datestart = %s WHERE money = %s", day.opened, money)
    with shop.transaction():
        for ticket in day.tickets:
            id_ = f"{mark}-{ticket.id}"
            shop.run("INSERT INTO {receipts} (id, money, datenew) VALUES (%s, %s, %s)", id_, money, ticket.at)
            if ticket.kind is not None:
                shop.run(
                    "INSERT INTO {tickets} (id, tickettype, ticketid, person) VALUES (%s, %s, %s, %s)",
                    *(id_, ticket.kind, ticket.number, ticket.person),
                )
        for line in day.lines:
            shop.run(
                "INSERT INTO {ticketlines} (ticket, line, product, units, price, taxid, attributes)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s)",
                *(f"{mark}-{line.ticket}", line.line, line.product, float(line.units), float(line.price)),
                *(line.tax, line.attributes),
            )
        for tax in day.taxes:
            shop.tax(f"{mark}-{tax.ticket}", tax.tax, float(tax.base), float(tax.amount))
        for paid in day.payments:
            shop.pay(f"{mark}-{paid.ticket}", paid.name, float(paid.total))
    shop.close(day.closed or day.opened)
    return money
