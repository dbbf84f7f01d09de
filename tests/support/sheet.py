"""A sheet of pictures of terminals, side by side, as SVG."""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby
from typing import Any

from tests.support.photograph import Places
from tests.support.screens import rgb

_WIDE, _HIGH, _BASE, _LETTER, _GAP, _ABREAST = 8, 17, 13, 13.3, 12, 2
"""The size of a cell, of its base line and letters, the gap between pictures, and how many stand abreast."""
_STYLE = (
    f"text {{ font: {_LETTER}px monospace; white-space: pre }} .b {{ font-weight: bold }}"
    " rect { shape-rendering: crispEdges }"
)


def sheet(pictures: Sequence[Places], own: tuple[str, str]) -> str:
    """The terminals, of one size, whose own letters and background are these colours."""
    lines, columns = len(pictures[0]), len(pictures[0][0])
    width, height = columns * _WIDE + _GAP, lines * _HIGH + _GAP
    rows = -(-len(pictures) // _ABREAST)
    box = f"0 0 {_ABREAST * width + _GAP} {rows * height + _GAP}"
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">', f"<style>{_STYLE}</style>"]
    parts.append('<rect width="100%" height="100%" fill="#7f7f7f"/>')
    for number, places in enumerate(pictures):
        at = _GAP + number % _ABREAST * width, _GAP + number // _ABREAST * height
        parts += [f'<g transform="translate({at[0]} {at[1]})">', *_drawn(places, own), "</g>"]
    return "\n".join([*parts, "</svg>", ""])


def _drawn(places: Places, own: tuple[str, str]) -> Iterator[str]:
    for y, row in enumerate(places):
        cells = [(x, place.data, *_colours(place, own), place.bold) for x, place in enumerate(row)]
        for ground, run in groupby(cells, key=lambda cell: cell[3]):
            x, *_ = first = next(run)
            width = _WIDE * sum(1 for _cell in (first, *run))
            yield f'<rect x="{x * _WIDE}" y="{y * _HIGH}" width="{width}" height="{_HIGH}" fill="#{ground}"/>'
        written = [cell for cell in cells if cell[1].strip()]
        for (ink, is_bold, _blanks), numbered in groupby(enumerate(written), key=_pen):
            piece = [cell for _number, cell in numbered]
            x, text = piece[0][0], "".join(cell[1] for cell in piece)
            look = f'fill="#{ink}"' + (' class="b"' if is_bold else "")
            place = f'x="{x * _WIDE}" y="{y * _HIGH + _BASE}" textLength="{len(text) * _WIDE}"'
            yield f"<text {place} {look}>{escape(text, quote=False)}</text>"


def _pen(numbered: tuple[int, tuple[int, str, str, str, bool]]) -> tuple[str, bool, int]:
    """What one piece of text has in common: its ink, and no blank in it."""
    number, (x, _letter, ink, _ground, is_bold) = numbered
    return ink, is_bold, x - number


def _colours(place: Any, own: tuple[str, str]) -> tuple[str, str]:
    ink, ground = (rgb(colour) for colour in (place.fg, place.bg))
    ink, ground = (own[0] if ink == "default" else ink), (own[1] if ground == "default" else ground)
    return (ground, ink) if place.reverse else (ink, ground)
