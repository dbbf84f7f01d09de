"""The live queue: found by its words, updated in place, the cursor stays on its report."""

import pytest
from textual.strip import Strip

from factorypos_tui.core.account.assignment import History
from factorypos_tui.core.errors import CloudUnreachable
from factorypos_tui.core.language import format_date
from factorypos_tui.tui.screens.queue.report_list import ReportList
from tests.support import scenes
from tests.support.operator import opened
from tests.support.stations import Shop
from tests.tui.long_queue import QUEUE, numbers, under_the_cursor

# --- live ------------------------------------------------------------------------------------------


async def test_a_report_goes_from_waiting_to_delivered_before_ones_eyes(shop: Shop) -> None:
    shop.connect()
    shop.cloud.fail_with = CloudUnreachable("unreachable", "connection")
    async with opened(shop) as operator:
        await operator.is_at("queue")
        await operator.presses(QUEUE, then=("[all 5]", "waiting 5", "Z 5, 22 Nov 2026: It waits here, safe"))
        shop.cloud.fail_with = None
        await operator.presses("f2", then=("delivered 5", "Z 5, 22 Nov 2026: FactoryCLOUD has confirmed it."))


async def test_the_newest_comes_on_top_and_the_cursor_keeps_its_report(shop: Shop) -> None:
    shop.connect()
    async with opened(shop) as operator:
        await operator.sees("last Z 5 sent")
        await operator.presses(QUEUE, then="Z 5, 22 Nov 2026")
        await operator.presses("down", "down", then="Z 3, 20 Nov 2026")
        shop.close_day()
        await operator.sees("last Z 6 sent", "delivered 6")
        await operator.until(lambda: numbers(operator) == ["6", "5", "4", "3", "2", "1"], "the new row")
        assert under_the_cursor(operator) == "Z 3"
        await operator.sees("Z 3, 20 Nov 2026")


async def test_a_cursor_on_top_follows_the_newest(shop: Shop) -> None:
    shop.connect()
    async with opened(shop) as operator:
        await operator.sees("last Z 5 sent")
        await operator.presses(QUEUE, then="Z 5, 22 Nov 2026")
        shop.close_day()
        await operator.sees("Z 6, 23 Nov 2026: FactoryCLOUD has confirmed it.")
        assert under_the_cursor(operator) == "Z 6"


