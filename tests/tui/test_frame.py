"""The frame of every screen, at 80 columns and in both languages: one line of keys, each in its place and
none cut; above it one line of status, and above that what is wrong, while something is."""

import re

import pytest

from factorypos_tui.core.language import use_language
from factorypos_tui.tui.keys import key_name, keys_of
from factorypos_tui.tui.screens.base.status_line import StatusLine, TroubleLines
from factorypos_tui.tui.widgets.key_bar import KeyBar, those_that_fit
from tests.support import scenes
from tests.support.operator import Operator, opened
from tests.support.stations import Shop
from tests.tui.book import WAYS

MAIN_SCREENS: list[list[str]] = [[], ["3"], ["4"], ["4", "down", "enter"], ["4", "down", "a"], ["6"]]


async def keys_stand_in_their_places(operator: Operator) -> None:
    """One line, the last: Enter, Esc, the screen's own keys, and at its end those of every screen."""
    screen, size = operator.app.screen, operator.app.size
    bar = screen.query_one(KeyBar)
    bar.follow(screen)
    await operator.stands_still()
    every = keys_of(screen)
    shown = those_that_fit(every, bar.content_size.width)
    line = operator.screen.split("\n")[-1]
    assert re.split("  +", line.strip()) == [f"{hint.name} {hint.does}" for hint in shown]
    assert (bar.region.y, bar.region.bottom, len(line)) == (size.height - 1, size.height, size.width)
    names, of_all = ([hint.name.split()[-1] for hint in hints] for hints in (shown, every))
    first = [name for name in (key_name("enter"), key_name("escape")) if name in of_all]
    last = [name for name in ("F1", "F9", "F10") if name in of_all]
    assert names == first + names[len(first) : -len(last)] + last


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("name", WAYS)
async def test_the_keys_of_every_screen_are_one_line(busy: Shop, name: str, language: str) -> None:
    async with opened(busy, running=False) as operator:
        await WAYS[name](operator, busy)
        use_language(language)
        await keys_stand_in_their_places(operator)


@pytest.mark.parametrize("language", ["en", "es"])
async def test_with_trouble_status_and_keys_stay_one_line_each_and_the_trouble_stands_above(
    shop: Shop, language: str
) -> None:
    scenes.with_every_state(shop)
    use_language(language)
    async with opened(shop, running=False) as operator:
        for to_it in MAIN_SCREENS:
            for key in to_it:
                await operator.presses(key)
                await operator.settles()
            await keys_stand_in_their_places(operator)
            screen = operator.app.screen
            status, trouble = screen.query_one(StatusLine), screen.query_one(TroubleLines)
            *_others, line, _keys = operator.screen.split("\n")
            assert (status.size.height, status.region.y) == (1, operator.app.size.height - 2)
            assert line.startswith(" ▲ ")
            assert "…" not in line
            assert trouble.region.bottom == status.region.y
            assert trouble.size.height == 1
            while len(operator.app.screen_stack) > 1:
                await operator.presses("escape")
                await operator.settles()
