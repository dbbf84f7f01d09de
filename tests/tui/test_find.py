"""Find: every action by its name, in the operator's language."""

import pytest

from factorypos_tui.core.language import use_language
from factorypos_tui.core.settings import get_setting
from factorypos_tui.tui.screens.home.options import OPTIONS
from tests.support import scenes
from tests.support.operator import opened
from tests.support.stations import Shop

pytestmark = pytest.mark.anyio


async def test_every_option_and_key_is_found(shop: Shop) -> None:
    scenes.at_lunch(shop)
    async with opened(shop, running=False) as operator:
        await operator.presses("f9")
        for option in OPTIONS:
            await operator.types(option.label)
            await operator.sees(option.label, option.explained[:30])
            await operator.clears()
        for words in ("Sync now", "Help", "Quit"):
            await operator.types(words)
            await operator.sees(words)
            await operator.clears()


async def test_an_action_is_done_from_where_it_was_found(shop: Shop) -> None:
    scenes.at_lunch(shop)
    async with opened(shop, running=False) as operator:
        await operator.presses("4", "f9")
        await operator.sees("─ Find ─")
        await operator.types("disconn")
        await operator.presses("enter")
        await operator.sees("Disconnect from FactoryCLOUD", "Accept: disconnect")
        await operator.presses("escape")
        await operator.is_at("disconnect")


async def test_what_cannot_be_done_says_why(shop: Shop) -> None:
    async with opened(shop, running=False) as operator:
        await operator.presses("f9")
        await operator.types("resend")
        await operator.presses("enter")
        await operator.sees("Log in first.", "─ Find ─")


async def test_a_setting_is_changed_by_name(shop: Shop) -> None:
    scenes.at_lunch(shop)
    async with opened(shop, running=False) as operator:
        await operator.presses("f9")
        await operator.types("theme light")
        await operator.presses("enter")
        await operator.until(lambda: operator.app.theme == "factorypos-light", "the light theme")
    assert get_setting(shop.station.database, "theme") == "light"


async def test_it_speaks_the_operators_language(shop: Shop) -> None:
    use_language("es")
    async with opened(shop, running=False) as operator:
        await operator.presses("f9")
        await operator.sees("─ Acciones ─", "Escriba para filtrar")
        await operator.types("reenviar")
        await operator.sees("Reenviar todo")
        await operator.types(" xyz")
        await operator.sees("Ninguna acción se llama así.")


async def test_a_key_of_the_screen_is_pressed_for_you(shop: Shop) -> None:
    scenes.at_lunch(shop)
    async with opened(shop, running=False) as operator:
        await operator.presses("f9")
        await operator.types("sync now")
        await operator.presses("enter")
        await operator.sees("Trying now.")


async def test_a_key_that_is_dim_says_why_here_too(shop: Shop) -> None:
    scenes.at_lunch(shop)
    async with opened(shop, running=False) as operator:
        await operator.presses("4")
        await operator.sees("Newest first")
        await operator.presses("f9")
        await operator.types("retry all")
        await operator.sees("─ Find ─", "needs attention. Nothing was changed.")
        await operator.presses("enter")
        await operator.sees("─ Find ─")
