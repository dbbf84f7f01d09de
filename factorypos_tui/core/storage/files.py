"""New files for people: private, never over another file, and removed where writing fails."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from factorypos_tui.core.errors import StorageError, UsageError
from factorypos_tui.core.language import _
from factorypos_tui.core.language.system_words import system_words


@contextmanager
def new_private_file(path: Path) -> Iterator[TextIO]:
    """A new file for its owner only, since it is full of takings.

    Raises `UsageError` where there is a file of this name, `StorageError` where the disk says no."""
    with disk_errors_in_words(path):
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError as error:
            raise UsageError(_("{file} exists already. Nothing was written.").format(file=path)) from error
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                yield file
        except BaseException:
            path.unlink(missing_ok=True)
            raise


@contextmanager
def disk_errors_in_words(path: Path) -> Iterator[None]:
    """Raise an error of the disk about `path` as a `StorageError`."""
    try:
        yield
    except OSError as error:
        words = _("{file} cannot be written: {detail}").format(file=path, detail=system_words(error.strerror))
        raise StorageError(words) from error


def free_name(folder: Path, stem: str, suffix: str) -> Path:
    """A path in `folder` that no file has yet: `STEM.txt`, `STEM-2.txt`, ..."""
    path, number = folder / f"{stem}{suffix}", 2
    while os.path.lexists(path):  # False for an unreadable folder, too: writing then fails
        path, number = folder / f"{stem}-{number}{suffix}", number + 1
    return path
