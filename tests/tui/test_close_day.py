"""Closing the day at the keyboard: its figures, the cash counted, and what comes in between."""

from dataclasses import replace

import pytest

from factorypos_tui.core.capabilities import Capabilities
from factorypos_tui.core.language import use_language
from factorypos_tui.tui.screens.closing.close_day import CloseDayScreen
from tests.support import scenes
from tests.support.operator import Operator, app_of, opened
from tests.support.stations import Shop
from tests.support.tills import MemoryTill
from tests.tui.camera import Camera, Story, in_both_languages, keys

SHORT = (80, 22)


def count_of(shop: Shop, z_number: int) -> int | None:
    (period,) = shop.till.closed_periods(z_number - 1, 1)
    return period.cash.counted


def closed(shop: Shop) -> int:
    return shop.till.status().last_z_number or 0


async def test_the_day_is_counted_and_closed_from_the_home_screen(busy: Shop) -> None:
    async with opened(busy) as operator:
        await operator.presses("f4", then=("32 receipts", "44.80 EUR", "Cash expected in the", "194.80 EUR"))
        await operator.types("190")
        await operator.sees("The drawer is short by 4.80 EUR: 194.80 EUR expected, 190.00 EUR")
        await operator.types(",8")
        await operator.sees("short by 4.00 EUR")
        await operator.clears()
        await operator.types("194.80")
        await operator.sees("The drawer holds what it should: 194.80 EUR.")
        await operator.presses("enter", at="accept")
        assert closed(busy) == 5
        await operator.presses(
            "enter", then=("Z 6 of 23 Nov 2026: 32 receipts, 44.80 EUR.", "what it should")
        )
        await operator.sees("0 receipts", "Z 6")
    assert (closed(busy), count_of(busy, 6)) == (6, 19480)


@pytest.mark.parametrize(("language", "typed"), [("en", "10,5"), ("es", "10,5"), ("es", "10.5")])
async def test_point_and_comma_are_understood_and_shown_as_the_language_writes_them(
    busy: Shop, language: str, typed: str
) -> None:
    use_language(language)
    async with opened(busy) as operator:
        await operator.presses("f4")
        await operator.types(typed)
        await operator.sees({"en": "expected, 10.50", "es": "10,50"}[language])


async def test_where_the_drawer_cannot_be_told_the_amount_is_shown_as_it_was_understood(busy: Shop) -> None:
    seen = replace(busy.till.day_to_close(), drawer=None)
    async with opened(busy) as operator:
        await operator.app.push_screen(CloseDayScreen(seen))
        await operator.is_at("counted")
        await operator.types("1,204")
        await operator.sees("1,204.00 EUR counted.")


async def test_without_a_count_the_report_says_that_it_was_not_counted(busy: Shop) -> None:
    async with opened(busy) as operator:
        await operator.presses("f4", "enter", at="accept", then="Enter again closes the day.")
        await operator.presses("enter", then="Z 6 of 23 Nov 2026: 32 receipts")
        assert "The drawer" not in operator.screen
    assert count_of(busy, 6) is None


async def test_what_is_no_amount_is_said_and_closes_nothing(busy: Shop) -> None:
    async with opened(busy) as operator:
        await operator.presses("f4", then="Cash counted")
        await operator.enters("12.345.6", then="! An amount, such as 120.50 EUR", at="counted")
        await operator.presses("down", "enter", at="counted")
        await operator.presses("escape")
        await operator.no_longer_sees("Cash counted")
    assert closed(busy) == 5


async def test_a_sale_meanwhile_shows_the_new_figures_and_keeps_what_was_typed(busy: Shop) -> None:
    async with opened(busy) as operator:
        await operator.presses("f4", then="44.80 EUR")
        await operator.types("194.80")
        busy.sell("CAFE")
        await operator.presses("enter", "enter", then="recorded something meanwhile. Nothing was closed")
        assert closed(busy) == 5
        await operator.sees("33 receipts", "196.20 EUR", "The drawer is short by 1.40 EUR", "194.80")
        await operator.presses("enter", then=("Z 6 of 23 Nov 2026: 33 receipts", "short by 1.40 EUR"))
    assert count_of(busy, 6) == 19480


