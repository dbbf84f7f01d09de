"""What lies over what: the keys are those of the screen in front only, and messages cover no title."""

import pytest
from textual.widget import Widget

from tests.support import scenes
from tests.support.operator import opened
from tests.support.stations import Shop
from tests.tui.book import WAYS

pytestmark = pytest.mark.anyio
LONG = "What happened is said here. What is safe is said here, too. And what to do, in so many words that" * 2


@pytest.mark.parametrize("name", WAYS)
async def test_only_the_keys_of_the_screen_in_front_are_shown(shop: Shop, name: str) -> None:
    scenes.at_lunch(shop)
    async with opened(shop, running=False) as operator:
        await WAYS[name](operator, shop)
        await operator.stands_still()
        assert operator.screen.count("F10 Quit") == 1, operator.screen
        below = operator.screen.split("\n")[operator.app.screen.query_one("KeyBar").region.y - 1]
        assert "F1 Help" not in below
        assert "Esc Back" not in below


@pytest.mark.parametrize("name", WAYS)
@pytest.mark.parametrize("words", ["Done.", LONG])
async def test_a_message_lies_below_the_first_line_and_over_no_title(
    shop: Shop, name: str, words: str
) -> None:
    scenes.at_lunch(shop)
    async with opened(shop, running=False) as operator:
        await WAYS[name](operator, shop)
        operator.app.clear_notifications()
        await operator.stands_still()
        before = operator.screen.split("\n")
        framed = [widget for widget in operator.app.screen.walk_children(Widget) if widget.border_title]
        titles = {widget.region.y for widget in framed if widget.region}
        operator.app.tell(words)
        await operator.sees(words[:20])
        await operator.stands_still()
        after = operator.screen.split("\n")
        assert after[0] == before[0]
        assert [after[line] for line in titles] == [before[line] for line in titles]


async def test_the_keys_of_a_covered_screen_come_back(shop: Shop) -> None:
    scenes.at_lunch(shop)
    async with opened(shop, running=False) as operator:
        await operator.presses("4")
        await operator.sees("Compare")
        before = operator.screen
        await operator.presses("v")
        await operator.sees("Z reports")
        await operator.no_longer_sees("Retry all")
        await operator.presses("escape")
        await operator.sees("Compare")
        await operator.stands_still()
        assert operator.screen == before
