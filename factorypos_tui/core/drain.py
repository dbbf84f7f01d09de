"""Draining once, in the foreground: what `worker --once` does."""

from dataclasses import dataclass

from factorypos_tui.core import shipments
from factorypos_tui.core.collector import collect, enqueue_x
from factorypos_tui.core.engine import sync_now
from factorypos_tui.core.errors import WorkerBusy
from factorypos_tui.core.language import _
from factorypos_tui.core.link import Link, load_link
from factorypos_tui.core.lock import DrainLock, holder_of
from factorypos_tui.core.shipments import State
from factorypos_tui.core.station import Station
from factorypos_tui.core.worker import Worker


@dataclass(frozen=True, slots=True)
class Drained:
    """What one run did (`delivered`, `attention`: reports) and what it left (`waiting`, `link`)."""

    delivered: int
    attention: int
    waiting: int
    link: Link


def drain_once(station: Station) -> Drained:
    """Queue what is new and send until nothing is due; the first try does not wait for a back-off.

    Raises `WorkerBusy` where another process drains, `TillError` and `StorageError`."""
    lock = DrainLock(station.worker_lock)
    if not lock.acquire("worker", station.clock.now()):
        raise busy(station)
    try:
        collect(station)
        enqueue_x(station)
        sync_now(station)
        before = shipments.counts(station.database)
        worker = Worker(station)
        while worker.step():
            pass
        after = shipments.counts(station.database)
    finally:
        lock.release()
    return Drained(
        delivered=after[State.DELIVERED] - before[State.DELIVERED],
        attention=after[State.ATTENTION] - before[State.ATTENTION],
        waiting=after[State.PENDING] + after[State.SENDING],
        link=load_link(station.database),
    )


def busy(station: Station) -> WorkerBusy:
    """The error that says who drains."""
    holder = holder_of(station.worker_lock)
    return WorkerBusy(
        _("Another process is already sending this terminal's reports (process {pid}).").format(
            pid=holder.pid if holder else "?"
        )
    )
