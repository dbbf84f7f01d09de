"""Turns a cell that Textual wants into one that the terminal can show, and a person can read."""

from functools import lru_cache
from typing import TypeAlias

from rich.cells import cell_len
from rich.color import Color, ColorSystem

from factorypos_tui.tui.tty.cells import (
    BOLD,
    CONCEAL,
    INK_ON_BLANKS,
    REVERSE,
    Cell,
    Colour,
    Look,
)
from factorypos_tui.tui.tty.glyphs import is_drawing, shown
from factorypos_tui.tui.tty.policy import Colours, Policy

_Shade: TypeAlias = int | tuple[int, int, int]

_BLACK, _WHITE = 0, 7
_OWN = (None, _BLACK, _WHITE)
_XTERM = 205
"""How bright xterm paints the first eight colours: hardly any terminal paints them brighter."""
_LIGHTEST, _DARKEST = (255, 255, 255), (0, 0, 0)
_CONTRAST = 2.5
"""What letters in one of the terminal's colours need: as xterm paints them, green, yellow and cyan vanish on
white, and blue on black."""


class Painter(dict[Cell, Cell]):
    """Cell wanted -> cell shown; each is worked out once."""

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
        cell = Cell(" ", look)  # it is meant to be invisible
    elif look.attributes & CONCEAL:
        cell = Cell(" " * cell_len(cell.text), look)
    text = shown(cell.text, policy.glyphs, policy.encoding)
    look = Look(look.foreground, look.background, look.attributes & policy.attributes)
    if policy.colours is Colours.NONE:
        look = _without_colours(look)
    else:
        look = _on_palette(_own(look), policy.colours)
        look = _apart(look) if text.strip() or look.attributes & INK_ON_BLANKS else look
    if text in (" ", "") and not look.attributes & INK_ON_BLANKS:
        look = Look(None, look.background)
    return Cell(text, look)


def _without_colours(look: Look) -> Look:
    """The look without colours; a brighter background becomes reverse."""
    bright = (
        look.foreground is not None
        and look.background is not None
        and _luminance(look.background) > _luminance(look.foreground)
    )
    return Look(None, None, look.attributes | (REVERSE if bright else 0))


def _own(look: Look) -> Look:
    """The look with the terminal's own two colours in place of black and white, whichever its background
    is."""
    if look.foreground not in _OWN or look.background not in _OWN:
        return look
    return Look(None, None, look.attributes ^ (REVERSE if look.background == _WHITE else 0))


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


def _apart(look: Look) -> Look:
    """The look with letters that differ from their background: on black or white, or in black or white."""
    ink, ground, attributes = look
    if ground is None:
        ground = ink if ink is None else _under(ink)
    elif ink is None or ink == ground or (_is_of_the_terminal(ink) and _contrast(ink, ground) < _CONTRAST):
        ink = max((_WHITE, _BLACK), key=lambda own: _contrast(own, ground))
    return Look(ink, ground, attributes)


def _under(ink: _Shade) -> Colour:
    """The background for this colour: the terminal's own if the colour can be seen on black and on white."""
    if _contrast(ink, _LIGHTEST) < _CONTRAST:
        return _BLACK
    return _WHITE if _contrast(ink, _DARKEST) < _CONTRAST else None


def _is_of_the_terminal(colour: _Shade) -> bool:
    return isinstance(colour, int) and colour < Colours.SIXTEEN


@lru_cache(maxsize=1024)
def _nearest(colour: Colour, colours: Colours) -> Colour:
    if colour is None or colours is Colours.ALL or (isinstance(colour, int) and colour < colours):
        return colour
    system = ColorSystem.STANDARD if colours is Colours.SIXTEEN else ColorSystem.EIGHT_BIT
    return _colour(colour).downgrade(system).number


@lru_cache(maxsize=1024)
def _contrast(one: _Shade, other: _Shade) -> float:
    """From 1, the same, to 21, black on white, as WCAG counts it."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@lru_cache(maxsize=1024)
def _luminance(colour: _Shade) -> float:
    """From 0, black, to 1, white."""
    red, green, blue = _parts(colour)
    return float(0.2126 * (red / 255) ** 2.2 + 0.7152 * (green / 255) ** 2.2 + 0.0722 * (blue / 255) ** 2.2)


def _parts(colour: _Shade) -> tuple[int, int, int]:
    if isinstance(colour, int) and colour <= _WHITE:
        return (colour & 1) * _XTERM, (colour >> 1 & 1) * _XTERM, (colour >> 2) * _XTERM
    return _colour(colour).get_truecolor()


def _colour(colour: _Shade) -> Color:
    return Color.from_ansi(colour) if isinstance(colour, int) else Color.from_rgb(*colour)
