"""What the cloud says it lacks is queued again, unasked, never in a circle: a report at most once a day."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from factorypos_tui.core.account.assignment import Assignment
from factorypos_tui.core.delivery.settling import in_conflict, learn, note_it_is_there
from factorypos_tui.core.language import _, format_numbers
from factorypos_tui.core.language.instants import rfc3339
from factorypos_tui.core.queue.journal import MOVED
from factorypos_tui.core.queue.left_out import leave_out_no_longer
from factorypos_tui.core.queue.requeueing import give_another_chance, tell_again
from factorypos_tui.core.settings import drop_fact, fact, fact_at, keep_fact
from factorypos_tui.core.storage.database import Database

if TYPE_CHECKING:  # the app's first frame needs nothing of it
    from factorypos_tui.core.answers import HeldZ

_EVERY = timedelta(days=1)
_WHILE_IN_CONFLICT = timedelta(minutes=15)
_AFTER_FAILURE = timedelta(hours=1)
_AT_ONCE = 500
_COMPARED, _REBUILT, _ELSEWHERE = "compared_at", "rebuilt", "closed_elsewhere"
_MOST_NAMED = 100
_log = logging.getLogger(__name__)


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
        rfc3339(now - _EVERY),
        rfc3339(now),
    )
    return tell_again(database, again, "missing_there")


def comparison_is_due(database: Database, now: datetime) -> bool:
    """Whether a day has passed since the cloud's list was compared, or less while its owner may be settling a
    conflict; a clock set back makes it due, too."""
    found = fact_at(database, _COMPARED)
    return found is None or not now - _pause(database) < found <= now


def _pause(database: Database) -> timedelta:
    return _WHILE_IN_CONFLICT if in_conflict(database) else _EVERY


def compare_soon(database: Database) -> None:
    """A report met another one with its number: what else does the cloud hold of this terminal?"""
    drop_fact(database, _COMPARED)


def note_what_was_closed_elsewhere(database: Database, held: Sequence[HeldZ], last_z: int) -> None:
    """Remember the Z that the cloud holds of this terminal beyond the last that its till has closed."""
    numbers = sorted(entry.z_number for entry in held if entry.z_number > last_z)[:_MOST_NAMED]
    if numbers:
        keep_fact(database, _ELSEWHERE, json.dumps(numbers))
        _log.error("closed elsewhere", extra={"facts": {"z_numbers": numbers}})
    elif fact(database, _ELSEWHERE) is not None:
        drop_fact(database, _ELSEWHERE)


def elsewhere_words(database: Database) -> str | None:
    """What it means that days of this terminal were closed elsewhere; None where none were."""
    try:
        numbers = [int(number) for number in json.loads(fact(database, _ELSEWHERE) or "[]")]
    except (ValueError, TypeError):  # damaged on the disk: the next comparison says it again
        return None
    if not numbers:
        return None
    return _(
        "FactoryCLOUD has days of this terminal that this till has not closed: Z {numbers}. Either the till"
        " was restored from an old copy, or another machine was copied from this one and sends, too."
        " Nothing is lost. Call support before you close the day."
    ).format(numbers=format_numbers(numbers))


def was_rebuilt(database: Database) -> bool:
    """Whether this queue was built anew and the cloud has not yet said what of it is there already."""
    return fact(database, _REBUILT) is not None


def mark_rebuilt(database: Database) -> None:
    """What is queued from now on may have been delivered before: ask the cloud first."""
    keep_fact(database, _REBUILT, "yes")
    drop_fact(database, _COMPARED)


def put_comparison_off(database: Database, now: datetime) -> None:
    """It failed: not again at once, whatever the reason."""
    drop_fact(database, _REBUILT)
    pause = _pause(database)
    keep_fact(database, _COMPARED, rfc3339(now - pause + min(pause, _AFTER_FAILURE)))


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
        give_another_chance(database, assignment.store.id, now - _EVERY, now)
        drop_fact(database, _REBUILT)
        keep_fact(database, _COMPARED, rfc3339(now))
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
