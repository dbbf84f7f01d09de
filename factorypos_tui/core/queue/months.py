"""The months of reports that follow each other in a query, and the place of a report in it.

Functions raise `StorageError`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from factorypos_tui.core.queue.pages import Order, Query, Window, beyond, conditions_of_query, place_of, where
from factorypos_tui.core.queue.search import Condition
from factorypos_tui.core.queue.shipments import Shipment
from factorypos_tui.core.queue.states import State, in_states
from factorypos_tui.core.station import Station

_MONTH = "substr(business_date, 1, 7)"
_ADDED_UP = f"kind = 'Z' AND NOT {in_states([State.SUPERSEDED])}"
"""What counts in a month. The Z of a day tells what its X told, and a newer report what an older one did."""


@dataclass(frozen=True, slots=True)
class Month:
    """What the query has of a month."""

    zs: int = 0
    nets: Mapping[str, int] = field(default_factory=dict)
    """Currency -> minor units."""


@dataclass(frozen=True, slots=True)
class Headings:
    """What the headings above a window's reports say."""

    before: int
    """How many reports of the query come before its first one."""
    months: Mapping[date, Month]
    """First day -> its month. Empty where the order is not one of time."""


def month_of(shipment: Shipment) -> date:
    """The first day of a report's month."""
    return shipment.business_date.replace(day=1)


def read_headings(station: Station, query: Query, window: Window) -> Headings:
    """Add up the months of a window, also what of them lies beyond it, and count what comes before it."""
    return Headings(_before(station, query, window), _months(station, query, window.rows))


def _months(station: Station, query: Query, rows: Sequence[Shipment]) -> dict[date, Month]:
    if not rows or query.order not in (Order.QUEUED, Order.DATE):
        return {}
    found: dict[date, Month] = {month_of(row): Month() for row in rows}
    if query.search.strip():
        return found  # a search reads the whole queue: adding up would do that again
    among = _among(station, query, rows) if query.order is Order.QUEUED else _in_months(found)
    sql, values = where([*conditions_of_query(station, query), Condition(_ADDED_UP), among])
    sums = station.database.rows(
        f"SELECT {_MONTH}, currency, count(*), sum(net) FROM shipment {sql} GROUP BY 1, 2", *values
    )
    with station.database.trusted():
        for month, currency, zs, net in sums:
            day = date.fromisoformat(f"{month}-01")
            before = found.get(day, Month())
            found[day] = Month(before.zs + zs, {**before.nets, currency: net})
    return found


def _among(station: Station, query: Query, rows: Sequence[Shipment]) -> Condition:
    """That a report lies in the queue where the first and the last month of these rows are not over."""
    lowest, highest = sorted((rows[0], rows[-1]), key=lambda row: row.id)
    ends = []
    for row, sign, order in ((lowest, "<", "DESC"), (highest, ">", "ASC")):
        another = Condition(f"{_MONTH} <> ?", (f"{row.business_date:%Y-%m}",))
        sql, values = where(
            [*conditions_of_query(station, query), Condition(f"id {sign} ?", (row.id,)), another]
        )
        ends.append(
            station.database.value(f"SELECT id FROM shipment {sql} ORDER BY id {order} LIMIT 1", *values)
        )
    return Condition("id > ? AND id < ?", (ends[0] or 0, ends[1] or highest.id + 2**40))


def _in_months(months: Mapping[date, Month]) -> Condition:
    after = (max(months) + timedelta(days=31)).replace(day=1)
    return Condition("business_date >= ? AND business_date < ?", (min(months).isoformat(), after.isoformat()))


def _before(station: Station, query: Query, window: Window) -> int:
    """Counted only where arithmetic does not tell: a queue without gaps numbers its reports itself."""
    if window.starts or not window.rows:
        return 0
    if window.ends:
        return window.found - len(window.rows)
    first = window.rows[0]
    if query.order is Order.QUEUED and query.state is None and not query.search.strip():
        ends = station.database.row("SELECT (SELECT min(id) FROM shipment), (SELECT max(id) FROM shipment)")
        oldest, newest = ends or (0, 0)
        if newest - oldest + 1 == window.found:
            return int(newest - first.id if query.descending else first.id - oldest)
    sign = ">" if query.descending else "<"
    sql, values = where(
        [*conditions_of_query(station, query), beyond(query.order, place_of(query, first), sign)]
    )
    return int(station.database.value(f"SELECT count(*) FROM shipment {sql}", *values))
