"""Each colour of a theme can be read on each background that it lies on, by the formula of WCAG, in shades
and in the sixteen colours of VGA and xterm; and each meaning has its own colour."""

from itertools import product

import pytest
from rich.color import Color

from factorypos_tui.tui.themes import THEMES
from factorypos_tui.tui.tty.cells import BOLD, REVERSE, Cell, Colour, Look
from factorypos_tui.tui.tty.painting import PALETTES, contrast, paint
from factorypos_tui.tui.tty.policy import Colours, Policy
from tests.support.legibility import rgb_of

MEANINGS = ("success", "warning", "error", "primary")
LETTERS, GROUNDS = ("foreground", *MEANINGS), ("background", "surface", "panel")
ANSI = {"ansi_default": None, "ansi_green": 2, "ansi_cyan": 6, "ansi_bright_red": 9, "ansi_bright_yellow": 11}
LEAST = {"contrast": 7.0}


def colour(theme: str, name: str) -> Colour:
    value = str(getattr(THEMES[theme], name))
    return ANSI[value] if value.startswith("ansi") else rgb_of(value[1:])


def parts(
    shown: Colour, palette: tuple[str, ...], own: str, *, is_bold: bool = False
) -> tuple[int, int, int]:
    if shown is None:
        return rgb_of(own)
    if isinstance(shown, tuple):
        return shown
    if shown < 8 and is_bold:
        shown += 8
    if shown < 16:
        return rgb_of(palette[shown])
    red, green, blue = Color.from_ansi(shown).get_truecolor()
    return red, green, blue


def least_contrast(look: Look, owns: tuple[tuple[str, str], ...]) -> float:
    """In the worse palette, on the worse of the terminal's own backgrounds."""
    is_bold = bool(look.attributes & BOLD)
    return min(
        contrast(
            parts(look.foreground, palette, ink, is_bold=is_bold), parts(look.background, palette, ground)
        )
        for palette, (ink, ground) in product(PALETTES, owns)
    )


BLACK, WHITE = ("aaaaaa", "000000"), ("000000", "ffffff")


@pytest.mark.parametrize("colours", [Colours.SIXTEEN, Colours.MANY, Colours.ALL])
@pytest.mark.parametrize("theme", THEMES)
def test_each_colour_can_be_read_on_each_background(theme: str, colours: Colours) -> None:
    for ground, owns in ((0, (BLACK,)), (15, (WHITE,)), (None, (BLACK, WHITE))):
        policy = Policy(colours=colours, ground=ground)
        for letter, paper, attributes in product(LETTERS, GROUNDS, (0, BOLD, REVERSE, BOLD | REVERSE)):
            wanted = Look(colour(theme, letter), colour(theme, paper), attributes)
            look = paint(policy, Cell("x", wanted)).look
            least = LEAST.get(theme, 4.5) if colours >= Colours.MANY else 4.5
            assert least_contrast(look, owns) >= least, (letter, paper, attributes, ground, look)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("colours", [Colours.SIXTEEN, Colours.MANY, Colours.ALL])
def test_each_meaning_has_a_colour_of_its_own(theme: str, colours: Colours) -> None:
    policy = Policy(colours=colours, ground=0)
    inks = [
        paint(policy, Cell("x", Look(colour(theme, name), colour(theme, "background")))).look.foreground
        for name in ("foreground", *MEANINGS)
    ]
    nothing_of_sixteen_can_be_read_on_light_grey = theme == "light" and colours is Colours.SIXTEEN
    assert len(set(inks)) == (1 if nothing_of_sixteen_can_be_read_on_light_grey else len(inks))


def test_on_a_terminal_that_may_be_black_or_white_no_letter_has_a_colour() -> None:
    for number in range(16):
        look = paint(Policy(colours=Colours.SIXTEEN), Cell("x", Look(number, None))).look
        assert look.foreground is None, number
