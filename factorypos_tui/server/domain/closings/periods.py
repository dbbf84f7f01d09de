"""Months and years: which one a day is of, when one is over, and when it is closed. Pure."""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

EVERYWHERE = timedelta(hours=12)
"""So long after midnight in UTC the day before goes on somewhere."""
PATIENCE = timedelta(days=14)
"""So long after its end a period waits for terminals that may have more days of it."""


class Kind(StrEnum):
    """How long a period is."""

    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A month, `2026-01`, or a year, `2026`."""

    kind: Kind
    name: str

    @property
    def first_date(self) -> str:
        return f"{self.name}-01" if self.kind is Kind.MONTH else f"{self.name}-01-01"

    @property
    def last_date(self) -> str:
        year, month = int(self.name[:4]), int(self.name[5:] or 12)
        return f"{year:04}-{month:02}-{monthrange(year, month)[1]}"


def periods_with(business_date: str) -> tuple[Period, Period]:
    """The month and the year that a day is of."""
    return Period(Kind.MONTH, business_date[:7]), Period(Kind.YEAR, business_date[:4])


def is_over(period: Period, now: datetime) -> bool:
    """Whether its last day is over, wherever on earth."""
    return (now - EVERYWHERE).date() > date.fromisoformat(period.last_date)


def newest_over(kind: Kind, now: datetime) -> Period:
    """The newest month or year whose last day is over, wherever on earth."""
    today = (now - EVERYWHERE).date()
    before = today.replace(day=1) - timedelta(days=1)
    return Period(kind, f"{before:%Y-%m}" if kind is Kind.MONTH else f"{today.year - 1:04}")


def is_due(period: Period, now: datetime, terminals: Iterable[str], newest: Mapping[str, str]) -> bool:
    """Whether it is closed without being asked: it is over, and each of the `terminals` that have days in it
    has a day after it (`newest`: the newest business date of each), or it was waited for long enough."""
    if not is_over(period, now):
        return False
    if is_over(period, now - PATIENCE):
        return True
    return all(newest.get(it, "") > period.last_date for it in terminals)
