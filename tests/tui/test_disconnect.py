"""Disconnecting, at the keyboard: asked with counts, done once, nothing lost."""

from factorypos_tui.core.queue.states import State
from tests.support import scenes
from tests.support.hesitant_cloud import hesitant
from tests.support.operator import opened
from tests.support.stations import Shop


async def test_it_says_what_waits_and_what_stays_and_then_asks_to_log_in(shop: Shop) -> None:
    scenes.in_trouble(shop, scenes.NO_NETWORK)
    shop.cloud.fail_with = None
    async with opened(shop, running=False) as operator:
        await operator.presses("7")
        await operator.sees("1 report waits; it stays here", "no longer sent", "stays in the queue")
        await operator.accepts(then="Disconnected. This terminal sends nothing until you log in")
    assert shop.credentials.tokens == {}
    assert [s.state for s in shop.queued()] == [State.DELIVERED] * 5 + [State.PENDING]


async def test_afterwards_the_first_step_is_to_log_in_again(busy: Shop) -> None:
    async with opened(busy) as operator:
        await operator.is_at("queue")
        await operator.presses("7", "down", "enter", at="account")
        await operator.sees("1 Account", "Log in", "○ Not connected")


async def test_esc_and_the_first_answer_change_nothing(busy: Shop) -> None:
    async with opened(busy, running=False) as operator:
        for keys in (["7", "escape"], ["7", "enter"], ["7", "1", "2", "enter"]):
            await operator.presses(*keys, at="disconnect")
    assert set(busy.credentials.tokens) == {"user", "terminal"}


async def test_an_impatient_enter_disconnects_once(busy: Shop) -> None:
    with hesitant(busy) as slow:
        async with opened(slow.shop, running=False) as operator:
            await operator.presses("7", "down", "enter", "enter", "enter", then="Disconnecting...")
            slow.may_answer.set()
            await operator.sees("Disconnected.")
    assert slow.calls.count("disconnect") == 1


async def test_out_of_reach_it_disconnects_here_and_says_what_to_do(busy: Shop) -> None:
    busy.cloud.fail_with = scenes.NO_NETWORK
    async with opened(busy, running=False) as operator:
        await operator.presses("7", "down", "enter", then="FactoryCLOUD could not be told.")
    assert busy.credentials.tokens == {}
