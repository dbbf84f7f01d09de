"""The words for an error of the disk come from the error, never from the name of the file it met."""

import errno
import os
import sqlite3
from pathlib import Path

import pytest

from factorypos_tui.core.language import use_language
from factorypos_tui.core.storage.storage_trouble import explain, says_damaged, says_full

_FOLDERS = ("fullana", "blocked", "readonly", "busy", "no such table", "quota")


@pytest.mark.parametrize("folder", _FOLDERS)
@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EACCES, "cannot be written to"),
        (errno.EROFS, "cannot be written to"),
        (errno.ENOSPC, "The disk is full"),
        (errno.EDQUOT, "The disk is full"),
        (errno.EFBIG, "The disk is full"),
        (errno.EIO, "it may be full or failing"),
        (errno.EMFILE, "cannot be used: Too many open files."),
    ],
)
def test_an_error_of_the_system_is_told_whatever_the_folder_is_called(
    folder: str, number: int, words: str
) -> None:
    path = Path("/", folder, "sync.db")
    error = OSError(number, os.strerror(number), str(path))
    assert words in explain(error, path)
    assert not says_damaged(error)


def test_what_the_system_says_is_told_in_the_operators_language() -> None:
    use_language("es")
    full, kept = (OSError(number, os.strerror(number)) for number in (errno.ENOSPC, errno.EACCES))
    assert says_full(full)
    assert "El disco está lleno" in explain(full, Path("sync.db"))
    assert "No se puede escribir en sync.db" in explain(kept, Path("sync.db"))
    error = OSError(errno.EMFILE, os.strerror(errno.EMFILE))
    assert "no se puede usar: demasiados archivos abiertos." in explain(error, Path("sync.db"))
    unheard_of = OSError(errno.EXDEV, os.strerror(errno.EXDEV))
    assert os.strerror(errno.EXDEV) in explain(unheard_of, Path("sync.db"))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("database or disk is full", "The disk is full"),
        ("database is locked", "Another program keeps"),
        ("attempt to write a readonly database", "cannot be written to"),
        ("disk I/O error", "it may be full or failing"),
        ("database disk image is malformed", "is damaged"),
        ("Could not decode to UTF-8 column", "is damaged"),
    ],
)
def test_an_error_of_sqlite_is_told_whatever_its_statement_says(said: str, words: str) -> None:
    error = sqlite3.OperationalError(f"{said} [SELECT 'full, locked, readonly, malformed'\n FROM busy]")
    assert words in explain(error, Path("/", "till", "sync.db"))
    assert says_full(error) == ("full" in said)
    assert says_damaged(error) == (words == "is damaged")
