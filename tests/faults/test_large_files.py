"""Fault 20 in a file that is too large to be checked before anything is sent: it is checked meanwhile."""

import pytest

from factorypos_tui.core.delivery.drain import drain_once
from factorypos_tui.core.language.instants import utc_now
from factorypos_tui.core.recovery.recovery import (
    take_over,
)
from factorypos_tui.core.storage.lock import DrainLock
from tests.faults.test_bits import set_aside_in
from tests.faults.world import Bar, at_rest
from tests.support.waiting import eventually


@pytest.fixture
def large(bar: Bar) -> Bar:
    """Three days delivered, a fourth that waits, in a file that is larger than what is checked before
    anything is sent, and that only a check finds damaged."""
    drain_once(bar.station)
    bar.sell_and_close()
    database = bar.station.database
    database.execute("INSERT INTO setting VALUES ('large', zeroblob(210 << 20))")
    database.execute("DELETE FROM setting WHERE name = 'large'")
    database.execute("DROP INDEX event_by_shipment")
    at_rest(bar)
    (bar.home / "worker.lock").write_text('{"pid": 1, "since": "", "kind": "worker"}')
    return bar


def test_20_a_large_file_is_checked_while_the_service_is_at_work(large: Bar) -> None:
    with large.worker():
        eventually(lambda: set_aside_in(large))
        large.sell_and_close()
        eventually(lambda: large.everything_arrived_once(5))
    large.station.database.check()


def test_20_a_large_file_is_checked_once_what_waits_is_sent(large: Bar) -> None:
    assert large.drain() == 0
    assert set_aside_in(large)
    assert large.everything_arrived_once(4)
    large.station.database.check()


def test_20_a_large_file_whose_check_was_broken_off_is_checked_at_the_next_start(large: Bar) -> None:
    lock = DrainLock(large.home / "worker.lock")
    assert lock.acquire("worker", utc_now())
    assert take_over(large.station, lock)
    lock.release()
    assert large.drain() == 0
    assert set_aside_in(large)
