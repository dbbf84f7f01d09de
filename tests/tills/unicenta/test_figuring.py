"""The worked example: three periods, figure by figure, as the program's own paper adds them up."""

from datetime import date, timedelta
from typing import Any

import pytest

from factorypos_tui.core.reports.sales import Perpetual
from factorypos_tui.tills.unicenta.figuring import business_date
from tests.tills.unicenta.making import (
    CHEESE,
    COFFEE,
    MENU,
    SHIRT,
    WINE,
    Day,
    at,
    free_line,
    of,
    rows_by_code,
)


def first_day() -> Day:
    day = Day("m-2", 2, at("02T08:00:00"), at("02T22:10:00"))
    day.beside = {"no_sales": 1, "voided_lines": 1, "open_tickets": 1, "no_sale_opens": 9}
    day.move("02T08:01", "cashin", 100.0)
    day.sell("02T09:05", 1, [of(COFFEE, 2)], [("cash", 3.0)])
    day.sell("02T10:30", 2, [of(WINE), of(CHEESE, 0.350)], [("ccard", 16.515)])
    menus = [of(MENU, 2), free_line(2, -1.14, "t-10")]
    day.sell("02T13:15", 3, menus, [("cash", 10.0), ("ccard", 12.492)], person="u-ben")
    day.sell("02T14:00", 4, [of(SHIRT)], [("debt", 15.0)], person="u-ben")
    day.sell("02T18:00", 1, [of(WINE, -1)], [("cashrefund", -9.90)], kind=1)
    day.move("02T20:00", "cashout", -30.0)
    return day


def second_day() -> Day:
    day = Day("m-3", 3, at("02T22:10:00"), at("03T23:59:30"))
    day.beside = {"open_tickets": 1}
    day.sell("03T08:30", 5, [of(COFFEE, 3)], [("cash", 4.5)])
    day.sell("03T11:00", 6, [free_line(1, 5 / 1.21, "t-21")], [("cash", 5.0)])
    day.sell("03T12:00", 7, [of(CHEESE, 0.333)], [("cash", 6.2937)], person="u-ben")
    day.sell("03T12:30", 8, [of(CHEESE, 0.127)], [("cash", 2.40)], person="u-ben")
    day.sell("03T13:00", 1, [], [("cash", 15.0), ("debtpaid", -15.0)], kind=2, person="u-ben")
    day.sell("03T16:00", 9, [of(MENU)], [("free", 12.5)])
    day.sell("03T17:00", 10, [of(WINE), of(COFFEE, -1)], [("ccard", 8.4)])
    day.sell("03T18:00", 11, [of(SHIRT)], [("voucherin", 20.0)], person="u-ben")
    return day


def running_day() -> Day:
    day = Day("m-4", 4, at("03T23:59:30"))
    day.beside = {"open_tickets": 1}
    day.sell("04T00:05", 12, [of(COFFEE)], [("cash", 1.5)])
    day.sell("04T09:00", 13, [of(WINE)], [("ccard", 9.9)], person="u-ben")
    return day


