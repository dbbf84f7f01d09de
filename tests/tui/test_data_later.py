"""News of the configuration, a download after the close, and backups told apart, at the keyboard."""

import pytest

from factorypos_tui.core.account.assignment import load_assignment
from factorypos_tui.core.configuration.accepted import load_accepted
from factorypos_tui.core.configuration.after_close import accept_after_close
from factorypos_tui.core.configuration.configuration import in_use
from factorypos_tui.core.configuration.download import accept_download, look_at_download
from factorypos_tui.core.configuration.holdings import HeldHere, held_here
from factorypos_tui.core.station import Station
from factorypos_tui.tui.screens.configuration_data import data
from tests.support import catalogues
from tests.support.configurations import with_item
from tests.support.exchanges import in_the_cloud
from tests.support.operator import Operator, opened
from tests.support.stations import Shop
from tests.tui.data_stories import replaced_twice


def price_of(shop: Shop, code: str = "CAFE") -> int:
    """What an item costs at the bar."""
    return next(i.prices["BARRA"] for i in shop.till.configuration().items if i.code == code)


async def opens_the_download(operator: Operator) -> None:
    """From the home screen to the changes, once FactoryCLOUD has answered."""
    await operator.presses("6", then=("1 Data Download", "In numbers"))
    await operator.no_longer_sees("Asking FactoryCLOUD...")
    await operator.presses("1", then="[All ")


async def accepts_it_for_later(operator: Operator) -> None:
    await operator.presses("enter", then="Accept for after today's close")
    await operator.presses("down", "down", at="after_close")
    await operator.presses("enter", then="Nothing has been changed yet.")
    assert "Bring back" not in operator.screen
    await operator.presses("enter", then="Take nothing after the close")


async def test_the_home_screen_tells_of_changes_until_they_are_left_as_they_are(busy: Shop) -> None:
    in_the_cloud(busy, catalogues.spring(busy))
    look_at_download(busy.station)
    async with opened(busy) as operator:
        await operator.sees("FactoryCLOUD holds 7 changes for this till, seen 14:00. Option 6 shows them.")
        await opens_the_download(operator)
        await operator.presses("enter", then="Leave it as it is")
        await operator.presses("escape")
        await operator.no_longer_sees("Leave it as it is")
        await operator.presses("escape", then="In numbers")
        await operator.presses("escape", then="FactoryCLOUD holds 7 changes")
        await opens_the_download(operator)
        await operator.presses("enter", then="Leave it as it is")
        await operator.presses("enter")
        await operator.no_longer_sees("Leave it as it is")
        await operator.presses("escape", then="In numbers")
        await operator.presses("escape", then="Last deliveries")
        await operator.no_longer_sees("FactoryCLOUD holds")
    assert price_of(busy) == 140


async def test_accepted_for_later_nothing_changes_before_the_close(busy: Shop) -> None:
    wanted = catalogues.spring(busy)
    in_the_cloud(busy, wanted)
    async with opened(busy) as operator:
        await opens_the_download(operator)
        await accepts_it_for_later(operator)
        await operator.presses("escape", then="○ 7 changes of the configuration will be taken")
        assert price_of(busy) == 140
        busy.close_day()
        await operator.no_longer_sees("will be taken after the close")
        await operator.presses("6", then=("downloaded 14:00", "Bring back what was here before"))
        assert "Take nothing after the close" not in operator.screen
    assert in_use(busy.till.configuration()) == wanted


async def test_it_can_be_taken_back(busy: Shop) -> None:
    in_the_cloud(busy, catalogues.spring(busy))
    async with opened(busy) as operator:
        await opens_the_download(operator)
        await accepts_it_for_later(operator)
        await operator.presses("3")
        await operator.no_longer_sees("after the close")
        busy.close_day()
        await operator.until(lambda: len(busy.cloud.reports) == 6, "the Z of the day to arrive")
    assert price_of(busy) == 140


async def test_what_todays_sales_hold_up_can_be_accepted_for_later(busy: Shop) -> None:
    in_the_cloud(busy, catalogues.with_another_tax(busy))
    async with opened(busy) as operator:
        await opens_the_download(operator)
        await operator.sees("Enter accepts it for after the close.")
        await accepts_it_for_later(operator)
        busy.close_day()
        await operator.no_longer_sees("after the close")
    assert next(tax.rate for tax in busy.till.configuration().taxes if tax.code == "IVA10") == "10.5"


