"""An engine that hangs, or has not ended yet, says so: the service manager, and who opens the terminal again,
rely on it."""

import threading
from collections.abc import Iterator

import pytest

from factorypos_tui.core.engine import Engine
from factorypos_tui.core.station import Station
from factorypos_tui.core.storage.lock import DrainLock
from tests.support.stations import Shop
from tests.support.waiting import eventually
from tests.unit.watcher import PATIENCE_S


@pytest.fixture
def engine(connected: Shop) -> Iterator[Engine]:
    engine = Engine(connected.station, "worker")
    yield engine
    engine.stop()


def test_a_thread_that_is_at_one_thing_for_longer_than_any_takes_is_noticed(
    engine: Engine, connected: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, goes_on = threading.Event(), threading.Event()

    def stand_still(station: Station) -> bool:
        begun.set()
        return not goes_on.wait(PATIENCE_S)

    monkeypatch.setattr("factorypos_tui.core.engine.recall_assignment", stand_still)
    engine.start()
    assert begun.wait(PATIENCE_S)
    connected.clock.advance(599)
    assert not engine.hangs()
    connected.clock.advance(2)
    assert engine.hangs()
    goes_on.set()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_has_ended_by_itself_counts_as_one_that_hangs(
    engine: Engine, connected: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    ending = threading.Event()

    def end(*_arguments: object) -> bool:
        if ending.is_set():
            raise GeneratorExit  # no `Exception`: nothing catches it
        return False

    monkeypatch.setattr("factorypos_tui.core.engine.collect", end)
    engine.start()
    assert not engine.hangs()
    ending.set()
    connected.close_day()
    eventually(engine.hangs)
    engine.stop()
    assert not engine.hangs()


def test_an_engine_that_was_stopped_keeps_the_lock_until_its_request_has_ended(
    engine: Engine, connected: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, goes_on = threading.Event(), threading.Event()

    def stand_still(_station: Station) -> bool:
        begun.set()
        return not goes_on.wait(PATIENCE_S)

    monkeypatch.setattr("factorypos_tui.core.engine.recall_assignment", stand_still)
    monkeypatch.setattr("factorypos_tui.core.engine._STOP_WAIT_S", 0.1)
    engine.start()
    assert begun.wait(PATIENCE_S)
    following = DrainLock(connected.station.worker_lock)
    assert not engine.stop()
    assert not following.acquire("app", connected.clock.now())
    goes_on.set()
    eventually(engine.stop)
    assert following.acquire("app", connected.clock.now())
    following.release()
