"""Turns a cell that Textual wants into one that the terminal can show, and a person can read."""

from collections.abc import Iterable, Sequence
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
    seen,
)
from factorypos_tui.tui.tty.glyphs import is_drawing, shown
from factorypos_tui.tui.tty.policy import Colours, Policy

_Shade: TypeAlias = int | tuple[int, int, int]

_BLACK, _WHITE, _BRIGHT_WHITE = 0, 7, 15
_OWN = (None, _BLACK, _WHITE)
_VGA: Sequence[str] = ("000000", "aa0000", "00aa00", "aa5500", "0000aa", "aa00aa", "00aaaa", "aaaaaa")
_VGA = (*_VGA, "555555", "ff5555", "55ff55", "ffff55", "5555ff", "ff55ff", "55ffff", "ffffff")
_XTERM: Sequence[str] = ("000000", "cd0000", "00cd00", "cdcd00", "0000ee", "cd00cd", "00cdcd", "e5e5e5")
_XTERM = (*_XTERM, "7f7f7f", "ff0000", "00ff00", "ffff00", "5c5cff", "ff00ff", "00ffff", "ffffff")
PALETTES = (_XTERM, _VGA)
_CUBE = (0, 95, 135, 175, 215, 255)
_LIGHTEST, _DARKEST = (255, 255, 255), (0, 0, 0)
READABLE, VISIBLE = 4.5, 3.0
"""The least contrast of a letter, and of a line or block, by WCAG 2.2 (1.4.3 and 1.4.11)."""


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
        if text.strip() or look.attributes & INK_ON_BLANKS:
            look = _apart(look, policy.ground, VISIBLE if is_drawing(text.strip()) else READABLE)
        look = _with_bold_for_bright(look) if policy.colours is Colours.SIXTEEN else look
    look = seen(look)
    if text in (" ", "") and not look.attributes & INK_ON_BLANKS:
        look = Look(None, look.background)
    return Cell(text, look)


def _without_colours(look: Look) -> Look:
    """The look without colours; a brighter background becomes reverse."""
    bright = (
        look.foreground is not None
        and look.background is not None
        and _brightness(look.background) > _brightness(look.foreground)
    )
    return Look(None, None, look.attributes | (REVERSE if bright else 0))


def _brightness(colour: _Shade) -> float:
    return _luminance(_parts(colour, _XTERM))


def _own(look: Look) -> Look:
    """The look with the terminal's own two colours in place of black and white, whichever its background
    is."""
    if look.foreground not in _OWN or look.background not in _OWN:
        return look
    return Look(None, None, look.attributes ^ (REVERSE if look.background == _WHITE else 0))


def _on_palette(look: Look, colours: Colours) -> Look:
    foreground, background = (_nearest(colour, colours) for colour in look[:2])
    if colours is Colours.SIXTEEN and isinstance(background, int):
        background %= 8  # consoles have no bright backgrounds
    if look.attributes & BOLD and isinstance(foreground, int) and _BLACK < foreground < 8:
        foreground += 8  # what most terminals make of bold letters
    return Look(foreground, background, look.attributes)


def _with_bold_for_bright(look: Look) -> Look:
    """Bright letters as bold ones, which every console knows. A black one in reverse would become grey."""
    ink, ground, attributes = look
    if isinstance(ink, int) and ink >= 8:
        return Look(ink - 8, ground, attributes | BOLD)
    return Look(ink, ground, attributes & ~BOLD if attributes & REVERSE else attributes)


