"""Bars as small SVG. What is closed is filled, what is so far only has a dotted outline, what it is compared
with is a line. The table beneath has the same numbers. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

HEIGHT = 120
_STEP, _GAP, _WIDEST = 24, 4, 960


@dataclass(frozen=True, slots=True)
class Column:
    """What one bar shows, in minor units of one currency."""

    label: str
    closed: int
    so_far: int = 0
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    x: int
    y: int
    width: int
    height: int
    kind: Literal["closed", "so-far", "before"]


@dataclass(frozen=True, slots=True)
class Plot:
    """Numbers of the picture; its words are escaped by the template."""

    title: str
    words: str
    """What a screen reader says of it."""
    width: int
    bars: tuple[Bar, ...]
    first: str
    last: str
    """The labels of the outermost columns."""


def plot(title: str, words: str, columns: Sequence[Column]) -> Plot | None:
    """A bar for each column, as high as its amount; one below nought has none. None where nothing is higher
    than nought."""
    highest = max((max(it.closed, 0) + max(it.so_far, 0) for it in columns), default=0)
    highest = max([highest, *(it.before for it in columns if it.before is not None)])
    if highest <= 0:
        return None
    step = max(3, min(_STEP, _WIDEST // len(columns)))
    wide = max(2, step - _GAP)
    bars: list[Bar] = []
    for at, column in enumerate(columns):
        closed = HEIGHT * max(column.closed, 0) // highest
        so_far = HEIGHT * max(column.so_far, 0) // highest
        if closed:
            bars.append(Bar(at * step, HEIGHT - closed, wide, closed, "closed"))
        if so_far:
            bars.append(Bar(at * step, HEIGHT - closed - so_far, wide, so_far, "so-far"))
        if column.before is not None and column.before > 0:
            bars.append(Bar(at * step, HEIGHT - HEIGHT * column.before // highest, wide, 2, "before"))
    return Plot(title, words, step * len(columns), tuple(bars), columns[0].label, columns[-1].label)
