"""Waiting for something to hold, without asserting how long it takes."""

import time
from collections.abc import Callable

_PATIENCE_S = 60.0


def eventually(holds: Callable[[], object]) -> None:
    """Wait until it holds; fail if it never does."""
    until = time.monotonic() + _PATIENCE_S
    while not holds():
        assert time.monotonic() < until, "it never came to hold"
        time.sleep(0.02)
