"""How much room the screens need, and how much a terminal has."""

import os
from collections.abc import Mapping

LEAST_COLUMNS, LEAST_LINES = 80, 22
PANE_COLUMNS = 120
"""From so many columns on, a second pane stands beside lists and forms."""
_USUAL_SIZE = (80, 24)


def is_too_small(columns: int, lines: int) -> bool:
    """Whether a terminal of this size cannot show them."""
    return columns < LEAST_COLUMNS or lines < LEAST_LINES


def size_of(descriptor: int, environment: Mapping[str, str] = os.environ) -> tuple[int, int]:
    """Columns and lines of a terminal; a serial line that does not know them has 80 by 24."""
    try:
        columns, lines = os.get_terminal_size(descriptor)
    except OSError:
        columns = lines = 0
    named = [environment.get(name, "") for name in ("COLUMNS", "LINES")]
    usual = [int(word) if word.isdecimal() else size for word, size in zip(named, _USUAL_SIZE, strict=True)]
    return columns or usual[0], lines or usual[1]
