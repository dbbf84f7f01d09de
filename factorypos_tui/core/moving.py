"""A terminal moves to another store: which of its reports go along. Functions raise `StorageError`."""

from datetime import datetime

from factorypos_tui.core.database import Database
from factorypos_tui.core.instants import rfc3339
from factorypos_tui.core.journal import MOVED, tell
from factorypos_tui.core.requeueing import tell_again


def hand_over(database: Database, terminal_id: str, to_store: str, after: int) -> None:
    """What was queued after row `after`, while the terminal moved to another store, goes to that one.

    What is on its way already goes where it was sent."""
    along = database.rows(
        "UPDATE shipment SET store_id = ? WHERE state = 'pending' AND terminal_id = ? AND id > ?"
        f" RETURNING {MOVED}",
        to_store,
        terminal_id,
        after,
    )
    tell(database, "handed over", along, store=to_store)


def offer_history(database: Database, terminal_id: str, to_store: str, now: datetime) -> None:
    """Every Z that went to another store is queued for this one too: a cloud that has it says so. What
    another store refused stays its own, for the person who must look."""
    again = database.rows(
        "UPDATE shipment SET store_id = ?, state = 'pending', queued_at = ?, changed_at = ?"
        " WHERE kind = 'Z' AND terminal_id = ? AND state = 'delivered' AND store_id <> ?"
        f" RETURNING {MOVED}",
        to_store,
        rfc3339(now),
        rfc3339(now),
        terminal_id,
        to_store,
    )
    tell_again(database, again, "other_store")
