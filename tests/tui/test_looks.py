"""The main screens as a terminal shows them, one after another: at each size, in both languages, in 16, 256
and all colours, on black and on white.

Each walk has one theme; a walk at 80x24 in each of the four has no picture, but computes what can be read.
`make snapshots` draws a sheet of one walk for each size."""

import re
from functools import partial

import pytest
from pytest_textual_snapshot import SVGImageExtension
from syrupy.assertion import SnapshotAssertion
from textual.content import Content
from textual.geometry import Region
from textual.widget import Widget
from textual.widgets import Static

from factorypos_tui.core.language import use_language
from factorypos_tui.tui.app import FactoryPosApp
from factorypos_tui.tui.keys import keys_of
from factorypos_tui.tui.themes import THEMES
from factorypos_tui.tui.tty.policy import Colours, Policy
from factorypos_tui.tui.widgets.key_bar import KeyBar, those_that_fit
from tests.support import catalogues, eyes
from tests.support.legibility import BLACK, WHITE, too_faint
from tests.support.operator import Operator, sending_app
from tests.support.photograph import Places, photograph, repainted
from tests.support.sheet import sheet
from tests.support.stations import Shop

WALK: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("HomeScreen", ()),
    ("QueueScreen", ("4",)),
    ("ReportScreen", ("enter",)),
    ("ChangesScreen", ("escape", "escape", "6", "1")),
    ("FiguresScreen", ("escape", "escape", "f")),
    ("LogInScreen", ("escape", "1")),
    ("ConfirmScreen", ("escape", "7")),
    ("HelpScreen", ("escape", "f1")),
)
"""A screen, and the keys that lead to it from the one before."""
ON_BLACK, ON_WHITE = 0, 15
"""The number of a terminal's own background."""
SIXTEEN, SIXTEEN_ON_WHITE, MANY, ALL = POLICIES = (
    Policy(colours=Colours.SIXTEEN, ground=ON_BLACK),
    Policy(colours=Colours.SIXTEEN, ground=ON_WHITE),
    Policy(colours=Colours.MANY, ground=ON_WHITE),
    Policy(colours=Colours.ALL, ground=ON_BLACK),
)
OWN = {SIXTEEN: BLACK, SIXTEEN_ON_WHITE: WHITE, MANY: WHITE, ALL: BLACK}
NAMES = "FactoryPOS FactoryCLOUD Maritim"


@pytest.mark.parametrize(
    ("columns", "lines", "language", "theme", "pictured"),
    [
        (80, 22, "en", "dark", None),
        (80, 22, "es", "light", MANY),
        (80, 24, "en", "console", SIXTEEN_ON_WHITE),
        pytest.param(80, 24, "es", "dark", None, marks=pytest.mark.long),
        pytest.param(120, 35, "en", "light", None, marks=pytest.mark.long),
        (120, 35, "es", "console", SIXTEEN),
        (132, 43, "en", "dark", ALL),
        pytest.param(132, 43, "es", "light", None, marks=pytest.mark.long),
    ],
    ids=["80x22", "80x22-es", "80x24", "80x24-es", "120x35", "120x35-es", "132x43", "132x43-es"],
)
async def test_looks(
    weeks: Shop,
    snapshot: SnapshotAssertion,
    columns: int,
    lines: int,
    language: str,
    theme: str,
    pictured: Policy | None,
) -> None:
    use_language(language)
    known = eyes.words_of(language) | eyes.words([NAMES, *names_of(weeks)])
    app, pictures = sending_app(weeks), []
    async with app.run_test(size=(columns, lines), notifications=True) as pilot:
        app.theme = THEMES[theme].name
        operator = Operator(app, pilot)
        for name, keys in WALK:
            await operator.presses(*keys)
            await operator.until(partial(_is_in_front, app, name), name)
            await operator.stands_still()
            shown = dict(zip(POLICIES, repainted(app, POLICIES), strict=True))
            for policy, places in shown.items():
                faint = list(too_faint(places, OWN[policy], operator.front))
                assert not faint, (name, policy, faint)
            is_whole(operator, letters(shown[ALL]), known)
            has_its_keys(operator, letters(shown[ALL]))
            await shows_where_they_go(operator, shown[SIXTEEN])
            pictures += [shown[pictured]] if pictured else []
    if pictured:
        assert snapshot.use_extension(SVGImageExtension) == sheet(pictures, OWN[pictured]), HOW


@pytest.mark.parametrize("theme", THEMES)
async def test_every_theme_can_be_read(weeks: Shop, theme: str) -> None:
    """In each number of colours, on black and on white, and in focus."""
    app = sending_app(weeks)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        app.theme = THEMES[theme].name
        operator = Operator(app, pilot)
        for name, keys in WALK:
            await operator.presses(*keys)
            await operator.until(partial(_is_in_front, app, name), name)
            await operator.stands_still()
            shown = dict(zip(POLICIES, repainted(app, POLICIES), strict=True))
            for policy, places in shown.items():
                own = theme == "console" or policy.colours is Colours.SIXTEEN
                faint = list(too_faint(places, OWN[policy], operator.front, brightens=own))
                assert not faint, (name, policy, faint)
            await shows_where_they_go(operator, shown[SIXTEEN])


def _is_in_front(app: FactoryPosApp, name: str) -> bool:
    return type(app.screen).__name__ == name


HOW = "the sheet is out of date: run `make snapshots`, look at it, and commit it"


def names_of(shop: Shop) -> list[str]:
    """What the owner of the shop has named."""
    configuration = shop.till.configuration()
    return [repr(configuration), repr(catalogues.spring(shop))]


def letters(places: Places) -> list[str]:
    """A terminal's rows without their looks."""
    return ["".join(place.data for place in row) for row in places]


def is_whole(operator: Operator, rows: list[str], known: set[str]) -> None:
    """No word in front is cut, no text lacks a part, no frame is open, nothing lies outside the screen."""
    front = eyes.within(rows, operator.front)
    assert operator.app.screen.region.contains_region(operator.front)
    assert not list(eyes.open_frames(front)), operator.screen
    assert "…" not in "".join(front), operator.screen
    assert eyes.words(front) <= known, (eyes.words(front) - known, operator.screen)
    for text in operator.app.screen.query(Static):
        if isinstance(text.visual, Content) and text.is_on_screen and not may_scroll(text):
            shown = "".join(eyes.within(rows, text.content_region))
            assert "".join(shown.split()) == "".join(text.visual.plain.split()), (text, operator.screen)


def may_scroll(widget: Widget) -> bool:
    """Whether it lies in something that shows a part at a time."""
    return any(isinstance(above, Widget) and above.max_scroll_y for above in widget.ancestors)


def has_its_keys(operator: Operator, rows: list[str]) -> None:
    """The last line has the keys, each whole and as many as fit."""
    bar = operator.app.screen.query_one(KeyBar)
    shown = those_that_fit(keys_of(operator.app.screen), bar.content_size.width)
    assert re.split("  +", rows[-1].strip()) == [f"{hint.name} {hint.does}" for hint in shown]


async def shows_where_they_go(operator: Operator, shown: Places) -> None:
    """What has the focus looks otherwise without it, even in 16 colours."""
    screen = operator.app.screen
    if focused := screen.focused:
        region = focused.region
        screen.set_focus(None)
        await operator.stands_still()
        without = photograph(operator.app, SIXTEEN)
        assert cropped(without, region) != cropped(shown, region), (focused, operator.screen)
        screen.set_focus(focused)


def cropped(places: Places, region: Region) -> Places:
    return [row[region.x : region.right] for row in places[region.y : region.bottom]]
