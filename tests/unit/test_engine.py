"""The engine's threads on real files: what they notice, deliver and publish, and who of two drains."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from factorypos_tui.core import engine as engine_module
from factorypos_tui.core.account.assignment import load_assignment
from factorypos_tui.core.delivery.collector import collect, enqueue_x
from factorypos_tui.core.delivery.drain import sync_now
from factorypos_tui.core.delivery.link import LinkState
from factorypos_tui.core.engine import Engine
from factorypos_tui.core.errors import CloudUnreachable, DamagedError, StorageError
from factorypos_tui.core.models import Acknowledgement, Report
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.settings import set_setting
from factorypos_tui.core.snapshot import Snapshot, take_snapshot
from factorypos_tui.core.station import Station
from factorypos_tui.core.storage.lock import DrainLock
from factorypos_tui.tills.bundled.periods import close_period
from factorypos_tui.tills.bundled.till import BundledTill
from tests.support.stations import Shop, open_shop
from tests.unit.watcher import PATIENCE_S, Watcher


@pytest.fixture
def engine(connected: Shop) -> Iterator[Engine]:
    engine = Engine(connected.station, "app")
    yield engine
    engine.stop()


def test_what_was_closed_before_the_start_is_delivered_and_shown(engine: Engine, connected: Shop) -> None:
    watcher = Watcher(engine)
    assert engine.start()
    snapshot = watcher.sees(lambda s: s.status.counts[State.DELIVERED] == 3)
    assert [shipment.z_number for shipment in snapshot.recent] == [3, 2, 1]
    assert snapshot.status.link.state is LinkState.ONLINE
    assert snapshot.status.holder is not None
    assert len(connected.cloud.reports) == 3


def test_the_thread_that_looks_takes_the_lock_by_itself(engine: Engine, connected: Shop) -> None:
    watcher = Watcher(engine)
    engine.start_looking()
    watcher.sees(lambda s: s.status.counts[State.DELIVERED] == 3)
    assert len(connected.cloud.reports) == 3


def test_a_sale_and_a_close_show_up(engine: Engine, connected: Shop) -> None:
    watcher = Watcher(engine)
    engine.start()
    watcher.sees(lambda s: s.status.counts[State.DELIVERED] == 3)
    connected.sell("CAFE")
    watcher.sees(lambda s: s.status.till and s.status.till.receipts == 1)
    connected.close_day()
    snapshot = watcher.sees(lambda s: s.status.counts[State.DELIVERED] == 4)
    assert snapshot.status.last_z
    assert snapshot.status.last_z.z_number == 4


def test_the_running_day_goes_up_as_soon_as_it_is_wanted(engine: Engine, connected: Shop) -> None:
    connected.sell()
    watcher = Watcher(engine)
    set_setting(connected.station.database, "send_x_report", "on")
    engine.start()
    snapshot = watcher.sees(lambda s: s.status.counts[State.DELIVERED] == 4)
    assert snapshot.status.last_x_at == connected.clock.now()


def test_sync_now_does_not_wait_for_the_back_off(engine: Engine, connected: Shop) -> None:
    connected.cloud.fail_with = CloudUnreachable("no network", "connection")
    watcher = Watcher(engine)
    engine.start()
    watcher.sees(lambda s: s.status.link.state is LinkState.OFFLINE)
    connected.cloud.fail_with = None
    engine.perform(sync_now)
    watcher.sees(lambda s: s.status.counts[State.DELIVERED] == 3)


def test_of_two_engines_one_drains_and_the_other_takes_over_when_it_goes(connected: Shop) -> None:
    first, second = Engine(connected.station, "worker"), Engine(connected.station, "app")
    watcher = Watcher(second)
    assert first.start()
    assert not second.start()
    snapshot = watcher.sees(lambda s: s.status.counts[State.DELIVERED] == 3)
    assert snapshot.status.holder
    assert snapshot.status.holder.kind == "worker"
    first.stop()
    connected.close_day()
    snapshot = watcher.sees(lambda s: s.status.counts[State.DELIVERED] == 4)
    assert snapshot.status.holder
    assert snapshot.status.holder.kind == "app"
    second.stop()


def test_trouble_is_told_in_words_and_ends_when_it_is_over(
    engine: Engine, connected: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    watcher = Watcher(engine)
    engine.start()
    watcher.sees(lambda s: s.status.counts[State.DELIVERED] == 3)
    closed_periods, full = connected.till.closed_periods, threading.Event()

    def fail(after: int, limit: int) -> object:
        if full.is_set():
            raise StorageError("The disk is full.")
        return closed_periods(after, limit)

    full.set()
    monkeypatch.setattr(connected.till, "closed_periods", fail)
    connected.close_day()
    assert watcher.sees(lambda s: s.trouble).trouble == "The disk is full."
    full.clear()
    engine.perform(sync_now)
    watcher.sees(lambda s: s.status.counts[State.DELIVERED] == 4 and s.trouble is None)


def test_a_bug_in_one_look_does_not_silence_the_engine(
    engine: Engine, connected: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    watcher = Watcher(engine)
    engine.start()
    watcher.sees(lambda s: s.status.counts[State.DELIVERED] == 3)

    def crash() -> object:
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(connected.till, "status", crash)
        connected.close_day()
        assert "log" in (watcher.sees(lambda s: s.trouble).trouble or "")
    engine.perform(sync_now)
    watcher.sees(lambda s: s.status.counts[State.DELIVERED] == 4)


def test_a_screen_that_fails_keeps_no_other_from_being_told(engine: Engine) -> None:
    def fail(_snapshot: Snapshot) -> None:
        raise RuntimeError

    engine.subscribe(fail)
    watcher = Watcher(engine)
    engine.start()
    assert watcher.sees(lambda s: s.status.counts[State.DELIVERED] == 3).trouble is None


def test_an_app_that_does_not_send_sets_no_damaged_file_aside(
    connected: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender, engine = DrainLock(connected.station.worker_lock), Engine(connected.station, "app")
    assert sender.acquire("worker", connected.clock.now())
    set_aside: list[DamagedError] = []

    def fail(station: Station) -> Snapshot:
        raise DamagedError("The file is damaged.", station.database.path)

    def mend(_station: Station, error: DamagedError) -> None:
        set_aside.append(error)

    monkeypatch.setattr(engine_module, "mend", mend)
    watcher = Watcher(engine)
    assert not engine.start()
    watcher.sees(lambda s: s)
    monkeypatch.setattr(engine_module, "take_snapshot", fail)
    engine.perform(sync_now)
    assert watcher.sees(lambda s: s.trouble).trouble == "The file is damaged."
    engine.stop()
    sender.release()
    assert set_aside == []


def test_what_cannot_be_shown_is_sent_all_the_same(
    engine: Engine, connected: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    watcher = Watcher(engine)
    engine.start()
    watcher.sees(lambda s: s.status.counts[State.DELIVERED] == 3)
    send, is_sent = connected.cloud.send, threading.Event()

    def notice(token: str, report: Report, store_id: str | None = None) -> Acknowledgement:
        is_sent.set()
        return send(token, report, store_id)

    def fail(_station: Station) -> Snapshot:
        raise StorageError("The disk is failing.")

    monkeypatch.setattr(connected.cloud, "send", notice)
    monkeypatch.setattr("factorypos_tui.core.engine.take_snapshot", fail)
    connected.close_day()
    assert is_sent.wait(PATIENCE_S)


def test_a_cloud_that_hangs_does_not_stop_the_watching(
    engine: Engine, connected: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging = threading.Event()

    def hang(token: str, reports: object, store_id: str | None = None) -> list[object]:
        hanging.wait(PATIENCE_S)
        raise CloudUnreachable("at last", "timeout")

    for call in ("send", "send_batch"):
        monkeypatch.setattr(connected.cloud, call, hang)
    watcher = Watcher(engine)
    engine.start()
    watcher.sees(lambda s: s.status.counts[State.SENDING])
    connected.close_day()
    watcher.sees(lambda s: s.status.waiting == 4)
    hanging.set()


def test_an_engine_without_a_till_or_a_store_waits_for_both(tmp_path: Path) -> None:
    with open_shop(tmp_path / "shop") as shop:
        missing = BundledTill(tmp_path / "none.db")
        station = Station(
            **{name: getattr(shop.station, name) for name in Station.__slots__} | {"till": missing}
        )
        assert load_assignment(station.database) is None
        engine = Engine(station, "app")
        watcher = Watcher(engine)
        engine.start()
        assert watcher.sees(lambda s: s).status.till is None
        engine.stop()


def test_stopping_gives_the_lock_back(connected: Shop) -> None:
    engine = Engine(connected.station, "app")
    engine.start()
    engine.stop()
    again = Engine(connected.station, "app")
    assert again.start()
    again.stop()


def test_a_day_closed_in_the_same_thread_is_seen_too(engine: Engine, connected: Shop) -> None:
    watcher = Watcher(engine)
    engine.start()
    watcher.sees(lambda s: s.status.counts[State.DELIVERED] == 3)

    def close(station: Station) -> None:
        close_period(connected.till.database(), now=station.clock.now(), software="test 1")

    engine.perform(close)
    watcher.sees(lambda s: s.status.counts[State.DELIVERED] == 4)


def test_the_newest_zs_are_shown_however_many_x_reports_came_since(connected: Shop) -> None:
    set_setting(connected.station.database, "send_x_report", "on")
    collect(connected.station)
    connected.sell()
    for _half_hour in range(60):
        connected.clock.advance(30 * 60)
        enqueue_x(connected.station)
    assert [shipment.z_number for shipment in take_snapshot(connected.station).recent] == [3, 2, 1]


def test_nobody_else_drains_while_a_large_file_is_still_being_checked(
    connected: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is found wrong with it is set aside, and must not be from under the next drainer."""
    reading, over = threading.Event(), threading.Event()

    def read_all(_station: Station) -> None:
        reading.set()
        over.wait(PATIENCE_S)

    monkeypatch.setattr(engine_module, "take_over", lambda _station, _lock: True)
    monkeypatch.setattr(engine_module, "check", read_all)
    monkeypatch.setattr(engine_module, "_STOP_WAIT_S", 0.1)
    first, second = Engine(connected.station, "app"), Engine(connected.station, "worker")
    assert first.start()
    assert reading.wait(PATIENCE_S)
    first.stop()
    assert not second.start()
    over.set()
    first.stop()
    second.stop()
