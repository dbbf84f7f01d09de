"""Resend all statistics, at the keyboard: asked, followed, left running, answered."""

from factorypos_tui.core.delivery.collector import collect
from factorypos_tui.core.errors import CloudUnreachable
from tests.support import scenes
from tests.support.operator import Operator, opened
from tests.support.stations import Shop


async def to_the_question(operator: Operator) -> None:
    await operator.is_at("queue")
    await operator.presses("5")
    await operator.sees(
        "5 Z reports go to Bar Maritim again:", "18 Nov 2026 to 22 Nov 2026.", "be duplicated"
    )


async def test_accept_sends_all_and_shows_what_the_cloud_answered(busy: Shop) -> None:
    del busy.cloud.reports[next(iter(busy.cloud.reports))]
    busy.clock.advance(60)
    async with opened(busy) as operator:
        await to_the_question(operator)
        await operator.accepts()
        await operator.sees(
            "FactoryCLOUD has answered: 1 new there, 4 already",
            "All 5 Z reports are in FactoryCLOUD, identical.",
        )
        await operator.presses("enter", at="resend")
    assert sorted(report.z_number or 0 for report in busy.cloud.reports.values()) == [1, 2, 3, 4, 5]


async def test_the_safe_answer_is_in_front(busy: Shop) -> None:
    async with opened(busy, running=False) as operator:
        await to_the_question(operator)
        await operator.presses("enter", at="resend")
        assert {shipment.result for shipment in busy.queued()} == {"created"}


async def test_esc_leaves_it_running_and_home_says_what_is_left(busy: Shop) -> None:
    busy.cloud.fail_with = CloudUnreachable("unreachable", "connection")
    busy.clock.advance(60)
    async with opened(busy) as operator:
        await to_the_question(operator)
        await operator.presses("down", "enter", "enter", "enter")
        await operator.sees("5 of 5 left", "It goes on by itself", "Offline: FactoryCLOUD cannot be reached")
        await operator.presses("escape", then=("5 Resend all statistics", "5 left"))
        busy.cloud.fail_with = None
        await operator.presses("5", then="5 of 5 left")
        await operator.presses("escape", "f2", then="all sent")
        await operator.presses("5", then="Last time, 14:01: 0 new there, 5 already there, 0")


async def test_what_the_cloud_refuses_is_counted_and_found(busy: Shop) -> None:
    busy.clock.advance(60)
    async with opened(busy) as operator:
        await to_the_question(operator)
        busy.change_what_the_cloud_holds(3)
        await operator.accepts(then=("0 new there, 4 already there, 1 conflict.", "F3 on the home screen"))
        await operator.sees("4 of 5 Z reports are in FactoryCLOUD, identical.", "Different there: Z 3.")
        await operator.presses("escape", then=("F3 Attention", "0 ! 1"))
        await operator.presses("f3", then=("[attention 1]", "Z 3, 20 Nov 2026: Refused as it stands."))


async def test_what_is_passed_over_is_named_with_the_question(busy: Shop) -> None:
    busy.close_day()
    collect(busy.station)
    async with opened(busy, running=False) as operator:
        await to_the_question(operator)
        await operator.sees("1 report waits already and goes by itself.")


async def test_with_nothing_closed_yet_there_is_nothing_to_resend(shop: Shop) -> None:
    scenes.with_companies(shop, [])
    shop.assign_new_store("Bar Maritim")
    async with opened(shop, running=False) as operator:
        await operator.is_at("queue")
        await operator.presses("5", then="There is no Z report here yet.")
        await operator.accepts(then="There is no Z report here yet.")
        assert shop.queued() == []
