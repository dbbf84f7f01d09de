"""While something takes long, the screen says for how long and what is safe; Esc stops waiting."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from textual.widgets import Static

from factorypos_tui.tui.screens.queue.queue import QueueScreen
from tests.support import catalogues
from tests.support.exchanges import in_the_cloud
from tests.support.hesitant_cloud import wait_on_purpose
from tests.support.operator import Operator, opened
from tests.support.stations import Shop

NOTHING_IS_CHANGED = "Esc stops waiting; nothing is changed."
GOES_ON = "Esc stops waiting; it goes on by itself."
SAFE = "Reports are safe."
AT_WORK = {
    "figures": ((), ("f",), NOTHING_IS_CHANGED),
    "closings": (("f",), ("c",), NOTHING_IS_CHANGED),
    "companies": ((), ("2",), NOTHING_IS_CHANGED),
    "stores": (("2",), ("enter",), NOTHING_IS_CHANGED),
    "history": (("2", "enter"), ("enter",), NOTHING_IS_CHANGED),
    "disconnecting": (("7",), ("down", "enter"), GOES_ON),
    "configuration": ((), ("6",), NOTHING_IS_CHANGED),
    "proposal": (("6",), ("1",), NOTHING_IS_CHANGED),
    "taking it": (("6", "1", "enter"), ("down", "enter"), SAFE),
    "comparing": (("4",), ("v",), NOTHING_IS_CHANGED),
    "saving": (("4", "e"), ("enter",), GOES_ON),
    "counting": ((), ("5",), NOTHING_IS_CHANGED),
    "sending again": (("5",), ("down", "enter"), GOES_ON),
    "reading a report": (("4",), ("enter",), SAFE),
    "a setting": (("3",), ("enter",), SAFE),
    "the day to close": ((), ("f4",), SAFE),
    "closing": (("f4", "enter"), ("enter",), SAFE),
}


@pytest.fixture(autouse=True)
def haste(monkeypatch: pytest.MonkeyPatch, no_haste: None) -> None:
    """What takes long takes the blink of an eye here; the shop's clock says how long it was."""
    monkeypatch.setattr("factorypos_tui.tui.waiting.LONG_S", 0.1)


@contextmanager
def standing_still(operator: Operator) -> Iterator[threading.Event]:
    """Nothing that a person asks for is done before the event, or the end of the block."""
    engine, may_go_on = operator.app.engine, threading.Event()
    perform = engine.perform

    def wait(*args: Any, **kwargs: Any) -> Any:
        wait_on_purpose(may_go_on.is_set)
        return perform(*args, **kwargs)

    engine.perform = wait  # type: ignore[method-assign]
    try:
        yield may_go_on
    finally:
        may_go_on.set()


async def is_told(operator: Operator, words: str) -> None:
    """Wait for a sentence on the screen in front; it may be broken into lines."""

    def is_there() -> bool:
        return any(words in str(place.content) for place in operator.app.screen.query(Static) if place.region)

    await operator.until(is_there, words)


@pytest.mark.parametrize("name", AT_WORK)
async def test_what_takes_long_says_for_how_long_and_then_comes(busy: Shop, name: str) -> None:
    before, keys, words = AT_WORK[name]
    in_the_cloud(busy, catalogues.spring(busy))
    async with opened(busy, running=False) as operator:
        await operator.rests()
        await operator.presses(*before)
        with standing_still(operator) as may_go_on:
            await operator.presses(*keys)
            busy.clock.advance(7)
            await is_told(operator, f"7 s so far. {words}")
            may_go_on.set()
            await operator.no_longer_sees("so far.")
        await operator.stands_still()


@pytest.mark.parametrize("name", [name for name, (*_keys, words) in AT_WORK.items() if words != SAFE])
async def test_esc_stops_waiting(busy: Shop, name: str) -> None:
    before, keys, words = AT_WORK[name]
    in_the_cloud(busy, catalogues.spring(busy))
    async with opened(busy, running=False) as operator:
        await operator.rests()
        await operator.presses(*before)
        with standing_still(operator):
            await operator.presses(*keys)
            await is_told(operator, words)
            waiting = operator.app.screen
            await operator.presses("escape")
            await operator.until(lambda: operator.app.screen is not waiting, "the screen before")


async def test_a_close_that_takes_long_is_not_said_to_stop(busy: Shop) -> None:
    async with opened(busy, running=False) as operator:
        await operator.presses("f4", "enter", at="accept")
        with standing_still(operator):
            await operator.presses("enter")
            await is_told(operator, "Closing the day... 0 s so far. Reports are safe.")
            await operator.presses("escape", then="The day is being closed. Wait for the answer.")


async def test_of_two_things_that_take_long_the_second_is_told_after_the_first(busy: Shop) -> None:
    async with opened(busy, running=False) as operator:
        await operator.presses("4", then="Z 5, ")
        reports = operator.app.screen
        assert isinstance(reports, QueueScreen)
        with reports.waiting(), reports.waiting("", "{n} sheep."):
            await operator.sees("0 s so far. Esc stops waiting")
        await operator.no_longer_sees("so far.")
        first = reports.waiting()
        first.__enter__()
        with reports.waiting("", "{n} sheep."):
            first.__exit__(None, None, None)
            await operator.sees("This takes a while. 0 sheep.")
        await operator.no_longer_sees("sheep")
