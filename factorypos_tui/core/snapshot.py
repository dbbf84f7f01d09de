"""What a screen shows: the present state of a station, read at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from factorypos_tui.core.language import on_the_wall
from factorypos_tui.core.language.moments import business_date_at
from factorypos_tui.core.operations.resending import Resend, resend_progress
from factorypos_tui.core.queue import shipments
from factorypos_tui.core.queue.shipments import Shipment
from factorypos_tui.core.recovery.recovery import standing_trouble
from factorypos_tui.core.station import Station
from factorypos_tui.core.status.past_days import PastDays, read_past_days
from factorypos_tui.core.status.status import Status, read_status
from factorypos_tui.core.storage.database import Database

if TYPE_CHECKING:  # a terminal without a store needs nothing of it
    from factorypos_tui.core.configuration.news import News

_RECENT_ZS = 50


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a screen shows."""

    status: Status
    recent: tuple[Shipment, ...] = ()  # the newest Z reports
    resend: Resend | None = None
    """How the last resending goes."""
    past: PastDays = field(default_factory=PastDays)
    news: News | None = None
    """Of the configuration; None where no store is assigned."""
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
        news=_news(database, status.assignment.store.id) if status.assignment else None,
        trouble=standing_trouble(station),
    )


def _news(database: Database, store_id: str) -> News:
    from factorypos_tui.core.configuration.news import read_news

    return read_news(database, store_id)