async def test_what_the_till_did_not_take_is_told_until_somebody_decides(busy: Shop) -> None:
    in_the_cloud(busy, catalogues.spring(busy))
    async with opened(busy) as operator:
        await opens_the_download(operator)
        await accepts_it_for_later(operator)
        await operator.presses("escape", then="will be taken after the close")
        busy.till.database().execute("UPDATE items SET name = 'Espresso' WHERE code = 'CAFE'")
        busy.close_day()
        await operator.sees("▲ The till did not take 7 changes of the configuration after the close.")
        await operator.presses("6", then="Forget what was not taken")
        await operator.presses("3")
        await operator.no_longer_sees("not take")
    assert price_of(busy) == 140


async def test_what_waits_for_the_close_is_not_asked_for_twice(
    busy: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def note(station: Station) -> HeldHere:
        asked.append(station)
        return held_here(station)

    in_the_cloud(busy, catalogues.spring(busy))
    accept_after_close(busy.station, look_at_download(busy.station))
    monkeypatch.setattr(data, "held_here", note)
    async with opened(busy, running=False) as operator:
        await operator.presses("6", then="Take nothing after the close")
        await operator.no_longer_sees("Asking FactoryCLOUD...")
        await operator.presses("3")
        await operator.no_longer_sees("Take nothing after")
        await operator.takes_a_look(busy)
        await operator.rests()
    assert len(asked) == 2, "once when it opened, once after it was taken back"


@pytest.mark.parametrize("answer", ["leave", "after_close"])
async def test_an_impatient_enter_answers_once_and_esc_does_not_stop_what_is_noted(
    busy: Shop, answer: str
) -> None:
    in_the_cloud(busy, catalogues.spring(busy))
    async with opened(busy, running=False) as operator:
        await opens_the_download(operator)
        await operator.presses("enter", then="Accept for after today's close")
        if answer == "after_close":
            await operator.presses("down", "down", at=answer)
        with busy.station.database.transaction():  # another process writes
            await operator.presses_meanwhile("enter", "enter", "down", "enter", "escape")
            assert "Stopping" not in operator.screen
            assert "Writing it into the till" not in operator.screen
            await operator.sees("Leave it as it is")
        if answer == "after_close":
            await operator.sees("Nothing has been changed yet.")
        else:
            await operator.no_longer_sees("Leave it as it is")
            await operator.sees("[All 7]")
    database = busy.station.database
    assignment = load_assignment(database)
    assert assignment is not None
    assert bool(load_accepted(database, assignment.store.id)) == (answer == "after_close")
    assert price_of(busy) == 140


async def test_of_several_backups_one_is_picked_and_its_changes_are_shown(busy: Shop) -> None:
    replaced_twice(busy)
    async with opened(busy) as operator:
        await operator.presses("6", then="Bring back what was here before")
        await operator.no_longer_sees("Asking FactoryCLOUD...")
        await operator.presses("2")
        await operator.sees("1 until 14:05, before a download", "45 items, 1 differs", "45 items, 7 differ")
        await operator.presses("2")
        await operator.sees("until 14:00, before a download: this changes.", "9.99 EUR →     1.40 EUR")
        await operator.presses("escape", then="In numbers")
        await operator.presses("2", then="45 items, 7 differ")
        await operator.presses("2", then="9.99 EUR →     1.40 EUR")
        await operator.presses("enter", then="Leave it as it is")
        await operator.accepts(then="The configuration is back.")
    assert price_of(busy) == 140


async def test_news_do_not_move_the_cursor_or_take_a_key(busy: Shop) -> None:
    async with opened(busy) as operator:
        await operator.sees("Last deliveries")
        await operator.presses("down", "down", "down", at="disconnect")
        in_the_cloud(busy, with_item(in_use(busy.till.configuration()), "CAFE", name="Café corto"))
        look_at_download(busy.station)
        await operator.sees("FactoryCLOUD holds 1 change for this till, seen 14:00. Option 6 shows it.")
        await operator.is_at("disconnect")
        accept_download(busy.station, look_at_download(busy.station))
        await operator.no_longer_sees("FactoryCLOUD holds")
