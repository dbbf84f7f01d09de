"""What people order in a seaside bar at which hour, and how they pay. Pure: one seed, one basket."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from random import Random
from typing import TypeVar

from factorypos_tui.core.configuration.configuration import PaymentMethod, User
from factorypos_tui.core.errors import TillError
from factorypos_tui.core.language import _
from factorypos_tui.core.reports.sales import Receipt
from factorypos_tui.tills.bundled.catalogue import Catalogue, Item
from factorypos_tui.tills.bundled.selling import Sale, SaleLine, Tender, make_receipt

_Choice = TypeVar("_Choice")


@dataclass(frozen=True, slots=True)
class Dice:
    """Chance made from `Random.random` alone: Python keeps that sequence the same in all versions."""

    random: Random

    def below(self, limit: int) -> int:
        """A whole number from 0 to `limit` - 1."""
        return int(self.random.random() * limit)

    def between(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + self.below(high - low + 1)

    def chance(self, per_mille: int) -> bool:
        """True in `per_mille` of 1,000 cases."""
        return self.below(1000) < per_mille

    def pick(self, weighted: Sequence[tuple[_Choice, int]]) -> _Choice:
        """One of the choices, in proportion to their weights; raises `TillError` where there is none."""
        left = self.below(sum(weight for _choice, weight in weighted))
        for choice, weight in weighted:
            left -= weight
            if left < 0:
                return choice
        raise TillError(
            _("This catalogue is too small for a demo. It needs items with prices, payment methods, users.")
        )


@dataclass(frozen=True, slots=True)
class PartOfDay:
    """How a part of the day sells."""

    starts: int
    """Minutes after midnight, as is `ends`."""
    ends: int
    share: int
    """The share of the day's receipts."""
    lines: Sequence[tuple[int, int]]
    """How many lines a receipt has, each number with its weight."""
    appetite: Mapping[str, int]
    """By department code; a department that is not named has 1."""


_SMALL = ((1, 45), (2, 40), (3, 15))
_LARGE = ((2, 20), (3, 30), (4, 25), (5, 15), (6, 10))
PARTS_OF_DAY = (
    PartOfDay(450, 690, 30, _SMALL, {"CAFES": 60, "BOLLERIA": 30, "REFRESCOS": 10, "BOCADILLOS": 15}),
    PartOfDay(690, 810, 20, _SMALL, {"VINOS": 30, "CERVEZAS": 35, "TAPAS": 35, "REFRESCOS": 12, "CAFES": 6}),
    PartOfDay(
        810,
        960,
        22,
        _LARGE,
        {"PLATOS": 45, "CERVEZAS": 18, "VINOS": 15, "REFRESCOS": 18, "POSTRES": 15, "CAFES": 18, "TAPAS": 10},
    ),
    PartOfDay(960, 1140, 8, _SMALL, {"CAFES": 30, "REFRESCOS": 25, "POSTRES": 20, "CERVEZAS": 15}),
    PartOfDay(
        1140, 1405, 20, _LARGE, {"CERVEZAS": 35, "TAPAS": 40, "VINOS": 22, "COPAS": 18, "BOCADILLOS": 12}
    ),
)
_NIGHT = PartOfDay(0, 450, 0, _SMALL, {"COPAS": 60, "CERVEZAS": 30, "REFRESCOS": 10})
_LUNCH = 2
_METHODS = {"card": 58, "cash": 38, "mobile": 4}
_LIKED = {
    **dict.fromkeys(("CAFE", "CORTADO", "CONLECHE", "CROISSANT", "TOSTADA", "CANA", "VERMUT", "TINTO"), 6),
    **dict.fromkeys(("COLA", "AGUA", "BRAVAS", "MENU", "BJAMON"), 5),
    **dict.fromkeys(("GAMBAS", "SANGRIA", "CAVA", "CHOCOLATE", "CARAJILLO"), 1),
}
_SOLD_BY_WEIGHT = frozenset(("GAMBAS",))


