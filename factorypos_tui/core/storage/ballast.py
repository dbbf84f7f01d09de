"""Room on the disk that is kept back for the day it is full, so that closed days still get in and out.

A file of 4 MiB beside the databases: whoever finds the disk full gives it up, and the next try has room. It
is laid again once there is plenty.
"""

import os
import shutil
from contextlib import suppress
from pathlib import Path

from factorypos_tui.core.language import _

_NAME = "factorypos.ballast"
_SIZE = 4 << 20
_PLENTY = 4 * _SIZE
_NO_ROOM = 1 << 20


def lay(folder: Path) -> None:
    """Keep room back, if there is plenty and none is kept yet; a disk that does not take it goes without."""
    if _is_laid(folder) or _has_less_than(_PLENTY, folder):
        return
    give_up(folder)  # what was not laid whole
    try:
        descriptor = os.open(folder / _NAME, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            os.posix_fallocate(descriptor, 0, _SIZE)
        finally:
            os.close(descriptor)
    except OSError:
        give_up(folder)  # a part of it would only be in the way


def give_up(folder: Path) -> None:
    """The disk is full: leave what was kept back to whoever tries next."""
    with suppress(OSError):
        (folder / _NAME).unlink()


def give_up_if_full(folder: Path) -> None:
    """The same after an error that does not say why: SQLite finds a full disk so where it opens a file."""
    if _has_less_than(_NO_ROOM, folder):
        give_up(folder)


def ballast_words(folder: Path) -> str | None:
    """That what was kept back is being used up; None where it is there, or is not needed."""
    if _is_laid(folder) or not _has_less_than(_PLENTY, folder):
        return None
    return _(
        "The disk is nearly full. Closed days are still sent, but not for long. Free some space: {n} MiB."
    ).format(n=_PLENTY >> 20)


def _is_laid(folder: Path) -> bool:
    with suppress(OSError):
        return (folder / _NAME).stat().st_size == _SIZE
    return False


def _has_less_than(room: int, folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < room
    except OSError:
        return False