def _apart(look: Look, own_ground: Colour, least: float) -> Look:
    """The look with a letter that can be read on what it lies on, as VGA and xterm paint the terminal's
    colours: in its colour, in the other one of the same name, or else in black or white. Where nothing tells
    the terminal's background, it has to be readable on black and on white."""
    ink, ground, attributes = look
    letter, paper = (ground, ink) if attributes & REVERSE else (ink, ground)
    if paper is None:
        if attributes & REVERSE or letter is None:
            return Look(None, None, attributes)
        papers = (_DARKEST, _LIGHTEST) if own_ground is None else (own_ground,)
        return _unbolded(Look(_first_readable(_shades_of(letter), papers, least), None, attributes))
    if letter != paper and letter is not None and not any(map(_is_of_the_terminal, (letter, paper))):
        return look  # what a theme of shades has is the theme's affair
    if attributes & REVERSE and isinstance(paper, int) and _is_of_the_terminal(paper):
        paper %= 8
    found = _first_readable([*_shades_of(letter), _BLACK, _BRIGHT_WHITE], [paper], least)
    if found is None and attributes & REVERSE:
        return _plainly_reversed(look)
    if found is None:
        found = max((_BLACK, _BRIGHT_WHITE), key=lambda own: _contrast(own, paper))
    return _unbolded(Look(found, paper, attributes & ~REVERSE))


def _unbolded(look: Look) -> Look:
    """The same without bold, where that would make another colour of the letter's."""
    is_dark = isinstance(look.foreground, int) and look.foreground < 8
    return Look(look.foreground, look.background, look.attributes & ~BOLD if is_dark else look.attributes)


def _plainly_reversed(look: Look) -> Look:
    """A bar without the colour on which nothing can be read."""
    if look.background is None:
        return Look(None, None, look.attributes)
    letter = look.background
    paper = max((_BLACK, _WHITE), key=lambda own: _contrast(own, letter))
    return _unbolded(Look(letter, paper, look.attributes & ~REVERSE))


def _first_readable(letters: Iterable[_Shade], papers: Sequence[_Shade], least: float) -> Colour:
    fits = (letter for letter in letters if all(_contrast(letter, paper) >= least for paper in papers))
    return next(fits, None)


def _shades_of(colour: Colour) -> list[_Shade]:
    """A colour, and the brighter or darker one of the same name."""
    if isinstance(colour, int) and _is_of_the_terminal(colour):
        return [colour, colour ^ 8]
    return [] if colour is None else [colour]


def _is_of_the_terminal(colour: _Shade) -> bool:
    return isinstance(colour, int) and colour < Colours.SIXTEEN


@lru_cache(maxsize=1024)
def _nearest(colour: Colour, colours: Colours) -> Colour:
    if colour is None or (isinstance(colour, int) and colour < colours):
        return colour
    if colours is Colours.ALL:
        return _number_of(colour) or colour
    system = ColorSystem.STANDARD if colours is Colours.SIXTEEN else ColorSystem.EIGHT_BIT
    return _colour(colour).downgrade(system).number


def _number_of(colour: _Shade) -> Colour:
    """The number of exactly this shade among the 256, which is fewer bytes; None where it has none."""
    red, green, blue = parts = _parts(colour, _XTERM)
    if set(parts) <= set(_CUBE):
        return 16 + 36 * _CUBE.index(red) + 6 * _CUBE.index(green) + _CUBE.index(blue)
    return 232 + (red - 8) // 10 if red == green == blue and red % 10 == 8 and red < 248 else None


@lru_cache(maxsize=1024)
def _contrast(one: _Shade, other: _Shade) -> float:
    """From 1, the same, to 21, black on white, as WCAG counts it, in the palette where it is less."""
    return min(contrast(_parts(one, palette), _parts(other, palette)) for palette in PALETTES)


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    """From 1, the same, to 21, black on white, as WCAG counts it."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: tuple[int, int, int]) -> float:
    """From 0, black, to 1, white."""
    parts = (part / 255 for part in colour)
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parts(colour: _Shade, palette: Sequence[str]) -> tuple[int, int, int]:
    if isinstance(colour, int) and _is_of_the_terminal(colour):
        red, green, blue = bytes.fromhex(palette[colour])
        return red, green, blue
    return _colour(colour).get_truecolor()


def _colour(colour: _Shade) -> Color:
    return Color.from_ansi(colour) if isinstance(colour, int) else Color.from_rgb(*colour)
