"""Reports that the cloud lacks are queued again without being asked, each at most once a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from factorypos_tui.core.account.assignment import Assignment
from factorypos_tui.core.account.stores import OPEN
from factorypos_tui.core.delivery.settling import learn, note_it_is_there
from factorypos_tui.core.language.instants import rfc3339
from factorypos_tui.core.queue.comparison import EVERY, note_compared, was_rebuilt
from factorypos_tui.core.queue.left_out import leave_out_no_longer
from factorypos_tui.core.queue.requeueing import give_another_chance
from factorypos_tui.core.queue.states import State, in_states
from factorypos_tui.core.queue.transitions import QUEUE_AGAIN, move, stamped
from factorypos_tui.core.storage.database import Database

if TYPE_CHECKING:  # the app's first frame needs nothing of it
    from factorypos_tui.core.answers import HeldZ

_AT_ONCE = 500


def requeue_missing(database: Database, assignment: Assignment, numbers: Iterable[int], now: datetime) -> int:
    """Queue the Z that were delivered and that the cloud no longer has; returns how many.

    A cloud that says again and again that it lacks a report gets it once a day."""
    wanted, requeued = sorted(set(numbers)), 0
    for start in range(0, len(wanted), _AT_ONCE):
        requeued += _requeue(database, assignment, wanted[start : start + _AT_ONCE], now)
    return requeued


def _requeue(database: Database, assignment: Assignment, wanted: Sequence[int], now: datetime) -> int:
    again = move(
        database,
        QUEUE_AGAIN,
        now,
        (
            f"kind = 'Z' AND result IS NOT 'elsewhere' AND store_id IN {OPEN} AND terminal_id = ?"
            f" AND z_number IN ({', '.join('?' * len(wanted))})"
            " AND (reconciled_at IS NULL OR reconciled_at NOT BETWEEN ? AND ?)",
            *(assignment.terminal.id, *wanted, rfc3339(now - EVERY), rfc3339(now)),
        ),
        origins=(State.DELIVERED,),
        sets=stamped(now, "queued_at", "reconciled_at"),
        facts={"reason": "missing_there"},
    )
    return len(again)


def reconcile(database: Database, assignment: Assignment, held: Sequence[HeldZ], now: datetime) -> int:
    """Bring the queue in line with all that the cloud holds of this terminal; returns how many reports wait
    again."""
    _settle_what_is_there(database, assignment, held, now)
    learn(database, assignment, held, now)
    numbers = {entry.z_number for entry in held}
    delivered = database.rows(
        f"SELECT z_number FROM shipment WHERE kind = 'Z' AND {in_states([State.DELIVERED])}"
        f" AND result IS NOT 'elsewhere' AND store_id IN {OPEN} AND terminal_id = ?",
        assignment.terminal.id,
    )
    with database.transaction():
        leave_out_no_longer(database, assignment.terminal.id, numbers)
        requeued = requeue_missing(database, assignment, {row[0] for row in delivered} - numbers, now)
        give_another_chance(database, now - EVERY, now)
        note_compared(database, now)
    return requeued


def _settle_what_is_there(
    database: Database, assignment: Assignment, held: Sequence[HeldZ], now: datetime
) -> None:
    """Count a waiting report as delivered where the cloud holds it with the same hash, if it cannot be sent,
    or was perhaps sent before this queue was built again."""
    held_by_name = {(entry.report_id, entry.content_hash): entry for entry in held}
    rows = database.rows(
        f"SELECT id, report_id, content_hash FROM shipment WHERE {in_states([State.PENDING])}"
        f" AND kind = 'Z' AND (? OR store_id NOT IN {OPEN}) AND terminal_id = ?",
        was_rebuilt(database),
        assignment.terminal.id,
    )
    with database.transaction():
        for row_id, *named in rows:
            if entry := held_by_name.get(tuple(named)):
                note_it_is_there(database, row_id, entry, now)
