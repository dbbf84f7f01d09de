"""What waits to be sent, by the store that it was made for. Functions raise `StorageError`."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from factorypos_tui.core.account.stores import OPEN
from factorypos_tui.core.language.instants import instant_of
from factorypos_tui.core.models import Store
from factorypos_tui.core.queue.states import TO_SEND, WAITS
from factorypos_tui.core.storage.database import Database

_FIRST_OF_EACH = f"""
    SELECT crashes, attempts, id, shipment.store_id FROM {OPEN} AS open JOIN shipment ON id = (
        SELECT id FROM shipment AS first INDEXED BY shipment_to_send JOIN body ON shipment_id = id
        WHERE {TO_SEND} AND first.store_id = open.store_id
        ORDER BY crashes, attempts, id LIMIT 1
    )
"""
# Goes from store to store in the index, however many rows each has.
_WAITING_FOR = f"""
    WITH RECURSIVE waiting (store_id) AS (
        SELECT min(store_id) FROM shipment INDEXED BY shipment_to_send WHERE {TO_SEND}
        UNION ALL
        SELECT (SELECT min(shipment.store_id) FROM shipment INDEXED BY shipment_to_send
                WHERE {TO_SEND} AND shipment.store_id > waiting.store_id)
        FROM waiting WHERE store_id IS NOT NULL
    )
    SELECT store_id, coalesce(name, store_id), assigned_by,
           (SELECT count(*) FROM shipment INDEXED BY shipment_to_send
            WHERE {TO_SEND} AND shipment.store_id = waiting.store_id)
    FROM waiting LEFT JOIN store ON store.id = store_id
    WHERE store_id IS NOT NULL AND store_id NOT IN (SELECT value FROM json_each(?))
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Reports that wait for one store."""

    store: Store
    assigned_by: str | None
    """The account that assigned that store last; None where that is not known."""
    reports: int
    """How many wait."""


def next_store(database: Database) -> str | None:
    """The store of the report that is to be sent next; None where no waiting report can be sent.

    Reports that failed less often go first, so that no store waits because of another store's report."""
    first = min(database.rows(_FIRST_OF_EACH), default=None)
    return None if first is None else str(first[-1])


def oldest_z_waiting_since(database: Database) -> datetime | None:
    """Since when the oldest closed day that can be sent has been waiting."""
    queued_at = database.value(
        f"SELECT queued_at FROM shipment INDEXED BY shipment_waiting WHERE {WAITS}"
        f" AND kind = 'Z' AND store_id IN {OPEN} ORDER BY queued_at LIMIT 1"
    )
    with database.trusted():
        return instant_of(queued_at) if queued_at else None


def waiting_but_for(database: Database, stores: Collection[str]) -> tuple[Waiting, ...]:
    """What waits for other stores than these."""
    rows = database.rows(_WAITING_FOR, json.dumps(sorted(stores)))
    return tuple(Waiting(Store(store_id, name), account, n) for store_id, name, account, n in rows)
