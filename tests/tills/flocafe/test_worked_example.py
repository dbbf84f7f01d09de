"""One day of FloCafe, computed by hand from its rows.

09:01  INV-0001  Ana  2 coffee at 1.50, IVA 10 % inside           3.00  cash
       tax 3.00 - 3.00 / 1.10 = 0.2727 -> 0.27
13:00  INV-0002  Ana  1 wine at 9.90 (IVA 21 %), 2 menus at 12.50 (IVA 10 %), 3.49 off the bill
       34.90 - 3.49 = 31.41: 20.00 by card, 11.41 in cash
       the discount by what the lines cost: 3.49 * 9.90 / 34.90 = 0.99 and 2.50 -> nets 8.91 and 22.50
       tax 1.72 + 2.27 = 3.99, of 90 %: 3.59; by 1.72 : 2.27 it is 1.5476 and 2.0424 -> 1.55 and 2.04
18:00  INV-0003  Ben  3 cakes at 4.00, IVA 10 % on top: 12.00 + 1.20; delivery 2.50, service 1.00,
       rounded up by 0.30                                          17.00  UPI
19:01  INV-0001: the coffees back, 3.00 in cash, by Ben: with their 0.27 of tax
19:02  INV-0002: 5.00 back on the card, by Ben; by 8.91 : 22.50 it is 1.4184 and 3.5816 -> 1.42 (Bar)
       and 3.58 (Kitchen); tax 1.42 * 1.55 / 8.91 = 0.2470 -> 0.25, 3.58 * 2.04 / 22.50 = 0.3246 -> 0.32
20:00  15.00 out of the drawer, which began with 100.00
22:00  closed, 96.00 counted; expected 100.00 + 3.00 + 11.41 - 3.00 - 15.00 = 96.41

gross 3.00 + 34.90 + 13.20 + 3.50 = 54.60; discounts 3.49; refunds 8.00; net 43.11; paid 43.41
"""

from datetime import UTC, datetime

import pytest

from tests.support.flocafe import Of
from tests.support.flocafe_counter import TWENTY_ONE
from tests.tills.flocafe.premises import Cafe, Report, amounts, holds


def clock(cafe: Cafe, hour: int, minute: int = 0) -> None:
    """Set it to a time of that Monday in Madrid, which is an hour ahead of UTC."""
    cafe.program.at = datetime(2026, 11, 2, hour - 1, minute, tzinfo=UTC)


@pytest.fixture
def report(cafe: Cafe) -> Report:
    """The Z of that day."""
    program = cafe.program
    clock(cafe, 8)
    program.move("opening_float", 10000)
    clock(cafe, 9)
    coffees = program.sell(Of("COF", 2))
    clock(cafe, 12, 59)
    lunch = program.sell(
        Of("WIN", taxes=TWENTY_ONE), Of("MEN", 2), discount=3.49, paid=[("card", 20.0), ("cash", 11.41)]
    )
    clock(cafe, 17, 59)
    program.sell(
        Of("CAK", 3, is_inclusive=False),
        user="u2",
        delivery=2.5,
        service=1.0,
        round_off=0.3,
        paid=[("upi", 17.0)],
    )
    clock(cafe, 19)
    program.refund(coffees, item=1)
    program.refund(lunch, cents=500, method="card")
    clock(cafe, 20)
    program.move("pay_out", 1500)
    program.end_the_day(counted=9600)
    (report,) = cafe.reports()
    return report


def test_the_report_says_which_day_it_is(report: Report) -> None:
    assert (report["z_number"], report["business_date"]) == (1, "2026-11-02")
    assert report["close_reason"] == "manual"
    assert report["opened_at"] == "2026-11-02T03:00:00.000Z"
    assert report["closed_at"] == "2026-11-02T21:00:00.000Z"
    assert (report["timezone"], report["currency"]) == ("Europe/Madrid", "EUR")
    assert report["terminal_name"] == "Café Sol"
    assert report["receipts"] == {"count": 5, "first": "INV-0001", "last": "INV-0002-R2"}


def test_totals_and_taxes(report: Report) -> None:
    assert report["totals"] == {
        "gross": 5460,
        "discounts": 349,
        "refunds": 800,
        "net": 4311,
        "tax": 422,
        "rounding": 30,
        "tips": 0,
    }
    assert report["perpetual"] == {"sales": 5111, "refunds": 800, "net": 4311}
    assert [(tax["code"], tax["rate"], tax["base"], tax["tax"], tax["gross"]) for tax in report["taxes"]] == [
        ("0", "0", 350, 0, 350),
        ("IVA 10", "10", 2920, 292, 3212),
        ("IVA 21", "21", 619, 130, 749),
    ]


def test_payments_and_the_drawer(report: Report) -> None:
    assert [
        (it["code"], it["type"], it["sales_count"], it["sales_amount"], it["refund_count"], it["amount"])
        for it in report["payments"]
    ] == [
        ("card", "card", 1, 2000, 1, 1500),
        ("cash", "cash", 2, 1441, 1, 1141),
        ("upi", "mobile", 1, 1700, 0, 1700),
    ]
    assert report["cash"] == {
        "opening_float": 10000,
        "paid_in": 0,
        "paid_out": 1500,
        "expected": 9641,
        "counted": 9600,
        "over_short": -41,
    }


def test_breakdowns(report: Report) -> None:
    assert amounts(report["departments"]) == {"BAR": 749, "KIT": 3212, "charges": 350}
    assert [(it["code"], it["quantity"], it["amount"]) for it in report["items"]] == [
        ("CAK", "3", 1320),
        ("COF", "0", 0),
        ("MEN", "2", 2250),
        ("WIN", "1", 891),
        ("delivery", "1", 250),
        ("refund", "0", -500),
        ("service", "1", 100),
    ]
    assert [(it["name"], it["amount"]) for it in report["users"]] == [("Ana", 3441), ("Ben", 870)]
    assert [(it["hour"], it["receipts"], it["amount"]) for it in report["hours"]] == [
        (9, 1, 300),
        (13, 1, 3141),
        (18, 1, 1670),
        (19, 2, -800),
    ]


def test_it_is_what_the_row_says_and_nothing_is_odd(report: Report, cafe: Cafe) -> None:
    holds(report, cafe.row(1))
    assert list(cafe.found()) == []
