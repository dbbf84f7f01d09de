"""The reasons not to close the running day right now. The person is asked about them, and `status` tells
them."""

from datetime import date, datetime, timedelta

from factorypos_tui.core.language.instants import instant_or_none_there_is, rfc3339
from factorypos_tui.core.reports.doubts import CloseDoubts, Doubt
from factorypos_tui.core.storage.database import Database
from factorypos_tui.tills.bundled.setup import read_setup

_AGAIN_WITHIN = timedelta(minutes=1)
_FORGOTTEN_AFTER = timedelta(hours=36)


def look_at_the_close(database: Database, now: datetime, day: date | None = None) -> CloseDoubts:
    """The reasons not to close the running day at `now`, with the date `day` where one is named."""
    last_z, closed_at = database.row(
        "SELECT z_number, closed_at FROM periods WHERE z_number IS NOT NULL ORDER BY z_number DESC LIMIT 1"
    ) or (None, None)
    sold_at = database.value(
        "SELECT MAX(sold_at) FROM receipts JOIN periods ON period_id = id WHERE z_number IS NULL"
    )
    present, doubts = rfc3339(now), []
    if closed_at and present < closed_at:
        doubts.append(Doubt.CLOCK_BEHIND)
    elif closed_at and not sold_at and closed_at > rfc3339(now - _AGAIN_WITHIN):
        doubts.append(Doubt.EMPTY_AGAIN)
    if sold_at and sold_at < rfc3339(now - _FORGOTTEN_AFTER):
        doubts.append(Doubt.FORGOTTEN)
    if day and day > read_setup(database).business_date(now):
        doubts.append(Doubt.FUTURE_DATE)
    return CloseDoubts(tuple(doubts), now, last_z, _instant(closed_at), _instant(sold_at))


def _instant(text: str | None) -> datetime | None:
    return instant_or_none_there_is(text) if text else None
