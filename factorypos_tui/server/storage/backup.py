"""A copy of a SQLite database that is in use: whole, checked, and never over another file."""

import os
import re
import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from peewee import Database, OperationalError, SqliteDatabase

from factorypos_tui.server.storage.database import DatabaseRefusedError, run_sql
from factorypos_tui.server.storage.sqlite_file import sync
from factorypos_tui.server.words import system_words, told


def back_up(database: Database, target: Path) -> None:
    """Copy a SQLite database while it is in use; the copy is checked. Raises `DatabaseRefusedError`."""
    if not isinstance(database, SqliteDatabase):
        raise DatabaseRefusedError(told("This FactoryCLOUD is on PostgreSQL: back it up with pg_dump."))
    try:
        # The copy gets its name once it is whole: if this ends before, the name stays free.
        with TemporaryDirectory(prefix=".backup-", dir=target.parent) as folder:
            copy = Path(folder) / target.name
            os.close(_new_file(copy))
            _copy_whole(database, copy)
            os.close(_new_file(target))  # never over an existing file
            copy.replace(target)
        sync(target.parent)
    except FileExistsError as error:
        raise DatabaseRefusedError(
            told("{file} is there already; a backup never overwrites. Name a new file.").format(file=target)
        ) from error
    except OSError as error:
        raise DatabaseRefusedError(
            told("{file} cannot be written: {detail}.").format(file=target, detail=system_words(error))
        ) from error


def _copy_whole(database: Database, copy: Path) -> None:
    with database.connection_context():
        try:
            run_sql(database, "VACUUM INTO ?", str(copy))
        except OperationalError as error:  # the original is only read
            raise DatabaseRefusedError(
                told(
                    "The copy cannot be written: {detail}. Nothing was left of it; "
                    "the database was only read."
                ).format(detail=_reason(error))
            ) from error
    written: Any = sqlite3.connect(copy)
    try:
        (result,) = written.execute("PRAGMA integrity_check").fetchone()
    finally:
        written.close()
    if result != "ok":
        raise DatabaseRefusedError(
            told("The copy did not pass the integrity check and was deleted. Run: cloud check")
        )
    sync(copy)


def _reason(error: OperationalError) -> str:
    """What SQLite says, without the statement and the numbers that its driver adds."""
    if "is full" in str(error):
        return told("the disk is full")
    return re.sub(r"^error executing query: \[.*?\] | \(code=.*\)$", "", str(error))


def _new_file(path: Path) -> int:
    return os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
