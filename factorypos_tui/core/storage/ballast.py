"""Room on the disk that is kept free, so that closed days can be queued and sent when the disk is full.

It is a file of 4 MiB beside the databases. The process that finds the disk full deletes it, and the next try
has room. The file is written again once the disk has plenty of room."""

import os
from contextlib import suppress
from pathlib import Path

from factorypos_tui.core.language import _

_NAME = "factorypos.ballast"
_SIZE = 4 << 20
_PLENTY = 4 * _SIZE
_NO_ROOM = 1 << 20


def lay(folder: Path) -> None:
    """Keep room free, if the disk has plenty and none is kept yet; do nothing where the disk does not take
    it."""
    if _is_laid(folder) or _has_less_than(_PLENTY, folder):
        return
    give_up(folder)  # a file that was not written whole
    try:
        descriptor = os.open(folder / _NAME, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            os.posix_fallocate(descriptor, 0, _SIZE)
        finally:
            os.close(descriptor)
    except OSError:
        give_up(folder)  # a part of the file would be of no use


def give_up(folder: Path) -> None:
    """Delete the file, since the disk is full: the next try has its room."""
    with suppress(OSError):
        (folder / _NAME).unlink()


def give_up_if_full(folder: Path) -> None:
    """Do the same where the disk is full, after an error that does not say so: SQLite gives such an error
    when it opens a file."""
    if _has_less_than(_NO_ROOM, folder):
        give_up(folder)


def ballast_words(folder: Path) -> str | None:
    """A sentence that the room kept free is being used up; None where the file is there, or is not needed."""
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
        disk = os.statvfs(folder)
    except OSError:
        return False
    return disk.f_bavail * disk.f_frsize < room
