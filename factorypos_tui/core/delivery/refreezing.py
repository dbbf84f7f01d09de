"""A Z of a day whose rows do not add up was refused by FactoryCLOUD, before reports said so in their figures.
It goes as it is made today; the one that was refused stays in the queue, superseded. One that somebody has
accepted as it stands is left alone."""

from factorypos_tui.core.account.assignment import Assignment
from factorypos_tui.core.errors import Unreportable
from factorypos_tui.core.language.instants import rfc3339
from factorypos_tui.core.queue.journal import MOVED, tell
from factorypos_tui.core.queue.queue import Queue
from factorypos_tui.core.recovery.rebuilding import freeze_again
from factorypos_tui.core.station import Station


def freeze_the_refused_anew(station: Station, assignment: Assignment) -> int:
    """Queue them; returns how many. Raises `TillError` and `StorageError`."""
    database, now, queued = station.database, station.clock.now(), 0
    refused = database.rows(
        "SELECT id, z_number, content_hash, store_id FROM shipment WHERE state = 'attention' AND kind = 'Z'"
        " AND accepted_at IS NULL AND last_error = 'invalid' AND terminal_id = ?",
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
            replaced = database.rows(
                "UPDATE shipment SET state = 'superseded', changed_at = ?"
                f" WHERE id = ? AND state = 'attention' AND accepted_at IS NULL RETURNING {MOVED}",
                rfc3339(now),
                row_id,
            )
            tell(database, "superseded", replaced, reason="frozen_anew")
            queued += Queue(database).enqueue(again.report, store_id, again.closed_at, now) if replaced else 0
    return queued
