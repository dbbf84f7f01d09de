"""Jobs at intervals, by `schedule`, made safe for a till that runs for years.

`schedule` waits by the wall clock: if that is set back a day, a job rests for a day. So every due time is
also kept on the monotonic clock. And one job that raises would stop all others, so each job is wrapped."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import schedule

from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.ports import Clock

_LOOK_S = 1.0
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Entry:
    job: schedule.Job
    due: float


class Timetable:
    """The jobs of one engine; `run_due` is called often, from one thread."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._scheduler = schedule.Scheduler()
        self._entries: list[_Entry] = []
        self._next_look = 0.0

    def every(self, interval: timedelta, work: Callable[[], object]) -> None:
        """Run `work` now and then every `interval`."""
        job = self._scheduler.every(int(interval.total_seconds())).seconds
        entry = _Entry(job, self._clock.monotonic())
        job.do(self._run, work, entry, interval.total_seconds())
        self._entries.append(entry)

    def run_due(self) -> None:
        """Run what is due by either clock. It looks once a second."""
        now = self._clock.monotonic()
        if now < self._next_look:
            return
        self._next_look = now + _LOOK_S
        for entry in self._entries:
            if now >= entry.due:
                entry.job.next_run = datetime.min  # noqa: DTZ901 - schedule knows only naive times
        self._scheduler.run_pending()

    def _run(self, work: Callable[[], object], entry: _Entry, interval_s: float) -> None:
        entry.due = self._clock.monotonic() + interval_s
        try:
            work()
        except FactoryPosError as error:
            _log.error("job failed", extra={"facts": {"error": str(error)}})
        except Exception:  # noqa: BLE001 - `schedule` would run a raising job for ever, and no other
            _log.exception("job failed")
