"""What can still be read of a damaged `sync.db`: settings, the assignment, and reports that fit their hash.

Only what till, cloud and token cannot tell is taken over, and only where it makes sense: it must not be found
damaged again."""

import errno
import json
import logging
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from factorypos_tui.core.account.assignment import DISCONNECTED, EARLIER_STORES
from factorypos_tui.core.account.earlier_stores import earlier_stores_of
from factorypos_tui.core.account.stores import remember_store
from factorypos_tui.core.configuration.accepted import accepted_of
from factorypos_tui.core.errors import FieldProblem, StorageError
from factorypos_tui.core.language import _
from factorypos_tui.core.language.instants import instant_of, rfc3339, utc_now
from factorypos_tui.core.models import Report, Store
from factorypos_tui.core.queue.acknowledgements import keep_keys, keep_signed, key_of, signed_of
from factorypos_tui.core.queue.frozen import REPEATED, repeated
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.queue.transitions import PUT_BACK
from factorypos_tui.core.reports.reports import thaw
from factorypos_tui.core.settings import SETTINGS
from factorypos_tui.core.storage.damage import copied
from factorypos_tui.core.storage.database import Database
from factorypos_tui.core.storage.packing import packed, unpacked

_KNOWN_NOWHERE_ELSE = {
    *SETTINGS,
    "account",
    "configuration",
    DISCONNECTED,
    "till_zone",
    "welcomed",
}
"""The facts that are taken over; the others can be found again."""
_WHERE_SOUND: Mapping[str, Callable[[str], object]] = {
    "cloud_heard_at": instant_of,
    "resend_begun": instant_of,
    EARLIER_STORES: earlier_stores_of,
}
"""Those that are taken over where these can read them."""
_STORES_OF_MANY = "SELECT store_id FROM shipment GROUP BY store_id HAVING count(*) > 1"
_MOST_NAMED = 100
_ALWAYS = ("as_of", "queued_at", "changed_at")
_SOMETIMES = ("delivered_at", "resent_at", "reconciled_at", "accepted_at")
_COUNTED = ("attempts", "crashes")
_log = logging.getLogger(__name__)
_Row = Mapping[str, Any]


def salvage(damaged: Path, database: Database) -> list[int]:
    """Take what is sound in `damaged` over into `database`, inside the caller's transaction.

    Returns the numbers of Z reports that could be seen but not taken over; the till may still have them.
    Raises `StorageError` where there is no room to read the file: then it is tried again."""
    try:
        with copied(damaged) as copy, closing(sqlite3.connect(copy, timeout=0)) as old:
            old.row_factory = sqlite3.Row
            for row in _rows(old, "SELECT * FROM setting"):
                if _is_to_be_kept(row.get("name"), row.get("value")):
                    _insert(database, "setting", row)
            for table in ("store", "left_out"):
                for row in _rows(old, f"SELECT * FROM {table}"):
                    _insert(database, table, row)
            for row in _rows(old, "SELECT * FROM accepted_configuration"):
                if _is_whole(row):
                    _insert(database, "accepted_configuration", row)
            lost = _take_over_shipments(old, database)
            _take_over_acknowledgements(old, database)
            _take_over_assignment(old, database)
            return lost
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
    taken, lost, stores = 0, [], _stores(old)
    store_id = next(iter(stores), None)
    for row_id in _ids(old):
        for row in _rows(old, "SELECT * FROM shipment WHERE id = ?", row_id):
            named = row.get("store_id")
            store_id = named if named in stores else store_id or named
            apart = next(_rows(old, "SELECT bytes FROM body WHERE shipment_id = ?", row_id), {})
            body = apart.get("bytes", row.get("body"))  # a file of version 1 has the bytes in the row
            report = thaw(unpacked(body)) if isinstance(body, bytes) else None
            if report and _insert_shipment(database, {**row, "store_id": store_id}, report):
                taken += 1
            elif row.get("kind") == "Z" and isinstance(number := row.get("z_number"), int):
                lost.append(number)
    database.execute(
        "INSERT OR IGNORE INTO store (id, name) SELECT DISTINCT store_id, store_id FROM shipment"
    )
    _log.warning("salvaged", extra={"facts": {"reports": taken, "not_salvaged": len(lost)}})
    return lost[:_MOST_NAMED]


