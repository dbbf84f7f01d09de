"""The engine: collector, scheduler and worker in background threads of an app or of `worker`.

One thread watches: it notices closes, settings and other processes' changes, runs the timetable and
publishes snapshots. One thread delivers, so that a slow line never stops the watching. Only the process
that holds `worker.lock` collects and delivers; any other observes, and takes over when the holder goes.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Concatenate, ParamSpec, TypeVar

from factorypos_tui.core import shipments
from factorypos_tui.core.collector import collect, enqueue_x
from factorypos_tui.core.errors import FactoryPosError, TillError
from factorypos_tui.core.language import _
from factorypos_tui.core.link import load_link, save_link, try_now
from factorypos_tui.core.lock import DrainLock
from factorypos_tui.core.scheduler import Timetable
from factorypos_tui.core.shipments import Shipment
from factorypos_tui.core.station import Station
from factorypos_tui.core.status import Status, read_status
from factorypos_tui.core.worker import Worker

_log = logging.getLogger(__name__)
_TICK_S = 0.4
_X_CHECK = timedelta(seconds=20)
_AGE_REFRESH = timedelta(seconds=60)
_RECENT = 200
_AFTER_TROUBLE_S = 5.0
_STOP_WAIT_S = 2.0

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a screen shows: the status, the newest shipments, and the trouble the engine is in, in words."""

    status: Status
    recent: tuple[Shipment, ...] = ()
    trouble: str | None = None


def take_snapshot(station: Station, trouble: str | None = None) -> Snapshot:
    """Read the present state."""
    return Snapshot(read_status(station), tuple(shipments.newest(station.database, _RECENT)), trouble)


def sync_now(station: Station) -> None:
    """Forget the back-off: the next step tries at once."""
    with station.database.transaction():
        save_link(station.database, try_now(load_link(station.database)))


class Engine:
    """The background life of one station; `kind` says who runs it: `app` or `worker`."""

    def __init__(self, station: Station, kind: str) -> None:
        self._station = station
        self._kind = kind
        self._lock = DrainLock(station.worker_lock)
        self._worker = Worker(station)
        self._timetable = Timetable(station.clock)
        self._timetable.every(_X_CHECK, self._enqueue_x)
        self._timetable.every(_AGE_REFRESH, self._look_again)
        self._subscribers: list[Callable[[Snapshot], object]] = []
        self._seen: object = None
        self._last: Snapshot | None = None
        self._stopping = threading.Event()
        self._look = threading.Event()
        self._deliver = threading.Event()
        self._draining = threading.Event()
        self._threads = [
            threading.Thread(target=self._live, args=(self._watch, self._look), name="watch", daemon=True),
            threading.Thread(target=self._live, args=(self._drain, self._deliver), name="drain", daemon=True),
        ]

    def subscribe(self, receive: Callable[[Snapshot], object]) -> None:
        """Call `receive` with a snapshot whenever something changed; it is called in the engine's thread,
        and once now with the present state."""
        self._subscribers.append(receive)
        if self._last is not None:
            receive(self._last)

    def start(self) -> bool:
        """Start the threads; returns whether this process drains from the start."""
        draining = self._take_lock()
        for thread in self._threads:
            thread.start()
        return draining

    def stop(self) -> None:
        """Stop within moments; a report whose send is abandoned is sent again by the next drainer."""
        self._stopping.set()
        self._look.set()
        self._deliver.set()
        for thread in self._threads:
            thread.join(_STOP_WAIT_S)
        if not any(thread.is_alive() for thread in self._threads):
            self._lock.release()

    def perform(self, verb: Callable[Concatenate[Station, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Do what a person asked for, in the caller's thread, and look at once at what it changed."""
        try:
            with self._station.connections():
                return verb(self._station, *args, **kwargs)
        finally:
            self._look.set()

    def _live(self, once: Callable[[], float | None], wake: threading.Event) -> None:
        """Do `once` again and again, each time after the seconds it asks for, or when woken."""
        with self._station.connections():
            while not self._stopping.is_set():
                try:
                    pause = once()
                except FactoryPosError as error:
                    _log.error("in trouble", extra={"facts": {"error": str(error)}})
                    pause = self._tell_trouble(str(error))
                except Exception:  # noqa: BLE001 - a bug must not silence the engine: say so, try again
                    _log.exception("unexpected")
                    pause = self._tell_trouble(
                        _("Something unexpected went wrong. Reports are safe; the log says more.")
                    )
                wake.wait(pause)
                wake.clear()

    def _watch(self) -> float:
        draining = self._take_lock()
        self._timetable.run_due()
        seen = (self._station.database.data_version(), self._till_revision(), draining)
        if seen != self._seen:
            if draining:
                collect(self._station)
                self._deliver.set()
            self._publish(take_snapshot(self._station))
            self._seen = seen
        return _TICK_S

    def _drain(self) -> float | None:
        if not self._draining.is_set():
            return None
        while not self._stopping.is_set() and self._worker.step():
            self._look.set()
        next_try = load_link(self._station.database).next_try_at
        if next_try is None:
            return None
        return max(0.0, (next_try - self._station.clock.now()).total_seconds())

    def _take_lock(self) -> bool:
        if not self._draining.is_set() and self._lock.acquire(self._kind, self._station.clock.now()):
            self._draining.set()
            self._deliver.set()
        return self._draining.is_set()

    def _till_revision(self) -> object:
        try:
            return self._station.till.revision()
        except TillError:
            return None

    def _enqueue_x(self) -> None:
        if self._draining.is_set() and enqueue_x(self._station):
            self._look_again()

    def _look_again(self) -> None:
        """Publish at the next look, also what this thread itself changed, and how old things are by now."""
        self._seen = None

    def _publish(self, snapshot: Snapshot) -> None:
        self._last = snapshot
        for receive in self._subscribers:
            receive(snapshot)

    def _tell_trouble(self, words: str) -> float:
        if self._last is not None:
            self._publish(replace(self._last, trouble=words))
        self._seen = None
        return _AFTER_TROUBLE_S
