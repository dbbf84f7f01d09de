"""Looks at each closed day again: one after the other as long as the program runs, or once a day all of them
where no process stays. Does the till still say what it said, and is the queue still what was written?
Functions raise `TillError` and `StorageError`."""

from datetime import timedelta

from factorypos_tui.core.account.assignment import load_assignment
from factorypos_tui.core.errors import Unreportable
from factorypos_tui.core.language.instants import rfc3339
from factorypos_tui.core.models import Kind, Report
from factorypos_tui.core.queue.frozen import frozen
from factorypos_tui.core.queue.hash_chain import IS_DELETED
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.recovery.rebuilding import build_on, freeze_again, keep_bytes
from factorypos_tui.core.reports.reports import FrozenZ, report_id
from factorypos_tui.core.station import Station
from factorypos_tui.core.storage.database import Database
from factorypos_tui.core.storage.facts import fact_at, keep_fact

_EVERY = timedelta(days=1)
_LOOKED = "looked_at_all"
_NEXT = (
    "SELECT z_number, period_id, content_hash, differs FROM z_hash"
    " WHERE terminal_id = ? AND z_number > ? ORDER BY z_number LIMIT 1"
)
_ROWS_OF_A_DAY = "SELECT id, state FROM shipment WHERE report_id = ? OR (kind = 'Z' AND z_number = ?)"


def look_at_all_if_due(station: Station) -> None:
    """Look at each closed day, unless that was done within the last day."""
    database, now = station.database, station.clock.now()
    last = fact_at(database, _LOOKED)
    if last and now - _EVERY < last <= now:
        return
    number = look_at_the_next(station, 0)
    while number:
        number = look_at_the_next(station, number)
    keep_fact(database, _LOOKED, rfc3339(now))


def look_at_the_next(station: Station, after: int) -> int:
    """Compare the next Z above the number `after` with the one that the till makes now, and note in `z_hash`
    how they differ. Returns its number; 0 after the last. Raises `DamagedError` where the queue contradicts
    itself."""
    assignment, database = load_assignment(station.database), station.database
    if assignment is None:
        return 0
    terminal_id = assignment.terminal.id
    row = database.row(_NEXT, terminal_id, after)
    if row is None or station.till.terminal().id != terminal_id:
        return 0
    z_number, period_id, chain_hash, differed = row
    with database.trusted():
        name = report_id(terminal_id, Kind.Z, period_id)
    queued = _queued(database, name, z_number)
    again, differs = _make_again(station, terminal_id, z_number, chain_hash)
    numbers = {report.z_number for report in queued if report.id == name}
    if differs == IS_DELETED and numbers and z_number not in numbers:
        raise database.damaged()  # the day is in the queue, and no day of this number ever was
    if differs and _chain_is_wrong(station, terminal_id, z_number, chain_hash, queued):
        raise database.damaged()
    if differs != differed:
        database.execute(
            "UPDATE z_hash SET differs = ? WHERE terminal_id = ? AND z_number = ? AND content_hash = ?",
            differs,
            terminal_id,
            z_number,
            chain_hash,
        )
    if again:
        _make_whole(database, again.report)
    return int(z_number)


def _queued(database: Database, name: str, z_number: int) -> list[Report]:
    """The reports of a day in the queue; the rows are compared with their bytes, and each is in a state."""
    rows = database.rows(_ROWS_OF_A_DAY, name, z_number)
    with database.trusted():
        ids = [row_id for row_id, state in rows if State(state)]
    return [report for row_id in ids if (report := frozen(database, row_id))]


def _make_again(
    station: Station, terminal_id: str, z_number: int, chain_hash: str
) -> tuple[FrozenZ | None, int]:
    """The Z that the till makes now, and how it differs from the frozen one."""
    try:
        again = freeze_again(station, terminal_id, z_number)
    except Unreportable:  # so the till's rows have changed
        return None, 1
    return again, int(again.chain_hash != chain_hash) if again else IS_DELETED


def _chain_is_wrong(
    station: Station, terminal_id: str, z_number: int, chain_hash: str, queued: list[Report]
) -> bool:
    """Whether the till still makes the frozen report, and only the chain has another hash. The till then
    makes the report as it was queued, or the hash that the next day names, or, built on the day before, the
    hash in the chain."""
    database = station.database
    frozen_then = {chain_hash, *(report.content_hash for report in queued)}
    frozen_then.update(
        row[0]
        for row in database.rows(
            "SELECT previous_hash FROM z_hash WHERE terminal_id = ? AND z_number > ?"
            " ORDER BY z_number LIMIT 1",
            terminal_id,
            z_number,
        )
    )
    befores = database.rows(
        "SELECT previous_hash FROM z_hash WHERE terminal_id = ?1 AND z_number = ?2 UNION"
        " SELECT content_hash FROM z_hash WHERE terminal_id = ?1 AND z_number ="
        " (SELECT max(z_number) FROM z_hash WHERE terminal_id = ?1 AND z_number < ?2)",
        terminal_id,
        z_number,
    )
    try:
        made = [build_on(station, terminal_id, z_number, before) for (before,) in befores]
    except Unreportable:
        return False
    return any(z and not frozen_then.isdisjoint((z.chain_hash, z.report.content_hash)) for z in made)


def _make_whole(database: Database, again: Report) -> None:
    """Keep the bytes of a row whose bytes an older version deleted."""
    for (row_id,) in database.rows(
        "SELECT id FROM shipment WHERE report_id = ? AND revision = 0 AND content_hash = ?"
        " AND NOT EXISTS (SELECT 1 FROM body WHERE shipment_id = shipment.id)",
        again.id,
        again.content_hash,
    ):
        keep_bytes(database, row_id, again)
