"""The headings of the months in the queue's list, and the place of the report under the cursor."""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import product

import pytest

from factorypos_tui.core.queue.months import Month, month_of, read_headings
from factorypos_tui.core.queue.pages import (
    Order,
    Query,
    Window,
    first_window,
    last_window,
    place_of,
    window_around,
)
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.station import Station
from factorypos_tui.tui.themes import THEMES
from factorypos_tui.tui.tty.policy import policy_of
from tests.support import scenes
from tests.support.operator import opened
from tests.support.photograph import photograph
from tests.support.stations import Shop
from tests.tui.long_queue import QUEUE, copy_the_first, numbers

DAYS = 200
BY_TIME = (Order.QUEUED, Order.DATE)


@pytest.fixture
def long_shop(shop: Shop) -> Shop:
    """A queue of more than half a year, with reports in each state."""
    scenes.with_every_state(shop)
    copy_the_first(shop, DAYS)
    shop.station.database.execute("UPDATE shipment SET state = 'superseded' WHERE z_number = 150")
    shop.station.database.execute("UPDATE shipment SET currency = 'USD' WHERE z_number = 151")
    return shop


def windows(station: Station, query: Query) -> Iterator[Window]:
    whole = first_window(station, query, 1000)
    yield first_window(station, query, 5)
    yield last_window(station, query, 5)
    yield from (
        window_around(station, query, place_of(query, row), room)
        for row, room in product(whole.rows[:: DAYS // 7], (3, 40))
    )


@pytest.mark.parametrize("state", [None, State.DELIVERED, State.ATTENTION])
@pytest.mark.parametrize(("order", "descending"), [*product(Order, (True, False))])
def test_a_window_knows_its_place_and_its_months_whole(
    long_shop: Shop, state: State | None, order: Order, *, descending: bool
) -> None:
    query = Query(state, "", order, descending)
    rows = first_window(long_shop.station, query, 1000).rows
    nets: dict[date, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        if row.kind.value == "Z" and row.state is not State.SUPERSEDED:
            nets[month_of(row)][row.currency].append(row.net)
    for window in windows(long_shop.station, query):
        headings = read_headings(long_shop.station, query, window)
        assert not window.rows or headings.before == rows.index(window.rows[0])
        expected = {month_of(row) for row in window.rows} if order in BY_TIME else set()
        assert headings.months.keys() == expected
        for day, month in headings.months.items():
            sums = {currency: sum(amounts) for currency, amounts in nets[day].items()}
            assert month == Month(sum(map(len, nets[day].values())), sums)


def test_a_gap_in_the_queue_does_not_shift_the_place(long_shop: Shop) -> None:
    query = Query()
    long_shop.station.database.execute("DELETE FROM acknowledgement")
    long_shop.station.database.execute("DELETE FROM shipment WHERE z_number = 299")
    rows = first_window(long_shop.station, query, 1000).rows
    window = window_around(long_shop.station, query, place_of(query, rows[100]), 3)
    assert read_headings(long_shop.station, query, window).before == 97


def test_a_search_names_the_months_and_adds_nothing_up(long_shop: Shop) -> None:
    query = Query(search="z")
    headings = read_headings(long_shop.station, query, first_window(long_shop.station, query, 3))
    assert [*headings.months.values()] == [Month()]


async def test_the_row_under_the_cursor_is_a_bar_from_edge_to_edge_and_its_state_keeps_its_colour(
    long_shop: Shop,
) -> None:
    many_colours = policy_of({"TERM": "xterm-256color", "LANG": "C.UTF-8"})
    async with opened(long_shop, running=False) as operator:
        await operator.presses(QUEUE)
        await operator.sees(">Z ", "● delivered")
        await operator.presses("down")
        await operator.stands_still()
        bar, other = (
            next(row for row in photograph(operator.app, many_colours) if row[0].data + row[1].data == begin)
            for begin in (">Z", " Z")
        )
        assert all(place.reverse for place in bar)
        assert not any(place.reverse for place in other)
        marks = [next(place for place in row if place.data == "●") for row in (bar, other)]
        assert {mark.fg for mark in marks} == {"5fd75f"}
        operator.app.theme = THEMES["light"].name
        await operator.stands_still()
        inks = {
            place.fg for row in photograph(operator.app, many_colours) for place in row if place.data == "●"
        }
        assert inks == {"005f00"}


async def test_headings_stand_above_their_months_and_the_cursor_passes_them(long_shop: Shop) -> None:
    async with opened(long_shop, running=False) as operator:
        await operator.presses(QUEUE)
        count = f"of {DAYS + len(long_shop.queued()) - DAYS}"
        await operator.sees(f" 1 {count}", "Jun 2027: 10 Z, ")
        await operator.presses(*["down"] * 10)
        await operator.sees(f"11 {count}", ">Z ", "May 2027: 31 Z, ", "31 May 2027")
        below = int(re.findall(r">Z +(\d+)", operator.screen)[0]) - 1
        await operator.presses("pagedown", "pagedown", "pagedown", "pagedown")
        seen = set(map(int, numbers(operator)))
        for _page in range(4):
            await operator.presses("pageup")
            await operator.settles()
            seen |= set(map(int, numbers(operator)))
        assert set(range(min(seen), below)) <= seen, "a page passes over a row"
        await operator.presses("end")
        await operator.sees(f"{count.split()[1]} {count}", "Nov 2026: ")
        await operator.presses("o")
        await operator.sees("Oldest first", " 1 of", "Nov 2026: ")
        await operator.presses("s", "s")
        await operator.sees("Largest amount first")
        assert " Z, " not in operator.screen
