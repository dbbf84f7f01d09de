"""Generated shops: days as the program would write them, with everything that makes cents go astray."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from factorypos_tui.tills.unicenta.rows import RateRow
from tests.tills.unicenta.making import CATEGORIES, Day, Item, Sold, free_line, properties

COMPOUND, PARTS = "t-all", ("t-c5", "t-c10")
"""5 % and, on top of it, 10 %."""
RATES = (
    RateRow("t-0", "Exempt", Decimal(0), None),
    RateRow("t-7", "Special", Decimal("0.077"), None),
    RateRow("t-10", "Reduced", Decimal("0.1"), None),
    RateRow("t-21", "General", Decimal("0.21"), None),
    RateRow(COMPOUND, "Both", Decimal(0), None),
    RateRow(PARTS[0], "Five", Decimal("0.05"), COMPOUND, order=1),
    RateRow(PARTS[1], "Ten on top", Decimal("0.1"), COMPOUND, cascades=True, order=2),
)
ON_SALE = {"t-0": 0.0, "t-7": 0.077, "t-10": 0.1, "t-21": 0.21, COMPOUND: 0.155}
"""What can be on a line, and how much it adds to it."""
BEGINS = (datetime.fromisoformat("2026-10-24T20:00"), datetime.fromisoformat("2026-03-28T22:30"))
"""Evenings before a night with another clock."""


@st.composite
def lines(draw: st.DrawFn, exponent: int) -> list[Sold]:
    """An item, pieces or weighed, its price with tax or without, with a discount line below it or none; or a
    line of no item."""
    tax = draw(st.sampled_from(sorted(ON_SALE)))
    price = draw(st.integers(0, 5000)) / 10**exponent
    net = price / (1 + ON_SALE[tax]) if draw(st.booleans()) else price
    units = draw(st.one_of(st.integers(1, 5), st.integers(1, 3000).map(lambda grams: grams / 1000)))
    if not draw(st.integers(0, 5)):
        return [free_line(units, net, tax)]
    code = draw(st.integers(1, 8))
    category = sorted(CATEGORIES)[code % len(CATEGORIES)]
    item = Item(f"I{code}", f"Item {code}", price, tax, category)
    sold = [Sold(units, net, tax, item, properties(item))]
    if percent := draw(st.sampled_from([0, 0, 10, 33, 100])):
        sold.append(free_line(units, -round(net * percent / 100, exponent), tax))
    if not draw(st.integers(0, 9)):
        sold.append(Sold(-units, net, tax, item, properties(item)))
    return sold


def taxes_of(sold: Sequence[Sold]) -> dict[str, tuple[float, float]]:
    """The tax rows that the program would write."""
    bases: dict[str, float] = {}
    for line in sold:
        bases[line.tax] = bases.get(line.tax, 0.0) + line.units * line.price
    due = {tax: (base, base * ON_SALE[tax]) for tax, base in bases.items() if tax != COMPOUND}
    if COMPOUND in bases:
        base = bases[COMPOUND]
        first = base * 0.05
        due |= {PARTS[0]: (base, first), PARTS[1]: (base + first, (base + first) * 0.1)}
    return due


@st.composite
def payments(draw: st.DrawFn, total: float, exponent: int, *, back: bool) -> list[tuple[str, float]]:
    """All of it by one or two ways to pay, or by a voucher that is worth more."""
    names = (
        ["cashrefund", "ccardrefund", "voucherout"] if back else ["cash", "ccard", "magcard", "bank", "Bizum"]
    )
    way = draw(st.sampled_from(["one", "one", "two", "voucher", "free", "rounded"]))
    first, second = draw(st.permutations(names))[:2]
    if way == "rounded":
        return [(first, round(total, exponent))]
    if way == "two":
        part = round(total / 3, exponent)
        return [(first, part), (second, total - part)]
    if way == "voucher" and total > 0:
        return [("voucherin", total + draw(st.integers(0, 2000)) / 10**exponent)]
    return [("free" if way == "free" and not back else first, total)]


@st.composite
def days(draw: st.DrawFn, exponent: int = 2) -> Day:
    """A closed day with up to a dozen receipts, around midnight and a change of the clock."""
    begins = draw(st.sampled_from(BEGINS))
    day = Day(opened=begins, closed=begins + timedelta(hours=14), rates=RATES)
    for number in range(1, draw(st.integers(0, 12)) + 1):
        when = begins + timedelta(minutes=draw(st.integers(0, 600)))
        if not draw(st.integers(0, 7)):
            day.move(when, *draw(st.sampled_from([("cashin", 100.005), ("cashout", -30.333)])))
        elif not draw(st.integers(0, 9)):
            debt = draw(st.integers(1, 9999)) / 10**exponent
            day.sell(when, number, [], [("cash", debt), ("debtpaid", -debt)], kind=2)
        else:
            _sell(draw, day, when, number, exponent)
    return day


def _sell(draw: st.DrawFn, day: Day, when: datetime, number: int, exponent: int) -> None:
    sold = [line for some in draw(st.lists(lines(exponent), min_size=1, max_size=4)) for line in some]
    kind = draw(st.sampled_from([0, 0, 0, 1, 4]))
    if kind == 1:
        sold = [Sold(-line.units, line.price, line.tax, line.item, line.attributes) for line in sold]
    taxes = taxes_of(sold)
    net = sum(line.units * line.price for line in sold)
    total = net + sum(amount for _base, amount in taxes.values())
    paid = draw(payments(total, exponent, back=kind == 1))
    day.sell(
        when, number, sold, paid, kind=kind, person=draw(st.sampled_from(["u-ana", "u-ben"])), taxes=taxes
    )
