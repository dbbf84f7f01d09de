"""Who this till is, and how it tells the time."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from factorypos_tui.core.errors import TillAbsent, TillError
from factorypos_tui.core.language import _
from factorypos_tui.core.language.hints import command
from factorypos_tui.core.language.moments import business_date_at
from factorypos_tui.core.language.text import plain
from factorypos_tui.core.storage.database import Database


@dataclass(frozen=True, slots=True)
class Setup:
    """The single row of `terminal`, as far as selling and closing need it."""

    id: str
    name: str
    wizard_finished: bool
    currency: str
    timezone: str
    day_starts_at: int
    opening_float: int
    last_receipt_number: int
    licence: str
    """A JSON object."""

    @property
    def upload_licensed(self) -> bool:
        """Whether the licence allows to upload the configuration, whatever was synchronized before."""
        properties = json.loads(self.licence)
        return isinstance(properties, dict) and properties.get("configuration_upload") is True

    def business_date(self, instant: datetime) -> date:
        """The business date of an instant at this till."""
        return business_date(instant, self.timezone, self.day_starts_at)


def time_zone(name: str) -> ZoneInfo:
    """The zone of an IANA name; raises `TillError` where there is none."""
    try:
        return ZoneInfo(name)
    except (ValueError, LookupError, OSError) as error:
        raise TillError(
            _(
                "The till has an unknown time zone: {name}. Nothing was changed. To set another one:"
                " {command}"
            ).format(name=plain(name, 60), command=command("till zone Europe/Madrid"))
        ) from error


def business_date(instant: datetime, timezone: str, day_starts_at: int) -> date:
    """The day in `timezone` (IANA name) that `instant` belongs to, where a day starts at that hour."""
    return business_date_at(instant.astimezone(time_zone(timezone)), day_starts_at)


def read_setup(database: Database) -> Setup:
    """The terminal's row; raises `TillAbsent` while there is none."""
    row = database.row(
        "SELECT id, name, wizard_finished, currency, timezone, day_starts_at, opening_float,"
        " last_receipt_number, licence FROM terminal"
    )
    if not row:
        raise TillAbsent(
            _("This till is not set up yet: {command} does that.").format(command=command("till init"))
        )
    return Setup(row[0], row[1], bool(row[2]), *row[3:])
