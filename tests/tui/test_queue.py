"""The live queue: newest first, updated in place, the cursor stays on its report."""

import pytest
from textual.widgets import DataTable

from factorypos_tui.core.errors import CloudUnreachable
from tests.stations import Shop
from tests.tui import scenes
from tests.tui.operator import Operator, opened

pytestmark = pytest.mark.anyio


def numbers(operator: Operator) -> list[str]:
    """The Z numbers in the order of the rows."""
    table = operator.app.screen.query_one(DataTable)
    return [str(table.get_cell(row.key, "number")) for row in table.ordered_rows]


def under_the_cursor(operator: Operator) -> str:
    """The Z number of the row the cursor is on."""
    return numbers(operator)[operator.app.screen.query_one(DataTable).cursor_row]


async def test_a_report_goes_from_waiting_to_delivered_before_ones_eyes(shop: Shop) -> None:
    shop.connect()
    shop.cloud.fail_with = CloudUnreachable("unreachable", "connection")
    async with opened(shop) as operator:
        await operator.is_at("queue")
        await operator.presses("4")
        await operator.sees("waiting", "Z 5, 22 Nov 2026: It waits here, safe")
        shop.cloud.fail_with = None
        await operator.presses("f2")
        await operator.no_longer_sees("waiting")
        await operator.sees("delivered", "Z 5, 22 Nov 2026: FactoryCLOUD has confirmed it.")


async def test_the_newest_comes_on_top_and_the_cursor_keeps_its_report(shop: Shop) -> None:
    shop.connect()
    async with opened(shop) as operator:
        await operator.sees("last Z 5 sent")
        await operator.presses("4", "down", "down")
        await operator.sees("Z 3, 20 Nov 2026")
        shop.close_day()
        await operator.sees("last Z 6 sent")
        assert numbers(operator) == ["6", "5", "4", "3", "2", "1"]
        assert under_the_cursor(operator) == "3"
        await operator.sees("Z 3, 20 Nov 2026")


async def test_a_cursor_on_top_follows_the_newest(shop: Shop) -> None:
    shop.connect()
    async with opened(shop) as operator:
        await operator.sees("last Z 5 sent")
        await operator.presses("4")
        await operator.sees("Z 5, 22 Nov 2026")
        shop.close_day()
        await operator.sees("Z 6, 23 Nov 2026: FactoryCLOUD has confirmed it.")
        assert under_the_cursor(operator) == "6"


async def test_rows_that_did_not_change_are_not_drawn_anew(shop: Shop) -> None:
    shop.connect()
    async with opened(shop) as operator:
        await operator.sees("last Z 5 sent")
        await operator.presses("4")
        await operator.sees("delivered")
        table = operator.app.screen.query_one(DataTable)
        before = {row.key: table.get_row(row.key) for row in table.ordered_rows}
        shop.close_day()
        await operator.sees("last Z 6 sent")
        for key, cells in before.items():
            assert all(new is old for new, old in zip(table.get_row(key), cells, strict=True))


async def test_every_state_is_explained_under_the_cursor(shop: Shop) -> None:
    scenes.with_every_state(shop)
    async with opened(shop, running=False) as operator:
        await operator.presses("4")
        for words in (
            "Z 7, 23 Nov 2026: It waits here, safe",
            "Z 6, 23 Nov 2026: Refused as it stands.",
            "X, 23 Nov 2026: A newer report took its place",
        ):
            await operator.sees(words)
            await operator.presses("down")


async def test_more_than_a_screenful_can_be_paged_through(shop: Shop) -> None:
    shop.connect()
    for _day in range(40):
        shop.close_day()
    scenes.deliver(shop)
    async with opened(shop, running=False) as operator:
        await operator.presses("4")
        await operator.sees("Z 45,")
        await operator.presses("end")
        await operator.sees("Z 1, 18 Nov")
        await operator.presses("home")
        await operator.sees("Z 45,")


async def test_an_empty_queue_says_what_fills_it(shop: Shop) -> None:
    scenes.with_companies(shop, [])
    shop.assign_new_store("Bar Maritim")
    async with opened(shop, running=False) as operator:
        await operator.presses("4")
        await operator.sees("Nothing yet: close a day at the till.")
        await operator.presses("escape")
        await operator.is_at("queue")
