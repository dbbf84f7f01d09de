"""States of a shop that the screens must be able to show."""

import json
import os
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from factorypos_tui.core.account import accounts
from factorypos_tui.core.delivery.collector import collect, enqueue_x
from factorypos_tui.core.delivery.worker import Worker
from factorypos_tui.core.errors import CloudRefused, CloudUnreachable, FieldProblem
from factorypos_tui.core.models import Report
from factorypos_tui.core.operations.resending import resend_all
from factorypos_tui.core.queue import shipments
from factorypos_tui.core.recovery.auditing import look_at_the_next
from factorypos_tui.core.recovery.recovery import mend
from factorypos_tui.core.reports.reports import build_z
from factorypos_tui.core.settings import set_setting
from factorypos_tui.core.storage.lock import Holder
from tests.support.stations import EMAIL, MORNING, PASSWORD, Shop

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
    """A store is assigned, all closed days are delivered, and the till has the morning's sales."""
    shop.connect()
    deliver(shop)
    for hour, receipts in _ITEMS_BY_HOUR:
        shop.clock.jump(datetime.combine(MORNING, time(hour - 1, 30), UTC))
        shop.sell("CAFE", receipts=receipts)
    shop.clock.jump(MORNING + timedelta(hours=4))
    deliver(shop)  # the sender has kept in touch meanwhile


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
    """A queue with reports in all states but `sending`, which lasts for moments only."""
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
    before = build_z(replace(period, id="00000000-0000-4000-8000-0000000000ff"), sold[:-6], last_hash)
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


def lose(shop: Shop, *z_numbers: int) -> list[Report]:
    """The cloud no longer has these days; gives what it lost."""
    lost = [report for report in shop.cloud.reports.values() if report.z_number in z_numbers]
    for report in lost:
        del shop.cloud.reports[report.id]
    return lost


def change_a_closed_day(shop: Shop, z_number: int) -> None:
    """A closed day is changed in the till's file, and the program looks at it again."""
    shop.till.database().execute(
        "UPDATE receipt_lines SET quantity = '7' WHERE receipt = (SELECT min(seq) FROM receipts"
        " WHERE period_id = (SELECT id FROM periods WHERE z_number = ?))",
        z_number,
    )
    look_at_the_next(shop.station, z_number - 1)


def find_everything_wrong(shop: Shop) -> None:
    """A day missing there, one different there, one only there, and one changed at the till."""
    (report,) = lose(shop, 1)
    shop.cloud.reports["another"] = replace(report, id="another", z_number=9)
    shop.change_what_the_cloud_holds(3)
    change_a_closed_day(shop, 2)


def with_a_killed_report(shop: Shop) -> None:
    """The program was killed three times while it sent one more day."""
    in_trouble(shop, NO_NETWORK)
    shop.station.database.execute(
        "UPDATE shipment SET state = 'attention', last_error = 'crashes', last_status = NULL, crashes = 3"
        " WHERE z_number = 6"
    )


def with_a_lost_copy(shop: Shop) -> None:
    """An older version left a day's copy to the till, and the till has been changed; then all were to be sent
    again."""
    at_lunch(shop)
    change_a_closed_day(shop, 5)
    shop.station.database.execute("DELETE FROM body WHERE shipment_id = 5")
    resend_all(shop.station)
    deliver(shop)


def with_a_damaged_queue(shop: Shop) -> None:
    """`sync.db` was damaged and built again; it had a day that the till no longer gives."""
    at_lunch(shop)
    database = shop.station.database
    database.execute("UPDATE body SET bytes = x'00' WHERE shipment_id IN (2, 4)")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    page = database.value("SELECT rootpage FROM sqlite_schema WHERE name = 'event_by_shipment'")
    size = database.value("PRAGMA page_size")
    database.close()
    with database.path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    mend(shop.station, database.damaged())
