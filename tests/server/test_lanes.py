"""A lane: turns in their order, a short queue, and a refusal beyond it."""

import asyncio

import pytest

from factorypos_tui.server import errors
from factorypos_tui.server.http import lanes
from factorypos_tui.server.http.lanes import Lane


class Driver:
    """A call that takes a turn and ends when it is told to."""

    def __init__(self, lane: Lane, seen: list[str], name: str, units: int = 1) -> None:
        self.end = asyncio.Event()
        self.task = asyncio.create_task(self._drive(lane, seen, name, units))

    async def _drive(self, lane: Lane, seen: list[str], name: str, units: int) -> None:
        async with lane.turn(units):
            seen.append(name)
            await self.end.wait()


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_turns_come_in_their_order_and_a_small_one_never_overtakes_a_large_one() -> None:
    lane, seen = Lane(3, waiting=5), list[str]()
    first, large = Driver(lane, seen, "first", 2), Driver(lane, seen, "large", 3)
    small = Driver(lane, seen, "small", 1)
    await settle()
    assert seen == ["first"]
    first.end.set()
    await settle()
    assert seen == ["first", "large"]
    large.end.set()
    small.end.set()
    await asyncio.gather(first.task, large.task, small.task)
    assert seen == ["first", "large", "small"]
    assert lane.is_empty


async def test_beyond_its_queue_a_lane_refuses_at_once() -> None:
    lane, seen = Lane(1, waiting=1, refusal=errors.TooManyAtOnce), list[str]()
    drivers = [Driver(lane, seen, "in it"), Driver(lane, seen, "waits")]
    await settle()
    with pytest.raises(errors.TooManyAtOnce):
        async with lane.turn():
            pass
    for driver in drivers:
        driver.end.set()
        await driver.task
    assert lane.is_empty


async def test_who_waits_too_long_is_refused_and_keeps_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "MOST_SECONDS", 0.01)
    lane, seen = Lane(1, waiting=5), list[str]()
    driver = Driver(lane, seen, "in it")
    await settle()
    with pytest.raises(errors.Busy):
        async with lane.turn():
            pass
    driver.end.set()
    await driver.task
    assert lane.is_empty


async def test_who_leaves_gives_its_turn_to_the_next() -> None:
    lane, seen = Lane(2, waiting=5), list[str]()
    first = Driver(lane, seen, "first")
    large, small = Driver(lane, seen, "large", 2), Driver(lane, seen, "small")
    await settle()
    large.task.cancel()
    await settle()
    assert seen == ["first", "small"]
    for driver in (first, small):
        driver.end.set()
        await driver.task
    assert lane.is_empty
