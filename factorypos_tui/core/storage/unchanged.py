"""A SQLite file's answer that holds while the file does not change. To look at the folder twice costs less
than one statement, and an idle worker looks several times a second."""

import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Generic, TypeVar

T = TypeVar("T")
_SETTLED_S = 2.0
"""The coarsest clock of any file system: two changes within this time may look like one."""


class WhileUnchanged(threading.local, Generic[T]):
    """Keeps an answer per thread, since the connection of another thread may give another answer."""

    def __init__(self, path: Path, ask: Callable[[], T]) -> None:
        """`ask`: gives the answer, which depends only on the file at `path`."""
        self._names = str(path), f"{path}-wal"
        self._ask = ask
        self._kept: tuple[object, T] | None = None

    def answer(self) -> T:
        """The answer of now. It is asked for again if the file has changed, or changed too recently to be
        sure."""
        state = _settled_state(*self._names)
        if state is None or self._kept is None or self._kept[0] != state:
            self._kept = state, self._ask()
        return self._kept[1]


def _settled_state(file: str, log: str) -> tuple[object, ...] | None:
    """What the file system says of a database and its log; None where the next change might not show."""
    try:
        entries = [os.lstat(file)]
        with suppress(FileNotFoundError):
            entries.append(os.lstat(log))
    except OSError:
        return None
    if max(entry.st_mtime for entry in entries) > time.time() - _SETTLED_S:
        return None
    return tuple((entry.st_dev, entry.st_ino, entry.st_size, entry.st_mtime_ns) for entry in entries)
