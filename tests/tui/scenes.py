"""States of a shop that the screens must be able to show."""

import json
import os
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from factorypos_tui.core import accounts, shipments
from factorypos_tui.core.collector import collect, enqueue_x
from factorypos_tui.core.errors import CloudRefused, CloudUnreachable, FieldProblem
from factorypos_tui.core.lock import Holder
from factorypos_tui.core.reports import build_z
from factorypos_tui.core.settings import set_setting
from factorypos_tui.core.worker import Worker
from tests.stations import EMAIL, MORNING, PASSWORD, Shop

THIS_APP = Holder(os.getpid(), "2026-11-23T08:58:00.000Z", "app")
THE_SERVICE = Holder(4242, "2026-11-23T08:58:00.000Z", "worker")
INVALID = CloudRefused(
    "invalid",
    422,
    "invalid",
    (
        FieldProblem("totals.net", "sum", "gross - discounts - refunds is not net"),
        FieldProblem("hours[3].amount", "type", "must be an integer"),
    ),
)
NO_NETWORK = CloudUnreachable("FactoryCLOUD cannot be reached.", "connection")

_ITEMS_BY_HOUR = ((9, 2), (10, 5), (11, 8), (12, 11), (13, 6))


def with_an_account(shop: Shop) -> None:
    """Ana has an account at FactoryCLOUD, but has not logged in here."""
    shop.cloud.register(EMAIL, PASSWORD, "Ana", "en")


def at_lunch(shop: Shop) -> None:
    """A store is assigned, all closed days are delivered, and the morning's sales stand in the till."""
    shop.connect()
    deliver(shop)
    for hour, receipts in _ITEMS_BY_HOUR:
        shop.clock.jump(datetime.combine(MORNING, time(hour - 1, 30), UTC))
        for _receipt in range(receipts):
            shop.sell("CAFE")
    shop.clock.jump(MORNING + timedelta(hours=4))


def deliver(shop: Shop) -> None:
    """Queue what has been closed and send what is due; chance has no say in the back-off."""
    collect(shop.station)
    worker = Worker(shop.station, chance=lambda: 1.0)
    while worker.step():
        pass


def in_trouble(shop: Shop, failure: CloudUnreachable | CloudRefused) -> None:
    """Lunch, one more day closed, and every try ends in `failure`."""
    at_lunch(shop)
    shop.close_day()
    shop.cloud.fail_with = failure
    for _minute in range(6):
        deliver(shop)
        shop.clock.advance(60)


def with_every_state(shop: Shop) -> None:
    """A queue in which reports stand in all states but `sending`, which lasts for moments only."""
    set_setting(shop.station.database, "send_x_report", "on")
    at_lunch(shop)
    enqueue_x(shop.station)
    shop.clock.advance(1800)
    shop.sell("CAFE")
    enqueue_x(shop.station)
    shop.close_day()
    shop.cloud.fail_with = INVALID
    deliver(shop)
    shop.cloud.fail_with = NO_NETWORK
    shop.sell("CAFE")
    shop.close_day()
    deliver(shop)
    shop.clock.advance(60)


def in_conflict(shop: Shop) -> None:
    """A day was closed, the till was set back from a backup, and the day was closed again with more sales."""
    at_lunch(shop)
    last_hash = shop.queued()[-1].content_hash
    shop.close_day()
    (period,) = shop.till.closed_periods(5, 1)
    sold = list(shop.till.receipts(period.id))
    before = build_z(replace(period, id="00000000-0000-4000-8000-000000000006"), sold[:-6], last_hash)
    shop.cloud.reports[before.id] = before
    deliver(shop)
    shop.clock.advance(60)


def falsify(shop: Shop, row_id: int, **values: object) -> None:
    """Write other values into a report that was frozen, as a failing disk or a wicked hand does."""
    database = shop.station.database
    document = json.loads(shipments.body(database, row_id) or b"{}") | values
    database.execute("UPDATE body SET bytes = ? WHERE shipment_id = ?", json.dumps(document).encode(), row_id)


def with_companies(shop: Shop, names: list[str]) -> None:
    """Ana has logged in, and has these companies."""
    accounts.register(shop.station, EMAIL, PASSWORD, "Ana")
    for name in names:
        accounts.create_company(shop.station, name, "ES", "EUR")
