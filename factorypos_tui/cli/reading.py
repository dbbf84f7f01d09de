"""What commands say while the closed days of a till are read: ten years of them take minutes, once."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from factorypos_tui.cli.output import progress_line, say
from factorypos_tui.core.delivery.closes import Reading
from factorypos_tui.core.status.wording import reading_words


@contextmanager
def reading_line() -> Iterator[Callable[[Reading | None], None]]:
    """Tells how far it is, on a line that is overwritten; with None, that it is over. Where there is no
    terminal it is told once, when it begins."""
    is_told = False

    with progress_line() as show:

        def tell(reading: Reading | None) -> None:
            nonlocal is_told
            show(reading_words(reading) if reading else "")
            if reading and not (is_told or sys.stderr.isatty()):
                say(f"{reading_words(reading)}.")
            is_told = reading is not None

        yield tell
