"""One report: on paper, with its way so far, and what a person does where FactoryCLOUD refused it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from factorypos_tui.tui.screens.queue.report_list import ReportList
from factorypos_tui.tui.screens.queue.rows import name_of
from tests.support import scenes
from tests.support.hesitant_cloud import hesitant
from tests.support.operator import Operator, opened
from tests.support.stations import Shop

QUEUE = "4"


async def opens(operator: Operator, name: str, *keys: str) -> None:
    """From home to the list, down to a report, and on."""
    await operator.presses(QUEUE, then=("Newest first", "[all"))
    await operator.stands_still()
    for _row in range(10):
        if (shipment := operator.app.screen.query_one(ReportList).highlighted) and name in name_of(shipment):
            break
        await operator.presses("down")
    await operator.sees(name)
    await operator.presses(*keys)


# --- the report ------------------------------------------------------------------------------------


async def test_a_report_opens_on_paper_and_scrolls(busy: Shop) -> None:
    async with opened(busy, running=False) as operator:
        await opens(operator, "Z 5, ", "enter")
        await operator.sees("Z REPORT 5", "Terminal 01", "TOTALS", "new at", "1-19 of")
        await operator.presses("down", "pagedown", "pagedown")
        await operator.no_longer_sees("Z REPORT 5")
        await operator.presses("end", then="Hash of the Z before")
        await operator.presses("home", then="Z REPORT 5")
        await operator.presses("escape", then="Newest first")


async def test_the_way_of_a_report_grows_while_one_looks(shop: Shop) -> None:
    shop.connect()
    shop.cloud.fail_with = scenes.NO_NETWORK
    scenes.deliver(shop)
    async with opened(shop) as operator:
        await operator.sees("5 waiting")
        await opens(operator, "Z 5, ", "enter")
        await operator.sees("Waiting", "10:00 not sent: FactoryCLOUD")
        shop.cloud.fail_with = None
        await operator.presses("f2", then=("Delivered", "delivered: new at"))
        await operator.sees("not sent")


async def test_a_report_is_saved_as_the_text_that_is_shown(busy: Shop) -> None:
    saved = Path.home() / "Z-5-2026-11-22.txt"
    async with opened(busy, running=False) as operator:
        await opens(operator, "Z 5, ", "enter")
        await operator.sees("Z REPORT 5")
        await operator.presses("e", then="~/Z-5-2026-11-22.txt")
        await operator.presses("enter", then="It was written to")
        text = saved.read_text("utf-8")
        assert "Z REPORT 5" in text
        assert "Net                               249.62" in text
        assert "HOURS" in text
        assert saved.stat().st_mode & 0o777 == 0o600


async def test_a_report_that_was_tampered_with_says_so_on_paper_and_in_the_file(busy: Shop) -> None:
    scenes.falsify(busy, 5, software="another")
    async with opened(busy, running=False) as operator:
        await opens(operator, "Z 5, ", "enter")
        await operator.sees("THIS REPORT NO LONGER FITS ITS HASH")
        await operator.presses("e", then="Z-5-2026-11-22.txt")
        await operator.presses("enter", then="was written to")
    assert "HASH" in (Path.home() / "Z-5-2026-11-22.txt").read_text("utf-8").splitlines()[0]


@pytest.mark.parametrize(
    "body", [b"", b"\xff\x00", b"[]", b'"x"', b"[" * 100_000, b'{"totals": ' + b"9" * 5000 + b"}"]
)
async def test_a_damaged_report_breaks_nothing(busy: Shop, body: bytes) -> None:
    busy.station.database.execute("UPDATE body SET bytes = ? WHERE shipment_id = 5", body)
    async with opened(busy, running=False) as operator:
        await opens(operator, "Z 5, ", "enter")
        await operator.sees("damaged and cannot be read.", "Delivered")
        await operator.presses("e", then="The report cannot be read.")


async def test_a_report_that_needs_a_person_leads_to_attention(shop: Shop) -> None:
    scenes.with_every_state(shop)
    async with opened(shop, running=False) as operator:
        await opens(operator, "Z 6, 23 Nov", "enter")
        await operator.sees("Z REPORT 6", "refused: FactoryCLOUD")
        await operator.presses("a", then=("What to do", "totals.net: gross - discounts - refunds is not net"))
        await operator.presses("escape", then="Z REPORT 6")


# --- attention -------------------------------------------------------------------------------------


async def test_a_conflict_shows_both_sides_and_what_differs(shop: Shop) -> None:
    scenes.in_conflict(shop)
    async with opened(shop, running=False) as operator:
        await opens(operator, "Z 6, ", "a")
        await operator.sees("holds another report with this number", "Here", "At FactoryCLOUD")
        lines = [line.split() for line in operator.screen.splitlines()]
        assert ["║", "!", "Totals:", "Net", "44.80", "36.40", "║"] in lines
        await operator.presses("end", then=("Time zone", "Europe/Madrid"))
        assert "!" not in operator.screen


async def test_the_same_report_with_other_content_is_found_by_its_id(shop: Shop) -> None:
    scenes.in_conflict(shop)
    held = next(report for report in shop.cloud.reports.values() if report.z_number == 6)
    ours = shop.queued()[-1].report_id
    shop.cloud.reports = {key: kept for key, kept in shop.cloud.reports.items() if kept is not held}
    shop.cloud.reports[ours] = held
    async with opened(shop, running=False) as operator:
        await opens(operator, "Z 6, ", "a")
        await operator.sees("At FactoryCLOUD", "36.40")


async def test_while_factorycloud_is_asked_the_steps_can_be_read_and_left(shop: Shop) -> None:
    scenes.in_conflict(shop)
    with hesitant(shop) as line:
        async with opened(line.shop, running=False) as operator:
            await opens(operator, "Z 6, ", "a")
            await operator.sees("Asking FactoryCLOUD...", "press R")
            assert line.calls == ["report"]
            await operator.presses("escape", then="Newest first")


async def test_out_of_reach_f4_asks_again(shop: Shop) -> None:
    scenes.in_conflict(shop)
    shop.cloud.fail_with = scenes.NO_NETWORK
    async with opened(shop, running=False) as operator:
        await opens(operator, "Z 6, ", "a")
        await operator.sees("cannot be reached. F4 asks again.")
        shop.cloud.fail_with = None
        await operator.presses("f4", then="At FactoryCLOUD")


async def test_a_conflict_that_is_gone_is_retried_from_here(shop: Shop) -> None:
    scenes.in_conflict(shop)
    shop.cloud.reports = {key: kept for key, kept in shop.cloud.reports.items() if kept.z_number != 6}
    async with opened(shop) as operator:
        await operator.sees("1 needs attention")
        await opens(operator, "Z 6, ", "a")
        await operator.sees("FactoryCLOUD holds no such report any more: press R.")
        await operator.presses("r", then=("Z 6, 23 Nov 2026 no longer needs attention.", "all sent"))
        await operator.presses("r", then="This report does not need attention.")


async def test_a_conflict_that_comes_again_is_compared_again(shop: Shop) -> None:
    scenes.in_conflict(shop)
    async with opened(shop) as operator:
        await operator.sees("1 needs attention")
        await opens(operator, "Z 6, ", "a")
        await operator.sees("At FactoryCLOUD", "36.40")
        held = next(report for report in shop.cloud.reports.values() if report.z_number == 6)
        document = json.loads(held.body)
        document["totals"]["net"] = 1234
        shop.cloud.reports[held.id] = replace(held, body=json.dumps(document).encode())
        await operator.presses("r", then="12.34")


async def test_what_hostile_clouds_hold_is_only_text(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    scenes.in_conflict(shop)
    async with opened(shop, running=False) as operator:
        held = {"kind": "Z", "terminal_name": "[red]\x1b[2Jx\nx", "totals": 7, "items": [[]] * 9}
        monkeypatch.setattr(shop.cloud, "report", lambda _token, _id: held)
        await opens(operator, "Z 6, ", "a")
        await operator.sees("At FactoryCLOUD", "[red][2Jx x")


async def test_next_goes_round_what_needs_a_person(busy: Shop) -> None:
    busy.station.database.execute(
        "UPDATE shipment SET state = 'attention', last_error = 'teapot', last_status = 422 WHERE z_number < 3"
    )
    async with opened(busy, running=False) as operator:
        await operator.presses("f3", then=("[attention 2]", "Z 2, "))
        await operator.presses("a", then=("Z 2, 19 Nov 2026", "Teapot (422 teapot).", "Call your supporter"))
        await operator.presses("n", then="Z 1, 18 Nov 2026")
        await operator.presses("n", then="Z 2, 19 Nov 2026")
        busy.station.database.execute("UPDATE shipment SET state = 'delivered' WHERE z_number = 1")
        await operator.takes_a_look(busy)
        await operator.presses("n", then=("Z 2, 19 Nov 2026", "No other report needs attention."))
        busy.station.database.execute("UPDATE shipment SET state = 'delivered'")
        await operator.takes_a_look(busy)
        await operator.sees("no longer needs attention")


async def test_a_report_of_another_store_says_where_to_look(shop: Shop) -> None:
    scenes.in_conflict(shop)
    shop.station.database.execute("INSERT INTO store (id, name) VALUES ('s', 'Bar del Puerto')")
    shop.station.database.execute("UPDATE shipment SET store_id = 's' WHERE z_number = 6")
    async with opened(shop, running=False) as operator:
        await opens(operator, "Z 6, ", "a")
        await operator.sees("It was made for Bar del Puerto.")
