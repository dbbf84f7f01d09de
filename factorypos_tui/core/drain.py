"""Draining once, in the foreground: what `worker --once` does."""

from factorypos_tui.core.collector import collect, enqueue_x
from factorypos_tui.core.engine import sync_now
from factorypos_tui.core.errors import WorkerBusy
from factorypos_tui.core.language import _
from factorypos_tui.core.lock import DrainLock, holder_of
from factorypos_tui.core.station import Station
from factorypos_tui.core.worker import Drained, Worker


def drain_once(station: Station) -> Drained:
    """Queue what is new and send until nothing is due; the first try does not wait for a back-off.

    Raises `WorkerBusy` where another process drains, `TillError` and `StorageError`."""
    lock = DrainLock(station.worker_lock)
    if not lock.acquire("worker", station.clock.now()):
        raise busy(station)
    try:
        sync_now(station)
        worker = Worker(station)
        try:
            collect(station)
            enqueue_x(station)
        finally:  # trouble with the till must not keep here what is already queued
            while worker.step():
                pass
    finally:
        lock.release()
    return worker.drained()


def busy(station: Station) -> WorkerBusy:
    """The error that says who drains."""
    holder = holder_of(station.worker_lock)
    return WorkerBusy(
        _("Another process is already sending this terminal's reports (process {pid}).").format(
            pid=holder.pid if holder else "?"
        )
    )
