"""The running day as a person sees it before its close."""

from datetime import datetime

from factorypos_tui.core.errors import TillError
from factorypos_tui.core.language import _
from factorypos_tui.core.reports.closing import DayToClose, day_to_close
from factorypos_tui.core.storage.database import Database
from factorypos_tui.tills.bundled.doubts import look_at_the_close
from factorypos_tui.tills.bundled.recorded import read_open_period, read_receipts


def read_day_to_close(database: Database, now: datetime, software: str) -> DayToClose:
    """The running day as it is at `now`; raises `TillError` where none is open."""
    period = read_open_period(database, now, software)
    if period is None:
        raise TillError(
            _("No business period is open in {file}. Nothing was changed.").format(file=database.path)
        )
    return day_to_close(period, read_receipts(database, period.id), look_at_the_close(database, now))
