"""Jobs at intervals, with clocks that jump and jobs that fail."""

from datetime import datetime, timedelta, tzinfo
from types import SimpleNamespace

import pytest
import schedule

from factorypos_tui.core.delivery.scheduler import Timetable
from factorypos_tui.core.errors import TillError
from tests.support.fakes import FrozenClock

HALF_HOUR = timedelta(minutes=30)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FrozenClock:
    """One clock for us and for `schedule`, which reads the machine's own."""
    clock = FrozenClock()

    class Frozen(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Frozen":
            return cls.fromtimestamp(clock.now().timestamp(), tz)

    monkeypatch.setattr(schedule, "datetime", SimpleNamespace(datetime=Frozen, timedelta=timedelta))
    return clock


def test_a_job_runs_at_once_and_then_at_its_interval(clock: FrozenClock) -> None:
    runs: list[datetime] = []
    timetable = Timetable(clock)
    timetable.every(HALF_HOUR, lambda: runs.append(clock.now()))
    start = clock.now()
    for _minute in range(61):
        timetable.run_due()
        clock.advance(60)
    assert [run - start for run in runs] == [timedelta(0), HALF_HOUR, 2 * HALF_HOUR]


def test_a_clock_set_back_a_day_delays_nothing(clock: FrozenClock) -> None:
    runs: list[datetime] = []
    timetable = Timetable(clock)
    timetable.every(HALF_HOUR, lambda: runs.append(clock.now()))
    timetable.run_due()
    clock.jump(clock.now() - timedelta(days=1))
    clock.advance(HALF_HOUR.total_seconds())
    timetable.run_due()
    assert len(runs) == 2


def test_a_clock_set_forward_a_day_runs_a_job_once(clock: FrozenClock) -> None:
    runs: list[datetime] = []
    timetable = Timetable(clock)
    timetable.every(HALF_HOUR, lambda: runs.append(clock.now()))
    timetable.run_due()
    clock.jump(clock.now() + timedelta(days=1))
    for _second in range(5):
        clock.advance(1)
        timetable.run_due()
    assert len(runs) == 2


def test_a_job_that_fails_starves_no_other_and_is_run_again(clock: FrozenClock) -> None:
    runs: list[str] = []

    def fail() -> None:
        runs.append("failed")
        raise TillError("no till")

    timetable = Timetable(clock)
    timetable.every(HALF_HOUR, fail)
    timetable.every(HALF_HOUR, lambda: runs.append("ran"))
    for _ in range(2):
        timetable.run_due()
        timetable.run_due()
        clock.advance(HALF_HOUR.total_seconds())
    assert runs == ["failed", "ran"] * 2
