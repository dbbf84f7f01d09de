"""Sends some refused Z again in a new form. Older versions made reports that FactoryCLOUD refused, of days
whose rows do not add up. Such a day is frozen again by today's rules. The refused report stays in the queue,
superseded. A report that a person has accepted is left alone."""

from factorypos_tui.core.account.assignment import Assignment
from factorypos_tui.core.errors import Unreportable
from factorypos_tui.core.queue.outbox import Outbox
from factorypos_tui.core.queue.states import NEEDS_A_PERSON, State
from factorypos_tui.core.queue.transitions import SUPERSEDE, move
from factorypos_tui.core.recovery.rebuilding import freeze_again
from factorypos_tui.core.station import Station


def freeze_refused_again(station: Station, assignment: Assignment) -> int:
    """Queue these days again; returns how many. Raises `TillError` and `StorageError`."""
    database, now, queued = station.database, station.clock.now(), 0
    refused = database.rows(
        f"SELECT id, z_number, content_hash, store_id FROM shipment WHERE {NEEDS_A_PERSON} AND kind = 'Z'"
        " AND last_error = 'invalid' AND terminal_id = ?",
        assignment.terminal.id,
    )
    for row_id, z_number, content_hash, store_id in refused:
        try:
            again = freeze_again(station, assignment.terminal.id, z_number)
        except Unreportable:
            continue
        if again is None or again.chain_hash != content_hash or again.report.content_hash == content_hash:
            continue
        with database.transaction():
            replaced = move(
                database,
                SUPERSEDE,
                now,
                ("id = ?", row_id),
                origins=(State.ATTENTION,),
                facts={"reason": "frozen_again"},
            )
            queued += (
                Outbox(database).enqueue(again.report, store_id, again.closed_at, now) if replaced else 0
            )
    return queued
