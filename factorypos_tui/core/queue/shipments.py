"""Reads the queue for people and scripts. Functions raise `StorageError`."""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from factorypos_tui.core.errors import FieldProblem
from factorypos_tui.core.language.instants import instant_of
from factorypos_tui.core.models import Kind
from factorypos_tui.core.queue.states import WAITS, State, in_states
from factorypos_tui.core.storage.database import Database, Row
from factorypos_tui.core.storage.packing import unpacked


@dataclass(frozen=True, slots=True)
class Shipment:
    """A row of the queue as people see it; each field is a column of `shipment`."""

    id: int
    report_id: str
    revision: int
    kind: Kind
    store_id: str
    z_number: int | None
    business_date: date
    as_of: datetime
    """When the day was closed (Z) or read (X)."""
    currency: str
    net: int
    content_hash: str
    state: State
    attempts: int
    queued_at: datetime
    """Since when it waits, or waited."""
    delivered_at: datetime | None
    result: str | None
    """The cloud's word for the delivery."""
    last_status: int | None
    last_error: str | None
    """Machine word of the last failure."""
    accepted_at: datetime | None = None
    """When a person accepted it."""


@dataclass(frozen=True, slots=True)
class Event:
    """An event in a shipment's life."""

    kind: str
    """failed, refused, delivered, again (queued again), superseded, accepted, taken_back."""
    word: str | None
    """The machine word of the failure, the cloud's result, or who decided (`here`, `there`)."""
    status: int | None
    first_at: datetime
    last_at: datetime
    times: int
    """How often the same event came in a row."""


_COLUMNS = tuple(field.name for field in fields(Shipment))


def read_where(database: Database, conditions: str, *values: object) -> list[Shipment]:
    """The shipments that the end of a SELECT statement, from WHERE on, asks for."""
    rows = database.rows(f"SELECT {', '.join(_COLUMNS)} FROM shipment {conditions}", *values)
    with database.trusted():
        return [_shipment(row) for row in rows]


def newest_zs(database: Database, limit: int) -> list[Shipment]:
    """The newest Z reports, newest first."""
    return read_where(database, "WHERE kind = 'Z' ORDER BY id DESC LIMIT ?", limit)


def zs_between(database: Database, first: date, last: date) -> list[Shipment]:
    """The Z reports of the business dates from `first` to `last`, in the order in which they were queued."""
    dates = "WHERE kind = 'Z' AND business_date BETWEEN ? AND ? ORDER BY id"
    return read_where(database, dates, first.isoformat(), last.isoformat())


def shipment(database: Database, row_id: int) -> Shipment | None:
    """One row."""
    return next(iter(read_where(database, "WHERE id = ?", row_id)), None)


def body(database: Database, row_id: int) -> bytes | None:
    """The frozen bytes of a report; None where they are not kept, as those of an X whose Z was delivered."""
    found: bytes | None = database.value("SELECT bytes FROM body WHERE shipment_id = ?", row_id)
    with database.trusted():
        return None if found is None else unpacked(memoryview(found).tobytes())


def history(database: Database, row_id: int) -> list[Event]:
    """What happened to a shipment since it was queued, oldest first."""
    rows = database.rows(
        "SELECT kind, word, status, first_at, last_at, times FROM event WHERE shipment_id = ? ORDER BY id",
        row_id,
    )
    rows += database.rows(  # the shipment itself tells its last delivery
        "SELECT 'delivered', result, NULL, delivered_at, delivered_at, 1 FROM shipment"
        f" WHERE id = ? AND {in_states([State.DELIVERED])} AND delivered_at IS NOT NULL",
        row_id,
    )
    with database.trusted():
        return [
            Event(kind, word, status, instant_of(first), instant_of(last), times)
            for kind, word, status, first, last, times in rows
        ]


def refused_fields(database: Database, row_id: int) -> list[FieldProblem]:
    """The fields that FactoryCLOUD named when it last refused a report."""
    found = database.value("SELECT refused_fields FROM shipment WHERE id = ?", row_id)
    with database.trusted():
        return [FieldProblem(**entry) for entry in json.loads(found or "[]")]