EXPECTED: dict[str, Any] = {
    "m-2": {
        "receipts": (5, "1", "R1"),
        "totals": (5952, 251, 990, 4711, 552, 0, 0),
        "taxes": {"t-10": ("10", 2919, 292, 3211), "t-21": ("21", 1240, 260, 1500)},
        "payments": {
            "cash": ("cash", 2, 0, 1300),
            "cashrefund": ("cash", 0, 1, -990),
            "ccard": ("card", 2, 0, 2901),
            "debt": ("debt", 1, 0, 1500),
        },
        "cash": (10000, 3000, 7310),
        "departments": {"Bar": 300, "Bottles": 0, "Deli": 662, "Kitchen": 2249, "Shop": 1500},
        "items": {
            "CHE": ("Cheese kg", 662, "0.35"),
            "COF": ("Coffee", 300, "2"),
            "MEN": ("Menu", 2500, "2"),
            "SHI": ("T-shirt", 1500, "1"),
            "WIN": ("Wine", 0, "0"),
            "discount": ("discount", -251, "0"),
        },
        "users": {"Ana": 962, "Ben": 3749},
        "hours": {9: (1, 300), 10: (1, 1652), 13: (1, 2249), 14: (1, 1500), 18: (1, -990)},
        "control": (0, 0, 1, 1, 0),
        "perpetual": (5701, 990, 4711),
    },
    "m-3": {
        "receipts": (7, "5", "11"),
        "totals": (5559, 0, 150, 5409, 739, 500, 0),
        "taxes": {"t-10": ("10", 2199, 220, 2419), "t-21": ("21", 2471, 519, 2990)},
        "payments": {
            "cash": ("cash", 5, 0, 3319),
            "ccard": ("card", 1, 0, 840),
            "debtpaid": ("debt", 0, 1, -1500),
            "free": ("free", 1, 0, 1250),
            "voucherin": ("store_credit", 1, 0, 2000),
        },
        "cash": (0, 0, 3319),
        "departments": {
            "Bar": 300, "Bottles": 990, "Deli": 869, "Kitchen": 1250, "Shop": 1500, "none": 500,
        },
        "items": {
            "CHE": ("Cheese kg", 869, "0.46"),
            "COF": ("Coffee", 300, "2"),
            "MEN": ("Menu", 1250, "1"),
            "SHI": ("T-shirt", 1500, "1"),
            "WIN": ("Wine", 990, "1"),
            "free": ("free", 500, "1"),
        },
        "users": {"Ana": 3040, "Ben": 2369},
        "hours": {
            8: (1, 450), 11: (1, 500), 12: (2, 869), 16: (1, 1250), 17: (1, 840), 18: (1, 1500),
        },
        "control": (1, 1250, 0, 0, 0),
        "perpetual": (11260, 1140, 10120),
    },
    "m-4": {
        "receipts": (2, "12", "13"),
        "totals": (1140, 0, 0, 1140, 186, 0, 0),
        "taxes": {"t-10": ("10", 136, 14, 150), "t-21": ("21", 818, 172, 990)},
        "payments": {"cash": ("cash", 1, 0, 150), "ccard": ("card", 1, 0, 990)},
        "cash": (0, 0, 150),
        "departments": {"Bar": 150, "Bottles": 990},
        "items": {"COF": ("Coffee", 150, "1"), "WIN": ("Wine", 990, "1")},
        "users": {"Ana": 150, "Ben": 990},
        "hours": {0: (1, 150), 9: (1, 990)},
        "control": (0, 0, 0, 0, 1),
        "perpetual": (12400, 1140, 11260),
    },
}  # fmt: skip


def told(figures: dict[str, Any]) -> dict[str, Any]:
    """A report's figures, as short as the table above."""
    control = figures["control"]
    return {
        "receipts": tuple(figures["receipts"].values()),
        "totals": tuple(figures["totals"].values()),
        "taxes": rows_by_code(figures["taxes"], "rate", "base", "tax", "gross"),
        "payments": rows_by_code(figures["payments"], "type", "sales_count", "refund_count", "amount"),
        "cash": tuple(figures["cash"][name] for name in ("paid_in", "paid_out", "expected")),
        "departments": {row["name"]: row["amount"] for row in figures["departments"]},
        "items": rows_by_code(figures["items"], "name", "amount", "quantity"),
        "users": {row["name"]: row["amount"] for row in figures["users"]},
        "hours": {row["hour"]: (row["receipts"], row["amount"]) for row in figures["hours"]},
        "control": (
            *control["comps"].values(),
            control["voided_lines"]["count"],
            control["no_sale_opens"]["count"],
            control["open_tickets"]["count"],
        ),
        "perpetual": tuple(figures["perpetual"].values()),
    }


@pytest.mark.parametrize(
    ("day", "before"),
    [
        (first_day(), Perpetual()),
        (second_day(), Perpetual(5701, 990)),
        (running_day(), Perpetual(11260, 1140)),
    ],
    ids=lambda value: value.money if isinstance(value, Day) else "",
)
def test_the_worked_example_comes_out_to_the_cent(day: Day, before: Perpetual) -> None:
    assert told(day.figures(before=before)) == EXPECTED[day.money]


def test_receipts_rounded_one_by_one_would_miss_the_paper_by_a_cent() -> None:
    """The taxes of m-2 at 10 %: 0.2727 + 0.6014 + 2.0447 = 2.9188. The paper prints 2.92; the three alone are
    0.27 + 0.60 + 2.04 = 2.91, which with 2.60 at 21 % would be 551."""
    taxes = [tax for receipt in first_day().figured().receipts for tax in receipt.taxes]
    assert sum(tax.tax for tax in taxes if tax.code == "t-10") == 292
    alone = sum(round(float(row.amount) * 100) for row in first_day().taxes)
    assert (alone, sum(tax.tax for tax in taxes)) == (551, 552)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (first_day(), date(2026, 11, 2)),
        (second_day(), date(2026, 11, 3)),
        (running_day(), date(2026, 11, 3)),
    ],
)
def test_trap_03_the_date_is_that_of_the_first_receipt_and_not_of_the_opening(
    day: Day, expected: date
) -> None:
    assert business_date(day.rows(), timedelta(hours=4), at("09T12:00")) == expected


def test_only_what_is_odd_is_told() -> None:
    assert first_day().found() == {}
    assert second_day().found() == {"voucher_excess": ("11",)}
    assert running_day().found() == {}
