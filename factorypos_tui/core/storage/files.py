"""Files for people: private, whole or not there at all. And those that people wrote."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, TextIO

from factorypos_tui.core.errors import StorageError, UsageError
from factorypos_tui.core.language import _
from factorypos_tui.core.language.system_words import system_words


@contextmanager
def new_private_file(path: Path) -> Iterator[TextIO]:
    """A new file for its owner only, since it is full of takings.

    Raises `UsageError` where there is a file of this name, `StorageError` where the disk says no."""
    with new_private_bytes(path) as file, TextIOWrapper(file, encoding="utf-8") as text:
        yield text


@contextmanager
def new_private_bytes(path: Path) -> Iterator[BinaryIO]:
    """The same for bytes."""
    with disk_errors_in_words(path):
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError as error:
            raise UsageError(
                _("{file} exists already. Nothing was written. Name another file.").format(file=path)
            ) from error
        try:
            with os.fdopen(descriptor, "wb") as file:
                yield file
        except BaseException:
            path.unlink(missing_ok=True)
            raise


def replace_private_file(path: Path, text: str) -> None:
    """Write a file for its owner only, in place of the one that may be there: a power cut leaves the old one
    or the new one. Where it is a link, what that names is replaced. Raises `StorageError`."""
    with disk_errors_in_words(path):
        target = path.resolve()
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        coming = target.with_name(f".{target.name}.{os.urandom(8).hex()}")
        try:
            with os.fdopen(
                os.open(coming, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
            ) as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            coming.replace(target)
        except BaseException:
            coming.unlink(missing_ok=True)
            raise
        folder = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


@contextmanager
def disk_errors_in_words(path: Path) -> Iterator[None]:
    """Raise an error of the disk about `path` as a `StorageError`."""
    try:
        yield
    except OSError as error:
        words = _("{file} cannot be written: {detail}").format(file=path, detail=system_words(error.strerror))
        raise StorageError(words) from error


def read_small(path: Path, most: int) -> bytes:
    """The whole of a file that a person wrote; it never waits for the other end of a pipe. Raises `OSError`,
    also for what is no file, and for a file of more than `most` bytes."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, "Is a directory")
        if not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, "it is no file, but a pipe or a device")
        with open(descriptor, "rb", closefd=False) as file:
            data = file.read(most + 1)
    finally:
        os.close(descriptor)
    if len(data) > most:
        raise OSError(errno.EFBIG, "File too large")
    return data


def free_name(folder: Path, stem: str, suffix: str) -> Path:
    """A path in `folder` that no file has yet: `STEM.txt`, `STEM-2.txt`, ..."""
    path, number = folder / f"{stem}{suffix}", 2
    while os.path.lexists(path):  # False for an unreadable folder, too: writing then fails
        path, number = folder / f"{stem}-{number}{suffix}", number + 1
    return path
