"""Home with a message, the queue, and a dialog, as a person sees them: in each theme, for each number of
colours, on a black terminal and on a white one. Every picture of `tests/tui` goes the same way."""

from collections.abc import Awaitable, Callable, Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from pyte import graphics
from textual.geometry import Region

from factorypos_tui.tui.themes import THEMES, theme_name
from factorypos_tui.tui.tty.glyphs import is_drawing
from factorypos_tui.tui.tty.painting import PALETTES, contrast
from factorypos_tui.tui.tty.policy import Colours, policy_of
from tests.support import scenes
from tests.support.operator import Operator, opened
from tests.support.photograph import Places, photograph
from tests.support.screens import rgb
from tests.support.stations import open_shop

POLICIES = {
    "none": policy_of({"TERM": "xterm", "LANG": "C.UTF-8", "NO_COLOR": "1"}),
    "16": policy_of({"TERM": "xterm", "LANG": "C.UTF-8"}),
    "console": policy_of({"TERM": "linux", "LANG": "C.UTF-8"}),
    "256": policy_of({"TERM": "xterm-256color", "LANG": "C.UTF-8"}),
    "all": policy_of({"TERM": "xterm", "LANG": "C.UTF-8", "COLORTERM": "truecolor"}),
}
BLACK, WHITE = ("e5e5e5", "000000"), ("000000", "ffffff")
"""A terminal's own letters and background."""
XTERM, VGA = (dict(zip(graphics.FG_BG_256[:16], shades, strict=True)) for shades in PALETTES)
BARS = {"red", "green", "cyan"}
"""Backgrounds of a message or a row in the colour of its meaning."""
LEAST = {"contrast": 7.0}
READABLE, FAINT = 4.5, 1.3
"""The least contrast of letters in front; of lines, and of what a dialog covers."""


async def _home(operator: Operator) -> None:
    operator.app.complain(ValueError("Something was refused."))
    operator.app.tell("And something was done.")
    await operator.sees("refused", "was done", "needs attention")


async def _queue(operator: Operator) -> None:
    operator.app.clear_notifications()
    await operator.presses("4", then=("delivered", "superseded"))
    await operator.presses("down")


async def _dialog(operator: Operator) -> None:
    await operator.presses("escape", "1", then="Password")
    await operator.types("secret")


SCENES: tuple[Callable[[Operator], Awaitable[None]], ...] = (_home, _queue, _dialog)


@pytest.mark.parametrize("colours", POLICIES)
@pytest.mark.parametrize("theme", THEMES)
async def test_every_letter_can_be_read_and_no_background_is_torn(
    tmp_path: Path, theme: str, colours: str
) -> None:
    policy = POLICIES[colours]
    with open_shop(tmp_path / "shop", days=2) as shop:
        scenes.with_every_state(shop)
        async with opened(shop, running=False) as operator:
            operator.app.theme = theme_name(theme, policy.colours)
            for go_there in SCENES:
                await go_there(operator)
                await operator.stands_still()
                places = photograph(operator.app, policy)
                least = LEAST.get(theme, READABLE) if policy.colours >= Colours.MANY else READABLE
                owns = (BLACK, WHITE) if policy.ground is None else (BLACK,)
                for own, palette in product(owns, (XTERM, VGA)):
                    faint = list(too_faint(places, own, palette, in_front(operator), least))
                    assert not faint, (go_there, own, faint)
                grounds = {place.bg for row in places for place in row} - BARS
                assert ("default" not in grounds) or grounds == {"default"}, go_there


def in_front(operator: Operator) -> Region:
    """What is not behind a dialog."""
    dialogs = operator.app.screen.query("#dialog")
    return dialogs.first().region if dialogs else operator.app.screen.region


def too_faint(
    places: Places, own: tuple[str, str], palette: dict[str, str], front: Region, least: float
) -> Iterator[tuple[int, int, Any]]:
    """Letters and lines that are hard to see on their background."""

    def shown(colour: str, default: str, *, is_bold: bool = False) -> str:
        if colour == "default":
            return default
        colour = rgb(colour)
        return palette.get(bright(colour) if is_bold else colour, colour)

    for (y, row), x in product(enumerate(places), range(len(places[0]))):
        place = row[x]
        ink, ground = shown(place.fg, own[0], is_bold=place.bold), shown(place.bg, own[1])
        is_text = front.contains(x, y) and not is_drawing(place.data)
        if place.data.strip() and contrast(rgb_of(ink), rgb_of(ground)) < (least if is_text else FAINT):
            yield x, y, place


def bright(colour: str) -> str:
    """What consoles make of a bold letter in one of the first eight colours."""
    number = graphics.FG_BG_256.index(colour) if colour in graphics.FG_BG_256[:8] else None
    return colour if number is None else graphics.FG_BG_256[number + 8]


@cache
def rgb_of(digits: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(digits)
    return red, green, blue
