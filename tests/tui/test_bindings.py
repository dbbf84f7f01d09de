"""Every key can be named on the phone: it says what it does in both languages, and is a key that
a Linux console and SSH can tell apart; every screen says what it is for."""

import re
from typing import Any

import pytest
from textual.binding import Binding
from textual.screen import Screen

from factorypos_tui.core.language import _, use_language
from factorypos_tui.tui.keys import key_name, keys_of
from tests.support import catalogues, scenes
from tests.support.configurations import with_item
from tests.support.exchanges import LICENSED, in_the_cloud, license_to
from tests.support.operator import Operator, opened
from tests.support.screen_classes import classes, screens
from tests.support.stations import Shop

SAFE = {
    *(f"f{number}" for number in (1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12)),
    *("enter", "escape", "tab", "shift+tab", "up", "down", "left", "right"),
    *(
        "home",
        "end",
        "pageup",
        "pagedown",
        "insert",
        "delete",
        "slash",
        "space",
        "question_mark",
        "colon",
        "ctrl+c",
    ),
    *"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
}

EXPLAINED = [screen for screen in screens() if screen.__name__ != "HelpScreen"]  # which explains the others


def bindings() -> list[tuple[str, Binding]]:
    return [
        (owner.__qualname__, binding)
        for owner in classes()
        for binding in vars(owner).get("BINDINGS", [])
        if isinstance(binding, Binding)
    ]


@pytest.mark.parametrize(("owner", "binding"), bindings())
def test_a_key_is_one_that_every_terminal_sends(owner: str, binding: Binding) -> None:
    for key in binding.key.split(","):
        assert key.strip() in SAFE, (owner, key)


@pytest.mark.parametrize(("owner", "binding"), [found for found in bindings() if found[1].show])
def test_a_shown_key_is_explained_in_both_languages(owner: str, binding: Binding) -> None:
    for text in (binding.description, binding.tooltip):
        assert text, (owner, binding.key)
        use_language("es")
        assert _(text) != text, (owner, text)
    use_language("en")


@pytest.mark.parametrize("screen", EXPLAINED)
def test_every_screen_says_what_it_is_for_in_both_languages(screen: type[Screen[Any]]) -> None:
    words = screen.HELP
    assert words
    use_language("es")
    assert _(words) != words
    use_language("en")


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("screen", EXPLAINED)
def test_help_names_no_key_that_its_screen_has_not(screen: type[Screen[Any]], language: str) -> None:
    own = [binding for owner in screen.__mro__ for binding in vars(owner).get("BINDINGS", [])]
    bound = {
        key_name(key) for binding in own if isinstance(binding, Binding) for key in binding.key.split(",")
    }
    use_language(language)
    named = set(re.findall(r"\bF\d\d?\b", _(screen.HELP or "")))
    use_language("en")
    assert named <= bound


@pytest.mark.parametrize("language", ["en", "es"])
async def test_every_key_of_every_main_screen_fits_the_last_lines(shop: Shop, language: str) -> None:
    scenes.with_every_state(shop)
    use_language(language)
    for to_it in ([], ["3"], ["4"], ["4", "down", "enter"], ["4", "down", "a"]):
        async with opened(shop, running=False) as operator:
            for key in to_it:
                await operator.presses(key)
                await operator.settles()
            await operator.sees(f"F10 {_('Quit')}")
            assert "…" not in operator.screen
    use_language("en")


async def shows_every_key(operator: Operator, words: str) -> None:
    """Once `words` are on the screen, so is every key that works there, uncut."""
    await operator.sees(words)
    hints = [f"{hint.name} {hint.does}" for hint in keys_of(operator.app.screen)]
    assert all(hint in operator.screen for hint in hints), (hints, operator.screen)
    assert "…" not in operator.screen


@pytest.mark.parametrize("language", ["en", "es"])
async def test_every_key_of_the_screens_of_configuration_data_fits_the_last_lines(
    busy: Shop, language: str
) -> None:
    license_to(busy, LICENSED)
    in_the_cloud(busy, catalogues.with_another_tax(busy))
    use_language(language)
    async with opened(busy, running=False) as operator:
        await operator.presses("6")
        await shows_every_key(operator, "45         45")
        await operator.presses("1")
        await shows_every_key(operator, f"C {_('Close the day')}")
        await operator.presses("escape", "2", then="IVA10 ")
        in_the_cloud(busy, with_item(catalogues.spring(busy), "AGUA", prices={"BARRA": 999}))
        await operator.presses("enter")
        await shows_every_key(operator, _("Leave it as it is"))
        await operator.accepts()
        await shows_every_key(operator, f"O {_('Other side')}")
        await operator.presses("slash")
        await shows_every_key(operator, f"{_('Down')} {_('List')}")
    use_language("en")
