"""Faults 7 and 32: a cloud that wants to be left alone for a while, and a thousand terminals that were."""

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from factorypos_tui.cloud.client import FactoryCloud
from factorypos_tui.core.delivery.collector import collect
from factorypos_tui.core.delivery.drain import drain_once, sync_now
from factorypos_tui.core.delivery.link import Link, LinkState, failed, load_link
from factorypos_tui.core.delivery.retry import Failure, wait_after
from factorypos_tui.core.delivery.worker import Worker
from tests.faults.elsewhen import Clocks
from tests.faults.proxy import Proxy, problem
from tests.faults.world import Bar, Owner
from tests.support.fakes import FrozenClock
from tests.support.waiting import eventually

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
_HOUR_S = 3600
_DATE = "Date: Tue, 24 Nov 2026 12:00:00 GMT\r\n"


@pytest.mark.parametrize("status", [429, 503, 408, 425])
@pytest.mark.parametrize(
    ("asked", "least", "most"),
    [
        ("Retry-After: 120\r\n", 120, 240),
        (_DATE + "Retry-After: Tue, 24 Nov 2026 12:30:00 GMT\r\n", 1800, 2700),
        (_DATE + "Retry-After: Fri, 31 Dec 9999 23:59:59 GMT\r\n", 3600, 4500),
        ("Retry-After: 999999999\r\n", 3600, 4500),
        (f"Retry-After: {'9' * 400}\r\n", 3600, 4500),
        ("Retry-After: -5\r\n", 1, 900),
        ("Retry-After: 0\r\n", 1, 900),
        ("Retry-After: 1e999\r\n", 1, 900),
        ("Retry-After: Wed, 21 Oct 2015 07:28:00 GMT\r\n", 1, 900),
        ("Retry-After: Wed, 99 Oct 99999 07:28:00 GMT\r\n", 1, 900),
        ("Retry-After: soon\r\n", 1, 900),
        ("", 1, 900),
    ],
)
def test_07_a_cloud_that_asks_for_patience_gets_it_within_reason(
    bar: Bar, line: Proxy, status: int, asked: str, least: int, most: int
) -> None:
    line.misbehave(problem(status, "busy", asked))
    before = datetime.now(UTC)
    with bar.through(line.address) as station:
        drained = drain_once(station)
    assert (drained.waiting, drained.link.state) == (3, LinkState.OFFLINE)
    assert drained.link.next_try_at is not None
    wait_s = (drained.link.next_try_at - before).total_seconds()
    assert least <= wait_s + 0.001
    assert wait_s <= most + (datetime.now(UTC) - before).total_seconds()
    assert tries(line) == 1


def tries(line: Proxy) -> int:
    """How often reports were sent."""
    return sum(times for request, times in line.seen.items() if " /v1/reports/" in request)


@pytest.mark.parametrize("status", [429, 503])
def test_07_the_service_leaves_a_cloud_alone_as_long_as_it_asked_whatever_happens_meanwhile(
    bar: Bar, line: Proxy, tmp_path: Path, status: int
) -> None:
    clocks = Clocks(tmp_path / "clocks")
    clocks.set(0)
    service = replace(bar, program=clocks.program())
    line.misbehave(problem(status, "busy", f"Retry-After: {_HOUR_S}\r\n"))
    with service.worker(line.address):
        eventually(lambda: tries(line))
        close_and_see_queued(bar, 4)
    with service.worker(line.address):  # killed and started again
        close_and_see_queued(bar, 5)
        line.behave()
        clocks.set(0.9 * _HOUR_S, 0.9 * _HOUR_S)
        close_and_see_queued(bar, 6)
    assert tries(line) == 1
    clocks.set(1.3 * _HOUR_S, 1.3 * _HOUR_S)
    with service.worker(line.address):
        eventually(lambda: bar.everything_arrived_once(6))


def test_07_a_person_who_wants_a_try_gets_one_at_once(bar: Bar, line: Proxy) -> None:
    line.misbehave(problem(429, "busy", f"Retry-After: {_HOUR_S}\r\n"))
    with bar.worker(line.address):
        eventually(lambda: load_link(bar.station.database).reason == "overloaded")
        line.behave()
        sync_now(bar.station)  # as F2 does, in another process
        eventually(lambda: bar.everything_arrived_once(3))


def test_10_a_person_who_wants_a_try_gets_one_at_once_also_where_the_link_is_held(
    bar: Bar, line: Proxy
) -> None:
    line.misbehave("html")
    with bar.worker(line.address):
        eventually(lambda: load_link(bar.station.database).state is LinkState.HELD)
        line.behave()
        sync_now(bar.station)
        eventually(lambda: bar.everything_arrived_once(3))


def close_and_see_queued(bar: Bar, rows: int) -> None:
    """Give the service something to look at, and wait until it has."""
    bar.sell_and_close()
    eventually(lambda: len(bar.queued()) == rows)


@pytest.mark.parametrize("asked_s", [None, 5, 60, 1800, 7200])
def test_32_a_thousand_terminals_that_lost_one_cloud_come_back_spread_out(asked_s: float | None) -> None:
    chance = random.Random(7).random  # noqa: S311 - a seed that stays
    links = [Link() for _terminal in range(1000)]
    moments: Counter[int] = Counter()
    for failures in range(1, 11):
        for n, before in enumerate(links):
            wait = wait_after(Failure.LATER, failures, chance(), asked_s)
            links[n] = failed(before, Failure.LATER, "connection", NOON + wait, 1)
    for after in links:
        assert after.next_try_at
        moments[int((after.next_try_at - NOON) / timedelta(seconds=1))] += 1
    assert max(moments.values()) < 15
    assert len(moments) > 500


_TERMINALS = 30


def test_32_terminals_that_one_cloud_has_asked_for_patience_bring_all_to_it_and_never_at_once(
    owner: Owner, tmp_path: Path
) -> None:
    """All find it busy in one moment and are told the same; each has its files, and all have one clock."""
    clock, line = FrozenClock(NOON), Proxy(owner.cloud_url)
    bars = [owner.open_bar(tmp_path / f"bar-{n}", 1) for n in range(_TERMINALS)]
    moments: Counter[int] = Counter()
    with line, FactoryCloud(line.address) as cloud:
        stations = [replace(bar.station, cloud=lambda: cloud, clock=clock) for bar in bars]
        workers = [Worker(station, random.Random(n).random) for n, station in enumerate(stations)]  # noqa: S311
        for station in stations:
            collect(station)
        line.misbehave(problem(503, "busy", "Retry-After: 600\r\n"))
        assert all(worker.step() for worker in workers)
        line.behave()
        for second in range(0, 1300, 10):
            for bar, worker in zip(bars, workers, strict=True):
                while worker.step():
                    moments[second] += bar.delivered() == 1
            clock.advance(10)
    assert all(bar.everything_arrived_once(1) for bar in bars)
    assert min(moments) >= 600
    assert max(Counter(second // 60 for second in moments.elements()).values()) <= _TERMINALS // 3
    for bar in bars:
        bar.close()
