"""Queued once more: reports that were delivered or set aside go back to `pending`, id and bytes unchanged.

    attention --retry, retry_all, give_another_chance, release_refused--> pending
    delivered, attention --resend_all--> pending

Functions raise `StorageError`.
"""

from datetime import datetime

from factorypos_tui.core.database import Database
from factorypos_tui.core.instants import rfc3339
from factorypos_tui.core.queue import MOST_CRASHES
from factorypos_tui.core.shipments import REFUSED

_RESEND_BATCH = 500


def retry(database: Database, row_id: int, store_id: str, now: datetime) -> bool:
    """A person wants an `attention` report of a store sent again; False if it is no such report."""
    return bool(
        database.execute(
            "UPDATE shipment SET state = 'pending', queued_at = ?, changed_at = ?"
            " WHERE id = ? AND state = 'attention' AND store_id = ?",
            rfc3339(now),
            rfc3339(now),
            row_id,
            store_id,
        )
    )


def retry_all(database: Database, store_id: str, now: datetime) -> int:
    """The same for every report of a store that needs attention; returns how many."""
    return database.execute(
        "UPDATE shipment SET state = 'pending', queued_at = ?, changed_at = ?"
        " WHERE state = 'attention' AND store_id = ?",
        rfc3339(now),
        rfc3339(now),
        store_id,
    )


def resend_all(database: Database, store_id: str, now: datetime) -> int:
    """Every Z of a store to `pending` again, ids and bytes unchanged; returns how many.

    In batches, so that a sender or a screen never waits long for the database."""
    resent, after = 0, 0
    while True:
        rows = database.rows(
            "UPDATE shipment SET state = 'pending', queued_at = ?, changed_at = ?, resent_at = ?"
            " WHERE state IN ('delivered', 'attention') AND kind = 'Z' AND id IN"
            " (SELECT id FROM shipment NOT INDEXED"
            " WHERE store_id = ? AND id > ? AND kind = 'Z' AND state IN ('delivered', 'attention')"
            " ORDER BY id LIMIT ?) RETURNING id",
            *[rfc3339(now)] * 3,
            store_id,
            after,
            _RESEND_BATCH,
        )
        if not rows:
            return resent
        resent += len(rows)
        after = max(row[0] for row in rows)


def give_another_chance(database: Database, store_id: str, before: datetime, now: datetime) -> None:
    """What was set aside `before`, its sender having died, is sent once more: it may have been chance."""
    database.execute(
        "UPDATE shipment SET state = 'pending', crashes = ?, changed_at = ?"
        " WHERE state = 'attention' AND last_error = 'crashes' AND store_id = ? AND changed_at <= ?",
        MOST_CRASHES - 1,
        rfc3339(now),
        store_id,
        rfc3339(before),
    )


def release_refused(database: Database, since: datetime, now: datetime) -> None:
    """What the cloud refused from `since` on, other than conflicts, goes back to `pending`."""
    database.execute(
        f"UPDATE shipment SET state = 'pending', changed_at = ? WHERE {REFUSED} AND changed_at >= ?",
        rfc3339(now),
        rfc3339(since),
    )
