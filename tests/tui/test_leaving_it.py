"""One key accepts a report that needs attention, and takes that back. What is exported is what the list
shows."""

import json
from pathlib import Path

from factorypos_tui.core.queue.states import State
from tests.support import scenes
from tests.support.operator import opened
from tests.support.stations import Shop
from tests.tui.long_queue import QUEUE


def in_need(shop: Shop) -> int:
    return sum(shipment.state is State.ATTENTION for shipment in shop.queued())


async def test_a_report_is_left_as_it_stands_in_the_queue_and_taken_back(shop: Shop) -> None:
    scenes.with_every_state(shop)
    async with opened(shop) as operator:
        await operator.presses(QUEUE, "f", "f", "f", "f", then=("[attention 1]", "Z 6"))
        await operator.presses("l", then="No report needs attention.")
        assert in_need(shop) == 0
        await operator.presses("f", then=("[accepted 1]", "accepted"))
        await operator.presses("l", then="Taken back: the report needs attention again.")
        assert in_need(shop) == 1
        await operator.sees("[accepted 0]", "No report is in this state.")
        await operator.presses("l", then="There is no report under the cursor.")


async def test_attention_ends_on_its_own_screen_and_can_begin_again(shop: Shop) -> None:
    scenes.with_every_state(shop)
    async with opened(shop) as operator:
        await operator.presses(QUEUE, "f", "f", "f", "f", "a", then="What to do")
        await operator.presses("l")
        await operator.sees("was accepted as it stands", "It needs no person any more. L takes that back.")
        await operator.presses("l", then="What to do")
        assert in_need(shop) == 1


async def test_what_is_exported_is_what_the_list_shows(shop: Shop) -> None:
    scenes.with_every_state(shop)
    async with opened(shop, running=False) as operator:
        await operator.presses(QUEUE, "f", "f", "f", "f", then=("[attention 1]", "Z 6"))
        await operator.presses("e", then="~/factorypos-queue-")
        await operator.types("need")  # takes the place of the name that was proposed
        await operator.presses("enter", then="1 report was written to")
        (row,) = (json.loads(line) for line in (Path.home() / "need").read_text("utf-8").splitlines())
        assert (row["z_number"], row["state"]) == (6, "attention")
        await operator.presses("e", then="~/factorypos-queue-")
        await operator.enters("need.csv", then="1 report was written to")
        assert (Path.home() / "need.csv").read_text("utf-8").startswith("id,report_id,kind")
