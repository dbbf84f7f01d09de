"""Queued once more: reports that were delivered or set aside go back to `pending`, id and bytes unchanged.

    attention --retry, retry_all, give_another_chance, release_refused--> pending
    delivered, attention --resend_all--> pending

Functions raise `StorageError`.
"""

from collections.abc import Sequence
from datetime import datetime

from factorypos_tui.core.language.instants import rfc3339
from factorypos_tui.core.queue.journal import MOVED, tell
from factorypos_tui.core.queue.queue import MOST_CRASHES
from factorypos_tui.core.queue.shipments import NEEDS_ATTENTION, REFUSED
from factorypos_tui.core.storage.database import Database, Row

_RESEND_BATCH = 500


def retry(database: Database, row_id: int, store_id: str, now: datetime) -> bool:
    """A person wants an `attention` report of a store sent again; False if it is no such report."""
    again = database.rows(
        "UPDATE shipment SET state = 'pending', queued_at = ?, changed_at = ?"
        f" WHERE id = ? AND {NEEDS_ATTENTION} AND store_id = ? RETURNING {MOVED}",
        rfc3339(now),
        rfc3339(now),
        row_id,
        store_id,
    )
    return bool(tell_again(database, again, "retry"))


def retry_all(database: Database, store_id: str, now: datetime) -> int:
    """The same for every report of a store that needs attention; returns how many."""
    again = database.rows(
        "UPDATE shipment SET state = 'pending', queued_at = ?, changed_at = ?"
        f" WHERE {NEEDS_ATTENTION} AND store_id = ? RETURNING {MOVED}",
        rfc3339(now),
        rfc3339(now),
        store_id,
    )
    return tell_again(database, again, "retry")


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
            f" ORDER BY id LIMIT ?) RETURNING id, {MOVED}",
            *[rfc3339(now)] * 3,
            store_id,
            after,
            _RESEND_BATCH,
        )
        if not rows:
            return resent
        resent += tell_again(database, [row[1:] for row in rows], "resend")
        after = max(row[0] for row in rows)


def give_another_chance(database: Database, store_id: str, before: datetime, now: datetime) -> None:
    """What was set aside `before`, its sender having died, is sent once more: it may have been chance."""
    again = database.rows(
        "UPDATE shipment SET state = 'pending', crashes = ?, changed_at = ?"
        f" WHERE {NEEDS_ATTENTION} AND last_error = 'crashes' AND store_id = ? AND changed_at <= ?"
        f" RETURNING {MOVED}",
        MOST_CRASHES - 1,
        rfc3339(now),
        store_id,
        rfc3339(before),
    )
    tell_again(database, again, "another_chance")


def release_refused(database: Database, since: datetime, now: datetime) -> None:
    """What the cloud refused from `since` on, other than conflicts, goes back to `pending`."""
    again = database.rows(
        f"UPDATE shipment SET state = 'pending', changed_at = ? WHERE {REFUSED} AND changed_at >= ?"
        f" RETURNING {MOVED}",
        rfc3339(now),
        rfc3339(since),
    )
    tell_again(database, again, "refuses_everything")


def tell_again(database: Database, rows: Sequence[Row], reason: str) -> int:
    """Have it logged that these reports, as `MOVED` names them, wait once more; returns how many."""
    tell(database, "queued again", rows, reason=reason)
    return len(rows)
