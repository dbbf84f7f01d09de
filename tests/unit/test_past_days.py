"""What home says of the days before: each day once, in one currency, whatever a damaged row holds."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from factorypos_tui.core.delivery.collector import collect
from factorypos_tui.core.queue.shipments import newest_zs
from factorypos_tui.core.snapshot import take_snapshot
from factorypos_tui.core.status.past_days import DAYS, PastDays, read_past_days
from tests.support.stations import Shop


def past_of(shop: Shop, today: date) -> PastDays:
    """What home is told on a day."""
    database = shop.station.database
    return read_past_days(database, newest_zs(database, 50), today)


def test_before_the_first_close_there_is_nothing_to_tell(shop: Shop) -> None:
    assert past_of(shop, date(2026, 11, 23)) == PastDays()


def test_each_day_counts_once_and_a_day_without_a_close_is_nothing(connected: Shop) -> None:
    collect(connected.station)
    days = connected.queued()
    today = days[-1].business_date + timedelta(days=2)
    past = past_of(connected, today)
    assert len(past.nets) == DAYS
    assert [net for _day, net in past.nets[-4:]] == [*(shipment.net for shipment in days), 0]
    assert past.nets[-1][0] == today - timedelta(days=1)
    assert past.last_z == 3


def test_the_same_weekday_of_last_week_is_told_by_the_hour(connected: Shop) -> None:
    collect(connected.station)
    day = connected.queued()[0]
    past = past_of(connected, day.business_date + timedelta(days=7))
    assert past.week_ago == day.business_date
    assert sum(amount for _hour, amount in past.net_by_hour) == day.net
    assert past_of(connected, day.business_date + timedelta(days=6)).week_ago is None


def test_after_midnight_it_is_still_the_day_before_at_a_till_whose_day_begins_at_four(
    connected: Shop,
) -> None:
    collect(connected.station)
    connected.clock.jump(datetime(2026, 11, 24, 1, 30, tzinfo=UTC))
    assert take_snapshot(connected.station).past.nets[-1][0] == date(2026, 11, 22)
    connected.clock.jump(datetime(2026, 11, 24, 5, tzinfo=UTC))
    assert take_snapshot(connected.station).past.nets[-1][0] == date(2026, 11, 23)


def test_the_last_close_is_the_one_that_was_closed_last_not_the_one_that_was_queued_last(
    connected: Shop,
) -> None:
    collect(connected.station)
    newest = newest_zs(connected.station.database, 50)
    past = read_past_days(connected.station.database, newest[::-1], date(2026, 11, 23))
    assert past.last_z == newest[0].z_number


def test_another_currency_is_not_added(connected: Shop) -> None:
    collect(connected.station)
    newest = newest_zs(connected.station.database, 50)
    mixed = [newest[0], *(replace(shipment, currency="USD") for shipment in newest[1:])]
    past = read_past_days(connected.station.database, mixed, newest[0].business_date + timedelta(days=1))
    assert (past.currency, sum(net for _day, net in past.nets)) == ("EUR", newest[0].net)


@pytest.mark.parametrize("damaged", [b'["no report"]', b"[" * 100_000, b"\xff"])
def test_a_copy_that_makes_no_sense_tells_nothing_and_breaks_nothing(connected: Shop, damaged: bytes) -> None:
    collect(connected.station)
    day = connected.queued()[0]
    connected.station.database.execute("UPDATE body SET bytes = ?", damaged)
    past = past_of(connected, day.business_date + timedelta(days=7))
    assert (past.week_ago, past.over_short) == (None, None)
