"""The first steps: they stand at home until the first Z has arrived, and they never come back."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from factorypos_tui.core.delivery.collector import collect
from factorypos_tui.core.errors import CloudRefused, DamagedError
from factorypos_tui.core.queue.comparison import mark_rebuilt
from tests.support import scenes
from tests.support.foreign import Day, Sold, write_day
from tests.support.operator import opened
from tests.support.stations import Shop, open_shop
from tests.support.tills import MemoryTill
from tests.tui.conftest import number_ids

DONE = "Z 1 is in FactoryCLOUD"


@pytest.fixture
def new_bar(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """A bar that has closed no day; no person has logged in yet."""
    with open_shop(tmp_path / "bar") as bar:
        number_ids(monkeypatch, 1_000_000)  # none that is in its file
        yield bar


async def test_each_step_says_which_key_does_it_and_what_is_done(new_bar: Shop) -> None:
    new_bar.till._path.unlink()
    async with opened(new_bar) as operator:
        await operator.sees("→ Account  1 Log in or register", "○ Till     F6 Make a till")
        await operator.sees("○ Store    2 Assign business", "○ First Z  F4 Close the day")
        scenes.with_companies(new_bar, [])
        await operator.sees("● Account  ana@example.com", "→ Till     F6 Make a till", "Make a till: F6.")
        await operator.presses("2", then="Make a till first: F6.")


async def test_a_till_that_has_closed_days_is_looked_for_and_not_made(new_bar: Shop) -> None:
    new_bar.connect()
    new_bar.close_day()
    collect(new_bar.station)
    new_bar.till._path.rename(new_bar.till._path.with_suffix(".away"))
    async with opened(new_bar, running=False) as operator:
        await operator.sees("→ Till     not there")
        assert "F6 Make" not in operator.screen


async def test_a_till_that_is_there_is_found_and_named(new_bar: Shop) -> None:
    async with opened(new_bar) as operator:
        await operator.sees("● Till     Terminal 01")
        assert "F6 Make a till" not in operator.screen


async def test_the_first_z_is_a_moment_and_then_the_steps_are_gone_for_good(new_bar: Shop) -> None:
    new_bar.connect()
    async with opened(new_bar) as operator:
        await operator.sees("● Store    Bar Maritim", "→ First Z  F4 Close the day")
        new_bar.close_day()
        await operator.sees(
            f"{DONE}.", f"● First Z  {DONE}", "every day that is closed", "goes up by itself."
        )
        await operator.presses("down")
        await operator.no_longer_sees("First steps")
        await operator.sees("Last deliveries")
    async with opened(new_bar) as operator:
        await operator.sees("Last deliveries")
        assert "First steps" not in operator.screen


async def test_the_moment_is_told_on_any_screen_and_ends_with_the_next_day(new_bar: Shop) -> None:
    new_bar.connect()
    async with opened(new_bar) as operator:
        await operator.presses("4", then="Newest first")
        new_bar.close_day()
        await operator.sees(f"{DONE}.")
        await operator.presses("escape", then=f"● First Z  {DONE}")
        new_bar.clock.advance(86_400)
        new_bar.sell()
        new_bar.close_day()
        await operator.sees("last Z 2 sent", "Last deliveries")
        assert "First steps" not in operator.screen


@pytest.mark.parametrize("words", ["Done.", "Logged in as ana@example.com. " * 6])
@pytest.mark.parametrize(
    "step", ["Account  1 Log in", "Till     F6 Make", "Store    2 Ass", "First Z  F4 Close"]
)
async def test_no_message_covers_the_next_step_on_the_smallest_terminal(
    new_bar: Shop, words: str, step: str
) -> None:
    if not step.startswith("Account"):
        scenes.with_companies(new_bar, [])
    if step.startswith("Till"):
        new_bar.till._path.unlink()
    if step.startswith("First Z"):
        new_bar.assign_new_store("Bar Maritim")
    async with opened(new_bar, running=False, size=(80, 22)) as operator:
        await operator.sees(f"→ {step}")
        operator.app.tell(words)
        await operator.sees(words[:12])
        await operator.stands_still()
        assert f"→ {step}" in operator.screen, operator.screen


async def test_a_first_z_that_waits_or_needs_a_person_says_so(new_bar: Shop) -> None:
    new_bar.connect()
    new_bar.cloud.fail_with = scenes.NO_NETWORK
    async with opened(new_bar) as operator:
        new_bar.close_day()
        await operator.sees("→ First Z  Z 1 is on its way", "There is nothing to do:")
        new_bar.cloud.fail_with = None
        new_bar.cloud.fail_sending_with = CloudRefused("invalid", 422, "invalid")
        await operator.presses("f2", then=("→ First Z  Z 1: F3 shows it", "Press F3: it says why"))


async def test_the_steps_say_of_a_first_z_what_the_first_line_says(new_bar: Shop) -> None:
    new_bar.close_day()
    async with opened(new_bar, running=False) as operator:
        await operator.sees("1 closed day waits at the till for a store.", "○ First Z  Z 1 waits here, safe")
        new_bar.connect()
        await operator.takes_a_look(new_bar)
        await operator.sees("Z 1 is not on its way: no process sends.", "→ First Z  Z 1 waits here, safe")
        await operator.sees("The first line says what it waits for.")


async def test_a_first_day_that_makes_no_report_is_not_said_to_be_still_open(new_bar: Shop) -> None:
    new_bar.connect()
    write_day(new_bar.till._path, Day((Sold(),), timezone=b"Mars/Olympus"))
    async with opened(new_bar) as operator:
        await operator.sees("1 closed day makes no report until its rows at the till are mended.")
        await operator.sees("→ First Z  Its rows need mending", "The first line says what it waits for.")


async def test_a_shop_that_sends_all_again_or_lost_its_queue_never_sees_them(busy: Shop) -> None:
    async with opened(busy, running=False) as operator:
        busy.station.database.execute("UPDATE shipment SET state = 'pending'")
        await operator.takes_a_look(busy)
        assert "First steps" not in operator.screen
        busy.lose_the_queue()
        mark_rebuilt(busy.station.database)
        await operator.takes_a_look(busy)
        assert "First steps" not in operator.screen


async def test_a_till_of_another_kind_says_which_and_whether_it_can_be_read(new_bar: Shop) -> None:
    till = MemoryTill(kind="abacus")
    other = replace(new_bar, station=replace(new_bar.station, till=till))
    scenes.with_companies(other, [])
    async with opened(other, running=False) as operator:
        await operator.sees("● Till     abacus: Another program's", "○ First Z  Close it at the till")
        till.away = True
        await operator.takes_a_look(other)
        await operator.sees("→ Till     abacus: not there", "F7 connects it.")
        await operator.sees("→ Nothing is sent yet. The till cannot be read.")
        await operator.presses("f6")
        await operator.settles()
        assert "Shop name" not in operator.screen


async def test_a_till_that_cannot_be_read_is_not_made_again(
    new_bar: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_till: object) -> None:
        raise DamagedError("The till's file is damaged.", Path("till.db"))

    monkeypatch.setattr(type(new_bar.till), "findings", fail)
    async with opened(new_bar, running=False) as operator:
        await operator.sees("○ Till     cannot be read", "The till's file is damaged.")
        assert "F6 Make" not in operator.screen