async def test_only_the_lines_that_changed_are_drawn(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []
    draw = ReportList.render_line

    def note(self: ReportList, y: int) -> Strip:
        drawn.append(y)
        return draw(self, y)

    scenes.with_every_state(shop)
    async with opened(shop, running=False) as operator:
        await operator.presses(QUEUE, then="Z 7, 23 Nov 2026")
        await operator.settles()
        monkeypatch.setattr(ReportList, "render_line", note)
        shop.station.database.execute("UPDATE shipment SET attempts = 77 WHERE z_number = 4")
        await operator.takes_a_look(shop)
        await operator.sees("77")
        assert set(drawn) == {numbers(operator).index("4") + 2}  # below the columns' names and the month


async def test_a_report_that_leaves_the_filter_hands_the_cursor_to_its_neighbour(shop: Shop) -> None:
    shop.connect()
    shop.cloud.fail_with = scenes.NO_NETWORK
    scenes.deliver(shop)
    async with opened(shop, running=False) as operator:
        await operator.presses(QUEUE, "f", then=("[waiting 5]", "Z 5, "))
        await operator.presses("down", "down", then="Z 3, ")
        shop.station.database.execute("UPDATE shipment SET state = 'delivered' WHERE z_number = 3")
        await operator.takes_a_look(shop)
        await operator.sees("[waiting 4]", "Z 2, ")
        assert numbers(operator) == ["5", "4", "2", "1"]


# --- moving ----------------------------------------------------------------------------------------


async def test_every_state_is_explained_under_the_cursor(shop: Shop) -> None:
    scenes.with_every_state(shop)
    async with opened(shop, running=False) as operator:
        await operator.presses(QUEUE)
        for words in (
            "Z 7, 23 Nov 2026: It waits here, safe",
            "Z 6, 23 Nov 2026: Refused as it stands.",
            "X, 23 Nov 2026: A newer report took its place",
        ):
            await operator.sees(words)
            await operator.presses("down")


async def test_an_empty_queue_says_what_fills_it(shop: Shop) -> None:
    shop.connect(History.NONE)
    async with opened(shop, running=False) as operator:
        await operator.presses(QUEUE, then="Nothing yet: close a day at the till.")
        await operator.presses("down", "end", "pageup", "enter", then="There is no report under the cursor.")
        await operator.presses("escape", at="queue")


# --- finding ---------------------------------------------------------------------------------------


async def test_a_search_narrows_while_it_is_typed_and_esc_ends_it(shop: Shop) -> None:
    scenes.with_every_state(shop)
    async with opened(shop, running=False) as operator:
        await operator.presses(QUEUE, then="Z 7, ")
        await operator.presses("slash")
        await operator.types("network")
        await operator.sees("1 found")
        assert numbers(operator) == ["7"]
        await operator.presses("escape")
        await operator.until(lambda: len(numbers(operator)) == 9, "all reports again")
        await operator.presses("down", then="Z 6, ")


async def test_letters_are_text_in_the_search_and_keys_in_the_list(busy: Shop) -> None:
    async with opened(busy, running=False) as operator:
        await operator.presses(QUEUE, then="Z 5, ")
        await operator.presses("slash")
        await operator.types("fort/e")
        await operator.sees("/ fort/e", "No report fits.")
        await operator.presses("escape", "slash")
        await operator.types("21 nov")
        await operator.sees("1 found")
        await operator.presses("enter", "o", then=("Oldest first", "/ 21 nov", "Z 4, "))
        await operator.presses("escape", then=("Z 1, ", "Oldest first"))
        await operator.presses("escape", at="queue")


async def test_filters_and_orders_go_round(shop: Shop) -> None:
    scenes.with_every_state(shop)
    async with opened(shop, running=False) as operator:
        await operator.presses(QUEUE, then="[all 9]")
        for chosen in (
            "[waiting 1]",
            "[sending 0]",
            "[delivered 5]",
            "[attention 1]",
            "[accepted 0]",
            "[superseded 2]",
            "[all 9]",
        ):
            await operator.presses("f", then=chosen)
        for order, first in (
            ("Latest day first", "7"),
            ("Largest amount first", "5"),
            ("Most tries first", "7"),
            ("Newest first", "7"),
        ):
            await operator.presses("S", then=order)
            await operator.until(lambda first=first: numbers(operator)[0] == first, f"Z {first} first")  # type: ignore[misc]
        await operator.presses("O", then="Oldest first")
        await operator.until(lambda: numbers(operator)[0] == "1", "Z 1 first")


async def test_what_needs_a_person_is_one_key_from_home(shop: Shop) -> None:
    scenes.with_every_state(shop)
    async with opened(shop, running=False) as operator:
        await operator.is_at("queue")
        await operator.presses("f3", then=("[attention 1]", "Z 6, 23 Nov 2026: Refused as it stands."))
        assert numbers(operator) == ["6"]


# --- trouble ---------------------------------------------------------------------------------------


async def test_a_database_in_trouble_says_so_and_the_rows_come_when_it_is_over(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("factorypos_tui.tui.screens.queue.report_list._AFTER_TROUBLE_S", 0.5)
    scenes.at_lunch(shop)
    async with opened(shop, running=False) as operator:
        shop.station.database.execute("ALTER TABLE tally RENAME TO broken")
        await operator.presses(QUEUE, then="Keep a copy")
        shop.station.database.execute("ALTER TABLE broken RENAME TO tally")
        await operator.sees("Z 5, ")


async def test_rows_that_were_read_stay_in_view_in_trouble(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("factorypos_tui.tui.screens.queue.report_list._AFTER_TROUBLE_S", 0.5)
    scenes.at_lunch(shop)
    async with opened(shop, running=False) as operator:
        await operator.presses(QUEUE, then="Z 5, ")
        shop.station.database.execute("ALTER TABLE tally RENAME TO broken")
        await operator.presses("f", then=("Keep a copy", format_date(shop.queued()[0].business_date)))
        shop.station.database.execute("ALTER TABLE broken RENAME TO tally")
        await operator.sees("No report is in this state.")


# --- days that are in no queue ---------------------------------------------------------------------


async def test_a_day_closed_without_a_store_is_shown_and_the_queue_opens(busy: Shop) -> None:
    async with opened(busy) as operator:
        await operator.sees("all sent")
        await operator.presses("7", "down", "enter", then=("○ Not connected", "nothing waits"))
        busy.close_day()
        await operator.sees("1 closed day, no store yet", "4 Synchronization status         1")
        await operator.presses(QUEUE, then=("1 closed day, no store yet", "Z           5", "delivered"))


async def test_a_queue_that_no_store_was_ever_assigned_for_names_the_closed_days(shop: Shop) -> None:
    async with opened(shop) as operator:
        await operator.presses(QUEUE, then="Closed without a store: Z 1-5. Safe at the till; assign a store.")