def is_queued(database: Database, report_id: str) -> bool:
    """Whether a report of this id was ever queued."""
    return database.row("SELECT 1 FROM shipment WHERE report_id = ? LIMIT 1", report_id) is not None


def last_z(database: Database) -> Shipment | None:
    """The Z with the highest number."""
    newest = "INDEXED BY shipment_by_number WHERE kind = 'Z' ORDER BY z_number DESC, id DESC LIMIT 1"
    return next(iter(read_where(database, newest)), None)


def first_delivered_z(database: Database) -> int | None:
    """The lowest number of a Z that has ever arrived; None while none has."""
    found: int | None = database.value(
        "SELECT z_number FROM shipment INDEXED BY shipment_by_number"
        " WHERE kind = 'Z' AND delivered_at IS NOT NULL ORDER BY z_number LIMIT 1"
    )
    return found


def z_numbers(database: Database, terminal_id: str) -> set[int]:
    """The Z numbers of a terminal that were ever queued, for any store."""
    rows = database.rows(
        "SELECT DISTINCT z_number FROM shipment WHERE kind = 'Z' AND z_number > 0 AND terminal_id = ?",
        terminal_id,
    )
    return {row[0] for row in rows}


def delivered_z_numbers(database: Database, terminal_id: str) -> set[int]:
    """The Z numbers of a terminal that have arrived, in any store."""
    rows = database.rows(
        "SELECT z_number FROM shipment WHERE kind = 'Z' AND z_number > 0 AND delivered_at IS NOT NULL"
        " AND terminal_id = ?",
        terminal_id,
    )
    return {row[0] for row in rows}


def z_numbers_for_others(database: Database, terminal_id: str, store_id: str) -> set[int]:
    """The Z numbers of a terminal that wait for other stores than this one."""
    rows = database.rows(
        "SELECT z_number FROM shipment WHERE kind = 'Z' AND z_number > 0 AND terminal_id = ?"
        f" AND {WAITS} AND store_id <> ?",
        terminal_id,
        store_id,
    )
    return {row[0] for row in rows}


def stores_of_periods(database: Database, terminal_id: str, ours: Collection[str]) -> dict[str, str | None]:
    """The store of each period of a terminal whose Z was queued; None for a Z that has arrived in another
    store than `ours`: FactoryCLOUD says so if it is sent again."""
    rows = database.rows(
        f"SELECT period_id, iif({in_states([State.DELIVERED])}"
        " AND store_id NOT IN (SELECT value FROM json_each(?)), NULL, store_id) FROM shipment"
        " WHERE kind = 'Z' AND z_number > 0 AND terminal_id = ? ORDER BY z_number, id",
        json.dumps(sorted(ours)),
        terminal_id,
    )
    return dict(rows)


def last_revision(database: Database, period_id: str) -> int:
    """The highest revision among the X reports of a period; 0 before the first."""
    return int(
        database.value(
            "SELECT coalesce(max(revision), 0) FROM shipment WHERE period_id = ? AND kind = 'X'",
            period_id,
        )
    )


def last_x_at(database: Database) -> datetime | None:
    """When the running day was read last."""
    found = database.value("SELECT as_of FROM shipment WHERE kind = 'X' ORDER BY id DESC LIMIT 1")
    with database.trusted():
        return instant_of(found) if found else None


def _shipment(row: Row) -> Shipment:
    values = dict(zip(_COLUMNS, row, strict=True))
    return Shipment(**values | {name: read(values[name]) for name, read in _READERS.items()})


def _instant_if_any(text: str | None) -> datetime | None:
    return instant_of(text) if text else None


_READERS: Mapping[str, Callable[[Any], object]] = {
    "kind": Kind,
    "business_date": date.fromisoformat,
    "as_of": instant_of,
    "state": State,
    "queued_at": instant_of,
    "delivered_at": _instant_if_any,
    "accepted_at": _instant_if_any,
}