async def test_a_day_that_was_closed_meanwhile_is_not_closed_twice(busy: Shop) -> None:
    async with opened(busy) as operator:
        await operator.presses("f4", then="44.80 EUR")
        await operator.types("194.80")
        busy.close_day()
        await operator.presses("enter", "enter", then="The day was closed meanwhile, as Z 6.")
        assert closed(busy) == 6
        await operator.sees("0 receipts", "▲ Z 6 was closed less than a minute ago", "over by 44.80 EUR")
        await operator.presses("escape")
        await operator.no_longer_sees("Cash counted")
    assert closed(busy) == 6


async def test_what_begins_to_speak_against_the_close_is_read_before_it(busy: Shop) -> None:
    async with opened(busy) as operator:
        await operator.presses("f4", then="44.80 EUR")
        busy.clock.advance(40 * 3600)
        await operator.presses("enter", "enter", then="Something speaks against a close right now.")
        await operator.sees("more than 36 hours ago")
        assert closed(busy) == 5
        await operator.presses("enter", then="Z 6 of 23 Nov 2026: 32 receipts")
    assert closed(busy) == 6


async def test_a_till_that_is_busy_says_so_and_esc_waits_for_its_answer(busy: Shop) -> None:
    async with opened(busy) as operator:
        await operator.presses("f4", then="44.80 EUR")
        await operator.presses("enter", at="accept")
        with busy.till.database().transaction():
            await operator.presses_meanwhile("enter")
            await operator.sees("Closing the day...")
            await operator.presses_meanwhile("enter", "escape")
            await operator.sees("The day is being closed. Wait for the answer.", "Cash counted")
        await operator.sees("Z 6 of 23 Nov 2026")
    assert closed(busy) == 6


async def test_find_closes_the_day_from_any_screen(busy: Shop) -> None:
    async with opened(busy) as operator:
        await operator.presses("4", "f9")
        await operator.enters("close the day", then="Cash expected in the drawer")
        await operator.presses("enter", "enter", then="Z 6 of 23 Nov 2026")
    assert closed(busy) == 6


async def test_a_till_that_is_closed_elsewhere_has_no_key_and_find_says_where(shop: Shop) -> None:
    other = replace(shop, station=replace(shop.station, till=MemoryTill()))
    assert MemoryTill().can == Capabilities(take_configuration=False, close_the_day=False)
    async with opened(other) as operator:
        assert "F4" not in operator.screen
        await operator.presses("f4")
        assert "Cash counted" not in operator.screen
        await operator.presses("f9")
        await operator.types("close the day")
        await operator.sees("This till's day is", "closed at the till only.")


def _counted(amount: str, words: str) -> Story:
    async def told(operator: Operator) -> None:
        await operator.presses("f4")
        await operator.types(amount)
        await operator.sees(words)

    return told


@in_both_languages("The drawer is short by", "En el cajón faltan")
def test_close_the_day(busy: Shop, camera: Camera, words: str) -> None:
    assert camera.finds_as_pictured(app_of(busy), _counted("190", words))


@pytest.fixture
def forgotten(busy: Shop) -> Shop:
    """The same bar two days later, at a wrong clock's hour: nobody closed the day."""
    busy.sell("CANA", receipts=2)
    scenes.deliver(busy)
    busy.clock.advance(40 * 3600)
    return busy


@in_both_languages("36 hours ago", "36 horas")
def test_close_the_day_forgotten(forgotten: Shop, camera: Camera, words: str) -> None:
    assert camera.finds_as_pictured(app_of(forgotten), keys("f4", then=words), SHORT)


@in_both_languages("recorded something meanwhile", "ha registrado algo")
def test_close_the_day_changed(forgotten: Shop, camera: Camera, words: str) -> None:
    async def told(operator: Operator) -> None:
        await operator.presses("f4")
        await operator.types("190")
        forgotten.sell("CAFE")
        await operator.presses("enter", "enter", then=words)

    assert camera.finds_as_pictured(app_of(forgotten), told, SHORT)
