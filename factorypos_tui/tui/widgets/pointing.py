"""How a list shows its cursor: an arrow that is always there, and a bar while the keys move it.

The bar covers what names the row, not all of it: a slow line carries half as much for each key, and what
the row says of its state keeps its colour."""

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip


def pointed_at(words: str, named: int, bar: Style, rest: Style) -> Strip:
    """A row, which begins with a blank, with the arrow, its first `named` columns in the style of the bar."""
    strip = Strip([Segment(f">{words[1:]}")])
    return Strip.join([strip.crop(0, named).apply_style(bar), strip.crop(named).apply_style(rest)])
