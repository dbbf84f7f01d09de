"""What a screen shows: the present state of a station, read at once."""

from dataclasses import dataclass, field

from factorypos_tui.core.language import on_the_wall
from factorypos_tui.core.language.moments import business_date_at
from factorypos_tui.core.operations.resending import Resend, resend_progress
from factorypos_tui.core.queue import shipments
from factorypos_tui.core.queue.shipments import Shipment
from factorypos_tui.core.recovery.recovery import standing_trouble
from factorypos_tui.core.station import Station
from factorypos_tui.core.status.past_days import PastDays, read_past_days
from factorypos_tui.core.status.status import Status, read_status

_RECENT_ZS = 50


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a screen shows."""

    status: Status
    recent: tuple[Shipment, ...] = ()  # the newest Z reports
    resend: Resend | None = None
    """How the last resending goes."""
    past: PastDays = field(default_factory=PastDays)
    trouble: str | None = None
    """The engine's trouble in words; without any, what is wrong with the files that it keeps."""


def take_snapshot(station: Station) -> Snapshot:
    """Read the present state."""
    database = station.database
    recent, status = tuple(shipments.newest_zs(database, _RECENT_ZS)), read_status(station)
    starts_at = status.till.day_starts_at if status.till else 0
    today = business_date_at(on_the_wall(station.clock.now()), starts_at)
    return Snapshot(
        status=status,
        recent=recent,
        resend=resend_progress(database),
        past=read_past_days(database, recent, today),
        trouble=standing_trouble(station),
    )
