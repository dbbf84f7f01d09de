"""Trap 13: a compound tax is several in the tables, each of which repeats the base, and one in a report."""

from decimal import Decimal

import pytest

from factorypos_tui.tills.unicenta.rows import RateRow
from tests.tills.unicenta.making import COFFEE, Day, Sold, rows_by_code

COMPOUND = (
    RateRow("t-all", "Both", Decimal(0), None),
    RateRow("t-c10", "Ten on top", Decimal("0.1"), "t-all", cascades=True, order=2),
    RateRow("t-5", "Five", Decimal("0.05"), "t-all", order=1),
)


@pytest.mark.parametrize("rates", [COMPOUND, COMPOUND[:1], ()], ids=["as they were", "no parts", "none"])
def test_a_compound_tax_is_one_row_with_its_base_once(rates: tuple[RateRow, ...]) -> None:
    day = Day(rates=COMPOUND)
    parts = {"t-5": (100.0, 5.0), "t-c10": (105.0, 10.5)}
    day.sell("02T09:00", 1, [Sold(1, 100.0, "t-all", COFFEE)], [("cash", 115.5)], taxes=parts)
    day.rates = rates
    figures = day.figures()
    taxes = [(tax["code"], tax["rate"], tax["base"], tax["tax"]) for tax in figures["taxes"]]
    assert taxes == [("t-all", "15.5", 10_000, 1550)]
    assert (figures["totals"]["net"], figures["totals"]["rounding"], day.found()) == (11_550, 0, {})


def test_what_is_sold_and_brought_back_has_the_rate_that_the_parts_come_to() -> None:
    """A base of nought tells no rate."""
    day = Day(rates=COMPOUND)
    sold = [Sold(1, 100.0, "t-all", COFFEE), Sold(-1, 100.0, "t-all", COFFEE)]
    day.sell("02T09:00", 1, sold, [("cash", 0.0)], taxes={"t-5": (0.0, 0.0), "t-c10": (0.0, 0.0)})
    assert rows_by_code(day.figures()["taxes"], "rate", "gross") == {"t-all": ("15.5", 0)}


@pytest.mark.parametrize(
    ("parts", "rate"),
    [
        ([("a", "0.05", True, 1), ("b", "0.1", True, 2)], "15.5"),
        ([("a", "0.05", False, 1), ("b", "0.1", False, 2)], "15"),
        ([("a", "0.05", True, None), ("b", "0.1", False, 1)], "15.5"),  # without a place: last
        ([("a", "0.05", True, None), ("b", "0.1", True, None)], "15.5"),
        ([("a", "1", True, 1), ("b", "1", True, 2)], "0"),  # above 100 % is none
    ],
)
def test_a_part_that_cascades_is_on_the_parts_before_it(
    parts: list[tuple[str, str, bool, int | None]], rate: str
) -> None:
    rows = [RateRow(tax, tax, Decimal(adds), "t", cascades, order) for tax, adds, cascades, order in parts]
    day = Day(rates=[RateRow("t", "Both", Decimal(0), None), *rows])
    day.sell("02T09:00", 1, [Sold(1, 5.0, "t"), Sold(-1, 5.0, "t")], [("cash", 0.0)], taxes={"a": (0.0, 0.0)})
    assert rows_by_code(day.figures()["taxes"], "rate") == {"t": (rate,)}


def test_taxes_that_are_their_own_parents_do_no_harm() -> None:
    day = Day(rates=[RateRow("a", "A", Decimal("0.1"), "b"), RateRow("b", "B", Decimal("0.1"), "a")])
    day.sell("02T09:00", 1, [Sold(1, 10.0, "a", COFFEE)], [("cash", 11.0)], taxes={"a": (10.0, 1.0)})
    assert day.figures()["totals"]["net"] == 1100
