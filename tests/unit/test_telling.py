"""Every five minutes the process that sends tells the cloud how this terminal is."""

import threading

import pytest

from factorypos_tui.core.delivery.drain import drain_once
from factorypos_tui.core.delivery.link import LinkState, load_link
from factorypos_tui.core.delivery.telling import StateTeller, tell_state
from factorypos_tui.core.engine import Engine
from factorypos_tui.core.errors import CloudRefused, CloudUnreachable, TokenRefused
from factorypos_tui.core.models import OwnState
from factorypos_tui.core.queue.counting import counts
from factorypos_tui.core.queue.states import State
from factorypos_tui.tills.bundled.periods import close_period
from tests.support.stations import Shop
from tests.support.waiting import eventually


def told(shop: Shop) -> list[OwnState]:
    return list(shop.cloud.states.values())


def test_one_run_tells_it_once_all_is_sent(connected: Shop) -> None:
    drain_once(connected.station)
    (state,) = told(connected)
    assert dict(state.queue) == {"pending": 0, "sending": 0, "attention": 0, "delivered": 3}
    assert (state.oldest_pending_s, state.last_z_number, state.sender) == (None, 3, "worker")
    assert state.software == connected.station.software


def test_the_engine_tells_it_as_the_app(connected: Shop) -> None:
    engine = Engine(connected.station, "app")
    try:
        engine.start()
        eventually(lambda: bool(told(connected)))
    finally:
        engine.stop()
    assert told(connected)[0].sender == "app"


def test_a_cloud_that_hangs_on_it_keeps_no_report_waiting(
    connected: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, go_on = threading.Event(), threading.Event()

    def hang(_token: str, _state: OwnState) -> None:
        asked.set()
        go_on.wait(60)

    monkeypatch.setattr(connected.cloud, "tell_state", hang)
    engine = Engine(connected.station, "worker")
    try:
        engine.start()
        eventually(asked.is_set)
        close_period(connected.till.database(), now=connected.clock.now(), software="test 1")
        eventually(lambda: len(connected.cloud.reports) == 4)
    finally:
        go_on.set()
        engine.stop()


def test_it_is_told_again_after_five_minutes_and_not_before(connected: Shop) -> None:
    drain_once(connected.station)
    teller = StateTeller(connected.station, "app")
    for seconds, again in ((0, True), (299, False), (1, True)):
        connected.cloud.states.clear()
        connected.clock.advance(seconds)
        teller.look()
        for thread in threading.enumerate():
            if thread is not threading.current_thread() and "_tell" in thread.name:
                thread.join()
        assert bool(told(connected)) == again


@pytest.mark.parametrize("error", [CloudUnreachable("slow", "timeout"), CloudRefused("no", 404, "not_found")])
def test_a_cloud_that_does_not_take_it_harms_nothing(
    connected: Shop, error: CloudUnreachable | CloudRefused
) -> None:
    drain_once(connected.station)
    connected.cloud.states.clear()
    connected.cloud.fail_with = error
    tell_state(connected.station, "app")
    connected.cloud.fail_with = None
    assert told(connected) == []
    assert counts(connected.station.database)[State.DELIVERED] == 3


def test_a_terminal_that_was_revoked_learns_it_by_this(connected: Shop) -> None:
    drain_once(connected.station)
    connected.cloud.fail_with = TokenRefused("revoked", 401, "terminal_revoked")
    tell_state(connected.station, "app")
    link = load_link(connected.station.database)
    assert (link.state, link.reason) == (LinkState.HELD, "terminal_revoked")


def test_nothing_is_told_while_the_link_is_not_good(connected: Shop) -> None:
    connected.cloud.fail_with = CloudUnreachable("slow", "timeout")
    drain_once(connected.station)
    connected.cloud.fail_with = None
    tell_state(connected.station, "app")
    assert told(connected) == []


def test_a_till_that_cannot_be_read_does_not_say_that_all_is_well(connected: Shop) -> None:
    drain_once(connected.station)
    (connected.station.database.path.parent / "till.db").unlink()
    tell_state(connected.station, "app")
    (state,) = told(connected)
    assert (state.last_z_number, state.findings) == (None, None)
