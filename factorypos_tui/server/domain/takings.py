"""What was taken: sums of closed periods, and sums of running ones beside them. The two are never one. Pure.

Amounts are minor units of one currency; currencies are never added together."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from operator import add
from typing import NamedTuple

from factorypos_tui.server.documents.share import Brief

AMOUNTS = ("gross", "discounts", "refunds", "net", "tax", "rounding", "tips")
SAME_PER_CENT = 1
"""A change of so much, or less, is none."""


class Sums(NamedTuple):
    """What reports of one currency add up to. Of thousands of them a page makes its own: a tuple is made and
    added up faster than a dataclass."""

    reports: int
    receipts: int
    gross: int
    discounts: int
    refunds: int
    net: int
    tax: int
    rounding: int
    tips: int

    @property
    def paid(self) -> int:
        """What the payments add up to."""
        return self.net + self.rounding + self.tips

    @property
    def average(self) -> int | None:
        """The net of a receipt, rounded half up; None without a receipt."""
        return (2 * self.net + self.receipts) // (2 * self.receipts) if self.receipts else None


class Takings(NamedTuple):
    """Sums by currency."""

    closed: Mapping[str, Sums]
    """Of Z reports."""
    so_far: Mapping[str, Sums]
    """Of the newest X of each period that is still open."""

    @property
    def currencies(self) -> list[str]:
        return sorted({*self.closed, *self.so_far})


NO_TAKINGS = Takings({}, {})


def takings_of(briefs: Iterable[Brief]) -> Takings:
    """What these reports say."""
    sums: dict[str, dict[str, Sums]] = {"Z": {}, "X": {}}
    for it in briefs:
        totals = it.totals
        one = Sums(
            *(1, it.receipts.count, totals.gross, totals.discounts, totals.refunds, totals.net),
            *(totals.tax, totals.rounding, totals.tips),
        )
        of_kind = sums[it.kind]
        held = of_kind.get(it.currency)
        of_kind[it.currency] = one if held is None else Sums(*map(add, held, one))
    return Takings(sums["Z"], sums["X"])


def added(parts: Iterable[Takings]) -> Takings:
    """The sums of all of them."""
    closed: defaultdict[str, list[Sums]] = defaultdict(list)
    so_far: defaultdict[str, list[Sums]] = defaultdict(list)
    for part in parts:
        for target, source in ((closed, part.closed), (so_far, part.so_far)):
            for currency, sums in source.items():
                target[currency].append(sums)
    return Takings(_together(closed), _together(so_far))


def _together(found: Mapping[str, Sequence[Sums]]) -> dict[str, Sums]:
    return {currency: Sums(*map(sum, zip(*sums, strict=True))) for currency, sums in found.items()}


class Trend(StrEnum):
    """How an amount compares with an earlier one."""

    NOTHING = "nothing"
    """Neither is there: a dash."""
    NEW = "new"
    """There is nothing that it could be measured by."""
    SAME = "same"
    """It differs by `SAME_PER_CENT` at most."""
    MORE = "more"
    LESS = "less"


@dataclass(frozen=True, slots=True)
class Compared:
    """An amount of one currency, and what it was in the time that it is compared with."""

    currency: str
    now: int
    before: int | None
    """None where nothing was reported."""

    @property
    def trend(self) -> Trend:
        if self.before is None or self.before <= 0:
            return Trend.NEW if self.now else Trend.NOTHING
        if abs(self.now - self.before) * 100 <= self.before * SAME_PER_CENT:
            return Trend.SAME
        return Trend.MORE if self.now > self.before else Trend.LESS

    @property
    def per_cent(self) -> int | None:
        """The change in whole per cent, rounded half up; None without a base."""
        if self.before is None or self.before <= 0:
            return None
        return (200 * (self.now - self.before) + self.before) // (2 * self.before)


def compared(now: Mapping[str, int], before: Mapping[str, int]) -> tuple[Compared, ...]:
    """Amounts by currency beside earlier ones."""
    return tuple(Compared(it, now.get(it, 0), before.get(it)) for it in sorted({*now, *before}))


def nets(sums: Iterable[Mapping[str, Sums]]) -> dict[str, int]:
    """The net by currency of all of these together."""
    found: defaultdict[str, int] = defaultdict(int)
    for by_currency in sums:
        for currency, one in by_currency.items():
            found[currency] += one.net
    return dict(found)
