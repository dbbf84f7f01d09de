"""The lines of the home screen's panels: hours in the order of the day, no amount cut, no false sum."""

from dataclasses import replace
from datetime import UTC, date, datetime

from factorypos_tui.core.delivery.closes import NotQueued
from factorypos_tui.core.models import Close, Terminal, TillStatus
from factorypos_tui.core.snapshot import take_snapshot
from factorypos_tui.core.status.past_days import PastDays
from factorypos_tui.tui.screens.home.panels import LastDays, _chart, _sums
from tests.support import scenes
from tests.support.stations import Shop

NIGHT = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)  # 01:30 in Madrid
TILL = TillStatus(
    "bundled", Terminal("t", "Till"), "EUR", True, 15, NIGHT, 3, 3000,
    net_by_hour=((0, 500), (22, 1500), (23, 1000)), day_starts_at=4,
)  # fmt: skip
PAST = PastDays("EUR", week_ago=date(2026, 11, 16), net_by_hour=((0, 700), (1, 900), (22, 100), (23, 200)))


def test_hours_after_midnight_come_last() -> None:
    *_columns, hours, _amounts = _chart(TILL, PAST, 38, 6)
    assert str(hours).split() == ["22", "23", "00", "01"]


def test_after_midnight_last_week_is_told_up_to_the_same_hour_of_its_day() -> None:
    _since, net = _sums(TILL, PAST, NIGHT, 60)
    assert net.endswith("to 01:00 10.00")  # 22, 23 and 00


def test_no_amount_is_cut_where_two_have_no_room() -> None:
    for cells in range(20, 60):
        _since, net = _sums(TILL, PAST, NIGHT, cells)
        assert net.startswith("Net 30.00 EUR")
        assert "…" not in net
        assert len(net) <= cells


def test_a_sum_is_told_only_of_days_that_are_all_in_the_queue(shop: Shop) -> None:
    scenes.at_lunch(shop)
    whole = take_snapshot(shop.station)
    assert LastDays("days").title(whole) == "Last 14 days: 1,090.90 EUR"
    for_no_store = replace(whole.status.till_view, not_queued=NotQueued(unassigned=(Close(6, "p", "-"),)))
    for status in (
        replace(whole.status, till_view=for_no_store),
        replace(whole.status, left_out=((3, 4),)),
    ):
        assert LastDays("days").title(replace(whole, status=status)) == "Last 14 days, in part"
    long_ago = replace(whole, past=replace(whole.past, first_z=9), status=replace(status, left_out=((3, 7),)))
    assert LastDays("days").title(long_ago) == "Last 14 days: 1,090.90 EUR"
