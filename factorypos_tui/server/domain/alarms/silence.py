"""After how long a terminal that is not heard of is silent. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from factorypos_tui.server.domain.dating import zone_of

USUAL_PERIOD, USUAL_GRACE = 24, 12
"""Hours, where neither an owner nor the past says otherwise."""
HABIT_DAYS = 28
FEWEST_CLOSES = 8
"""So many make a habit."""
MOST_HOURS = 24 * 30


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a terminal may be silent."""

    period: int
    """Hours until it is late."""
    grace: int
    """Hours from then until there is an alarm."""

    @property
    def allowed(self) -> timedelta:
        return timedelta(hours=self.period + self.grace)


def habit(days: Sequence[date], closed: Collection[int]) -> Patience | None:
    """What the days of a terminal's last closes propose: the longest pause between two of them, days on which
    its store is closed left out. None where there are too few."""
    known = sorted(set(days))
    if len(known) < FEWEST_CLOSES:
        return None
    longest = max(_open_days(before, after, closed) for before, after in pairwise(known))
    return Patience(min(MOST_HOURS, 24 * max(1, longest)), USUAL_GRACE)


def _open_days(before: date, after: date, closed: Collection[int]) -> int:
    between = (before + timedelta(days=n + 1) for n in range((after - before).days))
    return sum(day.isoweekday() not in closed for day in between)


def silent_at(heard: datetime, allowed: timedelta, timezone: str, closed: Collection[int]) -> datetime | None:
    """When a terminal becomes silent that is not heard of again. Days on which its store is closed do not
    count; None where it never opens. `closed`: ISO weekdays."""
    if len(set(closed)) == 7:
        return None
    zone, moment, left = zone_of(timezone), heard.astimezone(UTC), allowed
    while True:
        local = moment.astimezone(zone)
        tomorrow = datetime.combine(local.date() + timedelta(days=1), time(), zone).astimezone(UTC)
        if local.isoweekday() not in closed:
            if left <= tomorrow - moment:
                return moment + left
            left -= tomorrow - moment
        moment = max(tomorrow, moment + timedelta(minutes=1))  # where midnight comes twice
