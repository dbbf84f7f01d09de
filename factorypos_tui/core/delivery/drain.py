"""Draining in the foreground: what `worker --once` does."""

from factorypos_tui.core.delivery.collector import Progress, collect, enqueue_x
from factorypos_tui.core.delivery.configurations import take_what_was_accepted
from factorypos_tui.core.delivery.keys import fetch_missing_keys
from factorypos_tui.core.delivery.link import ask_for_a_try
from factorypos_tui.core.delivery.telling import tell_state
from factorypos_tui.core.delivery.worker import Drained, Worker
from factorypos_tui.core.errors import DamagedError, WorkerBusy
from factorypos_tui.core.language import _
from factorypos_tui.core.queue.comparison import compare_soon, in_conflict
from factorypos_tui.core.recovery.auditing import look_at_all_if_due
from factorypos_tui.core.recovery.recovery import check, mend, recall_assignment, take_over
from factorypos_tui.core.station import Station
from factorypos_tui.core.storage.lock import DrainLock, holder_of


def sync_now(station: Station) -> None:
    """Let the process that drains try at once, and ask how conflicts were settled."""
    if in_conflict(station.database, was_settled=True):
        compare_soon(station.database)
    ask_for_a_try(station.database, station.clock.now())


def drain_once(station: Station, progress: Progress = lambda _reading: None) -> Drained:
    """Queue what is new and send until nothing is due; the first try does not wait for a back-off.

    Raises `WorkerBusy` where another process drains, `TillError` and `StorageError`, and `CloudUnreachable`
    where the queue was damaged and only the cloud knows its store."""
    lock = DrainLock(station.worker_lock)
    if not lock.acquire("worker", station.clock.now()):
        raise busy(station)
    try:
        worker = Worker(station)
        try:
            _drain(station, lock, worker, progress)
        except DamagedError as error:
            mend(station, error)
            recall_assignment(station)
            _drain(station, lock, worker, progress)
    finally:
        lock.release()
    return worker.drained()


def _drain(station: Station, lock: DrainLock, worker: Worker, progress: Progress) -> None:
    is_unchecked = take_over(station, lock)
    sync_now(station)
    try:
        collect(station, progress)
        enqueue_x(station)
    finally:  # queued reports are sent, whatever trouble the till has
        while worker.step():
            pass
    take_what_was_accepted(station)
    tell_state(station, "worker")
    fetch_missing_keys(station)
    if is_unchecked:
        check(station.database)
    look_at_all_if_due(station)


def busy(station: Station) -> WorkerBusy:
    """The error that says who drains."""
    holder = holder_of(station.worker_lock)
    return WorkerBusy(
        _("Another process is already sending this terminal's reports (process {pid}).").format(
            pid=holder.pid if holder else "?"
        )
    )
