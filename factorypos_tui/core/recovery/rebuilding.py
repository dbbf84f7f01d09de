"""Builds reports again from the till: the same to the byte, or the till has changed.

An older version deleted the bytes of what was delivered long ago. They are built again on the round that
looks at each closed day, or when they are needed. Functions raise `TillError` and `StorageError`."""

from factorypos_tui.core.errors import Unreportable
from factorypos_tui.core.models import Report
from factorypos_tui.core.queue.shipments import body
from factorypos_tui.core.queue.states import TO_SEND, State
from factorypos_tui.core.queue.transitions import SET_ASIDE, set_aside
from factorypos_tui.core.reports.reports import FrozenZ, freeze_z
from factorypos_tui.core.station import Station
from factorypos_tui.core.storage.database import Database
from factorypos_tui.core.storage.packing import packed

_AT_ONCE = 100
_LACKS_BYTES = f"{TO_SEND} AND NOT EXISTS (SELECT 1 FROM body WHERE shipment_id = shipment.id)"


def build_again(station: Station, terminal_id: str, z_number: int) -> Report | None:
    """The Z that the till makes now of the day with this number; None where it is another till, has no such
    day, or its rows make no report any more."""
    try:
        again = freeze_again(station, terminal_id, z_number)
    except Unreportable:
        return None
    return again.report if again else None


def freeze_again(station: Station, terminal_id: str, z_number: int) -> FrozenZ | None:
    """The same with the hash for the chain; raises `Unreportable`."""
    previous_hash = station.database.value(
        "SELECT previous_hash FROM z_hash WHERE terminal_id = ? AND z_number = ?", terminal_id, z_number
    )
    return build_on(station, terminal_id, z_number, previous_hash)


def build_on(station: Station, terminal_id: str, z_number: int, previous_hash: str | None) -> FrozenZ | None:
    """The same, built on another Z than the one in the chain."""
    if station.till.terminal().id != terminal_id:
        return None
    found = station.till.closed_periods(z_number - 1, 1)
    if not found or found[0].z_number != z_number:
        return None
    return freeze_z(found[0], station.till.receipts(found[0].id), previous_hash)


def report_bytes(station: Station, row_id: int) -> bytes | None:
    """The bytes of a queued report, from the queue or from the till; None where neither has them."""
    if (kept := body(station.database, row_id)) is not None:
        return kept
    row = station.database.row(
        "SELECT terminal_id, z_number, content_hash FROM shipment WHERE id = ? AND kind = 'Z'", row_id
    )
    again = row and build_again(station, row[0], row[1])
    return again.body if again and row and again.content_hash == row[2] else None


def restore_bodies(station: Station, terminal_id: str) -> int:
    """Give waiting reports of a terminal that lack their bytes the same bytes again, some at a time. Where
    the till cannot make them, the report needs a person. Returns how many reports changed."""
    database, changed = station.database, 0
    rows = database.rows(
        f"SELECT id, z_number, content_hash FROM shipment WHERE {_LACKS_BYTES} AND terminal_id = ? LIMIT ?",
        terminal_id,
        _AT_ONCE,
    )
    for row_id, z_number, content_hash in rows:
        again = build_again(station, terminal_id, z_number) if z_number else None
        if again and again.content_hash == content_hash:
            keep_bytes(database, row_id, again)
            changed += 1
        else:
            changed += _give_up(station, row_id)
    return changed


def keep_bytes(database: Database, row_id: int, again: Report) -> None:
    """Give a row that lacks its bytes these bytes, unless another thread has done so meanwhile."""
    database.execute("INSERT OR IGNORE INTO body VALUES (?, ?)", row_id, packed(again.body))


def _give_up(station: Station, row_id: int) -> int:
    """How many rows need a person now: none where this one was moved, or got its bytes, meanwhile. Raises
    `DamagedError` where it is `pending` in the index only."""
    database = station.database
    its_row, why = (f"id = ? AND {_LACKS_BYTES}", row_id), {"reason": "not_rebuilt"}
    moved = set_aside(database, SET_ASIDE, station.clock.now(), its_row, why)
    with database.trusted():
        State(database.value("SELECT state FROM shipment WHERE id = ?", row_id))
    return len(moved)
