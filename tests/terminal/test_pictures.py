"""Home with a message, the queue, and a dialog, as a person sees them: in each theme, for each number of
colours, on a black terminal and on a white one. Every picture of `tests/tui` goes the same way."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from factorypos_tui.tui.themes import THEMES, theme_name
from factorypos_tui.tui.tty.policy import Colours, Policy, policy_of
from tests.support import scenes
from tests.support.legibility import BLACK, READABLE, WHITE, too_faint
from tests.support.operator import Operator, opened
from tests.support.photograph import photograph
from tests.support.stations import open_shop

POLICIES = [
    policy_of(environment | {"LANG": "C.UTF-8"})
    for environment in (
        {"TERM": "xterm", "NO_COLOR": "1"},
        {"TERM": "xterm"},
        {"TERM": "linux"},
        {"TERM": "xterm-256color"},
        {"TERM": "xterm", "COLORTERM": "truecolor"},
    )
]
BARS = {"red", "green", "cyan"}
"""Backgrounds of a message or a row in the colour of its meaning."""
LEAST = {"contrast": 7.0}


async def _home(operator: Operator) -> None:
    # As `complain` and `tell` do, but none goes before it is seen, however busy this machine is.
    operator.app.notify("Something was refused.", severity="error", timeout=3600, markup=False)
    operator.app.notify("And something was done.", timeout=3600, markup=False)
    await operator.sees("refused", "was done", "needs attention")


async def _queue(operator: Operator) -> None:
    operator.app.clear_notifications()
    await operator.presses("4", then=("delivered", "superseded"))
    await operator.presses("down")


async def _dialog(operator: Operator) -> None:
    await operator.presses("escape", "1", then="Password")
    await operator.types("secret")


SCENES: tuple[Callable[[Operator], Awaitable[None]], ...] = (_home, _queue, _dialog)


@pytest.mark.parametrize("theme", THEMES)
async def test_every_letter_can_be_read_and_no_background_is_torn(tmp_path: Path, theme: str) -> None:
    with open_shop(tmp_path / "shop", days=2) as shop:
        scenes.with_every_state(shop)
        async with opened(shop, running=False) as operator:
            operator.app.theme = THEMES[theme].name
            for go_there in SCENES:
                await go_there(operator)
                await operator.stands_still()
                for policy in policies(theme):
                    places = photograph(operator.app, policy)
                    least = LEAST.get(theme, READABLE) if policy.colours >= Colours.MANY else READABLE
                    for own in (BLACK, WHITE) if policy.ground is None else (BLACK,):
                        faint = list(too_faint(places, own, operator.front, least))
                        assert not faint, (go_there, policy, own, faint)
                    grounds = {place.bg for row in places for place in row} - BARS
                    assert ("default" not in grounds) or grounds == {"default"}, (go_there, policy)


def policies(theme: str) -> list[Policy]:
    """The terminals on which a theme can be had: without colours there is only one."""
    return [policy for policy in POLICIES if theme_name(theme, policy.colours) == THEMES[theme].name]
