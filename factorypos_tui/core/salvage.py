"""What can still be read of a damaged `sync.db`: settings, the assignment, reports that fit their hash."""

import errno
import logging
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from factorypos_tui.core.damage import copied
from factorypos_tui.core.database import Database
from factorypos_tui.core.errors import StorageError
from factorypos_tui.core.language import _
from factorypos_tui.core.reports import is_intact

_SMALL = ("setting", "assignment", "store")
_MOST_NAMED = 100
_log = logging.getLogger(__name__)
_Row = Mapping[str, Any]


def salvage(damaged: Path, database: Database) -> list[int]:
    """Take over into `database` what of `damaged` is sound, inside the caller's transaction.

    Returns the numbers of Z reports that were seen there and could not be taken over; the till may still
    have them. Raises `StorageError` where there is no room to read it: it is done again."""
    try:
        with copied(damaged) as copy, closing(sqlite3.connect(copy, timeout=0)) as old:
            old.row_factory = sqlite3.Row
            for table in _SMALL:
                for row in _rows(old, f"SELECT * FROM {table}"):
                    _insert(database, table, row)
            database.execute("UPDATE assignment SET collected_z = 0")
            return _take_over_shipments(old, database)
    except (sqlite3.Error, OSError) as error:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageError(
                _("The disk is full: {file} could not be read. Nothing was deleted. Free some space.").format(
                    file=damaged
                )
            ) from error
        _log.error("nothing could be salvaged", extra={"facts": {"error": str(error)}})
        return []


def _take_over_shipments(old: sqlite3.Connection, database: Database) -> list[int]:
    taken, lost = 0, []
    for row_id in _ids(old):
        for row in _rows(old, "SELECT * FROM shipment WHERE id = ?", row_id):
            body = next(_rows(old, "SELECT bytes FROM body WHERE shipment_id = ?", row_id), None)
            sound = body is not None and is_intact(bytes(body["bytes"]), str(row["content_hash"]))
            if sound and body is not None and _insert_shipment(database, row, bytes(body["bytes"])):
                taken += 1
            elif row["kind"] == "Z" and isinstance(row["z_number"], int):
                lost.append(row["z_number"])
    _log.warning("salvaged", extra={"facts": {"reports": taken, "not_salvaged": len(lost)}})
    return lost[:_MOST_NAMED]


def _ids(old: sqlite3.Connection) -> list[int]:
    """The ids that can be read from either end of the table."""
    found: set[int] = set()
    for direction in ("ASC", "DESC"):
        found.update(row["id"] for row in _rows(old, f"SELECT id FROM shipment ORDER BY +id {direction}"))
        found.update(row["id"] for row in _rows(old, f"SELECT id FROM shipment ORDER BY id {direction}"))
    return sorted(found)


def _rows(old: sqlite3.Connection, sql: str, *parameters: object) -> Iterator[_Row]:
    """The rows up to the first that cannot be read."""
    with suppress(sqlite3.Error, UnicodeDecodeError):
        for row in old.execute(sql, parameters):
            yield dict(row)


def _insert_shipment(database: Database, row: _Row, body: bytes) -> bool:
    kept = {name: value for name, value in row.items() if name not in ("id", "body")}
    kept |= {"bodiless": 0, "state": "pending" if row["state"] == "sending" else row["state"]}
    if not _insert(database, "shipment", kept):
        return False
    new_id = database.value(
        "SELECT id FROM shipment WHERE report_id = ? AND revision = ? AND content_hash = ?",
        row["report_id"],
        row["revision"],
        row["content_hash"],
    )
    database.execute("INSERT INTO body VALUES (?, ?)", new_id, body)
    return True


def _insert(database: Database, table: str, row: _Row) -> bool:
    """Whether the row was taken; one with values that the schema refuses is not sound."""
    known = {found[1] for found in database.rows(f"PRAGMA table_info({table})")}
    names = [name for name in row if name in known]
    try:
        return bool(
            database.execute(
                f"INSERT OR IGNORE INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",
                *(row[name] for name in names),
            )
        )
    except StorageError:
        return False
