"""FloCafe's days on their way to FactoryCLOUD, as any other till's."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from factorypos_tui.core.delivery.collector import collect, enqueue_x
from factorypos_tui.core.delivery.drain import drain_once
from factorypos_tui.core.operations.verification import verify
from factorypos_tui.core.queue.hash_chain import Fault
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.recovery.recovery import standing_trouble
from factorypos_tui.core.settings import set_setting
from factorypos_tui.core.status.till_view import TillState, view_till
from factorypos_tui.tills.flocafe import days
from tests.support.stations import Shop, open_shop
from tests.tills.flocafe.premises import Cafe


@pytest.fixture
def shop(cafe: Cafe, tmp_path: Path) -> Iterator[Shop]:
    """A terminal that reads the café, assigned to a store."""
    for _ in range(2):
        cafe.program.open_session()
        cafe.program.sell()
        cafe.program.close_session()  # a number that is not told
        cafe.program.end_the_day()
    with open_shop(tmp_path / "home") as bundled:
        shop = replace(bundled, station=replace(bundled.station, till=cafe.till))
        shop.connect()
        yield shop


def test_its_days_arrive_and_numbers_of_sessions_are_no_fault(shop: Shop, cafe: Cafe) -> None:
    collect(shop.station)
    drain_once(shop.station)
    assert [(row.z_number, row.state) for row in shop.queued()] == [
        (2, State.DELIVERED),
        (4, State.DELIVERED),
    ]
    verified = verify(shop.station)
    assert (verified.holds, verified.breaks, verified.compared) == (True, (), 2)
    assert standing_trouble(shop.station) is None
    assert [state.leaves_out_numbers for state in shop.cloud.states.values()] == [True]


def test_a_day_that_is_told_otherwise_is_still_a_fault(shop: Shop) -> None:
    collect(shop.station)
    shop.station.database.execute("UPDATE z_hash SET differs = 1 WHERE z_number = 4")
    assert [(it.z_number, it.fault) for it in verify(shop.station).breaks] == [(4, Fault.CHANGED)]


def test_a_lost_queue_is_made_again_to_the_byte_whatever_was_renamed(shop: Shop, cafe: Cafe) -> None:
    collect(shop.station)
    before = [row.content_hash for row in shop.queued()]
    cafe.program.run("UPDATE users SET name = 'Renamed'")
    cafe.program.run("UPDATE settings SET value = 'Renamed' WHERE key = 'business_name'")
    shop.lose_the_queue()
    collect(shop.station)
    assert [row.content_hash for row in shop.queued()] == before


def test_its_running_day_is_sent(shop: Shop, cafe: Cafe) -> None:
    set_setting(shop.station.database, "send_x_report", "on")
    cafe.program.sell()
    shop.clock.jump(cafe.program.at)
    assert enqueue_x(shop.station)


def test_what_it_finds_and_that_it_is_gone_is_told(shop: Shop, cafe: Cafe) -> None:
    cafe.program.sell()
    cafe.program.close_day()
    cafe.program.sell()
    view = view_till(shop.station)
    assert (view.state, view.kind) == (TillState.OK, "flocafe")
    assert [(it.code, it.z_number) for it in view.findings] == [("in_no_z", 5)]
    cafe.program.path.rename(cafe.program.path.with_name("aside.db"))
    view = view_till(shop.station)
    assert view.state is TillState.ABSENT
    assert "no file of FloCafe" in (view.reason or "")


def test_its_running_day_waits_while_many_days_before_it_are_read(
    shop: Shop, cafe: Cafe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(days, "MOST_AT_ONCE", 1)
    monkeypatch.setattr(days, "_AT_ONCE", 1)
    set_setting(shop.station.database, "send_x_report", "on")
    cafe.program.sell()
    shop.clock.jump(cafe.program.at)
    assert not enqueue_x(shop.station)
    assert enqueue_x(shop.station)
    running = cafe.till.open_period()
    whole = cafe.another_till(kept="another.db")
    assert [period.z_number for period in whole.closed_periods(0, 9)] == [2, 4]
    assert whole.open_period() == running
    whole.close()
