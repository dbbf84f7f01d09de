"""What assigning a store is about: the days closed so far, and what still waits for other stores."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from factorypos_tui.core import shipments
from factorypos_tui.core.assignment import known_store, load_assignment
from factorypos_tui.core.models import Store
from factorypos_tui.core.station import Station

_PAGE = 500


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """The closed Z reports that a till holds: how many, and their first and last business date."""

    count: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Outlook:
    """Before a store is assigned: `closed` is None where no day was; `waiting` counts by other store."""

    closed: ClosedDays | None
    waiting: Mapping[Store, int]


def look_ahead(station: Station, store_id: str) -> Outlook:
    """Read it from the till and the queue. Raises `TillError` and `StorageError`."""
    return Outlook(closed_days(station), waiting_elsewhere(station, store_id))


def closed_days(station: Station) -> ClosedDays | None:
    """What the till has closed so far. Raises `TillError` and `StorageError`."""
    found: ClosedDays | None = None
    after = 0
    while periods := station.till.closed_periods(after, _PAGE):
        days = [period.business_date for period in periods]
        known = [found.first, found.last] if found else []
        count = (found.count if found else 0) + len(days)
        found = ClosedDays(count, min(days + known), max(days + known))
        after = periods[-1].z_number or after + _PAGE
    return found


def waiting_elsewhere(station: Station, store_id: str) -> dict[Store, int]:
    """How many reports of this terminal still have to reach which other store."""
    database, assignment = station.database, load_assignment(station.database)
    ids = set(shipments.stores_waited_for(database, station.till.terminal().id))
    if assignment:
        ids.add(assignment.store.id)  # another till may have stood here before
    counts = {known_store(database, other): shipments.waiting(database, other) for other in ids - {store_id}}
    return {store: n for store, n in counts.items() if n}
