"""The first contact with a till that has closed many days: they are read in pages, and somebody is told."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from factorypos_tui.core.account.assignment import History
from factorypos_tui.core.delivery import closes, collector
from factorypos_tui.core.delivery.closes import Reading, closes_not_queued
from factorypos_tui.core.delivery.collector import collect, enqueue_x
from factorypos_tui.core.engine import Engine
from factorypos_tui.core.errors import StillReading, Stopped
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.reports.sales import Period
from factorypos_tui.core.settings import set_setting
from factorypos_tui.core.snapshot import Snapshot
from factorypos_tui.core.status.answer import answer
from tests.support.stations import Shop
from tests.unit.watcher import Watcher


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two days are a page."""
    monkeypatch.setattr(closes, "A_PAGE", 2)
    monkeypatch.setattr(collector, "A_PAGE", 2)


@pytest.fixture
def history(connected: Shop) -> Shop:
    """A till with seven closed days, none of which was read."""
    for _day in range(4):
        connected.close_day()
    return connected


@contextmanager
def slow_from(shop: Shop, number: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """A till that does not tell its days above a number until the event is set."""
    go_on, closed_periods = threading.Event(), shop.till.closed_periods

    def wait(after: int, limit: int) -> Sequence[Period]:
        if after >= number:
            go_on.wait(60)
        return closed_periods(after, limit)

    monkeypatch.setattr(shop.till, "closed_periods", wait)
    try:
        yield go_on
    finally:
        go_on.set()


def test_how_far_it_is_is_told_before_each_page_and_the_days_go_in_their_order(history: Shop) -> None:
    told: list[Reading] = []
    assert collect(history.station, told.append) == 7
    assert told == [Reading(0, 7), Reading(2, 7), Reading(4, 7), Reading(6, 7)]
    assert [row.z_number for row in history.queued()] == [1, 2, 3, 4, 5, 6, 7]
    history.close_day()
    assert collect(history.station, told.append) == 1
    assert len(told) == 4


def test_a_reading_that_is_ended_between_two_pages_goes_on_there(history: Shop) -> None:
    def leave_at_4(reading: Reading) -> None:
        if reading.done == 4:
            raise Stopped

    with pytest.raises(Stopped):
        collect(history.station, leave_at_4)
    assert [row.z_number for row in history.queued()] == [1, 2, 3, 4]
    assert closes_not_queued(history.station).reading == Reading(4, 7)
    assert collect(history.station) == 3
    assert closes_not_queued(history.station).reading is None


def test_what_was_read_is_sent_while_the_rest_is_read(history: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine(history.station, "app")
    watcher = Watcher(engine)
    with slow_from(history, 4, monkeypatch) as go_on:
        engine.start()

        def is_under_way(snapshot: Snapshot) -> bool:
            return snapshot.status.till_view.not_queued.reading == Reading(4, 7)

        told = answer(watcher.sees(is_under_way).status)
        assert told.words == "Reading the till's days: 4 of 7. It goes on by itself."
        while len(history.cloud.reports) < 4:
            threading.Event().wait(0.01)
        go_on.set()
        watcher.sees(lambda s: s.status.counts[State.DELIVERED] == 7)
    engine.stop()


def test_an_engine_that_stops_reads_no_further_page(history: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine(history.station, "app")
    watcher = Watcher(engine)
    with slow_from(history, 2, monkeypatch) as go_on:
        engine.start()
        watcher.sees(lambda s: s.status.till_view.not_queued.reading == Reading(2, 7))
        stopping = threading.Thread(target=engine.stop)
        stopping.start()
        while not engine._stopping.is_set():
            threading.Event().wait(0.01)
        go_on.set()
        stopping.join()
    assert closes_not_queued(history.station).reading == Reading(4, 7)


def test_days_that_are_left_out_are_read_too_and_none_is_sent(shop: Shop) -> None:
    for _day in range(5):
        shop.close_day()
    shop.connect(History.NONE)
    not_queued = closes_not_queued(shop.station)
    assert (not_queued.uncollected, not_queued.reading) == ((), Reading(0, 5))
    told: list[Reading] = []
    assert collect(shop.station, told.append) == 0
    assert told[0] == Reading(0, 5)
    assert shop.queued() == []


def test_the_running_day_waits_while_days_before_it_are_read(
    connected: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_setting(connected.station.database, "send_x_report", "on")
    connected.sell()

    def read_first() -> Period:
        raise StillReading("The till's closed days are read first.")

    with monkeypatch.context() as reading:
        reading.setattr(connected.till, "open_period", read_first)
        assert not enqueue_x(connected.station)
    assert enqueue_x(connected.station)
