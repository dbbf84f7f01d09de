"""What still has to leave, by the store that it was made for. Functions raise `StorageError`."""

from datetime import datetime

from factorypos_tui.core.language.instants import instant_of
from factorypos_tui.core.queue.states import WAITS
from factorypos_tui.core.storage.database import Database


def oldest_z_waiting_since(database: Database, store_id: str) -> datetime | None:
    """Since when the oldest closed day that a store is to get has been waiting."""
    found = database.value(
        f"SELECT queued_at FROM shipment INDEXED BY shipment_waiting WHERE {WAITS}"
        " AND kind = 'Z' AND store_id = ? ORDER BY queued_at LIMIT 1",
        store_id,
    )
    with database.trusted():
        return instant_of(found) if found else None


def waiting_elsewhere(database: Database, store_id: str) -> int:
    """How many reports wait for any other store than this one."""
    ready = (
        "(SELECT count(*) FROM shipment INDEXED BY shipment_to_send WHERE state = 'pending'"
        " AND store_id {} ?)"
    )
    return int(database.value(f"SELECT {ready.format('<')} + {ready.format('>')}", store_id, store_id))
