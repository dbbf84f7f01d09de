"""What costs a day each where it is overlooked, by its number in our list, and what else can be odd."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from factorypos_tui.tills.unicenta.figuring import business_date
from tests.tills.unicenta.making import (
    COFFEE,
    MENU,
    SHIRT,
    WINE,
    Day,
    Sold,
    at,
    free_line,
    of,
    properties,
    rows_by_code,
)


def net(day: Day) -> int:
    return int(day.figures()["totals"]["net"])


def test_trap_03_a_period_that_opens_in_the_evening_is_of_the_day_of_its_first_receipt() -> None:
    day = Day(opened=at("02T22:10"))
    day.sell("03T08:00", 1, [of(COFFEE)], [("cash", 1.5)])
    assert business_date(day.rows(), timedelta(hours=4), at("09T00:00")).isoformat() == "2026-11-03"


def test_trap_03_a_late_receipt_does_not_date_the_period() -> None:
    day = Day(opened=at("03T08:00"))
    day.sell("01T09:00", 1, [of(COFFEE)], [("cash", 1.5)])
    day.sell("03T09:00", 2, [of(COFFEE)], [("cash", 1.5)])
    assert business_date(day.rows(), timedelta(hours=4), at("09T00:00")).isoformat() == "2026-11-03"
    assert day.figures()["late"] == {"count": 1, "amount": 150}
    assert day.found() == {"late_sale": ("1",)}


def test_trap_03_without_a_sale_the_date_is_that_of_the_close() -> None:
    day = Day(closed=at("03T01:30"))
    day.move("02T08:01", "cashin", 100.0)
    hours, now = timedelta(hours=4), at("09T12:00")
    assert business_date(day.rows(), hours, now).isoformat() == "2026-11-02"
    day.closed = None
    assert business_date(day.rows(), hours, now).isoformat() == "2026-11-09"


def test_trap_04_cash_in_and_out_and_debts_are_payments_and_no_sales() -> None:
    day = Day()
    day.move("02T08:01", "cashin", 100.0)
    day.sell("02T09:00", 1, [of(COFFEE)], [("cash", 1.5)])
    day.sell("02T10:00", 1, [], [("cash", 40.0), ("debtpaid", -40.0)], kind=2)
    day.move("02T20:00", "cashout", -30.0)
    figures = day.figures()
    assert (figures["totals"]["net"], figures["receipts"]["count"]) == (150, 1)
    assert rows_by_code(figures["payments"], "amount") == {"cash": (4150,), "debtpaid": (-4000,)}
    assert figures["cash"]["expected"] == 10_000 + 4150 - 3000


def test_trap_05_a_sum_has_no_noise_of_doubles() -> None:
    """0.1 + 0.2 is 0.30000000000000004 to a computer, and 3 × 5.505 is 16.514999999999997."""
    day = Day()
    for number in (1, 2, 3):
        taxes = {"t-10": (5.0, 0.505)}
        day.sell("02T09:00", number, [free_line(1, 5.0, "t-10")], [("cash", 5.505)], taxes=taxes)
    figures = day.figures()
    assert rows_by_code(figures["payments"], "amount") == {"cash": (1652,)}
    assert rows_by_code(figures["taxes"], "rate", "tax", "gross") == {"t-10": ("10.1", 152, 1652)}


def test_trap_05_half_a_cent_goes_to_the_even_one() -> None:
    for total, cents in ((0.125, 12), (0.135, 14), (-0.125, -12), (6.614999999999999, 662)):
        day = Day()
        day.sell("02T09:00", 1, [], [("bank", total)], kind=2)
        assert rows_by_code(day.figures()["payments"], "amount") == {"bank": (cents,)}


def test_trap_09_a_receipt_that_stands_twice_is_counted_twice_and_named() -> None:
    day = Day()
    day.sell("02T09:00", 7, [of(COFFEE)], [("cash", 1.5)])
    day.sell("02T09:05", 7, [of(COFFEE)], [("cash", 1.5)])
    day.sell("02T09:06", 7, [of(COFFEE, -1)], [("cashrefund", -1.5)], kind=1)
    assert day.figures()["receipts"] == {"count": 3, "first": "7", "last": "R7"}
    assert day.found() == {"number_twice": ("7",)}


def test_trap_10_what_is_told_of_tickets_deleted_is_no_cancelled_receipt() -> None:
    day = Day(closed=at("02T22:00"))
    day.beside = {"voided_lines": 2}
    control = day.figures()["control"]
    assert control["voided_lines"] == {"count": 2, "amount": 0}
    assert control["cancelled_receipts"] == {"count": 0, "amount": 0}
    assert control["reprints"] == {"count": 0}


def test_trap_11_lines_of_no_item_carry_discounts_and_free_items() -> None:
    day = Day()
    sold = [of(MENU, 2), free_line(2, -1.14, "t-10"), free_line(1, 5 / 1.21, "t-21")]
    day.sell("02T09:00", 1, sold, [("cash", 27.492)])
    figures = day.figures()
    assert figures["totals"] | {"tax": 0} == {
        "gross": 3000, "discounts": 251, "refunds": 0, "net": 2749, "tax": 0, "rounding": 0, "tips": 0,
    }  # fmt: skip
    assert rows_by_code(figures["departments"], "amount") == {"c-kit": (2249,), "none": (500,)}
    assert rows_by_code(figures["items"], "quantity", "amount") == {
        "MEN": ("2", 2500), "discount": ("0", -251), "free": ("1", 500),
    }  # fmt: skip


def test_trap_11_a_discount_comes_back_with_the_goods() -> None:
    day = Day()
    back = [of(MENU, -2), free_line(-2, -1.14, "t-10")]
    day.sell("02T09:00", 1, back, [("cashrefund", -22.492)], kind=1)
    figures = day.figures()
    totals = figures["totals"]
    assert (totals["gross"], totals["discounts"], totals["refunds"], totals["net"]) == (0, 0, 2249, -2249)
    assert rows_by_code(figures["departments"], "quantity", "amount") == {"c-kit": ("-2", -2249)}


def test_trap_12_the_tax_is_that_of_the_sale_and_not_that_of_today() -> None:
    day = Day()
    day.sell("02T09:00", 1, [of(WINE)], [("cash", 9.9)])
    day.rates = [replace(rate, rate=Decimal("0.25")) for rate in day.rates]
    day.sell("02T10:00", 2, [Sold(1, 100.0, "t-21", WINE, properties(WINE))], [("cash", 125.0)])
    taxes = [(tax["rate"], tax["base"], tax["tax"], tax["gross"]) for tax in day.figures()["taxes"]]
    assert taxes == [("21", 818, 172, 990), ("25", 10_000, 2500, 12_500)]
    assert day.figures()["totals"]["rounding"] == 0


def test_trap_12_a_tax_that_was_taken_out_since_keeps_its_rate() -> None:
    day = Day()
    day.sell("02T09:00", 1, [of(WINE)], [("cash", 9.9)])
    day.rates = []
    assert rows_by_code(day.figures()["taxes"], "name", "rate", "gross") == {"t-21": ("t-21", "21", 990)}


def test_trap_14_what_a_voucher_is_worth_more_is_rounding_and_named() -> None:
    day = Day()
    day.sell("02T09:00", 1, [of(SHIRT)], [("voucherin", 20.0)])
    assert (net(day), day.figures()["totals"]["rounding"]) == (1500, 500)
    assert day.found() == {"voucher_excess": ("1",)}


def test_trap_14_what_is_given_away_is_sold_by_a_payment_of_its_own() -> None:
    day = Day()
    day.sell("02T09:00", 1, [of(MENU), of(COFFEE)], [("free", 14.0)])
    figures = day.figures()
    assert figures["control"]["comps"] == {"count": 2, "amount": 1400}
    assert rows_by_code(figures["payments"], "type", "amount") == {"free": ("free", 1400)}
    assert figures["totals"]["net"] == 1400


def test_money_that_moves_without_a_word_for_it_goes_by_its_sign() -> None:
    day = Day()
    moved = [day.move("02T09:00", "loomis", -500.0), day.move("02T10:00", "change", 40.0)]
    cash = day.figures()["cash"]
    assert (cash["paid_in"], cash["paid_out"], cash["expected"]) == (4000, 50_000, -46_000)
    assert day.found() == {"unknown_movement": tuple(moved)}


def test_lines_of_a_receipt_without_a_ticket_are_sold() -> None:
    day = Day()
    id_ = day.sell("02T09:00", 0, [of(COFFEE)], [("cash", 1.5)], kind=None)
    assert day.figures()["receipts"] == {"count": 1, "first": id_, "last": id_}
    assert net(day) == 150


def test_a_payment_that_nobody_has_heard_of_is_another_one() -> None:
    day = Day()
    day.sell("02T09:00", 1, [of(COFFEE)], [("Bizum", 1.5)])
    assert rows_by_code(day.figures()["payments"], "name", "type") == {"Bizum": ("Bizum", "other")}


def test_a_receipt_without_taxes_stands_at_zero_and_is_named() -> None:
    day = Day()
    day.sell("02T09:00", 1, [of(COFFEE, 2)], [("cash", 2.73)], taxes={})
    day.sell("02T10:00", 2, [of(COFFEE, 2)], [("cash", 3.0)])
    taxes = [(tax["code"], tax["rate"], tax["base"], tax["tax"]) for tax in day.figures()["taxes"]]
    assert taxes == [("t-10", "0", 273, 0), ("t-10", "10", 273, 27)]
    assert day.found() == {"odd_taxes": ("1",)}


def test_taxes_that_are_not_those_of_the_lines_count_and_are_named() -> None:
    day = Day()
    sold = [of(COFFEE, 2), of(MENU)]
    day.sell("02T09:00", 1, sold, [("cash", 33.0)], taxes={"t-10": (30.0, 3.0)})
    figures = day.figures()
    assert (figures["totals"]["net"], figures["totals"]["tax"], figures["totals"]["rounding"]) == (
        3300,
        300,
        0,
    )
    assert all(row["amount"] > 0 for row in figures["departments"])
    assert day.found() == {"odd_taxes": ("1",)}


def test_taxes_of_no_line_stand_as_unexplained() -> None:
    day = Day()
    day.sell("02T09:00", 1, [], [("cash", 11.0)], taxes={"t-10": (10.0, 1.0)})
    figures = day.figures()
    assert rows_by_code(figures["departments"], "amount") == {"none": (1100,)}
    assert rows_by_code(figures["items"], "amount") == {"unexplained": (1100,)}
    assert day.found() == {"odd_taxes": ("1",)}


@pytest.mark.parametrize("paid", [[], [("cash", 2.1)], [("cash", 0.9)]])
def test_payments_that_miss_the_lines_become_rounding_and_are_named(paid: list[tuple[str, float]]) -> None:
    day = Day()
    day.sell("02T09:00", 1, [of(COFFEE)], paid)
    assert day.figures()["totals"]["rounding"] == sum(round(100 * total) for _name, total in paid) - 150
    assert day.found() == {"odd_payments": ("1",)}


def test_half_a_cent_less_handed_over_is_nothing_to_speak_of() -> None:
    day = Day()
    day.sell("02T09:00", 1, [Sold(0.127, 18.9 / 1.1, "t-10", COFFEE)], [("cash", 2.40)])
    assert (net(day), day.found()) == (240, {})


def test_sale_and_return_of_one_thing_leave_nothing() -> None:
    day = Day()
    day.sell("02T09:00", 1, [of(WINE), of(WINE, -1)], [])
    figures = day.figures()
    assert figures["totals"] | {"tax": 0} == {
        "gross": 990, "discounts": 0, "refunds": 990, "net": 0, "tax": 0, "rounding": 0, "tips": 0,
    }  # fmt: skip
    assert rows_by_code(figures["taxes"], "rate", "gross") == {"t-21": ("21", 0)}


def test_a_line_keyed_with_a_minus_goes_back() -> None:
    day = Day()
    minus = replace(of(COFFEE, 2), price=-of(COFFEE).price)
    day.sell("02T09:00", 1, [of(WINE), minus], [("cash", 6.9)])
    figures = day.figures()
    assert (figures["totals"]["refunds"], figures["totals"]["net"]) == (300, 690)
    assert rows_by_code(figures["items"], "quantity", "amount")["COF"] == ("-2", -300)


def test_a_receipt_after_the_close_is_counted_where_it_is_bound_and_named() -> None:
    day = Day(closed=at("02T22:00"))
    day.sell("02T23:00", 1, [of(COFFEE)], [("cash", 1.5)])
    assert (net(day), day.found()) == (150, {"sold_after_close": ("1",)})


def test_open_tickets_and_drawers_of_now_are_of_the_running_day() -> None:
    day = Day()
    day.beside = {"open_tickets": 3, "no_sale_opens": 2, "no_sales": 7, "voided_lines": 1}
    running = day.figured().control
    assert (running.open_tickets.count, running.no_sale_opens, running.voided_lines.count) == (3, 2, 1)
    day.closed = at("02T22:00")
    closed = day.figured().control
    assert (closed.open_tickets.count, closed.no_sale_opens, closed.voided_lines.count) == (0, 7, 1)


@pytest.mark.parametrize(
    ("wall", "utc"),
    [
        ("2026-03-29 01:59", "2026-03-29 00:59"),
        ("2026-03-29 03:00", "2026-03-29 01:00"),
        ("2026-10-25 02:30", "2026-10-25 00:30"),
        ("2026-10-25 03:00", "2026-10-25 02:00"),
    ],
)
def test_the_wall_clock_of_the_till_is_told_in_utc(wall: str, utc: str) -> None:
    day = Day(opened=datetime.fromisoformat("2026-01-01"))
    day.sell(datetime.fromisoformat(wall), 1, [of(COFFEE)], [("cash", 1.5)])
    assert day.figured().receipts[0].sold_at == datetime.fromisoformat(utc).replace(tzinfo=UTC)
