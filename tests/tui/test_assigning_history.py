"""Assigning a store: which closed days go up, as the last step tells and asks it."""

from pathlib import Path

from factorypos_tui.core.account import accounts
from factorypos_tui.core.account.assignment import load_assignment
from factorypos_tui.core.delivery.collector import collect
from factorypos_tui.core.delivery.drain import drain_once
from factorypos_tui.core.operations.enrolment import disconnect
from tests.support import scenes
from tests.support.operator import opened
from tests.support.stations import EMAIL, PASSWORD, Shop, open_shop
from tests.tui.assigning import to_the_history, with_a_store


async def test_only_what_is_closed_from_now_on(shop: Shop) -> None:
    with_a_store(shop)
    async with opened(shop) as operator:
        await to_the_history(operator)
        await operator.presses("2", then="Reports now go to Bar Maritim.")
        await operator.sees("2 Assign business", "● Online")
        shop.close_day()
        await operator.sees("last Z 6 sent")
    assert [report.z_number for report in shop.cloud.reports.values()] == [6]


def with_a_day_closed_while_disconnected(shop: Shop) -> None:
    """Z 1 to 5 were delivered, then somebody disconnected; Z 6 was closed before they logged in again."""
    shop.connect()
    scenes.deliver(shop)
    disconnect(shop.station)
    shop.sell("CAFE")
    shop.close_day()
    accounts.log_in(shop.station, EMAIL, PASSWORD)


async def test_what_is_missing_is_named_and_goes_up_by_enter(shop: Shop) -> None:
    with_a_day_closed_while_disconnected(shop)
    async with opened(shop) as operator:
        await to_the_history(operator)
        await operator.sees("5 are there already; missing: Z 6 (23 Nov, 1.40).", "1 Send the missing day")
        await operator.presses("enter", then="last Z 6 sent")
    assert len(shop.cloud.reports) == 6


async def test_what_is_left_out_is_said_and_sent_after_all_where_it_is_compared(shop: Shop) -> None:
    with_a_day_closed_while_disconnected(shop)
    async with opened(shop) as operator:
        await to_the_history(operator)
        await operator.sees("3 Leave it out")
        await operator.presses("3", then="Left out: Z 6.", at="queue")
        await operator.presses("4", then="Newest first")
        await operator.presses("v")
        await operator.sees("5 of 6 Z reports", "Left out by choice", "Z 6.", "Send 1 day that was left out")
        await operator.presses("down", "enter", then="All 6 Z reports are in FactoryCLOUD, identical.")


async def test_what_waits_for_another_store_is_counted_and_goes_there(shop: Shop) -> None:
    shop.connect()
    shop.close_day()
    collect(shop.station)
    accounts.create_store(shop.station, accounts.companies(shop.station)[0].id, "Kiosk", "Europe/Madrid")
    async with opened(shop, running=False) as operator:
        await operator.presses("2", then="1 of 1")
        await operator.presses("enter", then="2 of 2")
        await operator.enters("kiosk")
        await operator.sees(
            "This till holds 6 closed Z reports,",
            "from 18 Nov 2026 to 23 Nov 2026.",
            "6 reports wait for Bar Maritim.",
            "go only there.",
        )
        await operator.presses("2", then="Reports now go to Kiosk.")
    drain_once(shop.station)
    assert len(shop.cloud.reports) == 6


async def test_a_till_that_cannot_be_read_says_so_before_anything_is_assigned(shop: Shop) -> None:
    with_a_store(shop)
    async with opened(shop, running=False) as operator:
        await operator.presses("2", then="1 of 1")
        await operator.presses("enter", then=("business: store", "1 of 1"))
        shop.till._path.unlink()
        await operator.presses("enter", then="There is no till at")
        await operator.presses("enter", "1", "escape", then="business: store")
    assert load_assignment(shop.station.database) is None


async def test_a_till_that_never_closed_a_day_is_not_asked_about_history(tmp_path: Path) -> None:
    with open_shop(tmp_path / "new") as shop:
        with_a_store(shop)
        async with opened(shop) as operator:
            await operator.is_at("assign")
            await operator.presses("2", then="1 of 1")
            await operator.presses("enter", then=("business: store", "1 of 1"))
            await operator.presses("enter", then="1 Send every day from the first close on")
            await operator.presses("2", "enter")
            await operator.sees_behind_messages("Bar Maritim - Terminal 01")
