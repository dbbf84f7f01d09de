"""Draining in the foreground: what `worker --once` does, and what has to leave before a store changes."""

import threading

from factorypos_tui.core.delivery.collector import collect, enqueue_x
from factorypos_tui.core.delivery.link import Link, LinkState, ask_for_a_try, load_link
from factorypos_tui.core.delivery.worker import Drained, Worker
from factorypos_tui.core.errors import DamagedError, WorkerBusy
from factorypos_tui.core.language import _
from factorypos_tui.core.queue.comparison import compare_soon, in_conflict
from factorypos_tui.core.queue.shipments import waiting
from factorypos_tui.core.recovery.recovery import check, mend_what_failed, take_over
from factorypos_tui.core.station import Station
from factorypos_tui.core.storage.lock import DrainLock, holder_of

_PATIENCE_S = 60.0
_LOOK_S = 0.1


def sync_now(station: Station) -> None:
    """Have whoever drains try at once, and ask how conflicts were settled."""
    if in_conflict(station.database, was_settled=True):
        compare_soon(station.database)
    ask_for_a_try(station.database, station.clock.now())


def drain_once(station: Station) -> Drained:
    """Queue what is new and send until nothing is due; the first try does not wait for a back-off.

    Raises `WorkerBusy` where another process drains, `TillError` and `StorageError`."""
    lock = DrainLock(station.worker_lock)
    if not lock.acquire("worker", station.clock.now()):
        raise busy(station)
    try:
        worker = Worker(station)
        try:
            _drain(station, lock, worker)
        except DamagedError as error:
            mend_what_failed(station, error)
            _drain(station, lock, worker)
    finally:
        lock.release()
    return worker.drained()


def _drain(station: Station, lock: DrainLock, worker: Worker) -> None:
    is_unchecked = take_over(station, lock)
    sync_now(station)
    try:
        collect(station)
        enqueue_x(station)
    finally:  # trouble with the till must not keep here what is already queued
        while worker.step():
            pass
    if is_unchecked:
        check(station)


def send_what_waits(station: Station, store_id: str) -> Link:
    """Have what waits for the store in force sent at once, by this process or by the one that drains.

    Returns the link when all has left, when a try has failed, or when nothing left for a minute."""
    lock = DrainLock(station.worker_lock)
    if not lock.acquire("worker", station.clock.now()):
        return _wait_for_the_drainer(station, store_id)
    try:
        take_over(station, lock)
        sync_now(station)
        worker = Worker(station)
        while worker.step():
            pass
    finally:
        lock.release()
    return load_link(station.database)


def _wait_for_the_drainer(station: Station, store_id: str) -> Link:
    sync_now(station)
    failures, left = load_link(station.database).failures, waiting(station.database, store_id)
    giving_up = station.clock.monotonic() + _PATIENCE_S
    pause = threading.Event()
    while left and station.clock.monotonic() < giving_up:
        link = load_link(station.database)
        if link.state is not LinkState.ONLINE and link.failures > failures:
            return link
        pause.wait(_LOOK_S)
        before, left = left, waiting(station.database, store_id)
        if left < before:
            giving_up = station.clock.monotonic() + _PATIENCE_S
    return load_link(station.database)


def busy(station: Station) -> WorkerBusy:
    """The error that says who drains."""
    holder = holder_of(station.worker_lock)
    return WorkerBusy(
        _("Another process is already sending this terminal's reports (process {pid}).").format(
            pid=holder.pid if holder else "?"
        )
    )
