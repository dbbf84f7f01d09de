"""A believable day of a seaside bar. Pure: the same seed, day and catalogue always give the same day."""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from factorypos_tui.core.reports.sales import Receipt
from factorypos_tui.tills.bundled.baskets import PARTS_OF_DAY, Dice, believable_receipt, part_of_day
from factorypos_tui.tills.bundled.catalogue import Catalogue
from factorypos_tui.tills.bundled.recording import CashMovement, ControlEvent
from factorypos_tui.tills.bundled.setup import Setup, time_zone

_HOUR, _MINUTE = 3600, 60
# Monday to Sunday, in per cent of an ordinary day.
_WEEK = (80, 85, 90, 100, 125, 160, 145)
_FRIDAY, _SATURDAY = 4, 5
_SUMMER = range(6, 10)


@dataclass(frozen=True, slots=True)
class Day:
    """Everything of one business day."""

    receipts: Sequence[Receipt]
    """In the order of their sale, practice sales among them."""
    movements: Sequence[CashMovement]
    events: Sequence[ControlEvent]
    closed_at: datetime
    counted: int | None
    """Cash that was counted in the drawer, minor units; None for no count."""


@dataclass(frozen=True, slots=True)
class _Hours:
    """When the last sale and the close are, in seconds after the midnight that starts the day."""

    last_sale: int
    close: int

    @property
    def is_late(self) -> bool:
        return self.close > 30 * _HOUR


def believable_day(seed: int, day: date, setup: Setup, catalogue: Catalogue, count: int | None = None) -> Day:
    """The business day `day` of the till `setup`; `count`: its receipts, None: as many as are believable."""
    dice = _dice(seed, day)
    hours = _closing_hours(dice, day)
    if count is None:
        count = _busy(dice, day)
    trainees = any(user.training for user in catalogue.users.values())
    practice = dice.between(1, 4) if trainees and dice.chance(80) else 0
    plan = [(_sale_second(dice, hours), False) for _sale in range(count)]
    plan += [(10 * _HOUR + n * 9 * _MINUTE, True) for n in range(practice)]
    receipts = [
        believable_receipt(
            dice,
            catalogue,
            part_of_day(second // _MINUTE % (24 * 60)),
            str(uuid.uuid5(uuid.UUID(setup.id), f"{seed}:{day.isoformat()}:{index}")),
            _instant(setup, day, second),
            training=training,
        )
        for index, (second, training) in enumerate(sorted(plan))
    ]
    movements = _movements(dice, setup, day)
    counted = None
    if not hours.is_late:
        sold = [receipt for receipt in receipts if not catalogue.user(receipt.user_code).training]
        counted = _count_cash(dice, setup.opening_float, sold, movements)
    events = _events(dice, setup, day, hours, count)
    return Day(receipts, movements, events, _instant(setup, day, hours.close), counted)


def _dice(seed: int, day: date) -> Dice:
    digest = hashlib.sha256(f"{seed}:{day.isoformat()}".encode()).digest()
    return Dice(Random(int.from_bytes(digest[:8], "big")))  # noqa: S311 - a demo, not a secret


def _instant(setup: Setup, day: date, second: int) -> datetime:
    local = datetime.combine(day, time()) + timedelta(seconds=second)
    return local.replace(tzinfo=time_zone(setup.timezone)).astimezone(UTC)


def _closing_hours(dice: Dice, day: date) -> _Hours:
    """The close is around 23:30, on most Fridays and Saturdays after midnight, now and then only the next
    morning."""
    if dice.chance(550 if day.weekday() in (_FRIDAY, _SATURDAY) else 120):
        last_sale = 25 * _HOUR
    else:
        last_sale = 23 * _HOUR + 20 * _MINUTE
    if dice.chance(35):
        return _Hours(last_sale, 30 * _HOUR + dice.between(30 * _MINUTE, 75 * _MINUTE))
    return _Hours(last_sale, last_sale + dice.between(2 * _MINUTE, 22 * _MINUTE))


def _busy(dice: Dice, day: date) -> int:
    """How many receipts a day of this weekday and season has."""
    season = 135 if day.month in _SUMMER else 100
    return dice.between(70, 110) * _WEEK[day.weekday()] * season // 10_000


def _sale_second(dice: Dice, hours: _Hours) -> int:
    """A moment of sale: each part of the day has its rush in the middle; the last ends with last orders."""
    part = dice.pick([(part, part.share) for part in PARTS_OF_DAY])
    starts = part.starts * _MINUTE
    ends = hours.last_sale if part is PARTS_OF_DAY[-1] else part.ends * _MINUTE
    return starts + (dice.below(ends - starts) + dice.below(ends - starts)) // 2


def _movements(dice: Dice, setup: Setup, day: date) -> list[CashMovement]:
    movements = []
    if dice.chance(150):
        paid_in = dice.pick(((5_000, 2), (10_000, 1)))
        movements.append(CashMovement(_instant(setup, day, 9 * _HOUR), "in", paid_in, "Small change"))
    if dice.chance(500):
        paid_out = 50 * dice.between(20, 120)
        movements.append(CashMovement(_instant(setup, day, 12 * _HOUR), "out", paid_out, "Ice and bread"))
    return movements


def _count_cash(
    dice: Dice, opening_float: int, receipts: Sequence[Receipt], movements: Sequence[CashMovement]
) -> int:
    """What is in the drawer: mostly what should be there, sometimes a little more or less."""
    sold = sum(paid.amount for r in receipts for paid in r.payments if paid.type == "cash")
    moved = sum(m.amount if m.direction == "in" else -m.amount for m in movements)
    expected = opening_float + sold + moved
    if dice.chance(450):
        expected += 5 * dice.between(-60, 40)
    return max(0, expected)


def _events(dice: Dice, setup: Setup, day: date, hours: _Hours, count: int) -> list[ControlEvent]:
    """Voided lines, cancelled receipts, reprints, and a drawer opened without a sale."""
    kinds = [("voided_line", 20)] * count + [("cancelled_receipt", 7)] * count + [("reprint", 10)] * count
    happened = [kind for kind, per_mille in kinds if dice.chance(per_mille)]
    happened += ["no_sale"] * dice.below(5)
    return [
        ControlEvent(
            _instant(setup, day, _sale_second(dice, hours)),
            kind,
            0 if kind == "no_sale" else 10 * dice.between(14, 240),
        )
        for kind in happened
    ]
