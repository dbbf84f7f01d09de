"""Moments as people say them, on the clock of the till."""

from datetime import date, datetime, timedelta

from factorypos_tui.core.language import format_date, format_day, format_time, on_the_wall


def when_words(instant: datetime, now: datetime) -> str:
    """A moment: the time if it was today, else the day."""
    day = on_the_wall(instant).date()
    return format_time(instant) if day == on_the_wall(now).date() else format_day(day)


def moment_words(instant: datetime) -> str:
    """A moment of any year: `29 Nov 2026 14:05`."""
    return f"{format_date(on_the_wall(instant).date())} {format_time(instant)}"


def business_date_at(local: datetime, starts_at: int) -> date:
    """The business date at a time of the shop's clock, where its days begin at the hour `starts_at`."""
    return local.date() - timedelta(days=local.hour < starts_at)
