"""What lies over what: the keys are those of the screen in front only, and messages cover no title."""

import pytest
from textual.widget import Widget

from tests.support.operator import opened
from tests.support.stations import Shop
from tests.tui.book import WAYS

LONG = "What happened is said here. What is safe is said here, too. And what to do, in so many words that" * 2

FULL = {"whose_it_is"}
"""Forms without room for a second message between their titles: it is seen once the first one has gone."""


@pytest.mark.parametrize("name", WAYS)
@pytest.mark.parametrize("message", ["Done.", LONG])
async def test_only_the_keys_in_front_are_shown_and_a_message_covers_neither_first_line_nor_title(
    busy: Shop, name: str, message: str
) -> None:
    async with opened(busy, running=False) as operator:
        await WAYS[name](operator, busy)
        await operator.stands_still()
        assert operator.screen.count("F10 Quit") == 1, operator.screen
        below = operator.screen.split("\n")[operator.app.screen.query_one("KeyBar").region.y - 1]
        assert "F1 Help" not in below
        assert "Esc Back" not in below
        operator.app.clear_notifications()
        await operator.stands_still()
        before = operator.screen.split("\n")
        framed = [widget for widget in operator.app.screen.walk_children(Widget) if widget.border_title]
        titles = {widget.region.y for widget in framed if widget.region}
        for words in (message, "And another one.", message)[: 1 if name in FULL else None]:
            operator.app.tell(words)
            await operator.sees(words[:16])
            await operator.stands_still()
            after = operator.screen.split("\n")
            assert after[0] == before[0]
            assert [after[line] for line in titles] == [before[line] for line in titles]


async def test_the_keys_of_a_covered_screen_come_back(busy: Shop) -> None:
    async with opened(busy, running=False) as operator:
        await operator.presses("4", then="/ Search")
        before = operator.screen
        await operator.presses("v", then="Z reports")
        await operator.no_longer_sees("/ Search")
        await operator.presses("escape", then="/ Search")
        await operator.stands_still()
        assert operator.screen == before
