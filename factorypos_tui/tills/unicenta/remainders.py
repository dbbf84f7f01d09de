"""Amounts with all their digits become minor units, so that a period's sums are those of the closing paper.

The program rounds nothing when it saves, and rounds each sum once when it prints. Receipts that are rounded
one by one drift away from that by some cents a day. So each receipt takes what the rounded sum has grown by,
and its own figures may differ from its slip by one minor unit."""

from collections.abc import Hashable, Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal
from itertools import cycle, islice

EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)
"""Wide enough for every sum and product of sound amounts."""
NOISE = Decimal("0.000001")
"""What a DOUBLE may be off by: an amount is rounded to this first, then to minor units."""
_TOO_MUCH = 10**12


def is_sound(number: Decimal) -> bool:
    """Whether it is a number that a report can carry as an amount."""
    return number.is_finite() and abs(number) < _TOO_MUCH


class Remainders:
    """Exact running sums of one period, each under a key of its own."""

    def __init__(self, exponent: int) -> None:
        """`exponent`: digits after the decimal mark in the till's currency."""
        self.exponent = exponent
        self.unit = Decimal(1).scaleb(-exponent)
        """The minor unit as an amount."""
        self._sums: dict[Hashable, tuple[Decimal, int]] = {}

    def take(self, key: Hashable, amount: Decimal) -> int:
        """Add `amount` to a sum; returns what the rounded sum has grown by, in minor units."""
        total, rounded = self._sums.get(key, (Decimal(0), 0))
        total += amount
        now = self.minor(total)
        self._sums[key] = total, now
        return now - rounded

    def minor(self, amount: Decimal) -> int:
        """An amount in minor units; half a unit goes to the even one, as where the paper is printed."""
        return int(amount.quantize(NOISE).quantize(self.unit).scaleb(self.exponent))


def spread(exact: Sequence[Decimal], total: int) -> list[int]:
    """Whole numbers next to `exact` that add up to `total`: what rounding leaves goes to the largest
    remainders first, among equal ones to the largest amounts, and to a zero only where all are zero."""
    shares = [int(amount.quantize(Decimal(1))) for amount in exact]
    left = total - sum(shares)
    if not left:
        return shares
    if abs(left) > len(exact) and (weight := sum(map(abs, exact))):
        for place, amount in enumerate(exact):
            shares[place] += int(left * abs(amount) / weight)
        left = total - sum(shares)
    step = 1 if left > 0 else -1
    places = sorted(
        range(len(exact)),
        key=lambda place: (
            not shares[place],
            (shares[place] - exact[place].quantize(NOISE)) * step,
            -abs(exact[place]),
        ),
    )
    if any(shares):
        places = [place for place in places if shares[place]]
    for place in islice(cycle(places), abs(left)):
        shares[place] += step
    return shares