def _take_over_acknowledgements(old: sqlite3.Connection, database: Database) -> None:
    """Take over what FactoryCLOUD signed of the reports that were taken over, and its public keys; what is
    damaged comes again with the next resending."""
    for row in _rows(old, "SELECT * FROM acknowledgement"):
        document = row.get("document")
        if not isinstance(document, bytes) or (signed := signed_of(document)) is None:
            continue
        report_id, content_hash, answer = signed
        row_id = database.value(
            "SELECT id FROM shipment WHERE report_id = ? AND content_hash = ?", report_id, content_hash
        )
        if row_id is not None:
            keep_signed(database, row_id, answer)
    for row in _rows(old, "SELECT * FROM cloud_key"):
        if isinstance(text := row.get("document"), str) and (key := key_of(text)):
            keep_keys(database, [key])


def _stores(old: sqlite3.Connection) -> list[str]:
    """The stores that reports were made for, the assigned one first. A single report that names another store
    was made for the store of the report before it."""
    named = ("SELECT store_id FROM assignment", "SELECT id AS store_id FROM store", _STORES_OF_MANY)
    return [row["store_id"] for sql in named for row in _rows(old, sql)]


def _take_over_assignment(old: sqlite3.Connection, database: Database) -> None:
    """Take over the assigned store, where nothing contradicts it; else the cloud is asked which store the
    token is for."""
    stores = {row["id"] for row in _rows(old, "SELECT id FROM store")}
    terminals = {row[0] for row in database.rows("SELECT DISTINCT terminal_id FROM shipment")}
    for row in _rows(old, "SELECT * FROM assignment"):
        is_contradicted = (stores and row.get("store_id") not in stores) or (
            terminals and row.get("terminal_id") not in terminals
        )
        is_sound = not is_contradicted and _can_be_read(row.get("assigned_at"), instant_of)
        if is_sound and _insert(database, "assignment", {**row, "collected_z": 0}):
            store = Store(row["store_id"], row["store_name"])
            remember_store(database, store, row.get("assigned_by"))


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


def _insert_shipment(database: Database, row: _Row, report: Report) -> bool:
    """Whether a report was taken over: fields of the bytes from there, the others from the row where they
    make sense."""
    values = {name: value for name, value in row.items() if name not in ("id", "body")}
    values |= _bookkeeping(row) | dict(zip(REPEATED, repeated(report), strict=True))
    if values["state"] in PUT_BACK.origins:
        (values["state"],) = PUT_BACK.targets
    if values["state"] == State.ATTENTION and values.get("accepted_at"):
        values["state"] = State.ACCEPTED  # a file up to version 10 says so beside the state
    if not _insert(database, "shipment", values):
        return False
    new_id = database.value(
        "SELECT id FROM shipment WHERE report_id = ? AND revision = ? AND content_hash = ?",
        report.id,
        report.revision,
        report.content_hash,
    )
    database.execute("INSERT INTO body VALUES (?, ?)", new_id, packed(report.body))
    return True


def _bookkeeping(row: _Row) -> dict[str, object]:
    """The columns to reset: none where all that was noted of the delivery can be read. Else the delivery
    begins again, and the cloud tells the rest."""
    try:
        for name in _ALWAYS:
            instant_of(row[name])
        for name in _SOMETIMES:
            if row.get(name) is not None:
                instant_of(row[name])
        State(row["state"])
        [FieldProblem(**entry) for entry in json.loads(row.get("refused_fields") or "[]")]
        if all(isinstance(row.get(name, 0), int) for name in _COUNTED):
            return {}
    except (ValueError, TypeError, KeyError):
        pass
    now = rfc3339(utc_now())
    return (
        {
            "state": State.PENDING,
            "result": None,
            "last_status": None,
            "last_error": None,
            "refused_fields": None,
        }
        | dict.fromkeys(_ALWAYS, now)
        | dict.fromkeys(_SOMETIMES)
        | dict.fromkeys(_COUNTED, 0)
    )


def _is_to_be_kept(name: Any, value: Any) -> bool:
    reader = _WHERE_SOUND.get(name)
    return name in _KNOWN_NOWHERE_ELSE or (reader is not None and _can_be_read(value, reader))


def _is_whole(accepted: _Row) -> bool:
    """Whether an accepted configuration can be unpacked, and what is noted of it can be read."""
    document = accepted.get("document")
    is_packed = isinstance(document, bytes) and unpacked(document) != document
    return is_packed and _can_be_read(accepted, accepted_of)


def _can_be_read(value: Any, reader: Callable[[Any], object]) -> bool:
    with suppress(ValueError, TypeError):
        reader(value)
        return True
    return False


def _insert(database: Database, table: str, row: _Row) -> bool:
    """Whether the row was taken over; a row that the schema refuses is not sound."""
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
