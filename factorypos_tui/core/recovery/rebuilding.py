"""Reports built a second time from the till: the same to the byte, or the till no longer says what it said.

So each closed day is looked at again, one after the other, as long as the program runs. A version before
deleted the bytes of what was delivered long ago: they are built again on that round, or when they are needed.
Functions raise `TillError` and `StorageError`.
"""

from factorypos_tui.core.account.assignment import load_assignment
from factorypos_tui.core.delivery.correcting import correct, correct_z, is_almost
from factorypos_tui.core.errors import Unreportable
from factorypos_tui.core.models import Report
from factorypos_tui.core.queue.chain import IS_DELETED
from factorypos_tui.core.queue.shipments import body
from factorypos_tui.core.queue.transitions import PUT_BACK, SET_ASIDE, move, set_aside
from factorypos_tui.core.reports.reports import FrozenZ, freeze_z
from factorypos_tui.core.station import Station
from factorypos_tui.core.storage.packing import packed

_AT_ONCE = 100
_LACKS_BYTES = "state = 'pending' AND NOT EXISTS (SELECT 1 FROM body WHERE shipment_id = shipment.id)"


def build_again(station: Station, terminal_id: str, z_number: int) -> Report | None:
    """The Z that the till's day of this number makes today; None where it is another till, has no such day,
    or its rows make no report any more."""
    try:
        again = freeze_again(station, terminal_id, z_number)
    except Unreportable:
        return None
    return again.report if again else None


def freeze_again(station: Station, terminal_id: str, z_number: int) -> FrozenZ | None:
    """The same with what the chain names; raises `Unreportable`."""
    previous_hash = station.database.value(
        "SELECT previous_hash FROM z_hash WHERE terminal_id = ? AND z_number = ?", terminal_id, z_number
    )
    return _build_on(station, terminal_id, z_number, previous_hash)


def _build_on(station: Station, terminal_id: str, z_number: int, previous_hash: str | None) -> FrozenZ | None:
    if station.till.terminal().id != terminal_id:
        return None
    found = station.till.closed_periods(z_number - 1, 1)
    if not found or found[0].z_number != z_number:
        return None
    return freeze_z(found[0], station.till.receipts(found[0].id), previous_hash)


def report_bytes(station: Station, row_id: int) -> bytes | None:
    """The bytes of a report of the queue, from here or from the till; None where neither has them."""
    if (kept := body(station.database, row_id)) is not None:
        return kept
    row = station.database.row(
        "SELECT terminal_id, z_number, content_hash FROM shipment WHERE id = ? AND kind = 'Z'", row_id
    )
    again = row and build_again(station, row[0], row[1])
    return again.body if again and row and again.content_hash == row[2] else None


def restore_bodies(station: Station, terminal_id: str) -> int:
    """Give some of a terminal's reports that wait without their bytes the same bytes again; where the till
    cannot, somebody must look. Returns how many it was done for."""
    database = station.database
    rows = database.rows(
        f"SELECT id, z_number, content_hash FROM shipment WHERE {_LACKS_BYTES} AND terminal_id = ? LIMIT ?",
        terminal_id,
        _AT_ONCE,
    )
    for row_id, z_number, content_hash in rows:
        again = build_again(station, terminal_id, z_number) if z_number else None
        if again and is_almost(again.content_hash, content_hash):
            correct(database, row_id, again)
            _put_body(station, row_id, again.body)
        else:
            _give_up(station, row_id)
    return len(rows)


def take_body_away(station: Station, row_id: int) -> None:
    """The bytes of a claimed report are not what they were: it waits for others, in the caller's
    transaction."""
    its_row, now = ("id = ?", row_id), station.clock.now()
    move(station.database, PUT_BACK, now, its_row, facts={"reason": "damaged"})
    station.database.execute("DELETE FROM body WHERE shipment_id = ?", row_id)


