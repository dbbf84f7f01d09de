"""Days of stores as the pages read them, and reports of a given time."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from factorypos_tui.server.domain.days import Days, read_days
from factorypos_tui.server.domain.ranges import Range
from factorypos_tui.server.domain.today import Today, read_today
from factorypos_tui.server.storage.tables import Store
from tests.server.shop import Json, Shop, Till


def stores_of(shop: Shop, ids: Sequence[str]) -> list[Store]:
    """In the order of the ids."""
    with shop.cloud.database.connection_context():
        found = {it.id: it for it in Store.select().where(Store.id.in_(ids)).bind(shop.cloud.database)}
    return [found[it] for it in ids]


def days_of(shop: Shop, ids: Sequence[str], first: str, last: str) -> Days:
    """The days of stores from a date to another."""
    asked = Range(date.fromisoformat(first), date.fromisoformat(last))
    stores = stores_of(shop, ids)
    with shop.cloud.database.connection_context():
        return read_days(shop.cloud.database, stores, asked, shop.clock.now())


def today_of(shop: Shop, store: str) -> Today:
    """The running day of a store."""
    stores = stores_of(shop, [store])
    with shop.cloud.database.connection_context():
        return read_today(shop.cloud.database, stores, shop.clock.now())[0]


def utc(wall: str, zone: str = "Europe/Madrid") -> str:
    """The instant of a time on the wall, as a report has it: `2026-03-02 18:00`."""
    aware = datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone))
    return aware.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def by_hour(zone: str = "Europe/Madrid", **nets: int) -> Json:
    """The hours of a report: `h9=100, h23=50`, and its zone."""
    rows = [{"hour": int(name[1:]), "receipts": 1, "amount": net} for name, net in nets.items()]
    return {"hours": rows, "timezone": zone}


def closed(
    till: Till, number: int, opened: str, ended: str, zone: str = "Europe/Madrid", **changes: Any
) -> Json:
    """A Z of the wall times between which its period was open; hours by `h9=100`, else all at its opening.

    Its business date is that of the opening."""
    hours = {name: changes.pop(name) for name in list(changes) if name[0] == "h" and name[1:].isdigit()}
    hours = hours or {f"h{int(opened[11:13])}": changes.pop("net", 1210)}
    return till.z(
        number,
        net=sum(hours.values()),
        **{
            "business_date": opened[:10],
            "opened_at": utc(opened, zone),
            "closed_at": utc(ended, zone),
            **by_hour(zone, **hours),
            **changes,
        },
    )


def running(
    till: Till, period: str, opened: str, taken: str, zone: str = "Europe/Madrid", **changes: Any
) -> Json:
    """The same of an X that was taken at a time on the wall."""
    hours = {name: changes.pop(name) for name in list(changes) if name[0] == "h" and name[1:].isdigit()}
    return till.x(
        changes.pop("revision", 1),
        period,
        net=sum(hours.values()),
        **{
            "business_date": opened[:10],
            "opened_at": utc(opened, zone),
            "taken_at": utc(taken, zone),
            **by_hour(zone, **hours),
            **changes,
        },
    )
