"""A terminal moves to another store: which of its reports go along. Functions raise `StorageError`."""

import json
from collections.abc import Iterable

from factorypos_tui.core.database import Database
from factorypos_tui.core.journal import MOVED, tell
from factorypos_tui.core.settings import fact, keep_fact

_MOVED = "moved_to"


def hand_over(database: Database, terminal_id: str, to_store: str, after: int) -> None:
    """What was queued after row `after`, while the terminal moved to another store, goes to that one.

    What is on its way already goes where it was sent; it follows if it comes back. In the transaction that
    puts the store in force."""
    keep_fact(database, _MOVED, json.dumps([terminal_id, to_store, after]))
    along = database.rows(
        "UPDATE shipment SET store_id = ? WHERE state = 'pending' AND terminal_id = ? AND id > ?"
        f" AND store_id <> ? RETURNING {MOVED}",
        to_store,
        terminal_id,
        after,
        to_store,
    )
    tell(database, "handed over", along, store=to_store)


def follow_the_terminal(database: Database, row_ids: Iterable[int]) -> None:
    """Reports that came back unsent, and that were queued while their terminal moved to the store in force,
    go to it: nobody sends for the one before any more. Those from before the move stay that one's."""
    moved = fact(database, _MOVED)
    if moved is None:
        return
    try:
        terminal_id, store_id, after = json.loads(moved)
    except (ValueError, TypeError):  # damaged on the disk: nothing is known of a move
        return
    for row_id in row_ids:
        along = database.rows(
            "UPDATE shipment SET store_id = ? WHERE id = ? AND id > ? AND terminal_id = ? AND store_id <> ?"
            " AND state IN ('pending', 'attention')"
            f" AND EXISTS (SELECT 1 FROM assignment WHERE assignment.store_id = ?) RETURNING {MOVED}",
            store_id,
            row_id,
            after,
            terminal_id,
            store_id,
            store_id,
        )
        tell(database, "handed over", along, store=store_id)
