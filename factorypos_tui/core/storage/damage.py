"""Damaged database files are set aside whole; they are never deleted."""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from factorypos_tui.core.errors import StorageError
from factorypos_tui.core.language import _
from factorypos_tui.core.language.system_words import system_words

_SIDES = ("", "-wal", "-shm", "-journal")
_MOST_SET_ASIDE = 20


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Let one process at a time open or rename the files of a folder. SQLite's first change of a file to WAL
    fails if another process does the same, and a log that is looked for between two renames is not found."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def set_aside(path: Path, now: datetime) -> Path | None:
    """Rename a SQLite file together with its side files. Returns the new name, None where there was no file.
    The caller must be `alone_in` the folder. The file itself is renamed first: side files left without it are
    set aside when the file is made again. Raises `StorageError` where this has happened too often."""
    aside = path.with_name(f"{path.name}.damaged-{now:%Y%m%dT%H%M%S%f}")
    if len(list(path.parent.glob(f"{path.name}.damaged-*"))) >= _MOST_SET_ASIDE * len(_SIDES):
        raise StorageError(
            _(
                "{file} was damaged again and again; the disk may be failing. Nothing was deleted: the "
                "damaged files lie beside it. Replace the disk, or call support."
            ).format(file=path)
        )
    return aside if moved_away(path, aside) else None


def moved_away(path: Path, to: Path) -> bool:
    """Rename a SQLite file together with its side files, as `set_aside` does; False where there was none. The
    caller must be `alone_in` the folder. Raises `StorageError`."""
    moved = False
    try:
        for side in _SIDES:
            found = Path(f"{path}{side}")
            if found.exists():
                found.rename(f"{to}{side}")
                moved = True
    except OSError as error:
        raise StorageError(
            _("{file} cannot be set aside: {detail}. Nothing was deleted.").format(
                file=path, detail=system_words(error.strerror)
            )
        ) from error
    return moved


@contextmanager
def copied(aside: Path) -> Iterator[Path]:
    """A private copy of a file that was set aside, with its log, for reading. SQLite writes into a database
    that it only reads, and removes its log. Raises `OSError`."""
    import shutil  # few files are ever set aside
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix=".reading-", dir=aside.parent) as folder:
        copy = Path(folder) / aside.name
        for side in _SIDES:
            with suppress(FileNotFoundError):
                shutil.copyfile(f"{aside}{side}", f"{copy}{side}")
        yield copy


def has_orphans(path: Path) -> bool:
    """Whether side files are there without their database; SQLite would use them for a new one."""
    return not path.exists() and any(Path(f"{path}{side}").exists() for side in _SIDES[1:])


def files_set_aside(folder: Path) -> list[str]:
    """The names of all files that were set aside in a folder, sorted, without their side files."""
    found = {file.name for file in folder.glob("*.damaged-*")}
    return sorted({re.sub(r"-(wal|shm|journal)$", "", name) for name in found})


def newest_set_aside(path: Path) -> Path | None:
    """The file that was last set aside under this name; None where there is none."""
    files = path.parent.glob(f"{path.name}.damaged-*")
    return max((found for found in files if not found.name.endswith(_SIDES[1:])), default=None)
