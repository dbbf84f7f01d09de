"""The welcome: once, to who has never logged in here."""

import pytest

from factorypos_tui.tui.screens.welcome import show_welcome, show_welcome_if_new
from tests.stations import EMAIL, PASSWORD, Shop
from tests.tui import scenes
from tests.tui.operator import Operator, opened

pytestmark = pytest.mark.anyio


async def comes_in(operator: Operator) -> None:
    """What happens when the app opens."""
    await operator.sees("1 Account")
    await operator.app.run_worker(show_welcome_if_new(operator.app)).wait()


async def test_it_leads_a_newcomer_to_the_log_in_and_on(shop: Shop) -> None:
    scenes.with_an_account(shop)
    async with opened(shop) as operator:
        operator.app.run_worker(show_welcome_if_new(operator.app))
        await operator.sees("Welcome", "Z report goes up by itself", "Never sent: card numbers")
        await operator.presses("enter")
        await operator.is_at("email")
        await operator.types(EMAIL)
        await operator.presses("enter")
        await operator.types(PASSWORD)
        await operator.presses("enter")
        await operator.is_at("assign")


async def test_esc_leads_home_and_it_does_not_come_again(shop: Shop) -> None:
    for key in ("escape", None):
        async with opened(shop) as operator:
            coming = operator.app.run_worker(show_welcome_if_new(operator.app))
            if key:
                await operator.sees("Welcome")
                await operator.presses(key)
            await coming.wait()
            await operator.is_at("account")
            assert "Welcome" not in operator.screen


async def test_who_has_logged_in_is_not_welcomed_but_can_ask_for_it(shop: Shop) -> None:
    scenes.with_companies(shop, [])
    async with opened(shop) as operator:
        await comes_in(operator)
        assert "Welcome" not in operator.screen
        operator.app.run_worker(show_welcome(operator.app))
        await operator.sees("Welcome", EMAIL)
        await operator.presses("2")
        await operator.is_at("assign")


async def test_a_full_disk_is_said_and_keeps_nobody_out(shop: Shop) -> None:
    shop.station.database.execute(
        "CREATE TRIGGER full BEFORE INSERT ON setting BEGIN SELECT raise(ABORT, 'database or disk is full');"
        " END"
    )
    async with opened(shop, running=False) as operator:
        await comes_in(operator)
        await operator.sees("The disk is full")
