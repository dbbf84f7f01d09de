"""How much room the screens want."""

LEAST_COLUMNS, LEAST_LINES = 80, 24


def is_too_small(columns: int, lines: int) -> bool:
    """Whether a terminal of this size cannot show them."""
    return columns < LEAST_COLUMNS or lines < LEAST_LINES
