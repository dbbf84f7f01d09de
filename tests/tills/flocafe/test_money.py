"""From FloCafe's numbers to minor units."""

from decimal import Decimal
from pathlib import Path

import pytest

from factorypos_tui.tills.flocafe.values import major, to_minor
from tests.support.flocafe import Of
from tests.tills.flocafe.premises import Cafe, amounts, holds


@pytest.mark.parametrize(
    ("number", "exponent", "minor"),
    [
        (2.4, 2, 240),
        (1.005, 2, 101),  # its shortest text is 1.005, and half goes up
        (0.1 + 0.2, 2, 30),
        (-2.5, 0, -2),  # as Math.round has it
        (-2.51, 0, -3),
        (2.5, 0, 3),
        (1234, 0, 1234),
        (1.2345, 3, 1235),
        (1e-7, 2, 0),
        (None, 2, 0),
    ],
)
def test_amounts_are_rounded_half_up_from_their_shortest_text(
    number: float | None, exponent: int, minor: int
) -> None:
    assert to_minor(major(number, "1"), exponent) == minor
    assert isinstance(major(number, "1"), Decimal)


@pytest.mark.parametrize(("currency", "price", "minor"), [("JPY", 550.0, 550), ("KWD", 1.255, 1255)])
def test_a_currency_has_its_own_minor_unit(tmp_path: Path, currency: str, price: float, minor: int) -> None:
    with Cafe(tmp_path, currency=currency).open() as cafe:
        bill = cafe.program.sell(Of("MEN", 1, price), Of("CAK", 1, price, is_inclusive=False))
        cafe.program.refund(bill, item=1)
        cafe.program.end_the_day()
        (report,) = cafe.reports()
        holds(report, cafe.row(1))
        assert (report["currency"], report["totals"]["refunds"]) == (currency, minor)
        assert amounts(report["items"])["MEN"] == 0
        assert cafe.codes() == []
