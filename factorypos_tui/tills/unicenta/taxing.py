"""The taxes of a receipt: which lines they are on, and at what rate they were taken.

The rate of a tax may have been edited since. So a sale's tax is what its tax rows say, never what its tax
says today."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from factorypos_tui.tills.unicenta.remainders import NOISE, is_sound
from factorypos_tui.tills.unicenta.rows import LineRow, RateRow, TaxRow

UNTAXED = "0"
_TOO_SMALL = Decimal("0.0001")
"""Too small a base to tell a rate from."""
_DEEPEST = 20


class Rates:
    """The taxes as they are today."""

    def __init__(self, rows: Iterable[RateRow]) -> None:
        self._rows = {row.tax: row for row in rows}
        self._roots = {tax: self._find_root(tax) for tax in self._rows}
        self._parts: dict[str, list[RateRow]] = {}
        for row in sorted(self._rows.values(), key=lambda it: (it.order is None, it.order)):
            if row.parent is not None:
                self._parts.setdefault(row.parent, []).append(row)
        self._now = {tax: self._adds(row).quantize(NOISE) for tax, row in self._rows.items()}

    def root(self, tax: str) -> str:
        """The tax that a line has, for a part of a compound one."""
        return self._roots.get(tax, tax)

    def name(self, tax: str) -> str:
        """What people call it; empty where it is not there any more."""
        return self._rows[tax].name if tax in self._rows else ""

    def now(self, tax: str) -> Decimal:
        """Its rate of today, 0.21 for 21 %; that of a compound tax is what its parts add up to."""
        return self._now.get(tax, Decimal(0))

    def _adds(self, row: RateRow, depth: int = 0) -> Decimal:
        """What a tax adds to a price of 1. Its parts are added in their order; one that cascades is on what
        those before it have made of the price, too."""
        parts = self._parts.get(row.tax, ()) if depth < _DEEPEST else ()
        added = Decimal(0) if parts else row.rate
        for part in parts:
            rate = self._adds(part, depth + 1)
            added += rate * (1 + added) if part.cascades else rate
        return added if is_sound(added) and abs(added) <= 1 else Decimal(0)

    def _find_root(self, tax: str) -> str:
        for _ in range(_DEEPEST):
            parent = self._rows[tax].parent
            if parent is None or parent not in self._rows:
                break
            tax = parent
        return tax


@dataclass(slots=True)
class TaxGroup:
    """The lines of a receipt that have one tax, and what its tax rows say of that."""

    tax: str
    lines: list[tuple[LineRow, Decimal]] = field(default_factory=list)
    """Each with what it is worth, net, with all its digits."""
    rate: str = UNTAXED
    """Decimal text, per cent."""
    base: Decimal = Decimal(0)
    amount: Decimal = Decimal(0)
    growth: Decimal = Decimal(1)
    """What a line grows by when its tax is added."""
    agrees: bool = True
    """Whether lines and tax rows are about the same base."""

    @property
    def net(self) -> Decimal:
        """What its lines are worth without tax."""
        return sum((net for _line, net in self.lines), Decimal(0))


def group_by_tax(
    lines: Sequence[LineRow], taxes: Sequence[TaxRow], rates: Rates, tolerance: Decimal
) -> list[TaxGroup]:
    """The taxes of one receipt. `tolerance`: by how much lines and tax rows may differ."""
    groups: dict[str, TaxGroup] = {}
    for line in lines:
        root = rates.root(line.tax)
        groups.setdefault(root, TaxGroup(root)).lines.append((line, line.units * line.price))
    parts = _parts(taxes, rates)
    _give_strays_a_home(groups, parts)
    for root in parts:
        groups.setdefault(root, TaxGroup(root))
    for group in groups.values():
        _tell(group, parts.get(group.tax, {}), rates.now(group.tax), tolerance)
    return list(groups.values())


def _parts(taxes: Sequence[TaxRow], rates: Rates) -> dict[str, dict[str, tuple[Decimal, Decimal]]]:
    """(base, amount) of each part of each tax."""
    parts: dict[str, dict[str, tuple[Decimal, Decimal]]] = {}
    for row in taxes:
        of_root = parts.setdefault(rates.root(row.tax), {})
        base, amount = of_root.get(row.tax, (Decimal(0), Decimal(0)))
        of_root[row.tax] = base + row.base, amount + row.amount
    return parts


def _give_strays_a_home(
    groups: Mapping[str, TaxGroup], parts: dict[str, dict[str, tuple[Decimal, Decimal]]]
) -> None:
    """Tax rows of a tax that no line has belong to the lines that have no tax rows: the tax was a part of
    theirs, and was taken out since."""
    strays = [root for root in parts if root not in groups]
    if homes := [root for root in groups if root not in parts]:
        for stray in strays:
            parts.setdefault(homes[0], {}).update(parts.pop(stray))


def _tell(
    group: TaxGroup, parts: Mapping[str, tuple[Decimal, Decimal]], rate_now: Decimal, tolerance: Decimal
) -> None:
    net = group.net
    if not parts:
        group.base, group.agrees = net, abs(net) <= tolerance
        group.rate = UNTAXED if net else percent(rate_now)
        return
    bases = [base for base, _amount in parts.values()]
    group.base = min(bases, key=lambda base: abs(base - net))  # each part of a compound tax repeats it
    group.amount = sum((amount for _base, amount in parts.values()), Decimal(0))
    rate = _rate(group.base, group.amount, rate_now)
    group.rate, group.growth = percent(rate), 1 + rate
    group.agrees = abs(group.base - net) <= tolerance


def _rate(base: Decimal, amount: Decimal, rate_now: Decimal) -> Decimal:
    if abs(base) < _TOO_SMALL:
        return rate_now
    taken = amount / base
    if abs(taken - rate_now) <= NOISE or abs(taken) > 1:
        return rate_now
    return taken.quantize(NOISE)


def percent(rate: Decimal) -> str:
    """A rate of 0.21 as the text 21."""
    text = f"{rate * 100:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
