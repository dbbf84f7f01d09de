"""All reports of a queue, for tests that look at every one of them."""

from factorypos_tui.core.queue.shipments import Shipment, read_where
from factorypos_tui.core.storage.database import Database


def every(database: Database) -> list[Shipment]:
    """Oldest first."""
    return read_where(database, "WHERE id > 0 ORDER BY id")
