"""Which keys the last line has no room for at 80 columns, in either language: none of daily use. Help names
all of them."""

import pytest

from factorypos_tui.core.account.ending import USER
from factorypos_tui.core.language import use_language
from factorypos_tui.tui.keys import keys_of
from factorypos_tui.tui.widgets.key_bar import those_that_fit
from tests.support import scenes
from tests.support.operator import Operator, opened
from tests.support.stations import Shop
from tests.tui.book import WAYS

COLUMNS = 79  # of 80: the line begins with a blank
NO_ROOM = {
    "attention": ("C E F2 F4", "C E F2 F4"),
    "changes": ("F2 F4", "F2 F4"),
    "data": ("F2", "F2"),
    "closings": ("F2", "F2"),
    "figures": ("F2", "F2"),
    "log_in": ("F12 F3 F4", "F12 F3 F4"),
    "queue": ("A F2 T V", "A F2 R T V"),
    "report": ("F2", "C F2"),
}
"""In English and in Spanish. What F3, F4 and F12 do on the log-in, its first lines say."""


def no_room(operator: Operator, language: str) -> str:
    """The keys of the screen in front that are not in its last line."""
    use_language(language)
    hints = keys_of(operator.app.screen)
    missing = {hint.name for hint in hints} - {hint.name for hint in those_that_fit(hints, COLUMNS)}
    use_language("en")
    return " ".join(sorted(missing))


@pytest.mark.parametrize("name", WAYS)
async def test_the_last_line_has_room_for_the_keys_of_daily_use(busy: Shop, name: str) -> None:
    async with opened(busy, running=False) as operator:
        await WAYS[name](operator, busy)
        assert (no_room(operator, "en"), no_room(operator, "es")) == NO_ROOM.get(name, ("", ""))


async def test_the_key_that_shows_the_whole_store_has_its_room(busy: Shop) -> None:
    busy.credentials.delete(USER)
    async with opened(busy, running=False) as operator:
        await operator.presses("f", then="Figures of this till alone.")
        for language in ("en", "es"):
            assert not {"D", "W", "M", "L"} & set(no_room(operator, language).split())


async def test_home_has_room_for_what_needs_a_person_and_for_the_close(shop: Shop) -> None:
    scenes.in_trouble(shop, scenes.INVALID)
    async with opened(shop, running=False) as operator:
        for language in ("en", "es"):
            assert not {"F3", "F4"} & set(no_room(operator, language).split())
