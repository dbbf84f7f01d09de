"""Find: every action by its name, in the operator's language."""

from factorypos_tui.core.language import use_language
from factorypos_tui.core.settings import get_setting
from factorypos_tui.tui.screens.home.options import OPTIONS
from tests.support.operator import opened
from tests.support.stations import Shop


async def test_every_option_and_key_is_found(busy: Shop) -> None:
    async with opened(busy, running=False) as operator:
        await operator.presses("f9")
        for option in OPTIONS:
            await operator.types(option.label)
            await operator.sees(option.label, option.explained[:30])
            await operator.clears()
        for words in ("Sync now", "Help", "Quit"):
            await operator.types(words)
            await operator.sees(words)
            await operator.clears()


async def test_an_action_is_done_from_where_it_was_found(busy: Shop) -> None:
    async with opened(busy, running=False) as operator:
        await operator.presses("4", "f9", then="─ Find ─")
        await operator.enters("disconn", then=("Disconnect from FactoryCLOUD", "Accept: disconnect"))
        await operator.presses("escape", at="disconnect")


async def test_what_cannot_be_done_says_why(shop: Shop) -> None:
    async with opened(shop, running=False) as operator:
        await operator.presses("f9")
        await operator.enters("resend", then=("Log in first.", "─ Find ─"))


async def test_a_setting_is_changed_by_name(busy: Shop) -> None:
    async with opened(busy, running=False) as operator:
        await operator.presses("f9")
        await operator.enters("theme light")
        await operator.until(lambda: operator.app.theme == "factorypos-light", "the light theme")
    assert get_setting(busy.station.database, "theme") == "light"


async def test_it_speaks_the_operators_language(shop: Shop) -> None:
    use_language("es")
    async with opened(shop, running=False) as operator:
        await operator.presses("f9", then=("─ Menú ─", "Escriba para filtrar"))
        await operator.types("reenviar")
        await operator.sees("Reenviar todo")
        await operator.types(" xyz")
        await operator.sees("Ninguna acción se llama así.")


async def test_a_key_of_the_screen_is_pressed_for_you(busy: Shop) -> None:
    async with opened(busy, running=False) as operator:
        await operator.presses("f9")
        await operator.enters("sync now", then="Trying now.")


async def test_a_key_that_is_dim_says_why_here_too(busy: Shop) -> None:
    async with opened(busy, running=False) as operator:
        await operator.presses("4", then="Newest first")
        await operator.presses("f9")
        await operator.types("retry all")
        await operator.sees("─ Find ─", "No report needs attention. Nothing was")
        await operator.presses("enter", then="─ Find ─")


async def test_what_fits_the_screen_in_front_comes_first(busy: Shop) -> None:
    async with opened(busy, running=False) as operator:
        await operator.presses("4", then="Newest first")
        await operator.presses("f9", then=("Open (Enter)", "Search (/)", "Filter (F)"))
