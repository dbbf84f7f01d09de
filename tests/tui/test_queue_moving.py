"""Moving in a long queue: only what is in view is read, and no key is lost on the way."""

import threading
from collections.abc import Sequence
from typing import Any

import pytest

from factorypos_tui.core.queue.pages import Window, window_around
from factorypos_tui.tui.screens.queue.report_list import ReportList
from tests.support.operator import opened
from tests.support.stations import Shop
from tests.tui.long_queue import QUEUE, many, numbers, under_the_cursor


async def test_a_hundred_thousand_reports_scroll_as_a_hundred_do(shop: Shop) -> None:
    many(shop, 100_000)
    async with opened(shop, running=False) as operator:
        await operator.presses(QUEUE, then=("100,005", "Z 100100, "))
        await operator.presses("end", then="Z 1, 18 Nov 2026")
        assert numbers(operator)[-6:] == ["101", "5", "4", "3", "2", "1"]
        await operator.presses(*["pageup"] * 40)
        await operator.until(lambda: under_the_cursor(operator) not in ("Z 1", "nothing"), "to be far up")
        above = numbers(operator)
        assert above == [str(int(above[0]) - n) for n in range(len(above))]
        await operator.presses("home", then="Z 100100, ")
        assert numbers(operator)[:3] == ["100100", "100099", "100098"]


async def test_a_step_makes_the_two_lines_that_change(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    make = ReportList.line

    def note(self: ReportList, number: int, columns: int) -> Sequence[tuple[str, str]]:
        made.append(number)
        return make(self, number, columns)

    many(shop, 50)
    async with opened(shop, running=False) as operator:
        await operator.presses(QUEUE)
        await operator.sees("Z 150, ")
        await operator.presses("down")
        monkeypatch.setattr(ReportList, "line", note)
        await operator.presses("down")
        await operator.sees("Z 148, ")
        assert under_the_cursor(operator) == "Z 148"
        assert sorted(made) == [1, 2]


@pytest.mark.long
async def test_held_down_keys_never_lose_their_way(shop: Shop) -> None:
    many(shop, 2_000)
    async with opened(shop, running=False) as operator:
        await operator.presses(QUEUE, then="Z 2100, ")
        for _turn in range(500):
            operator.holds("down")
        await operator.until(lambda: under_the_cursor(operator) == "Z 1600", "the 500th row below")
        for _turn in range(500):
            operator.holds("up")
        await operator.until(lambda: under_the_cursor(operator) == "Z 2100", "the first row")


@pytest.mark.long
async def test_who_turns_round_while_rows_are_read_never_loses_the_way(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is read lies around where the cursor was: by then it may be hundreds of rows away."""
    many(shop, 2_000)
    may_read = threading.Event()
    may_read.set()

    def read(*asked: Any) -> Window:
        may_read.wait()
        return window_around(*asked)

    monkeypatch.setattr("factorypos_tui.tui.screens.queue.report_list.window_around", read)
    async with opened(shop, running=False) as operator:
        await operator.presses(QUEUE, then="Z 2100, ")
        for _turn in range(700):
            operator.holds("down")
        await operator.until(lambda: under_the_cursor(operator) == "Z 1400", "the 700th row below")
        may_read.clear()
        for key in ["down"] * 250 + ["up"] * 650:
            operator.holds(key)
        await operator.settles()
        may_read.set()
        await operator.until(lambda: under_the_cursor(operator) == "Z 1800", "the 300th row below")


async def test_the_rows_stay_where_they_are_when_more_are_read(shop: Shop) -> None:
    many(shop, 2_000)
    async with opened(shop, running=False) as operator:
        await operator.presses(QUEUE, then="Z 2100, ")
        await operator.presses(*["pagedown"] * 20, "down")
        await operator.until(lambda: int(under_the_cursor(operator)[2:]) < 2100 - 200, "20 pages below")
        await operator.settles()
        shown = numbers(operator)
        await operator.takes_a_look(shop)
        await operator.settles()
        assert numbers(operator) == shown
