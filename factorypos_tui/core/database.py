"""SQLite as we trust it: durable at every commit, versioned, its errors in words.

`sync.db` and `till.db` are both opened here. SQLite 3.7.0 to 3.51.2 can lose committed rows in WAL mode
(sqlite.org, changes of 3.51.3), so WAL is used only where the linked library carries the fix; `cysqlite`
brings such a library where it has a wheel.
"""

import fcntl
import os
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import peewee

from factorypos_tui.core.errors import StorageError
from factorypos_tui.core.language import _

try:
    from playhouse.cysqlite_ext import CySqliteDatabase as _Sqlite
except ImportError:
    _Sqlite = peewee.SqliteDatabase

_BUSY_TIMEOUT_S = 10
Row = tuple[Any, ...]


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Whether this SQLite version has the WAL-reset fix (3.51.3, and back-ported to 3.50.7 and 3.44.6)."""
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)


class Database:
    """One SQLite file: a connection per thread, `BEGIN IMMEDIATE`, forward-only migrations.

    Every method raises `StorageError`, in words for the operator, where SQLite or the disk says no.
    """

    def __init__(self, path: Path, migrations: Sequence[str]) -> None:
        """Open `path`, creating it (mode 0600) and bringing its schema up to `len(migrations)`."""
        self.path = path
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600))
            self._sqlite = _Sqlite(str(path), pragmas=_pragmas(), timeout=_BUSY_TIMEOUT_S)
            with _alone_in(path.parent):
                self._migrate(migrations)
        except OSError as error:
            raise StorageError(_explain(error, path)) from error

    def rows(self, sql: str, *parameters: object) -> list[Row]:
        """All rows of a query."""
        with self._in_words():
            return list(self._sqlite.execute_sql(sql, parameters).fetchall())

    def row(self, sql: str, *parameters: object) -> Row | None:
        """The first row of a query, or None."""
        rows = self.rows(sql, *parameters)
        return rows[0] if rows else None

    def value(self, sql: str, *parameters: object) -> Any:
        """The first column of the first row, or None."""
        row = self.row(sql, *parameters)
        return row[0] if row else None

    def execute(self, sql: str, *parameters: object) -> int:
        """Run one statement, committed at once outside of a transaction; returns the rows it changed."""
        with self._in_words():
            return int(self._sqlite.execute_sql(sql, parameters).rowcount)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of the block or nothing of it; the write lock is taken at the start."""
        with self._in_words(), self._sqlite.atomic("IMMEDIATE"):
            yield

    def data_version(self) -> int:
        """A number that changes when another connection has committed."""
        return int(self.value("PRAGMA data_version"))

    @contextmanager
    def connection(self) -> Iterator[None]:
        """This thread's connection for the length of the block; a thread that ends must not leave one."""
        try:
            yield
        finally:
            self.close()

    def close(self) -> None:
        """Close this thread's connection."""
        with self._in_words():
            self._sqlite.close()

    def _migrate(self, migrations: Sequence[str]) -> None:
        if self.value("PRAGMA user_version") == len(migrations):
            return  # without the write lock, which another program may hold for a while
        with self.transaction():
            found = int(self.value("PRAGMA user_version"))
            if found > len(migrations):
                raise StorageError(
                    _(
                        "{file} was written by a newer version of this program. It was not touched. "
                        "Install that version again, or a later one."
                    ).format(file=self.path)
                )
            for script in migrations[found:]:
                for statement in _statements(script):
                    self.execute(statement)
            if found < len(migrations):
                self.execute(f"PRAGMA user_version = {len(migrations)}")

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except (peewee.PeeweeException, sqlite3.Error) as error:
            first = _before_rollback(error)
            raise (
                first if isinstance(first, StorageError) else StorageError(_explain(first, self.path))
            ) from error


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """One process after the other: SQLite's first change of a file to WAL waits for nobody, it fails."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _statements(script: str) -> Iterator[str]:
    """The statements of a script one by one; a trigger's own statements end inside of it."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        yield statement


def _pragmas() -> dict[str, object]:
    if wal_is_safe(_Sqlite.server_version):
        journal = {"journal_mode": "wal", "synchronous": "full", "journal_size_limit": 4 << 20}
    else:
        journal = {"journal_mode": "delete", "synchronous": "extra"}
    return {**journal, "foreign_keys": 1}


def _before_rollback(error: BaseException) -> BaseException:
    """The error that says what happened, where `error` is only that SQLite had already rolled back."""
    while "cannot rollback" in str(error) and error.__context__ is not None:
        error = error.__context__
    return error


def _explain(error: BaseException, path: Path) -> str:
    """What an error of SQLite or the disk means to the person at the till."""
    detail = str(error).lower()
    if "full" in detail or "no space" in detail or "too large" in detail:
        text = _(
            "The disk is full: nothing new can be saved in {file}. What was saved before is safe. "
            "Free some space."
        )
    elif "locked" in detail or "busy" in detail:
        text = _("Another program keeps {file} locked. Nothing was changed. Try again when it has finished.")
    elif "readonly" in detail or "read-only" in detail or "permission" in detail:
        text = _(
            "{file} cannot be written to. Nothing was changed. Check the folder's permissions and the disk."
        )
    elif "i/o error" in detail:
        text = _(
            "The disk did not take {file}: it may be full or failing. What was saved before is safe. "
            "Check the disk."
        )
    elif "malformed" in detail or "not a database" in detail:
        text = _("{file} is damaged. Keep a copy of it, do not delete it, and call support.")
    else:
        text = _("{file} cannot be used: {detail}. Nothing was changed.")
    return text.format(file=path, detail=_without_statement(error))


def _without_statement(error: BaseException) -> str:
    """What the library says, less the SQL it quotes, which tells an operator nothing."""
    if isinstance(error, OSError):
        return error.strerror or str(error)
    return re.sub(r"\s*\[.*?\]", "", str(error), flags=re.DOTALL)
