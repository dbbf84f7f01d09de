"""A value in a row of `sync.db` that is not what was written, though the file holds together: found by
whatever else says the same, and set right. So one bit that a bad card turned over loses no report."""

import logging

from factorypos_tui.core.account.assignment import TERMINAL, kept_of
from factorypos_tui.core.models import Report
from factorypos_tui.core.queue.shipments import State, read_where
from factorypos_tui.core.station import Station
from factorypos_tui.core.storage.database import Database

_log = logging.getLogger(__name__)


def facts_of(report: Report) -> dict[str, object]:
    """The columns of a shipment that repeat what stands in the report itself."""
    return {
        "report_id": report.id,
        "revision": report.revision,
        "kind": report.kind.value,
        "terminal_id": report.terminal_id,
        "period_id": report.period_id,
        "z_number": report.z_number,
        "business_date": report.business_date.isoformat(),
        "currency": report.currency,
        "net": report.net,
        "content_hash": report.content_hash,
    }


def correct(database: Database, row_id: int, report: Report) -> bool:
    """Have the row say what the report says; whether it had to be changed. Where another row says so already
    it is left alone."""
    facts = facts_of(report)
    changed = database.execute(
        f"UPDATE OR IGNORE shipment SET {', '.join(f'{name} = ?' for name in facts)} WHERE id = ?"
        f" AND ({', '.join(facts)}) IS NOT ({', '.join('?' * len(facts))})",
        *facts.values(),
        row_id,
        *facts.values(),
    )
    if changed:
        told = {"report_id": report.id, "z_number": report.z_number}
        _log.warning("corrected in the queue", extra={"facts": told})
    return bool(changed)


def correct_z(database: Database, again: Report) -> None:
    """The row of a Z, and of one whose id or hash is wrong by one character, says what the till's Z says."""
    of_its_day = "WHERE report_id = ? OR (kind = 'Z' AND z_number = ?)"
    for row in read_where(database, of_its_day, again.id, again.z_number):
        if is_almost(row.report_id + row.content_hash, again.id + again.content_hash):
            correct(database, row.id, again)


def correct_stores(station: Station) -> None:
    """The store in force and that of what waits are among those that this terminal was assigned to: an id
    that is wrong by one character becomes the right one. Of two for the store in force, the one that is kept
    with the token is right, or else the one that reports were made for."""
    database = station.database
    for (here,) in database.rows(
        "SELECT store_id FROM assignment WHERE store_id NOT IN (SELECT id FROM store)"
    ):
        kept = kept_of(station.credentials().get(TERMINAL))
        for known in _stores_almost(database, here):
            has_reports = database.row("SELECT 1 FROM shipment WHERE store_id = ? LIMIT 1", known)
            right = kept.store_id if kept and kept.store_id else known if has_reports else None
            if right == known:
                _replace(database, "assignment", "store_id", here, known)
            elif right == here:
                _replace(database, "store", "id", known, here)
    for (unknown,) in database.rows(
        "SELECT DISTINCT store_id FROM shipment WHERE state IN ('pending', 'sending')"
        " AND store_id NOT IN (SELECT id FROM store)"
    ):
        for known in _stores_almost(database, unknown):
            _replace(database, "shipment", "store_id", unknown, known)


def _stores_almost(database: Database, store_id: str) -> list[str]:
    known = [row[0] for row in database.rows("SELECT id FROM store")]
    return [found for found in known if is_almost(found, str(store_id))][:1]


def _replace(database: Database, table: str, column: str, wrong: str, right: str) -> None:
    database.execute(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", right, wrong)
    _log.warning("corrected", extra={"facts": {"table": table, column: right}})


def correct_terminal(database: Database, terminal_id: str) -> bool:
    """Whether the till that was assigned is this one, its id wrong by one character: set right."""
    kept = str(database.value("SELECT terminal_id FROM assignment"))
    if not is_almost(kept, terminal_id):
        return False
    _replace(database, "assignment", "terminal_id", kept, terminal_id)
    return True


def correct_tally(database: Database) -> None:
    """The counts by state are what is there."""
    with database.transaction():
        counted = database.rows("SELECT state, count(*) FROM shipment GROUP BY 1")
        right = {(state.value, 0) for state in State if state.value not in {row[0] for row in counted}}
        right.update(counted)
        if set(database.rows("SELECT state, shipments FROM tally")) != right:
            database.execute("DELETE FROM tally")
            for state, shipments in right:
                database.execute("INSERT INTO tally VALUES (?, ?)", state, shipments)
            _log.warning("corrected", extra={"facts": {"table": "tally"}})


def is_almost(one: str, other: str) -> bool:
    """Whether two texts differ in one character at most: one bit turns over, content does not change so."""
    return len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) <= 1
