"""When the running day began and which date it has, even where clocks or other programs were wrong.

A late receipt was sold before its period was opened. It counts, but it does not decide the date. A receipt
with a time in the future was sold under a clock that was ahead. It does not decide the date while a better
receipt is there."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from factorypos_tui.core.language.instants import NO_INSTANT, instant_or_none_there_is, rfc3339
from factorypos_tui.core.storage.database import Database
from factorypos_tui.tills.bundled.setup import Setup, time_zone

_NEVER = "9999"
_WAITED = timedelta(minutes=1)
"""So much ahead is no wrong clock: a program may read the clock, then wait for another program's close."""


@dataclass(frozen=True, slots=True)
class RunningDay:
    """The open period: since when, and its business date."""

    opened_at: datetime
    business_date: date


def running_day(database: Database, setup: Setup, period_id: str, now: datetime) -> RunningDay:
    """The running day at `now` by the till's clock; raises `TillError` where the till's time zone is
    unknown."""
    stamped = date_or_none(database.value("SELECT business_date FROM periods WHERE id = ?", period_id))
    began = began_at(database, period_id, now)
    present = (began, max(began, rfc3339(now)))
    sound = _first_sold(database, period_id, *present)
    if stamped and _stands(database, setup, period_id, stamped, present, has_better=bool(sound)):
        day = stamped
    else:
        day = _day_sold(setup, sound or _first_sold(database, period_id, began, _NEVER), now)
    return RunningDay(instant_or_none_there_is(began), day)


def began_at(database: Database, period_id: str, now: datetime) -> str:
    """The instant at which the period was opened. If that is in the future, the clock was ahead at the close
    before. Then the period began with its first receipt that is not in the future, or begins now."""
    opened_at = str(database.value("SELECT opened_at FROM periods WHERE id = ?", period_id))
    present = rfc3339(now)
    if opened_at <= rfc3339(now + _WAITED):
        return opened_at
    sold_before = database.value(
        "SELECT MAX(sold_at) FROM receipts WHERE sold_at <= ? AND period_id ="
        " (SELECT id FROM periods WHERE z_number IS NOT NULL ORDER BY z_number DESC LIMIT 1)",
        present,
    )
    return _first_sold(database, period_id, sold_before or "", present) or present


def stamp_business_date(database: Database, setup: Setup, period_id: str) -> None:
    """Give the period its date as soon as it has a receipt that is not late, unless it has a date."""
    first = database.value(
        "SELECT sold_at FROM receipts JOIN periods ON period_id = id WHERE id = ? AND business_date IS NULL"
        " AND sold_at >= opened_at ORDER BY seq LIMIT 1",
        period_id,
    )
    if first:
        day = setup.business_date(instant_or_none_there_is(first))
        database.execute("UPDATE periods SET business_date = ? WHERE id = ?", day.isoformat(), period_id)


def business_day(text: str) -> date:
    """A date that the till's file can hold; raises ValueError for any other text."""
    day = date.fromisoformat(text)
    if not 1970 <= day.year < 3000:
        raise ValueError(f"{day} is out of range")
    return day


def date_or_none(text: str | None) -> date | None:
    """A date that another program may have written; None where the text is no date."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _day_sold(setup: Setup, sold_at: str | None, now: datetime) -> date:
    """The date of a sale; today's where nothing was sold, or where no calendar has the sale's instant."""
    sold = instant_or_none_there_is(sold_at or "")
    try:
        return setup.business_date(now if sold == NO_INSTANT else sold)
    except OverflowError:
        return setup.business_date(now)


def _first_sold(database: Database, period_id: str, since: str, until: str) -> str | None:
    first: str | None = database.value(
        "SELECT sold_at FROM receipts WHERE period_id = ? AND sold_at BETWEEN ? AND ? ORDER BY seq LIMIT 1",
        period_id,
        since,
        until,
    )
    return first


def _stands(
    database: Database,
    setup: Setup,
    period_id: str,
    stamped: date,
    present: tuple[str, str],
    *,
    has_better: bool,
) -> bool:
    """Whether a stamped date is right. It is not where only late receipts have it. Nor is it where only
    receipts of the future have it while there are better ones."""
    try:
        begins, ends = _day(setup, stamped), _day(setup, stamped + timedelta(days=1))
    except OverflowError:
        return True
    since, until = present
    sound, future, late = database.rows(
        "SELECT TOTAL(sold_at BETWEEN ? AND ?), TOTAL(sold_at > ?), TOTAL(sold_at < ?) FROM receipts"
        " WHERE period_id = ? AND sold_at >= ? AND sold_at < ?",
        *(since, until, until, since, period_id, begins, ends),
    )[0]
    return bool(sound) or not (late or future) or bool(future and not has_better)


def _day(setup: Setup, day: date) -> str:
    """The instant at which a business date begins at this till."""
    return rfc3339(
        datetime.combine(day, time(setup.day_starts_at), time_zone(setup.timezone)).astimezone(UTC)
    )
