"""Brings a SQLite database back from a backup: checked first, and what it replaces is kept."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from factorypos_tui.server.storage import sqlite_file
from factorypos_tui.server.storage.database import DatabaseRefusedError
from factorypos_tui.server.storage.migrations import MIGRATIONS
from factorypos_tui.server.words import system_words, told

_ROOM_TO_RESTORE = 2
"""Times the size of a backup: its copy, and what is written meanwhile."""


def restore(path: Path, backup: Path) -> Path | None:
    """Put a copy of `backup` in the place of the database at `path`, which may be missing or damaged. Returns
    where that is kept; None where there was none. Raises `DatabaseRefusedError`, which says whether anything
    was changed."""
    try:
        sqlite_file.refuse_in_use(backup)
        with sqlite_file.turn(path), sqlite_file.in_use(path) as use, sqlite_file.alone(use, path):
            size = sum(part.stat().st_size for part in _parts(backup))
            sqlite_file.find_room(_ROOM_TO_RESTORE * size, path.parent)
            with TemporaryDirectory(prefix=".restore-", dir=path.parent) as folder:
                copy = Path(folder) / path.name
                for part in _parts(backup):
                    shutil.copyfile(part, copy.with_name(copy.name + part.name.removeprefix(backup.name)))
                copy.chmod(0o600)
                _check(copy, backup)
                sqlite_file.sync(copy)
                return sqlite_file.replace(path, copy)
    except OSError as error:
        raise DatabaseRefusedError(
            told("{file}: {detail}. Nothing was changed.").format(
                file=error.filename or backup, detail=system_words(error)
            )
        ) from error


def _parts(backup: Path) -> list[Path]:
    """What a backup consists of. A process that was killed leaves pages beside its file."""
    beside = (backup.with_name(backup.name + end) for end in ("-wal", "-journal"))
    return [backup, *(part for part in beside if part.exists())]


def _check(copy: Path, backup: Path) -> None:
    """Raise unless the copy is a whole FactoryCLOUD that this program knows. All its pages are in one file
    then."""
    with closing(sqlite3.connect(copy)) as database:
        try:
            database.execute("PRAGMA journal_mode = delete")
            (result,) = database.execute("PRAGMA integrity_check").fetchone()
            versions = database.execute("SELECT version FROM schema_version").fetchall()
        except sqlite3.DatabaseError:
            result, versions = "", []
    if result != "ok" or len(versions) != 1:
        raise DatabaseRefusedError(
            told("{file} is no backup of a FactoryCLOUD, or it is damaged. Nothing was changed.").format(
                file=backup
            )
        )
    if versions[0][0] > len(MIGRATIONS):
        raise DatabaseRefusedError(
            told("{file} was written by a newer program. Install that one. Nothing was changed.").format(
                file=backup
            )
        )
