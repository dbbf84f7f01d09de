"""Hours of business dates, told by the reports themselves. Pure.

A report has the hours 0 to 23 of its own zone, without a date. An hour before the one in which its period
was opened belongs to the next date: a bar that opens at 18 and closes at 3 has its hour 1 after its hour 23.
So each hour has a place on the axis of its business date: 0 is midnight at its beginning, 25 is one o'clock
of the next night. The axis counts hours of the wall: where clocks change, an hour is missing or holds twice
the time, as the report has it."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime

from factorypos_tui.server.documents.headings import Heading, HourRow
from factorypos_tui.server.domain.dating import zone_of


def wall_of(instant: str, timezone: str) -> datetime:
    """An instant of a report as its own wall shows it."""
    aware = datetime.fromisoformat(instant[:19]).replace(tzinfo=UTC)
    try:
        return aware.astimezone(zone_of(timezone))
    except OverflowError:  # at the ends of our calendar
        return aware


def place_of(wall: datetime, business_date: str) -> int:
    """Where the hour of a clock lies on the axis of a business date."""
    return wall.hour + 24 * (wall.date() - date.fromisoformat(business_date)).days


def hours_told(report: Heading) -> int:
    """Up to which place a report tells its hours whole: that of the hour in which it was made."""
    made = wall_of(report.taken_at or report.closed_at or report.opened_at, report.timezone)
    return place_of(made, report.business_date)


def hours_on_axis(report: Heading) -> Iterator[tuple[int, HourRow]]:
    """The hours of a report with their places, in the order of the report."""
    opened = wall_of(report.opened_at, report.timezone)
    begins, ends = place_of(opened, report.business_date), hours_told(report)
    for row in report.hours:
        place = begins + (row.hour - opened.hour) % 24
        yield (place - 24 if place > ends else place), row  # sold before the period was opened


def net_before(reports: Iterable[Heading], place: int | None) -> dict[str, int]:
    """The net by currency of the hours before a place on the axis, of all hours where there is none."""
    found: dict[str, int] = {}
    for report in reports:
        net = sum(row.amount for at, row in hours_on_axis(report) if place is None or at < place)
        found[report.currency] = found.get(report.currency, 0) + net
    return found
