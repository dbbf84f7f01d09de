"""Ranges of business dates, and the earlier one that a range is compared with. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from factorypos_tui.server.domain.dating import zone_of
from factorypos_tui.server.errors import FieldProblem, Invalid
from factorypos_tui.server.storage.tables import Store
from factorypos_tui.server.words import told

USUAL_DAYS = 14
MOST_DAYS = 366
MOST_STORE_DAYS = 20_000
"""Of one range and its stores: so much is added up in one call."""


@dataclass(frozen=True, slots=True)
class Range:
    """Days from the first to the last, both included."""

    first: date
    last: date

    def __len__(self) -> int:
        return (self.last - self.first).days + 1

    def __iter__(self) -> Iterator[date]:
        return (self.first + timedelta(days=n) for n in range(len(self)))

    def earlier(self) -> "Range":
        """The nearest earlier range of the same length that lies wholly before this one and whose days have
        the same weekdays."""
        weeks = -(-len(self) // 7)
        return Range(days_before(self.first, 7 * weeks), days_before(self.last, 7 * weeks))


def days_before(day: date, days: int) -> date:
    """Our calendar begins with the year 1."""
    return date.fromordinal(max(1, day.toordinal() - days))


def days_after(day: date, days: int) -> date:
    """Our calendar ends with the year 9999."""
    return date.fromordinal(min(date.max.toordinal(), day.toordinal() + days))


def today_in(store: Store, now: datetime) -> date:
    """The date on the wall of a store."""
    return now.astimezone(zone_of(store.timezone)).date()


def asked_range(first: date | None, last: date | None, stores: Sequence[Store], now: datetime) -> Range:
    """The range that a person asks for, each end for itself: without an end it is today, without a beginning
    it has `USUAL_DAYS`. Raises `Invalid` where it ends before it begins, or is longer than one may be."""
    last = last or max((today_in(store, now) for store in stores), default=now.date())
    asked = Range(first or days_before(last, USUAL_DAYS - 1), last)
    most = min(MOST_DAYS, MOST_STORE_DAYS // max(1, len(stores)))
    if not asked.first <= asked.last:
        words = told("The last day is before the first.")
        raise Invalid([FieldProblem("to", "invalid", words)], words)
    if len(asked) > most:
        words = told("At most {most} days at once. Ask for fewer.").format(most=most)
        raise Invalid([FieldProblem("from", "invalid", words)], words)
    return asked
