"""The second pane from 120 columns on: it follows the cursor, and costs nothing elsewhere."""

from typing import Any

import pytest

from factorypos_tui.core.errors import StorageError
from factorypos_tui.core.operations.inspecting import Inspected, inspect
from tests.support import catalogues, scenes
from tests.support.exchanges import in_the_cloud
from tests.support.hesitant_cloud import wait_on_purpose
from tests.support.operator import Operator, opened
from tests.support.stations import Shop

NARROW, WIDE, LARGE = (119, 35), (120, 35), (132, 43)


async def to_the_queue(operator: Operator) -> None:
    await operator.presses("4", then="Newest first")
    await operator.sees("Z 5, ")


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The rows of the reports that were read for the pane."""
    rows: list[int] = []

    def read(station: Any, row_id: int) -> Inspected:
        rows.append(row_id)
        return inspect(station, row_id)

    monkeypatch.setattr("factorypos_tui.tui.screens.queue.report_pages.inspect", read)
    return rows


@pytest.fixture
def never_at_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cursor moves on before it has rested."""
    monkeypatch.setattr("factorypos_tui.tui.widgets.pane.REST_S", 3600)


# --- the report beside the queue ---------------------------------------------------------------------


async def test_the_report_under_the_cursor_stands_beside_the_queue(busy: Shop) -> None:
    async with opened(busy, running=False, size=LARGE) as operator:
        await to_the_queue(operator)
        await operator.sees("─ Z 5, 22 Nov 2026 ─", "Z REPORT 5", "249.62", "─ Delivery ─", "new at")
        await operator.presses("down", then=("─ Z 4, 21 Nov 2026 ─", "Z REPORT 4"))
        await operator.presses("end", then="Z REPORT 1")
        await operator.presses("enter", then="A Attention")
        await operator.presses("escape", then="Z REPORT 1")


async def test_a_key_that_is_held_down_reads_nothing(
    busy: Shop, reads: list[int], never_at_rest: None
) -> None:
    async with opened(busy, running=False, size=LARGE) as operator:
        await to_the_queue(operator)
        await operator.sees("Z REPORT 5")
        beside = [line[84:] for line in operator.screen.splitlines()[2:-2]]
        for _row in range(3):
            await operator.presses("down")
        await operator.sees("4 of 5", ">Z           2")
        assert [line[84:] for line in operator.screen.splitlines()[2:-2]] == beside
        assert reads == [5]


async def test_a_new_state_reads_the_report_again_only_where_it_has_changed(
    shop: Shop, reads: list[int]
) -> None:
    shop.connect()
    shop.cloud.fail_with = scenes.NO_NETWORK
    scenes.deliver(shop)
    async with opened(shop, running=False, size=LARGE) as operator:
        await to_the_queue(operator)
        await operator.sees("│ Waiting ")
        await operator.presses("down", then="Z REPORT 4")
        assert reads == [5, 4]
        await operator.takes_a_look(shop)
        await operator.rests()
        assert reads == [5, 4]
        shop.cloud.fail_with = None
        shop.clock.advance(3600)
        scenes.deliver(shop)
        await operator.takes_a_look(shop)
        await operator.sees("│ Delivered ")
        assert reads == [5, 4, 4]


