"""What is done about reports from the live queue: sent again, exported to a file."""

import json
from pathlib import Path

from factorypos_tui.core.account.assignment import drop_assignment
from factorypos_tui.core.queue.states import State
from tests.support import scenes
from tests.support.operator import opened
from tests.support.stations import Shop
from tests.tui.long_queue import QUEUE


async def test_a_refused_report_is_retried_and_arrives(shop: Shop) -> None:
    scenes.with_every_state(shop)
    shop.cloud.fail_with = None
    async with opened(shop) as operator:
        await operator.sees("1 needs attention")
        await operator.presses(QUEUE, then="Z 7, ")
        await operator.presses("down", then="Refused as it stands.")
        await operator.presses("r", then=("delivered 7", "attention 0"))


async def test_all_are_retried_after_a_question_with_their_number(shop: Shop) -> None:
    shop.connect()
    scenes.deliver(shop)
    shop.station.database.execute("UPDATE shipment SET state = 'attention' WHERE z_number < 4")
    async with opened(shop, running=False) as operator:
        await operator.presses(QUEUE, then="attention 3")
        await operator.presses("t", then=("3 reports of this store need attention.", "Send all 3"))
        await operator.presses("escape", "t", then="Send all 3")
        assert [row.state for row in shop.queued()].count(State.ATTENTION) == 3
        await operator.accepts(then="3 reports will be sent again.")
        assert [row.state for row in shop.queued()].count(State.PENDING) == 3


async def test_a_key_out_of_place_says_why(busy: Shop) -> None:
    async with opened(busy, running=False) as operator:
        await operator.presses(QUEUE, then="Z 5, ")
        for key, why in (
            ("r", "This report does not need attention. Nothing was changed."),
            ("a", "This report does not need attention."),
            ("t", "No report needs attention. Nothing was changed."),
        ):
            await operator.presses(key, then=why)


async def test_a_report_of_another_store_is_not_retried_here(shop: Shop) -> None:
    shop.connect()
    scenes.deliver(shop)
    shop.station.database.execute("UPDATE shipment SET state = 'attention', store_id = 'elsewhere'")
    async with opened(shop, running=False) as operator:
        await operator.presses(QUEUE, then="Z 5, ")
        await operator.presses("r", then="This report was made for another store.")
        drop_assignment(shop.station.database)
        await operator.takes_a_look(shop)
        await operator.presses("r", then="Assign this terminal to a store first.")


async def test_everything_is_exported_to_a_file_that_was_not_there(busy: Shop) -> None:
    proposed = Path.home() / "factorypos-queue-2026-11-23.jsonl"
    async with opened(busy, running=False) as operator:
        await operator.presses(QUEUE, then="Z 5, ")
        await operator.presses("e", then=("The reports that the list shows", "File"))
        await operator.presses("enter", then="5 reports were written to")
        written = [json.loads(line) for line in proposed.read_text("utf-8").splitlines()]
        assert [row["z_number"] for row in written] == [5, 4, 3, 2, 1]
        assert proposed.stat().st_mode & 0o777 == 0o600
        await operator.presses("e", then="-2.jsonl")
        await operator.presses("enter")
        await operator.until(
            lambda: proposed.with_name(f"{proposed.stem}-2.jsonl").exists(), "the second file"
        )


async def test_a_file_that_is_there_stays_as_it_is(busy: Shop) -> None:
    mine = Path.home() / "mine"
    mine.write_text("mine")
    async with opened(busy, running=False) as operator:
        await operator.presses(QUEUE, then="Z 5, ")
        await operator.presses("e", then="The reports that the list shows")
        await operator.presses("ctrl+u")
        await operator.enters("~/mine", then="exists already. Nothing was written. Name another file.")
        await operator.enters("/below/it", then="cannot be written")
        assert mine.read_text() == "mine"
        assert not list(Path.home().glob("mine-*"))
