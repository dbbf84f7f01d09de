"""One page of the queue at a time, by keyset: a hundred thousand reports scroll as a hundred do.

Functions raise `StorageError`."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from factorypos_tui.core.queue.counting import counts
from factorypos_tui.core.queue.search import Condition, condition_of, conditions_of
from factorypos_tui.core.queue.shipments import Shipment, read_where
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.station import Station


class Order(StrEnum):
    """What the reports are sorted by; equal ones are in the order in which they were queued."""

    QUEUED = "id"
    DATE = "business_date"
    AMOUNT = "net"
    TRIES = "attempts"


@dataclass(frozen=True, slots=True)
class Query:
    """Which reports, and in which order."""

    state: State | None = None
    search: str = ""
    """As a person typed it."""
    order: Order = Order.QUEUED
    descending: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """A report's place in an order: the value it is sorted by, and its row id."""

    value: str | int
    row_id: int


@dataclass(frozen=True, slots=True)
class Window:
    """Reports that follow each other in a query."""

    rows: tuple[Shipment, ...]
    starts: bool
    """Whether no report comes before."""
    ends: bool
    """Whether no report comes after."""
    found: int
    """How many reports the query has in all."""


def place_of(query: Query, shipment: Shipment) -> Place:
    """A report's place in the query's order."""
    values: dict[Order, str | int] = {
        Order.QUEUED: shipment.id,
        Order.DATE: shipment.business_date.isoformat(),
        Order.AMOUNT: shipment.net,
        Order.TRIES: shipment.attempts,
    }
    return Place(values[query.order], shipment.id)


def page(station: Station, query: Query, start: Place | None, step: int, limit: int) -> list[Shipment]:
    """At most `limit` reports next to `start`, which is not among them, in the order shown.

    `step` 1: those after it; -1: those before it. A `start` of None is before the first and after the
    last."""
    conditions = conditions_of_query(station, query)
    down = query.descending == (step > 0)
    if start is not None:
        conditions.append(beyond(query.order, start, "<" if down else ">"))
    columns = ("id",) if query.order is Order.QUEUED else (query.order.value, "id")
    sort = ", ".join(f"{column} {'DESC' if down else 'ASC'}" for column in columns)
    sql, values = where(conditions)
    rows = read_where(station.database, f"{sql} ORDER BY {sort} LIMIT ?", *values, limit)
    return rows if step > 0 else rows[::-1]


def first_window(station: Station, query: Query, room: int) -> Window:
    """The first `room` reports."""
    rows = page(station, query, None, 1, room + 1)
    return Window(tuple(rows[:room]), True, len(rows) <= room, _count(station, query))


def last_window(station: Station, query: Query, room: int) -> Window:
    """The last `room` reports."""
    rows = page(station, query, None, -1, room + 1)
    return Window(tuple(rows[-room:]), len(rows) <= room, True, _count(station, query))


def window_around(station: Station, query: Query, place: Place, room: int) -> Window:
    """At most `room` reports on either side of a report, and the report as it is now, if it still fits.

    `place`: where the report was when it was last read."""
    sql, values = where([*conditions_of_query(station, query), Condition("id = ?", (place.row_id,))])
    itself = read_where(station.database, sql, *values)
    now_at = place_of(query, itself[0]) if itself else place
    before = page(station, query, now_at, -1, room + 1)
    after = page(station, query, now_at, 1, room + 1)
    rows = (*before[-room:], *itself, *after[:room])
    return Window(rows, len(before) <= room, len(after) <= room, _count(station, query))


def _count(station: Station, query: Query) -> int:
    """How many reports fit; only a search must count them."""
    if not query.search.strip():
        in_states = counts(station.database)
        return in_states[query.state] if query.state else sum(in_states.values())
    sql, values = where(conditions_of_query(station, query))
    return int(station.database.value(f"SELECT count(*) FROM shipment {sql}", *values))


def conditions_of_query(station: Station, query: Query) -> list[Condition]:
    """What a report must fit."""
    state = [condition_of(query.state)] if query.state else []
    return [*state, *conditions_of(query.search, station.clock.now())]


def beyond(order: Order, start: Place, sign: str) -> Condition:
    """That a report is on one side of a place."""
    if order is Order.QUEUED:
        return Condition(f"id {sign} ?", (start.row_id,))
    return Condition(f"({order.value}, id) {sign} (?, ?)", (start.value, start.row_id))


def where(conditions: Sequence[Condition]) -> tuple[str, tuple[object, ...]]:
    """The conditions in SQL, and their values; nothing where there are none."""
    sql = " AND ".join(condition.sql for condition in conditions)
    values = tuple(value for condition in conditions for value in condition.values)
    return f"WHERE {sql}" if sql else "", values