async def test_the_keys_work_while_the_report_is_read(busy: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    may_read: list[bool] = []

    def read(station: Any, row_id: int) -> Inspected:
        wait_on_purpose(lambda: bool(may_read))
        return inspect(station, row_id)

    monkeypatch.setattr("factorypos_tui.tui.screens.queue.report_pages.inspect", read)
    async with opened(busy, running=False, size=LARGE) as operator:
        await to_the_queue(operator)
        await operator.presses("down", then="2 of 5")
        await operator.presses("slash")
        await operator.types("nov")
        await operator.sees("5 found")
        may_read.append(True)
        await operator.sees("Z REPORT 5")


async def test_a_report_that_cannot_be_read_says_so_beside_the_list(
    busy: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_asked: object) -> None:
        raise StorageError("sync.db cannot be read.")

    monkeypatch.setattr("factorypos_tui.tui.screens.queue.report_pages.inspect", fail)
    async with opened(busy, running=False, size=LARGE) as operator:
        await to_the_queue(operator)
        await operator.sees("sync.db cannot be read.", ">Z           5")


async def test_where_no_report_is_found_nothing_is_beside_the_list(busy: Shop) -> None:
    async with opened(busy, running=False, size=LARGE) as operator:
        await to_the_queue(operator)
        await operator.sees("Z REPORT 5")
        await operator.presses("slash")
        await operator.types("moon")
        await operator.sees("No report fits")
        await operator.no_longer_sees("Delivery")
        await operator.presses("escape", then=("Z REPORT 5", "Delivery"))


async def test_tab_goes_to_the_report_which_scrolls_and_back_to_the_list(busy: Shop) -> None:
    async with opened(busy, running=False, size=LARGE) as operator:
        await to_the_queue(operator)
        await operator.sees("Z REPORT 5")
        await operator.presses("tab", at="paper")
        await operator.presses("end", then="Hash of the Z before")
        await operator.presses("tab", at="delivery")
        await operator.presses("tab", "tab", "down", then="Z REPORT 4")


# --- the terminal is resized -------------------------------------------------------------------------


async def test_the_pane_comes_at_120_columns_and_what_was_typed_and_the_cursor_stay(busy: Shop) -> None:
    async with opened(busy, running=False, size=NARROW) as operator:
        await to_the_queue(operator)
        await operator.presses("slash")
        await operator.types("nov")
        await operator.presses("enter", "down", "down", then="3 of 5 found")
        await operator.stands_still()
        assert "Delivery" not in operator.screen
        assert "Tries" in operator.screen
        for _time in range(2):
            await operator.resizes(*WIDE)
            await operator.sees("Z REPORT 3", "Delivery", "3 of 5 found", "/ nov")
            await operator.resizes(*NARROW)
            await operator.no_longer_sees("Z REPORT 3")
            await operator.sees("3 of 5 found", "/ nov")
        await operator.presses("down", then="4 of 5 found")


async def test_a_pane_that_goes_gives_the_keys_back_to_the_list(busy: Shop) -> None:
    async with opened(busy, running=False, size=WIDE) as operator:
        await to_the_queue(operator)
        await operator.sees("Z REPORT 5")
        await operator.presses("tab", "tab", at="delivery")
        await operator.resizes(*NARROW)
        await operator.no_longer_sees("Delivery")
        await operator.presses("down", then="2 of 5")


async def test_nothing_is_read_for_a_pane_that_is_not_there(busy: Shop, reads: list[int]) -> None:
    async with opened(busy, running=False, size=NARROW) as operator:
        await to_the_queue(operator)
        await operator.presses("down", "down", then="3 of 5")
        await operator.takes_a_look(busy)
        await operator.rests()
    assert reads == []


async def test_a_terminal_that_is_resized_while_a_dialog_or_another_screen_is_in_front(busy: Shop) -> None:
    async with opened(busy, running=False, size=NARROW) as operator:
        await to_the_queue(operator)
        for key, words in (("f1", "─ Help ─"), ("enter", "Z REPORT 5")):
            await operator.presses(key, then=words)
            await operator.resizes(*WIDE)
            await operator.presses("escape", then=("1 of 5", "Delivery", "Z REPORT 5"))
            await operator.presses(key, then=words)
            await operator.resizes(*NARROW)
            await operator.presses("escape", then=("1 of 5", "Why not"))
            await operator.no_longer_sees("Delivery")
            await operator.presses("down", "up", then="1 of 5")


# --- the record beside the changes -------------------------------------------------------------------


async def to_the_changes(operator: Operator) -> None:
    await operator.presses("6", then="45         45")
    await operator.presses("1", then="CAFE ")


async def test_the_whole_record_stands_beside_its_change(busy: Shop) -> None:
    in_the_cloud(busy, catalogues.spring(busy))
    async with opened(busy, running=False, size=LARGE) as operator:
        await to_the_changes(operator)
        await operator.sees("─ CAFE ", "│ Items ", "department       CAFES", "1.40 EUR → 1.50 EUR")
        price, *_others = [line for line in beside(operator) if "→" in line]
        assert price.split() == ["BARRA", "1.40", "EUR", "→", "1.50", "EUR"]
        await operator.presses("end")
        await operator.no_longer_sees("─ CAFE ")


async def test_where_no_change_fits_the_filter_there_is_no_record(busy: Shop) -> None:
    in_the_cloud(busy, catalogues.spring(busy))
    async with opened(busy, running=False, size=LARGE) as operator:
        await to_the_changes(operator)
        await operator.sees("─ CAFE ")
        await operator.presses("slash")
        await operator.types("moon")
        await operator.sees("Nothing fits.")
        await operator.no_longer_sees("department")
        await operator.resizes(*NARROW)
        await operator.presses("escape", then="CAFE Café solo: BARRA 1.40 EUR → 1.50 EUR")
        await operator.resizes(*LARGE)
        await operator.sees("─ CAFE ", "department")


async def test_where_nothing_changes_the_words_have_the_whole_screen(busy: Shop) -> None:
    in_the_cloud(busy, busy.till.configuration())
    async with opened(busy, running=False, size=LARGE) as operator:
        await operator.presses("6", then="45         45")
        await operator.presses("1", then="there is no difference.")
        assert not beside(operator)


def beside(operator: Operator) -> list[str]:
    """The lines in the pane's frame."""
    lines = operator.screen.splitlines()
    return [line[85:].strip("│").strip() for line in lines if line[84:85] == "│"]
