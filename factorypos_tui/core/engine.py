"""The engine: collector, scheduler and worker in background threads of the app or of `worker`.

One thread watches: it notices closes, settings and changes by other processes, runs the timetable and
publishes snapshots. Another one delivers, so that a slow line never stops the watching. Only the process with
`worker.lock` collects and delivers. Others watch, and take over when it ends."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from factorypos_tui.core.account.till_time import tell_time_as_the_till
from factorypos_tui.core.delivery.collector import collect, enqueue_x
from factorypos_tui.core.delivery.scheduler import Timetable
from factorypos_tui.core.delivery.turn import take_turn
from factorypos_tui.core.delivery.worker import Drained, Worker
from factorypos_tui.core.errors import (
    CloudUnreachable,
    DamagedError,
    FactoryPosError,
    Stopped,
    StorageError,
    TillError,
    UsageError,
)
from factorypos_tui.core.language import _
from factorypos_tui.core.recovery.auditing import look_at_the_next
from factorypos_tui.core.recovery.recovery import check, check_stores, mend, recall_assignment, take_over
from factorypos_tui.core.snapshot import Snapshot, take_snapshot
from factorypos_tui.core.station import Station
from factorypos_tui.core.storage.ballast import lay
from factorypos_tui.core.storage.lock import DrainLock

if TYPE_CHECKING:
    from factorypos_tui.core.delivery.beside import Beside

_log = logging.getLogger(__name__)
_X_CHECK, _AGE_REFRESH, _INSPECT = timedelta(seconds=20), timedelta(seconds=60), timedelta(seconds=60)
_TICK_S, _AFTER_TROUBLE_S, _RECALL_AGAIN_S, _HANGS_AFTER_S, _STOP_WAIT_S = 0.4, 5.0, 60.0, 600.0, 2.0

P = ParamSpec("P")
R = TypeVar("R")


class Engine:
    """The background threads of one station. `kind` says which process runs it: `app` or `worker`."""

    def __init__(self, station: Station, kind: str) -> None:
        self._station = station
        self._kind = kind
        self._lock = DrainLock(station.worker_lock)
        self._worker = Worker(station)
        self._beside: Beside | None = None
        self._timetable = Timetable(station.clock)
        self._timetable.every(_X_CHECK, self._mending(self._enqueue_x))
        self._timetable.every(_AGE_REFRESH, self._look_again)
        self._timetable.every(_INSPECT, self._mending(self._inspect))
        self._subscribers: list[Callable[[Snapshot], object]] = []
        self._seen: object = None
        self._last: Snapshot | None = None
        self._troubles: dict[object, str] = {}
        self._busy_since: dict[object, float] = {}
        self._inspected = 0
        self._mend_not_before = 0.0
        self._recalling = True
        self._stopping = threading.Event()
        self._look = threading.Event()
        self._deliver = threading.Event()
        self._draining = threading.Event()
        lives = (self._watch, self._look), (self._drain, self._deliver)
        self._threads = [threading.Thread(target=self._live, args=life, daemon=True) for life in lives]

    def subscribe(self, receive: Callable[[Snapshot], object]) -> None:
        """Call `receive` with a snapshot now, and in the engine's thread whenever something changed."""
        self._subscribers.append(receive)
        if self._last is not None:
            receive(self._with_trouble(self._last))

    def start(self) -> bool:
        """Take the lock if it is free, and start the threads; returns whether this process drains."""
        with suppress(StorageError):  # the thread that tries again tells it
            self._take_lock()
        draining = self._lock.held
        self.start_looking()
        return draining

    def start_looking(self) -> None:
        """Start the threads, and wait for nothing: the one that looks takes the lock."""
        for thread in self._threads:
            if thread.ident is None:  # one may be running: taking the lock can start a third
                thread.start()

    def stop(self) -> bool:
        """Stop within moments; the next drainer sends an abandoned report again. Returns whether all threads
        have ended, and the lock is free; it can be asked again."""
        self._stopping.set()
        self._lock.take_leave()
        self._look.set()
        self._deliver.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(_STOP_WAIT_S)
        if any(thread.is_alive() for thread in self._threads):
            return False
        self._lock.release()
        return True

    def perform(self, verb: Callable[Concatenate[Station, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a verb for a person in the caller's thread, then look at what it changed."""
        try:
            with self._station.connections():
                return verb(self._station, *args, **kwargs)
        finally:
            self._look.set()

    def hangs(self) -> bool:
        """Whether a thread has worked on one thing for longer than any takes, or has ended by itself."""
        if not (self._stopping.is_set() or all(thread.is_alive() for thread in self._threads[:2])):
            return True
        since = self._station.clock.monotonic() - _HANGS_AFTER_S
        return any(begun < since for begun in list(self._busy_since.values()))

    def drained(self) -> Drained:
        """What this engine has delivered, and what is left."""
        return self._worker.drained()

    def _live(self, once: Callable[[], float | None], wake: threading.Event) -> None:
        """Run `once` again and again, each time after the seconds that it returns, or when woken."""
        with self._station.connections():
            while not self._stopping.is_set():
                self._busy_since[once] = self._station.clock.monotonic()
                try:
                    pause = once()
                    self._tell(once, None)
                except DamagedError as error:
                    pause = self._mend(once, error)
                except FactoryPosError as error:
                    pause = self._tell(once, str(error))
                except Exception:  # noqa: BLE001 - a bug must not silence the engine: say so, try again
                    _log.exception("unexpected")
                    words = _("Something unexpected went wrong. Reports are safe; the log says more.")
                    pause = self._tell(once, words)
                self._busy_since.pop(once, None)
                wake.wait(pause)
                wake.clear()

    def _mend(self, task: object, error: DamagedError) -> float:
        """Set a damaged database aside, if this process drains; other processes go on with the new one."""
        pause = self._tell(task, str(error))
        now = self._station.clock.monotonic()
        # Both threads may meet the same damage: then the second error is about the file that was set aside.
        if self._lock.held and error.path == self._station.database.path and now >= self._mend_not_before:
            self._mend_not_before = now + _AFTER_TROUBLE_S
            try:
                mend(self._station, error)
                self._recalling = True
                pause = 0.0
            except FactoryPosError as worse:
                pause = self._tell(task, str(worse))
        self._look_again()
        return pause

    def _mending(self, job: Callable[[], None]) -> Callable[[], None]:
        """The job with its damage mended: the timetable alone would only log it."""

        def run() -> None:
            try:
                job()
            except DamagedError as error:
                self._mend(self._watch, error)

        return run

    def _watch(self) -> float:
        draining = self._take_lock()
        self._timetable.run_due()
        seen = (self._station.database.data_version(), self._till_revision(), draining)
        if seen != self._seen:
            self._seen = seen
            try:
                tell_time_as_the_till(self._station)  # a till may have appeared
                if draining:
                    with suppress(Stopped):
                        collect(self._station, self._tell_how_far)
            finally:  # screen and queue go on, whatever trouble the till has
                self._deliver.set()
                snapshot = take_snapshot(self._station)
                if self._last and self._last.status.assignment and not snapshot.status.assignment:
                    self._recalling = True  # `sync.db` was lost, but no person disconnected
                    self._deliver.set()
                self._publish(snapshot)
            if draining and self._last and self._last.status.assignment:
                self._look_beside()
        return _TICK_S

    def _tell_how_far(self, _reading: object) -> None:
        """Between two pages of a long history: what was collected is sent, and the screen shows how far."""
        if self._stopping.is_set():
            raise Stopped
        self._busy_since[self._watch] = self._station.clock.monotonic()
        self._deliver.set()
        self._publish(take_snapshot(self._station))

    def _look_beside(self) -> None:
        """After the rest: a large configuration takes seconds."""
        from factorypos_tui.core.delivery.beside import Beside
        from factorypos_tui.core.delivery.configurations import take_what_was_accepted

        self._beside = self._beside or Beside(self._station, self._kind)
        self._beside.look()
        if take_what_was_accepted(self._station):
            self._look_again()

    def _drain(self) -> float | None:
        if not self._draining.is_set():
            return None
        if self._recalling and (pause := self._recall()):
            return pause
        while self._draining.is_set() and not self._stopping.is_set() and self._worker.step():
            self._look.set()
            self._busy_since[self._drain] = self._station.clock.monotonic()
        return self._worker.pause() or None

    def _take_lock(self) -> bool:
        if not take_turn(self._station, self._lock, self._kind):
            self._draining.clear()  # the file was deleted, and another process holds the new one
        elif not self._draining.is_set():
            is_unchecked = take_over(self._station, self._lock)
            self._draining.set()
            self._deliver.set()
            if is_unchecked:
                self._threads.append(threading.Thread(target=self._check, daemon=True))
                self._threads[-1].start()
        return self._draining.is_set()

    def _check(self) -> None:
        """Read a large file while the others work with it, under the lock: it may be damaged."""
        with self._station.connections(), suppress(StorageError):  # the next start tries again
            self._mending(lambda: check(self._station.database))()

    def _recall(self) -> float:
        """Ask which store a left token is for, where `sync.db` was lost; returns the pause."""
        try:
            if recall_assignment(self._station):
                self._look.set()
        except (CloudUnreachable, UsageError):
            return _RECALL_AGAIN_S
        except TillError:
            return _AFTER_TROUBLE_S
        self._recalling = False
        return 0.0

    def _inspect(self) -> None:
        if self._draining.is_set():
            lay(self._station.database.path.parent)
            check_stores(self._station.database)
            self._inspected = look_at_the_next(self._station, self._inspected)

    def _till_revision(self) -> object:
        with suppress(FactoryPosError):
            return self._station.till.revision()
        return None

    def _enqueue_x(self) -> None:
        if self._draining.is_set() and enqueue_x(self._station):
            self._look_again()

    def _look_again(self) -> None:
        """Publish at the next look: this thread may have changed something, and ages grow."""
        self._seen = None

    def _publish(self, snapshot: Snapshot) -> None:
        self._last = snapshot
        for receive in self._subscribers:
            try:
                receive(self._with_trouble(snapshot))
            except Exception:  # noqa: BLE001 - a screen's error must not stop the sending
                _log.exception("unexpected")

    def _with_trouble(self, snapshot: Snapshot) -> Snapshot:
        return replace(snapshot, trouble=next(iter(self._troubles.values()), snapshot.trouble))

    def _tell(self, task: object, trouble: str | None) -> float:
        """Say that a task is in trouble, or (None) no longer is; returns the pause before the next try."""
        if self._troubles.get(task) != trouble:
            if trouble is None:
                del self._troubles[task]
            else:
                self._troubles[task] = trouble
                _log.error("in trouble", extra={"facts": {"error": trouble}})
            if self._last is not None:
                self._publish(self._last)
        if trouble is not None:
            self._look_again()
        return _AFTER_TROUBLE_S
