"""What the cloud says it lacks is queued again, unasked, never in a circle: a report at most once a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from factorypos_tui.core.account.assignment import Assignment
from factorypos_tui.core.delivery.settling import learn, note_it_is_there
from factorypos_tui.core.language.instants import rfc3339
from factorypos_tui.core.queue.comparison import EVERY, note_compared, was_rebuilt
from factorypos_tui.core.queue.journal import MOVED
from factorypos_tui.core.queue.left_out import leave_out_no_longer
from factorypos_tui.core.queue.requeueing import give_another_chance, tell_again
from factorypos_tui.core.storage.database import Database

if TYPE_CHECKING:  # the app's first frame needs nothing of it
    from factorypos_tui.core.answers import HeldZ

_AT_ONCE = 500


def requeue_missing(database: Database, assignment: Assignment, numbers: Iterable[int], now: datetime) -> int:
    """Queue the Z that were delivered and that the cloud no longer has; returns how many.

    A cloud that claims to lack what it was sent gets it once a day, not again and again."""
    wanted, requeued = sorted(set(numbers)), 0
    for start in range(0, len(wanted), _AT_ONCE):
        requeued += _requeue(database, assignment, wanted[start : start + _AT_ONCE], now)
    return requeued


def _requeue(database: Database, assignment: Assignment, wanted: Sequence[int], now: datetime) -> int:
    again = database.rows(
        "UPDATE shipment SET state = 'pending', queued_at = ?, changed_at = ?, reconciled_at = ?"
        " WHERE kind = 'Z' AND state = 'delivered' AND result IS NOT 'elsewhere'"
        " AND store_id = ? AND terminal_id = ?"
        f" AND z_number IN ({', '.join('?' * len(wanted))})"
        " AND (reconciled_at IS NULL OR reconciled_at NOT BETWEEN ? AND ?)"
        f" RETURNING {MOVED}",
        *[rfc3339(now)] * 3,
        assignment.store.id,
        assignment.terminal.id,
        *wanted,
        rfc3339(now - EVERY),
        rfc3339(now),
    )
    return tell_again(database, again, "missing_there")


def reconcile(database: Database, assignment: Assignment, held: Sequence[HeldZ], now: datetime) -> int:
    """Settle the queue with all that the cloud holds of this terminal; returns how many reports wait anew."""
    if was_rebuilt(database):
        _settle_what_is_there(database, assignment, held, now)
    learn(database, assignment, held, now)
    numbers = {entry.z_number for entry in held}
    delivered = database.rows(
        "SELECT z_number FROM shipment WHERE kind = 'Z' AND state = 'delivered' AND result IS NOT 'elsewhere'"
        " AND store_id = ? AND terminal_id = ?",
        assignment.store.id,
        assignment.terminal.id,
    )
    with database.transaction():
        leave_out_no_longer(database, assignment.terminal.id, numbers)
        requeued = requeue_missing(database, assignment, {row[0] for row in delivered} - numbers, now)
        give_another_chance(database, assignment.store.id, now - EVERY, now)
        note_compared(database, now)
    return requeued


def _settle_what_is_there(
    database: Database, assignment: Assignment, held: Sequence[HeldZ], now: datetime
) -> None:
    """What waits here and is there already, to the hash, counts as delivered."""
    there = {(entry.report_id, entry.content_hash): entry for entry in held}
    rows = database.rows(
        f"SELECT id, content_hash, {MOVED} FROM shipment WHERE state = 'pending' AND kind = 'Z'"
        " AND store_id = ? AND terminal_id = ?",
        assignment.store.id,
        assignment.terminal.id,
    )
    with database.transaction():
        for row_id, content_hash, *moved in rows:
            if entry := there.get((moved[0], content_hash)):
                note_it_is_there(database, row_id, "pending", tuple(moved), entry, now)
