"""Whether what a terminal shows can be read: the contrast of each letter on what it lies on."""

from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import Any

from pyte import graphics
from textual.geometry import Region

from factorypos_tui.tui.tty.glyphs import is_drawing
from factorypos_tui.tui.tty.painting import PALETTES, contrast
from tests.support.photograph import Places
from tests.support.screens import rgb

BLACK, WHITE = ("e5e5e5", "000000"), ("000000", "ffffff")
"""A terminal's own letters and background."""
READABLE, FAINT = 4.5, 1.3
"""The least contrast of letters in front; of lines, and of what a dialog covers."""
_PALETTES = [dict(zip(graphics.FG_BG_256[:16], shades, strict=True)) for shades in PALETTES]


def too_faint(
    places: Places,
    own: tuple[str, str],
    front: Region,
    least: float = READABLE,
    *,
    brightens: bool = True,
) -> Iterator[tuple[int, int, Any]]:
    """Letters and lines that are hard to see on their background: column, line, and how it looks.

    `brightens`: whether bold makes black grey; it does not change a shade that only looks like black."""
    for (y, row), x in product(enumerate(places), range(len(places[0]))):
        place = row[x]
        if place.data.strip():
            is_text = front.contains(x, y) and not is_drawing(place.data)
            if _contrast(place.fg, place.bg, own, is_bold=place.bold and brightens) < (
                least if is_text else FAINT
            ):
                yield x, y, place


@cache
def _contrast(ink: str, ground: str, own: tuple[str, str], *, is_bold: bool) -> float:
    """As xterm or VGA paint it, whichever is less."""

    def shown(colour: str, default: str, palette: dict[str, str]) -> tuple[int, int, int]:
        return rgb_of(default if colour == "default" else palette.get(rgb(colour), rgb(colour)))

    ink = _bright(rgb(ink)) if is_bold else ink
    return min(contrast(shown(ink, own[0], each), shown(ground, own[1], each)) for each in _PALETTES)


def _bright(colour: str) -> str:
    """What consoles make of a bold letter in one of the first eight colours."""
    number = graphics.FG_BG_256.index(colour) if colour in graphics.FG_BG_256[:8] else None
    return colour if number is None else graphics.FG_BG_256[number + 8]


@cache
def rgb_of(digits: str) -> tuple[int, int, int]:
    """Six hexadecimal digits as red, green and blue."""
    red, green, blue = bytes.fromhex(digits)
    return red, green, blue
