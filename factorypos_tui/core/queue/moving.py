"""A terminal moves to another store: which of its reports go along. Functions raise `StorageError`."""

import json
from collections.abc import Sequence
from datetime import datetime

from factorypos_tui.core.language.instants import rfc3339
from factorypos_tui.core.queue.journal import MOVED, tell
from factorypos_tui.core.storage.database import Database
from factorypos_tui.core.storage.facts import fact, keep_fact

_MOVED = "moved_to"
_LET_GO = f"""
    UPDATE shipment SET state = 'delivered', changed_at = ? FROM assignment
    WHERE kind = 'Z' AND state = 'pending' AND delivered_at IS NOT NULL
      AND shipment.terminal_id = assignment.terminal_id AND shipment.store_id <> assignment.store_id {{}}
    RETURNING {MOVED}
"""


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


def offer_history(database: Database, terminal_id: str, to_store: str, now: datetime) -> None:
    """Every Z that went to another store is queued for this one too, also where it waits to go there once
    more: a cloud that has it says so. What waits for its first time there, and what another store refused,
    stays that store's."""
    offered = database.rows(
        "UPDATE shipment SET store_id = ?, state = 'pending', queued_at = ?, changed_at = ?"
        " WHERE kind = 'Z' AND terminal_id = ? AND state IN ('delivered', 'pending') AND store_id <> ?"
        f" AND delivered_at IS NOT NULL RETURNING {MOVED}",
        to_store,
        rfc3339(now),
        rfc3339(now),
        terminal_id,
        to_store,
    )
    tell(database, "queued again", offered, reason="other_store")


def let_go(database: Database, now: datetime) -> None:
    """A Z that waits to go once more to a store that was left, and that this store has had, goes nowhere:
    nobody sends for it. Should it be lost there, that is found when the store is assigned again."""
    gone = database.rows(_LET_GO.format(""), rfc3339(now))
    tell(database, "not sent again", gone, reason="store_left")


def settle_what_was_away(database: Database, row_ids: Sequence[int], now: datetime) -> None:
    """The same for these reports, which were on their way when the store changed: each Z that the store in
    force is to get, and that the one before has, goes to it, and no other goes to the one before again."""
    for row_id in row_ids:
        offered = database.rows(
            "UPDATE shipment SET store_id = assignment.store_id, state = 'pending', queued_at = ?,"
            " changed_at = ? FROM assignment WHERE shipment.id = ? AND kind = 'Z'"
            " AND state IN ('delivered', 'pending') AND delivered_at IS NOT NULL"
            " AND shipment.terminal_id = assignment.terminal_id"
            " AND z_number >= coalesce(offered_z, first_z)"
            f" AND shipment.store_id <> assignment.store_id RETURNING {MOVED}",
            rfc3339(now),
            rfc3339(now),
            row_id,
        )
        tell(database, "queued again", offered, reason="other_store")
        gone = database.rows(_LET_GO.format("AND shipment.id = ?"), rfc3339(now), row_id)
        tell(database, "not sent again", gone, reason="store_left")


def follow_the_terminal(database: Database, row_ids: Sequence[int], now: datetime) -> None:
    """Reports that came back unsent go to the store in force, where their terminal moved to it meanwhile and
    they were queued during the move, or delivered once before and offered to it: nobody sends for the store
    before any more. All others stay that one's."""
    settle_what_was_away(database, row_ids, now)
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
