"""What a screen says while something takes long."""

from contextlib import AbstractContextManager
from typing import Protocol, runtime_checkable

from factorypos_tui.core.language import N_

LONG_S = 1.0
"""After so many seconds an operator wants a sign of life."""

REPORTS_ARE_SAFE = N_("{n} s so far. Esc stops waiting; reports are safe.")
"""Said of a request that FactoryCLOUD may have got already."""
NOTHING_IS_CHANGED = N_("{n} s so far. Esc stops waiting; nothing is changed.")
"""Said where something is only looked at."""
GOES_ON = N_("{n} s so far. Esc stops waiting; it goes on by itself.")
PLEASE_WAIT = N_("{n} s so far. Reports are safe.")
"""Said where nothing can be stopped, or where the screen says itself what Esc does."""


@runtime_checkable
class Waiting(Protocol):
    """A screen that tells what is waited for."""

    def waiting(self, words: str = "", so_far: str = ...) -> AbstractContextManager[None]: ...
