"""Disconnecting, at the keyboard: asked with counts, done once, nothing lost."""

import pytest

from factorypos_tui.core.queue.states import State
from tests.support import scenes
from tests.support.hesitant_cloud import hesitant
from tests.support.operator import opened
from tests.support.stations import Shop

pytestmark = pytest.mark.anyio


async def test_it_says_what_waits_and_what_stays_and_then_asks_to_log_in(shop: Shop) -> None:
    scenes.in_trouble(shop, scenes.NO_NETWORK)
    shop.cloud.fail_with = None
    async with opened(shop, running=False) as operator:
        await operator.presses("7")
        await operator.sees("1 report waits; it stays here", "no longer sent", "stays in the queue")
        await operator.accepts()
        await operator.sees("Disconnected. This terminal sends nothing until you log in")
    assert shop.credentials.tokens == {}
    assert [s.state for s in shop.queued()] == [State.DELIVERED] * 5 + [State.PENDING]


async def test_afterwards_the_first_step_is_to_log_in_again(shop: Shop) -> None:
    scenes.at_lunch(shop)
    async with opened(shop) as operator:
        await operator.is_at("queue")
        await operator.presses("7", "down", "enter")
        await operator.is_at("account")
        await operator.sees("1 Account", "Log in", "- Not connected")


async def test_esc_and_the_first_answer_change_nothing(shop: Shop) -> None:
    scenes.at_lunch(shop)
    async with opened(shop, running=False) as operator:
        for keys in (["7", "escape"], ["7", "enter"], ["7", "1", "2", "enter"]):
            await operator.presses(*keys)
            await operator.is_at("disconnect")
    assert set(shop.credentials.tokens) == {"user", "terminal"}


async def test_an_impatient_enter_disconnects_once(shop: Shop) -> None:
    scenes.at_lunch(shop)
    with hesitant(shop) as slow:
        async with opened(slow.shop, running=False) as operator:
            await operator.presses("7", "down", "enter", "enter", "enter")
            await operator.sees("Disconnecting...")
            slow.may_answer.set()
            await operator.sees("Disconnected.")
    assert slow.calls.count("disconnect") == 1


async def test_out_of_reach_it_disconnects_here_and_says_what_to_do(shop: Shop) -> None:
    scenes.at_lunch(shop)
    shop.cloud.fail_with = scenes.NO_NETWORK
    async with opened(shop, running=False) as operator:
        await operator.presses("7", "down", "enter")
        await operator.sees("FactoryCLOUD could not be told.")
    assert shop.credentials.tokens == {}
