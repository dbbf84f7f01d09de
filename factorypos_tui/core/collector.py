"""From the till's closes to the queue.

The collector compares Z numbers; it waits for no event, so a close made while nothing ran is found. Reports
are built in the order of their numbers, each with the hash of the one before, also those that are not to
be sent: so the chain is the same whenever and wherever it is built from the same till.
"""

from datetime import datetime

from factorypos_tui.core.assignment import Assignment, load_assignment, mark_collected
from factorypos_tui.core.database import Database
from factorypos_tui.core.models import Period
from factorypos_tui.core.queue import Queue
from factorypos_tui.core.reports import build_x, build_z
from factorypos_tui.core.settings import get_setting
from factorypos_tui.core.shipments import last_revision, last_x_at
from factorypos_tui.core.station import Station

_PAGE = 100


def collect(station: Station) -> int:
    """Queue the Z of every close that has not been seen yet; returns how many were queued."""
    assignment = load_assignment(station.database)
    if assignment is None:
        return 0
    queued, seen = 0, assignment.collected_z
    while periods := station.till.closed_periods(seen, _PAGE):
        for period in periods:
            queued += _collect_one(station, assignment, period)
            seen = period.z_number or seen
    return queued


def next_x_at(station: Station) -> datetime | None:
    """When the running day goes up next; None while Send X Report is off or no store is assigned.

    A last X in the future was taken before the clock was set back: then the next one is due now."""
    if get_setting(station.database, "send_x_report") == "off" or load_assignment(station.database) is None:
        return None
    now, last = station.clock.now(), last_x_at(station.database)
    return now if last is None or last > now else max(now, last + station.x_interval)


def enqueue_x(station: Station) -> bool:
    """Queue the X of the running day if one is due and there is something to tell."""
    due, now = next_x_at(station), station.clock.now()
    assignment = load_assignment(station.database)
    if due is None or due > now or assignment is None or not station.till.status().receipts:
        return False
    period = station.till.open_period()
    if period is None:
        return False
    revision = last_revision(station.database, period.id) + 1
    report = build_x(period, station.till.receipts(period.id), revision, now)
    return Queue(station.database).enqueue(report, assignment.store.id, now, now)


def _collect_one(station: Station, assignment: Assignment, period: Period) -> bool:
    database, z_number = station.database, period.z_number or 0
    previous = _hash_before(database, period)
    report = build_z(period, station.till.receipts(period.id), previous)
    with database.transaction():
        database.execute(
            "INSERT OR IGNORE INTO z_hash (terminal_id, z_number, content_hash) VALUES (?, ?, ?)",
            report.terminal_id,
            z_number,
            report.content_hash,
        )
        mark_collected(database, z_number)
        return z_number >= assignment.first_z and Queue(database).enqueue(
            report, assignment.store.id, period.closed_at or period.opened_at, station.clock.now()
        )


def _hash_before(database: Database, period: Period) -> str | None:
    found: str | None = database.value(
        "SELECT content_hash FROM z_hash WHERE terminal_id = ? AND z_number < ?"
        " ORDER BY z_number DESC LIMIT 1",
        period.terminal.id,
        period.z_number,
    )
    return found
