"""Bars, columns and sparklines drawn out of numbers. Pure.

Each cell holds eight steps; `tty/glyphs.py` finds what the terminal has instead. What is not above zero is
blank, and what is above zero shows at least one step, however small it is."""

from collections.abc import Sequence

ACROSS = " ▏▎▍▌▋▊▉█"
UPWARDS = " ▁▂▃▄▅▆▇█"
SHADED = " ░"
"""Whole cells only: for the value that another one is compared with."""
_DONE, _LEFT = "■", "─"


def bar(value: int, best: int, cells: int, steps: str = ACROSS) -> str:
    """A bar in exactly so many cells, which the value `best` fills."""
    return _drawn(value, best, cells, steps)


def columns(values: Sequence[int], height: int, best: int | None = None, steps: str = UPWARDS) -> list[str]:
    """A column chart, its top line first: one column of one cell for each value.

    `best` fills the height; without it, the best of the values does. Two charts with the same `best` can be
    compared."""
    best = max(values, default=0) if best is None else best
    upright = [_drawn(value, best, height, steps) for value in values]
    return ["".join(column[line] for column in upright) for line in reversed(range(height))]


def sparkline(values: Sequence[int], best: int | None = None) -> str:
    """A column chart of one line."""
    return columns(values, 1, best)[0]


def progress(done: int, total: int, cells: int) -> str:
    """How much of a whole is done; full only where all of it is."""
    filled = cells * min(max(0, done), total) // max(1, total)
    return _DONE * filled + _LEFT * (cells - filled)


def _drawn(value: int, best: int, cells: int, steps: str) -> str:
    """Cells from the start on, full ones first."""
    most = len(steps) - 1
    level = _level(value, best, cells * most)
    return "".join(steps[min(max(0, level - most * cell), most)] for cell in range(cells))


def _level(value: int, best: int, steps: int) -> int:
    """The nearest of so many steps."""
    if value <= 0 or best <= 0:
        return 0
    return max(1, (2 * min(value, best) * steps + best) // (2 * best))
