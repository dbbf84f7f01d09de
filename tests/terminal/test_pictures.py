"""Home with a message, the queue, and a dialog, as a person sees them: in each theme, for each number of
colours, on a black terminal and on a white one. Every picture of `tests/tui` goes the same way."""

import math
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
from factorypos_tui.tui.tty.policy import policy_of
from tests.support import scenes
from tests.support.operator import Operator, opened
from tests.support.photograph import Places, photograph
from tests.support.screens import rgb
from tests.support.stations import open_shop

POLICIES = {
    "none": policy_of({"TERM": "xterm", "LANG": "C.UTF-8", "NO_COLOR": "1"}),
    "16": policy_of({"TERM": "xterm", "LANG": "C.UTF-8"}),
    "256": policy_of({"TERM": "xterm-256color", "LANG": "C.UTF-8"}),
    "all": policy_of({"TERM": "xterm", "LANG": "C.UTF-8", "COLORTERM": "truecolor"}),
}
BLACK, WHITE = ("e5e5e5", "000000"), ("000000", "ffffff")
"""A terminal's own letters and background."""
XTERM = {shade: shade for shade in graphics.FG_BG_256[:8]}
VGA = ("000000", "aa0000", "00aa00", "aa5500", "0000aa", "aa00aa", "00aaaa", "aaaaaa")
CONSOLE = dict(zip(XTERM, VGA, strict=True))
READABLE, FAINT = 2.5, 1.3
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
                for own, palette in product((BLACK, WHITE), (XTERM, CONSOLE)):
                    faint = list(too_faint(places, own, palette, in_front(operator)))
                    assert not faint, (go_there, own, faint)
                grounds = {place.bg for row in places for place in row}
                assert ("default" not in grounds) or grounds == {"default"}, go_there


def in_front(operator: Operator) -> Region:
    """What is not behind a dialog."""
    dialogs = operator.app.screen.query("#dialog")
    return dialogs.first().region if dialogs else operator.app.screen.region


def too_faint(
    places: Places, own: tuple[str, str], palette: dict[str, str], front: Region
) -> Iterator[tuple[int, int, Any]]:
    """Letters and lines that are hard to see on their background."""

    def shown(colour: str, default: str) -> str:
        colour = default if colour == "default" else rgb(colour)
        return palette.get(colour, colour)

    for (y, row), x in product(enumerate(places), range(len(places[0]))):
        ink, ground = shown(row[x].fg, own[0]), shown(row[x].bg, own[1])
        least = READABLE if front.contains(x, y) and not is_drawing(row[x].data) else FAINT
        if row[x].data.strip() and contrast(ink, ground) < least:
            yield x, y, row[x]


@cache
def contrast(one: str, other: str) -> float:
    """From 1, the same, to 21, black on white, as WCAG counts it."""
    darker, lighter = sorted(map(luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(shade: str) -> float:
    """From 0, black, to 1, white."""
    parts = (int(shade[start : start + 2], 16) / 255 for start in (0, 2, 4))
    return sum(
        weight * math.pow(part, 2.2) for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True)
    )
