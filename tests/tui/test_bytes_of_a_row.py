"""How much the line to a terminal carries for a step of the cursor: a row, and not the screen."""

import pytest

from factorypos_tui.core.language import use_language
from factorypos_tui.tui.themes import THEMES
from factorypos_tui.tui.tty.policy import Colours, Glyphs, Policy
from tests.support.operator import Operator, opened
from tests.support.photograph import Wire
from tests.support.stations import Shop
from tests.tui.long_queue import many

CONSOLE = Policy(Colours.SIXTEEN, Glyphs.CONSOLE, erases_in_colour=True, ground=0)
SERIAL = Policy(Colours.NONE, Glyphs.ASCII)
MANY = Policy(Colours.MANY, erases_in_colour=True)
MOST = 150
LISTS: dict[str, tuple[tuple[str, ...], int]] = {
    "menu": (("escape",), MOST),
    "queue": (("4",), MOST),
    "report": (("4", "enter"), MOST),
    "settings": (("3",), MOST),
    "changes": (("6", "1"), MOST + 15),  # where two rows have nothing in common
    "find": (("f9",), MOST),
    "help": (("f1",), MOST),
}
"""The keys that lead to a list, and the most that a step may take there."""


@pytest.fixture(autouse=True)
def never_at_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """What explains a row follows once the cursor rests: here it moves on before."""
    monkeypatch.setattr("factorypos_tui.tui.widgets.explanation.REST_S", 3600)


async def steps(operator: Operator, policy: Policy, count: int) -> list[bytes]:
    """What the line carries for each of so many steps down."""
    await operator.stands_still()
    wire, carried = Wire(80, 24, policy), []
    wire.carries(operator.app)
    for _step in range(count):
        await operator.presses("down")
        carried.append(wire.carries(operator.app))
    assert any(carried)
    return carried


@pytest.mark.parametrize("language", ["en", pytest.param("es", marks=pytest.mark.long)])
@pytest.mark.parametrize(
    ("theme", "policy"),
    [("console", CONSOLE), ("console", SERIAL), ("dark", MANY)],
    ids=["console", "serial", "many"],
)
@pytest.mark.parametrize(("way", "most"), LISTS.values(), ids=LISTS)
async def test_a_step_takes_no_more_than_a_row(
    weeks: Shop, way: tuple[str, ...], most: int, theme: str, policy: Policy, language: str
) -> None:
    use_language(language)
    async with opened(weeks, running=False) as operator:
        operator.app.theme = THEMES[theme].name
        await operator.presses(*way)
        for bytes_ in await steps(operator, policy, 24):
            assert len(bytes_) <= most, bytes_


async def test_a_month_that_leaves_or_comes_takes_a_line_more_at_most(shop: Shop) -> None:
    many(shop, 100)
    async with opened(shop, running=False) as operator:
        await operator.presses("4", then="Newest first")
        for bytes_ in await steps(operator, CONSOLE, 80):
            assert len(bytes_) <= MOST + 80, bytes_