def part_of_day(minute: int) -> PartOfDay:
    """The part of the day that a minute after midnight falls in."""
    late = PARTS_OF_DAY[-1] if minute >= PARTS_OF_DAY[0].starts else _NIGHT
    return next((part for part in PARTS_OF_DAY if part.starts <= minute < part.ends), late)


def believable_receipt(
    dice: Dice, catalogue: Catalogue, part: PartOfDay, uid: str, sold_at: datetime, *, training: bool = False
) -> Receipt:
    """A receipt without a number yet: what that part of the day sells. Some have a discount, a tip or two
    payments, are given away or are refunds. `training`: a trainee sold it."""
    level, items = _offer(dice, catalogue, part)
    sellers = [(user, 1) for user in catalogue.users.values() if user.training == training]
    seller: User = dice.pick(sellers)
    method = _method(dice, catalogue, part)
    lines = _basket(dice, part, items)
    if dice.chance(15):
        taken_back = [replace(lines[0], is_refund=True)]
        return make_receipt(
            catalogue, Sale(uid, sold_at, taken_back, [Tender(method.code)], seller.code, level)
        )
    if len(lines) > 1 and dice.chance(20):
        lines[-1] = replace(lines[-1], is_comp=True)
    sale = Sale(uid, sold_at, lines, [Tender(method.code)], seller.code, level)
    receipt = make_receipt(catalogue, sale)
    return _settled(dice, catalogue, sale, receipt)


def _offer(dice: Dice, catalogue: Catalogue, part: PartOfDay) -> tuple[str, list[tuple[Item, int]]]:
    """A price level, and what it sells, each item with its appetite."""
    levels = list(catalogue.price_levels)
    level = levels[-1] if dice.chance(350) else levels[0]
    return level, [
        (item, part.appetite.get(item.department.code, 1) * _LIKED.get(item.code, 2))
        for item in catalogue.items.values()
        if item.active and level in item.prices
    ]


def _method(dice: Dice, catalogue: Catalogue, part: PartOfDay) -> PaymentMethod:
    wanted = {**_METHODS, "restaurant_ticket": 8} if part is PARTS_OF_DAY[_LUNCH] else _METHODS
    methods = [(m, wanted[m.type]) for m in catalogue.payment_methods.values() if m.type in wanted]
    return dice.pick(methods)


def _basket(dice: Dice, part: PartOfDay, items: Sequence[tuple[Item, int]]) -> list[SaleLine]:
    quantities: dict[str, Decimal] = {}
    for _line in range(dice.pick(part.lines)):
        code = dice.pick(items).code
        if code in _SOLD_BY_WEIGHT:
            quantities[code] = Decimal(dice.between(15, 60)) / 100
        else:
            quantities[code] = Decimal(dice.pick(((1, 67), (2, 25), (3, 8))))
    return [SaleLine(code, quantity) for code, quantity in quantities.items()]


def _settled(dice: Dice, catalogue: Catalogue, sale: Sale, receipt: Receipt) -> Receipt:
    """The same sale, sometimes with a discount, a tip or a second payment."""
    first, whole = receipt.lines[0], sum(line.net for line in receipt.lines)
    by_type = {method.type: method.code for method in catalogue.payment_methods.values()}
    if dice.chance(30) and not first.is_comp:
        cheaper = replace(sale.lines[0], discount=first.gross // dice.pick(((10, 1), (5, 1))))
        return make_receipt(catalogue, replace(sale, lines=[cheaper, *sale.lines[1:]]))
    if dice.chance(25) and whole >= 1000:
        return make_receipt(catalogue, replace(sale, discount=whole // 10))
    if dice.chance(90) and receipt.payments[0].type == "card" and whole >= 1000:
        tip = 50 * dice.between(1, 6)
        return make_receipt(catalogue, replace(sale, tenders=[replace(sale.tenders[0], tip=tip)]))
    if dice.chance(35) and whole >= 1000 and {"cash", "card"} <= by_type.keys():
        halves = [Tender(by_type["cash"], whole // 200 * 100), Tender(by_type["card"])]
        return make_receipt(catalogue, replace(sale, tenders=halves))
    return receipt
