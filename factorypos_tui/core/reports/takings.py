"""What was taken on days, weeks and months. Pure.

Weeks are those of ISO 8601: they begin on Monday. Amounts of different currencies are never added."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

COUNTS = ("z_reports", "receipts")
AMOUNTS = ("gross", "discounts", "refunds", "net", "tax", "rounding", "tips")
_DAYS, _WEEKS, _MONTHS = 14, 12, 12


class By(StrEnum):
    """What is added up to one row."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Takings:
    """What was taken from a business date to another, both included, in one currency and its minor units."""

    first: date
    last: date
    currency: str
    is_running: bool
    """Whether a period of it is still open, so that more may come."""
    z_reports: int
    receipts: int
    gross: int
    discounts: int
    refunds: int
    net: int
    tax: int
    rounding: int
    tips: int


def added_up(days: Iterable[Takings], by: By, first: date, last: date) -> list[Takings]:
    """The takings of days, added up, the oldest first. `first` and `last` are the dates that were asked for:
    where they cut a week or a month, its row begins or ends there."""
    together: defaultdict[tuple[date, str], list[Takings]] = defaultdict(list)
    for day in days:
        together[_start(day.first, by), day.currency].append(day)
    return [
        _sum(parts, max(start, first), min(_end(start, by), last), currency)
        for (start, currency), parts in sorted(together.items())
    ]


def usual_first(last: date, by: By) -> date:
    """Where the last 14 days, 12 weeks or 12 months begin that end with `last`."""
    if by is By.MONTH:
        months = max(12, last.year * 12 + last.month - _MONTHS)
        return date(months // 12, months % 12 + 1, 1)
    days = _DAYS if by is By.DAY else 7 * _WEEKS
    end = last if by is By.DAY else _end(_start(last, by), by)
    return date.fromordinal(max(1, end.toordinal() - days + 1))


def _start(day: date, by: By) -> date:
    if by is By.MONTH:
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if by is By.WEEK else day


def _end(start: date, by: By) -> date:
    """The last day of what begins with `start`; our calendar ends in the middle of a week."""
    if by is By.DAY:
        return start
    if by is By.WEEK:
        return start + min(timedelta(days=6), date.max - start)
    day_of_next = start + min(timedelta(days=31), date.max - start)
    return day_of_next if day_of_next == date.max else day_of_next.replace(day=1) - timedelta(days=1)


def _sum(parts: Sequence[Takings], first: date, last: date, currency: str) -> Takings:
    sums = {name: sum(getattr(part, name) for part in parts) for name in (*COUNTS, *AMOUNTS)}
    return Takings(first, last, currency, any(part.is_running for part in parts), **sums)
