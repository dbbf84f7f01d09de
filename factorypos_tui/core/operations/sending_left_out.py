"""Sends a day that was left out when the store was assigned, because a person asked for it."""

from collections.abc import Collection
from dataclasses import replace

from factorypos_tui.core.account.assignment import (
    TERMINAL,
    Assignment,
    assigned,
    kept_of,
    save_assignment,
)
from factorypos_tui.core.delivery.collector import collect
from factorypos_tui.core.delivery.drain import sync_now
from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.language import _, format_numbers
from factorypos_tui.core.queue import shipments
from factorypos_tui.core.queue.left_out import days_left_out, leave_out_no_longer, spans
from factorypos_tui.core.station import Station


def left_out_here(station: Station) -> frozenset[int]:
    """The Z numbers that `send_left_out` would send; raises `NotConnected` where no store is assigned."""
    return days_left_out(station.database, assigned(station.database).terminal.id)


def send_left_out(station: Station, numbers: Collection[int]) -> int:
    """Queue closed days for the assigned store that are not queued yet, and try at once; returns how many.

    All of them are queued, or none. Raises `FactoryPosError` for a day that is queued already or was never
    closed, `NotConnected` where no store is assigned, and `TillError`."""
    assignment = assigned(station.database)
    collect(station)
    queued = shipments.z_numbers(station.database, assignment.terminal.id).intersection(numbers)
    if queued:
        sentence = _("Z {numbers} was not left out: it is in the queue. Nothing was changed.")
        raise FactoryPosError(sentence.format(numbers=format_numbers(sorted(queued))))
    unknown = set(numbers) - {close.z_number for close in station.till.closes(0)}
    if unknown:
        sentence = _("This till has closed no Z {numbers}. Nothing was changed.")
        raise FactoryPosError(sentence.format(numbers=format_numbers(sorted(unknown))))
    _forget(station, assignment, numbers)
    collect(station)
    sync_now(station)
    # The collector of the engine may have been first, so what this call collected is not what it led to.
    return len(shipments.z_numbers(station.database, assignment.terminal.id).intersection(numbers))


def _forget(station: Station, assignment: Assignment, numbers: Collection[int]) -> None:
    """Leave these days out no longer, here and beside the token; the collector looks at them again."""
    terminal_id, credentials = assignment.terminal.id, station.credentials()
    kept = kept_of(credentials.get(TERMINAL))
    left = spans(days_left_out(station.database, terminal_id).difference(numbers))
    if kept and kept.store_id and kept.left_out != left:
        credentials.set(TERMINAL, replace(kept, left_out=left).text())
    with station.database.transaction():
        leave_out_no_longer(station.database, terminal_id, numbers)
        seen = min(assignment.collected_z, *(number - 1 for number in numbers))
        save_assignment(station.database, replace(assignment, first_z=1, collected_z=seen))
