"""A progress bar, and below it what is left."""

from factorypos_tui.core.language import _, format_number
from factorypos_tui.tui.charts import progress

_COLUMNS = 54


def bar_of(done: int, total: int) -> str:
    """The bar for `done` of `total`; 0 of 0 while the total is unknown."""
    left = _("{left} of {total} left").format(left=format_number(total - done), total=format_number(total))
    return f"{progress(done, total, _COLUMNS)}\n{left if total else ''}"
