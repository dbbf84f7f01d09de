"""Compares closed days with the queue: which of them are not queued, and how far the collector is. Functions
raise `TillError` and `StorageError`."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from factorypos_tui.core.account.assignment import Assignment, load_assignment
from factorypos_tui.core.language.instants import instant_of, rfc3339
from factorypos_tui.core.models import Close
from factorypos_tui.core.queue.held_up import held_up
from factorypos_tui.core.queue.left_out import days_left_out
from factorypos_tui.core.station import Station
from factorypos_tui.core.storage.database import Database

A_PAGE = 100
"""So many days are collected in one commit. Where more are left, a person is told how far it is."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How many of the till's closed days the collector has read."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class NotQueued:
    """Closed days that are not queued, by number."""

    uncollected: tuple[Close, ...] = ()
    """They are for the assigned store, or an earlier one."""
    unassigned: tuple[Close, ...] = ()
    """No store was assigned for them."""
    reading: Reading | None = None
    """How far the collector is; None where it has less than a page to go."""

    def __len__(self) -> int:
        return len(self.uncollected) + len(self.unassigned)


def closes_not_queued(station: Station) -> NotQueued:
    """Compare till and queue as they are now."""
    database, assignment = station.database, load_assignment(station.database)
    terminal_id = station.till.terminal().id
    if assignment is None or assignment.terminal.id != terminal_id:
        known = _known_closes(database, terminal_id, 0)
        return NotQueued(unassigned=tuple(c for c in station.till.closes(0) if c not in known))
    read = seen_so_far(station, assignment)
    seen = min([read, *(number - 1 for number in held_up(database))])
    not_wanted, closes = days_left_out(database, terminal_id), station.till.closes(seen)
    reading = _reading(station, sum(close.z_number > read for close in closes))
    late = tuple(it for it in late_ones(station, assignment, seen) if is_wanted(assignment, not_wanted, it))
    wanted = [close for close in closes if is_wanted(assignment, not_wanted, close)]
    if not wanted:
        return NotQueued(late, reading=reading)
    known, queued = _known_closes(database, terminal_id, seen), _queued_periods(database, terminal_id, seen)
    ahead = (close for close in wanted if close not in known or close.period_id not in queued)
    return NotQueued((*late, *ahead), reading=reading)


def _reading(station: Station, left: int) -> Reading | None:
    if left < A_PAGE:
        return None
    total = len(station.till.closes(0))
    return Reading(total - left, total)


def late_ones(station: Station, assignment: Assignment, seen: int) -> list[Close]:
    """Days that were closed only after days above them had been seen, and that the collector has to look at.
    Those that are held up are remembered elsewhere."""
    late = [close for close in station.till.late_closes() if close.z_number <= seen]
    if not late:
        return []
    database, terminal_id = station.database, assignment.terminal.id
    held, not_wanted = held_up(database), days_left_out(database, terminal_id)
    queued = _queued_periods(database, terminal_id, 0)
    return [
        close
        for close in late
        if close.z_number not in held
        and not (
            is_known(database, terminal_id, close)
            and (close.period_id in queued or not is_wanted(assignment, not_wanted, close))
        )
    ]


def seen_so_far(station: Station, assignment: Assignment) -> int:
    """The number up to which the till still tells what it told before; 0 where it was restored from a
    backup."""
    seen = assignment.collected_z
    if not seen:
        return 0
    close = next(iter(station.till.closes(seen - 1)), None)
    if close is None or close.z_number != seen:
        return 0
    held = held_up(station.database).get(seen)
    known = is_known(station.database, assignment.terminal.id, close)
    return seen if known or (held and held.period_id == close.period_id) else 0


def is_wanted(assignment: Assignment, not_wanted: Collection[int], close: Close) -> bool:
    """Whether the assigned store is to get it. A till that was restored from a backup closes numbers again
    that it had closed before the store was assigned."""
    is_offered = close.z_number >= assignment.first_z and close.z_number not in not_wanted
    return is_offered or close.closed_at > rfc3339(assignment.assigned_at)


def is_known(database: Database, terminal_id: str, close: Close) -> bool:
    """Whether this close, and not another with its number, was the last one seen."""
    seen = database.row(
        "SELECT period_id, closed_at FROM z_hash WHERE terminal_id = ? AND z_number = ?",
        terminal_id,
        close.z_number,
    )
    return seen is not None and tuple(seen) == (close.period_id, close.closed_at)


def _known_closes(database: Database, terminal_id: str, after: int) -> set[Close]:
    rows = database.rows(
        "SELECT z_number, period_id, closed_at FROM z_hash WHERE terminal_id = ? AND z_number > ?",
        terminal_id,
        after,
    )
    return {Close(*row) for row in rows}


def _queued_periods(database: Database, terminal_id: str, after: int) -> set[str]:
    rows = database.rows(
        "SELECT period_id FROM shipment WHERE kind = 'Z' AND z_number > ? AND terminal_id = ?",
        after,
        terminal_id,
    )
    return {row[0] for row in rows}


def moment_of(close: Close) -> datetime | None:
    """When it was closed; None where another program wrote no date of our calendar."""
    try:
        return instant_of(close.closed_at)
    except ValueError:
        return None
