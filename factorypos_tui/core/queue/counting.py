"""How many reports are in each state, and since when they wait. Functions raise `StorageError`."""

from datetime import datetime

from factorypos_tui.core.account.stores import OPEN
from factorypos_tui.core.language.instants import instant_of, rfc3339
from factorypos_tui.core.queue.states import NEEDS_A_PERSON, REFUSED, WAITS, State
from factorypos_tui.core.storage.database import Database


def counts(database: Database) -> dict[State, int]:
    """How many shipments are in each state."""
    rows = database.rows("SELECT state, shipments FROM tally")
    with database.trusted():
        return dict.fromkeys(State, 0) | {State(state): n for state, n in rows}


def waiting(database: Database, terminal_id: str | None = None) -> int:
    """How many reports wait to be sent, of one terminal or of all."""
    if terminal_id is None:
        return int(
            database.value(f"SELECT sum(shipments) FROM tally WHERE {WAITS}"),
        )
    return int(
        database.value(f"SELECT count(*) FROM shipment WHERE {WAITS} AND terminal_id = ?", terminal_id),
    )


def refused(database: Database) -> int:
    """How many reports of open stores need attention."""
    return int(database.value(f"SELECT count(*) FROM shipment WHERE {NEEDS_A_PERSON} AND store_id IN {OPEN}"))


def refused_since(database: Database, since: datetime) -> int:
    """How many reports that the cloud has refused since then still need attention, without conflicts."""
    return int(
        database.value(
            f"SELECT count(*) FROM shipment WHERE {REFUSED} AND changed_at >= ?",
            rfc3339(since),
        )
    )


def oldest_waiting_since(database: Database) -> datetime | None:
    """Since when the oldest report that was not sent yet has been waiting."""
    found = database.value(
        f"SELECT queued_at FROM shipment INDEXED BY shipment_waiting WHERE {WAITS} ORDER BY queued_at LIMIT 1"
    )
    with database.trusted():
        return instant_of(found) if found else None
