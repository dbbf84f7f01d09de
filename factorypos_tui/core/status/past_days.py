"""What the queue tells of closed days, for comparison with the running one."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import attrgetter
from typing import TYPE_CHECKING

from factorypos_tui.core.queue.shipments import Shipment, body
from factorypos_tui.core.storage.database import Database

if TYPE_CHECKING:
    from factorypos_tui.core.reports.unchecked import Unchecked

DAYS = 14
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class PastDays:
    """The days before a date, minor units of one currency."""

    currency: str = ""
    nets: Sequence[tuple[date, int]] = ()
    """The last `DAYS` dates, the oldest first; 0 where no Z is queued."""
    first_z: int | None = None
    """The lowest Z number among them."""
    week_ago: date | None = None
    """The same weekday a week before, where a day of that date was closed."""
    net_by_hour: Sequence[tuple[int, int]] = ()
    """Of that day."""
    over_short: int | None = None
    """What was over, or short if negative, in the drawer at the last close; None where it was not counted."""
    last_z: int | None = None
    """The number of that close."""


def read_past_days(database: Database, newest: Sequence[Shipment], today: date) -> PastDays:
    """What the newest Z reports say of the days before `today`. Raises `StorageError`."""
    if not newest:
        return PastDays()
    currency = newest[0].currency
    nets = dict.fromkeys((today - timedelta(days=back) for back in range(DAYS, 0, -1)), 0)
    hours: dict[int, int] = {}
    numbers: list[int] = []
    last = max(newest, key=attrgetter("as_of"))
    of_each_number = {shipment.z_number: shipment for shipment in reversed(newest)}
    for shipment in of_each_number.values():
        if shipment.currency != currency or shipment.business_date not in nets:
            continue
        nets[shipment.business_date] += shipment.net
        numbers.append(shipment.z_number or 0)
        if shipment.business_date == today - _WEEK:
            for entry in _document(database, shipment).groups("hours"):
                hour, amount = entry.number("hour"), entry.number("amount")
                if hour is not None and amount is not None:
                    hours[hour] = hours.get(hour, 0) + amount
    return PastDays(
        currency=currency,
        nets=tuple(nets.items()),
        first_z=min(numbers, default=None),
        week_ago=today - _WEEK if hours else None,
        net_by_hour=tuple(sorted(hours.items())),
        over_short=_document(database, last).group("cash").number("over_short"),
        last_z=last.z_number,
    )


def _document(database: Database, shipment: Shipment) -> "Unchecked":
    """The report of a row; empty where its bytes are not kept or make no document."""
    from factorypos_tui.core.reports.unchecked import Unchecked  # the first frame of a new till needs none

    try:
        document = json.loads(body(database, shipment.id) or b"{}")
    except (ValueError, RecursionError):
        document = {}
    return Unchecked(document if isinstance(document, dict) else {})
