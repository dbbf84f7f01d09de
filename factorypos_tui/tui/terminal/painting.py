"""Turns a cell that Textual wants into one that the terminal can show, and that can be read there."""

from functools import lru_cache

from rich.cells import cell_len
from rich.color import Color, ColorSystem

from factorypos_tui.tui.terminal.cells import (
    BOLD,
    CONCEAL,
    INK_ON_BLANKS,
    REVERSE,
    Cell,
    Colour,
    Look,
)
from factorypos_tui.tui.terminal.glyphs import is_drawing, shown
from factorypos_tui.tui.terminal.policy import Colours, Policy

_BLACK, _WHITE = 0, 7


class Painter(dict[Cell, Cell]):
    """Cell wanted -> cell shown, each worked out once."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        super().__init__()

    def __missing__(self, cell: Cell) -> Cell:
        self[cell] = painted = paint(self._policy, cell)
        return painted


def paint(policy: Policy, cell: Cell) -> Cell:
    """The cell as the terminal is to show it; no letter has the colour of its background."""
    look = cell.look
    if look.foreground == look.background is not None and is_drawing(cell.text):
        cell = Cell(" ", look)  # meant to be invisible: it stays so
    elif look.attributes & CONCEAL:
        cell = Cell(" " * cell_len(cell.text), look)
    text = shown(cell.text, policy.glyphs, policy.encoding)
    look = Look(look.foreground, look.background, look.attributes & policy.attributes)
    if policy.colours is Colours.NONE:
        look = _without_colours(look)
    else:
        look = _apart(_on_palette(look, policy.colours), policy.colours)
    if text in (" ", "") and not look.attributes & INK_ON_BLANKS:
        look = Look(None, look.background)
    return Cell(text, look)


def _without_colours(look: Look) -> Look:
    """What was marked by a brighter background is marked by reverse."""
    bright = (
        look.foreground is not None
        and look.background is not None
        and _luminance(look.background) > _luminance(look.foreground)
    )
    return Look(None, None, look.attributes | (REVERSE if bright else 0))


def _on_palette(look: Look, colours: Colours) -> Look:
    if colours is Colours.SIXTEEN:
        return _on_console(look)
    return Look(_nearest(look.foreground, colours), _nearest(look.background, colours), look.attributes)


def _on_console(look: Look) -> Look:
    """The eight colours that every console tells apart, on backgrounds too; bright letters are bold ones."""
    foreground, background = (_nearest(c, Colours.SIXTEEN) for c in (look.foreground, look.background))
    attributes = look.attributes
    if isinstance(foreground, int) and foreground >= 8:
        foreground, attributes = foreground - 8, attributes | BOLD
    if isinstance(background, int):
        background %= 8
    return Look(foreground, background, attributes)


def _apart(look: Look, colours: Colours) -> Look:
    """Letters in the colour of their background take another that stands out; white on black is no colour."""
    foreground, background, attributes = look
    ink = _WHITE if foreground is None else foreground
    ground = _BLACK if background is None else background
    if ink == ground:
        ink = foreground = _WHITE if _luminance(ground) < 0.5 else _BLACK
    if colours is Colours.SIXTEEN:
        if (ink, ground) == (_WHITE, _BLACK):
            return Look(None, None, attributes)
        if (ink, ground) == (_BLACK, _WHITE):
            return Look(None, None, attributes ^ REVERSE)
    return Look(foreground, background, attributes)


@lru_cache(maxsize=1024)
def _nearest(colour: Colour, colours: Colours) -> Colour:
    if colour is None or colours is Colours.ALL or (isinstance(colour, int) and colour < colours):
        return colour
    system = ColorSystem.STANDARD if colours is Colours.SIXTEEN else ColorSystem.EIGHT_BIT
    return _colour(colour).downgrade(system).number


@lru_cache(maxsize=1024)
def _luminance(colour: Colour) -> float:
    """From 0, black, to 1, white."""
    if colour is None:
        return 0
    red, green, blue = _colour(colour).get_truecolor()
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255


def _colour(colour: int | tuple[int, int, int]) -> Color:
    return Color.from_ansi(colour) if isinstance(colour, int) else Color.from_rgb(*colour)
