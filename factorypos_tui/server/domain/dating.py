"""How far a report's dates are from its arrival: a till's clock may be wrong, or the report may have waited.
Pure."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from factorypos_tui.server.documents.report import ReportDocument

_DAY = timedelta(days=1)


def days_off(report: ReportDocument, arrived: datetime) -> int | None:
    """The days from its arrival to the farthest of its dates, negative for a date before; None where all are
    within a day."""
    stamp = datetime.fromisoformat((report.closed_at or report.taken_at or report.opened_at)[:19])
    by_stamp = stamp - arrived.astimezone(UTC).replace(tzinfo=None)
    by_day = date.fromisoformat(report.business_date) - arrived.astimezone(zone_of(report.timezone)).date()
    farthest = max(by_stamp, by_day, key=abs)
    return int(farthest / _DAY) if abs(farthest) > _DAY else None


def zone_of(name: str) -> ZoneInfo | timezone:
    """The time zone of that name; UTC where there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # the report is kept even so
        return UTC
