"""Comparing with FactoryCLOUD, at the keyboard: what it finds, the repair, and when nothing can be known."""

from dataclasses import replace

import pytest

from factorypos_tui.core.errors import TokenRefused
from factorypos_tui.core.language import use_language
from factorypos_tui.tui.screens.queue.verify import VerifyScreen
from tests.support import scenes
from tests.support.hesitant_cloud import hesitant
from tests.support.operator import Operator, opened
from tests.support.stations import Shop


async def compares(operator: Operator) -> None:
    await operator.is_at("queue")
    await operator.presses("4", then="Newest first")
    await operator.presses("v", then="Compare with FactoryCLOUD ─")


async def test_all_identical(busy: Shop) -> None:
    async with opened(busy, running=False) as operator:
        await compares(operator)
        await operator.sees("All 5 Z reports are in FactoryCLOUD, identical.")
        assert "missing" not in operator.screen
        await operator.presses("down", "enter")
        await operator.no_longer_sees("Compare with FactoryCLOUD ─")


async def test_what_is_missing_is_named_sent_again_and_compared_again(busy: Shop) -> None:
    async with opened(busy) as operator:
        await operator.sees("sending: this app")
        lost = scenes.lose(busy, 1, 2, 4)
        await compares(operator)
        await operator.sees("2 of 5 Z reports", "Missing there: Z 1-2, 4.", "Send 3 missing reports again")
        await operator.accepts(then="All 5 Z reports are in FactoryCLOUD, identical.")
    assert {report.body for report in lost} <= {report.body for report in busy.cloud.reports.values()}


async def test_what_waits_here_needs_no_repair(shop: Shop) -> None:
    scenes.in_trouble(shop, scenes.NO_NETWORK)
    shop.cloud.fail_with, shop.cloud.fail_sending_with = None, scenes.NO_NETWORK
    async with opened(shop, running=False) as operator:
        await compares(operator)
        await operator.sees("5 of 6 Z reports", "Not there yet: Z 6.", " Back")
        shop.cloud.fail_sending_with = None
        shop.clock.advance(3600)
        scenes.deliver(shop)
        await operator.takes_a_look(shop)
        await operator.sees("All 6 Z reports are in FactoryCLOUD, identical.")


async def test_what_differs_is_only_there_or_changed_here_is_told_apart(busy: Shop) -> None:
    scenes.find_everything_wrong(busy)
    async with opened(busy, running=False) as operator:
        await compares(operator)
        await operator.sees(
            "3 of 5 Z reports", "Missing there: Z 1.", "Different there: Z 3.", "Only there: Z 9.", "Z 2."
        )


@pytest.mark.parametrize(
    "failure", [scenes.NO_NETWORK, TokenRefused("This terminal was revoked.", 401, "terminal_revoked")]
)
async def test_where_the_cloud_cannot_be_asked_nothing_is_said_to_be_known(
    busy: Shop, failure: Exception
) -> None:
    busy.cloud.fail_with = failure  # type: ignore[assignment]
    async with opened(busy, running=False) as operator:
        await compares(operator)
        await operator.sees(str(failure), "so nothing is known.")
        assert "identical" not in operator.screen
        busy.cloud.fail_with = None
        await operator.presses("f4", then="All 5 Z reports are in FactoryCLOUD, identical.")


async def test_keys_pressed_while_it_compares_ask_nothing_twice(busy: Shop) -> None:
    with hesitant(busy) as slow:
        async with opened(slow.shop, running=False) as operator:
            await compares(operator)
            await operator.sees("Comparing every closed day")
            await operator.presses("f4", "down", "f4")
            slow.may_answer.set()
            await operator.sees("All 5 Z reports are in FactoryCLOUD, identical.")
    assert slow.calls.count("held_zs") == 1


async def test_what_was_made_for_another_store_is_not_sent_to_this_one(busy: Shop) -> None:
    scenes.lose(busy, 2)
    busy.station.database.execute(
        "UPDATE shipment SET state = 'pending', store_id = 'another' WHERE z_number = 2"
    )
    async with opened(busy, running=False) as operator:
        await compares(operator)
        await operator.sees("Missing there: Z 2.", "made for another store", "assigned again.")
        await operator.no_longer_sees("missing report again")


async def test_find_knows_it_and_says_when_it_needs_a_store(shop: Shop) -> None:
    async with opened(shop, running=False) as operator:
        await operator.presses("f9", *"compare", then=("was closed here. Log in", "first."))
    scenes.at_lunch(shop)
    async with opened(shop, running=False) as operator:
        await operator.presses("f9", *"compare", then=("Compare with FactoryCLOUD", "closed here."))
        await operator.presses("enter", then="All 5 Z reports are in FactoryCLOUD, identical.")


async def test_a_changed_day_is_said_on_every_screen_beside_why_the_link_is_down(shop: Shop) -> None:
    scenes.in_trouble(shop, scenes.NO_NETWORK)
    scenes.change_a_closed_day(shop, 2)
    async with opened(shop, running=False) as operator:
        for to_it in ([], ["4"], ["a"]):
            await operator.presses(*to_it)
            await operator.sees("cannot be reached; check the network.", "Changed at the till since", "Z 2.")


async def test_however_much_was_found_the_verdict_comes_first_and_the_rest_can_be_reached(busy: Shop) -> None:
    scenes.find_everything_wrong(busy)
    (report,) = scenes.lose(busy, 2)
    for number in range(1000, 9000, 1000):
        busy.cloud.reports[str(number)] = replace(report, id=str(number), z_number=number)
    busy.station.database.execute("UPDATE z_hash SET z_number = 9 WHERE z_number = 5")
    use_language("es")
    async with opened(busy, running=False) as operator:
        operator.app.push_screen(VerifyScreen("Una respuesta. " * 40))
        await operator.sees("Una respuesta.")
        await operator.presses("pagedown", "pagedown", then="Enviar de nuevo 2 informes")
        await operator.presses("pageup", "pageup", then="2 de 5 informes Z")