def look_at_the_next(station: Station, after: int) -> int:
    """Build the next Z above the number `after` again and note whether it is still the same; then its row is
    set right, and bytes that it lacks are kept. Returns its number; 0 after the last."""
    assignment, database = load_assignment(station.database), station.database
    if assignment is None:
        return 0
    terminal_id = assignment.terminal.id
    row = database.row(
        "SELECT z_number, content_hash, differs FROM z_hash"
        " WHERE terminal_id = ? AND z_number > ? ORDER BY z_number LIMIT 1",
        terminal_id,
        after,
    )
    if row is None or station.till.terminal().id != terminal_id:
        return 0
    z_number, content_hash, differed = row
    again, differs = _make_again(station, terminal_id, z_number, content_hash)
    if differs == IS_DELETED and _is_another_day(station, terminal_id, z_number):
        return int(z_number)
    if differs != differed:
        database.execute(
            "UPDATE z_hash SET differs = ? WHERE terminal_id = ? AND z_number = ? AND content_hash = ?",
            differs,
            terminal_id,
            z_number,
            _frozen_hash(station, terminal_id, z_number),
        )
    if again is not None and not differs:
        correct_z(database, again)
        _keep_bytes(station, again)
    return int(z_number)


def _make_again(station: Station, terminal_id: str, z_number: int, kept: str) -> tuple[Report | None, int]:
    """The Z that the till makes now, and how it differs from what was frozen, as `z_hash.differs` says it."""
    try:
        again = freeze_again(station, terminal_id, z_number)
        if again is None or again.chain_hash != kept:
            again = _correct_chain(station, terminal_id, z_number, kept) or again
    except Unreportable:  # so it is not what was frozen
        return None, 1
    if again is None:
        return None, IS_DELETED
    return again.report, int(again.chain_hash != _frozen_hash(station, terminal_id, z_number))


def _frozen_hash(station: Station, terminal_id: str, z_number: int) -> str | None:
    found: str | None = station.database.value(
        "SELECT content_hash FROM z_hash WHERE terminal_id = ? AND z_number = ?", terminal_id, z_number
    )
    return found


def _is_another_day(station: Station, terminal_id: str, z_number: int) -> bool:
    """Whether the very day is in the chain under another number, too: then this number is wrong, and goes."""
    return bool(
        station.database.execute(
            "DELETE FROM z_hash WHERE terminal_id = ? AND z_number = ? AND EXISTS"
            " (SELECT 1 FROM z_hash AS other WHERE other.terminal_id = z_hash.terminal_id AND"
            " other.z_number <> z_hash.z_number AND other.period_id = z_hash.period_id"
            " AND other.content_hash = z_hash.content_hash)",
            terminal_id,
            z_number,
        )
    )


def _correct_chain(station: Station, terminal_id: str, z_number: int, kept: str) -> FrozenZ | None:
    """The till's Z where it is what was frozen, and only the chain has a wrong character: set right now."""
    database = station.database
    before = database.rows(
        "SELECT previous_hash FROM z_hash WHERE terminal_id = ?1 AND z_number = ?2 UNION"
        " SELECT content_hash FROM z_hash WHERE terminal_id = ?1 AND z_number ="
        " (SELECT max(z_number) FROM z_hash WHERE terminal_id = ?1 AND z_number < ?2)",
        terminal_id,
        z_number,
    )
    for (previous_hash,) in before:
        again = _build_on(station, terminal_id, z_number, previous_hash)
        if again and is_almost(again.chain_hash, kept):
            database.execute(
                "UPDATE z_hash SET content_hash = ?, previous_hash = ?"
                " WHERE terminal_id = ? AND z_number = ?",
                again.chain_hash,
                previous_hash,
                terminal_id,
                z_number,
            )
            return again
    return None


def _keep_bytes(station: Station, again: Report) -> None:
    """Bytes that are not here, or are no longer what was frozen, become that again."""
    for (row_id,) in station.database.rows(
        "SELECT id FROM shipment LEFT JOIN body ON shipment_id = id"
        " WHERE report_id = ? AND revision = 0 AND content_hash = ? AND bytes IS NOT ?",
        again.id,
        again.content_hash,
        packed(again.body),
    ):
        _put_body(station, row_id, again.body)


def _put_body(station: Station, row_id: int, found: bytes) -> None:
    station.database.execute("INSERT OR REPLACE INTO body VALUES (?, ?)", row_id, packed(found))


def _give_up(station: Station, row_id: int) -> None:
    its_row, why = (f"id = ? AND {_LACKS_BYTES}", row_id), {"reason": "not_rebuilt"}
    set_aside(station.database, SET_ASIDE, station.clock.now(), its_row, why)
