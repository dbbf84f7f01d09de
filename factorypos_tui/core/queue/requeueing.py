"""Delivered reports, or those set aside, are queued again: back to `pending`, with the same id and bytes.

Functions raise `StorageError`."""

from datetime import datetime

from factorypos_tui.core.account.stores import OPEN
from factorypos_tui.core.language.instants import rfc3339
from factorypos_tui.core.queue.outbox import MOST_CRASHES
from factorypos_tui.core.queue.states import REFUSED, State, in_states
from factorypos_tui.core.queue.transitions import QUEUE_AGAIN, Which, move, stamped
from factorypos_tui.core.storage.database import Database

_RESEND_BATCH = 500
_NEXT_TO_RESEND = f"""
    kind = 'Z' AND id IN (SELECT id FROM shipment NOT INDEXED WHERE store_id IN {OPEN} AND id > ?
    AND kind = 'Z' AND {in_states(QUEUE_AGAIN.origins)} ORDER BY id LIMIT ?)
"""


def retry(database: Database, row_id: int, now: datetime) -> bool:
    """Queue an `attention` report of an open store again; False if it is no such report."""
    return bool(_retry(database, now, (f"id = ? AND store_id IN {OPEN}", row_id)))


def retry_all(database: Database, now: datetime) -> int:
    """Do so for every report of open stores that needs attention; returns how many."""
    return _retry(database, now, (f"store_id IN {OPEN}",))


def _retry(database: Database, now: datetime, which: Which) -> int:
    moved = move(
        database,
        QUEUE_AGAIN,
        now,
        which,
        origins=(State.ATTENTION,),
        sets=stamped(now, "queued_at"),
        facts={"reason": "retry"},
    )
    return len(moved)


def resend_all(database: Database, now: datetime) -> int:
    """Queue every Z of open stores again, with the same ids and bytes; returns how many.

    In batches, so that a sender or a screen never waits long for the database."""
    resent, after = 0, 0
    since, why = stamped(now, "queued_at", "resent_at"), {"reason": "resend"}
    while True:
        these = _NEXT_TO_RESEND, after, _RESEND_BATCH
        rows = move(database, QUEUE_AGAIN, now, these, sets=since, facts=why, returning="id")
        if not rows:
            return resent
        resent += len(rows)
        after = max(row[-1] for row in rows)


def give_another_chance(database: Database, before: datetime, now: datetime) -> None:
    """Send again what was set aside `before` because its sender died: that may have been chance."""
    move(
        database,
        QUEUE_AGAIN,
        now,
        (f"last_error = 'crashes' AND store_id IN {OPEN} AND changed_at <= ?", rfc3339(before)),
        origins=(State.ATTENTION,),
        sets={"crashes = ?": MOST_CRASHES - 1},
        facts={"reason": "another_chance"},
    )


def release_refused(database: Database, since: datetime, now: datetime) -> None:
    """Put what the cloud has refused since then, without conflicts, back to `pending`."""
    since_then = f"{REFUSED} AND changed_at >= ?", rfc3339(since)
    move(database, QUEUE_AGAIN, now, since_then, facts={"reason": "refuses_everything"})
