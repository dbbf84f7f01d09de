"""Closed days that a person chose not to send when a store was assigned. They are remembered until they are
sent after all; the collector queues every other closed day. Functions raise `StorageError`."""

from collections.abc import Collection, Iterable

from factorypos_tui.core.account.assignment import History
from factorypos_tui.core.storage.database import Database

Span = tuple[int, int]


def left_out_by(
    history: History, closed: Collection[int], held: Collection[int] | None, queued: Collection[int]
) -> frozenset[int]:
    """The Z numbers that go nowhere by a choice of `history`: of those `closed` at the till, `held` by the
    cloud (None where it cannot say), and `queued` here for whatever store."""
    if history is History.ALL or (history is History.MISSING and held is not None and not held):
        return frozenset()
    unsent = frozenset(closed) - set(held or ()) - set(queued)
    if history is History.MISSING:
        before = min(held or (1,))
        unsent = frozenset(number for number in unsent if number < before)
    return unsent


def days_left_out(database: Database, terminal_id: str) -> frozenset[int]:
    """The Z numbers of a terminal that are not sent."""
    return frozenset(
        row[0] for row in database.rows("SELECT z_number FROM left_out WHERE terminal_id = ?", terminal_id)
    )


def leave_out(database: Database, terminal_id: str, numbers: Iterable[int]) -> None:
    """Leave out exactly these days, in the caller's transaction."""
    database.execute("DELETE FROM left_out WHERE terminal_id = ?", terminal_id)
    for number in sorted(numbers):
        database.execute("INSERT INTO left_out VALUES (?, ?)", terminal_id, number)


def leave_out_no_longer(database: Database, terminal_id: str, numbers: Iterable[int]) -> None:
    """Leave these days out no longer: they are queued, or the cloud has them."""
    for number in days_left_out(database, terminal_id).intersection(numbers):
        database.execute("DELETE FROM left_out WHERE terminal_id = ? AND z_number = ?", terminal_id, number)


def spans(numbers: Iterable[int]) -> tuple[Span, ...]:
    """The first and the last of each run of numbers."""
    runs: list[Span] = []
    for number in sorted(numbers):
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return tuple(runs)
