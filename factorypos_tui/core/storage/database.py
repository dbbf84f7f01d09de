"""SQLite with safe settings: durable at every commit, versioned, errors in words.

`sync.db` and `till.db` are both opened here, by `cysqlite` where it has a wheel."""

import contextlib
import os
import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import peewee

from factorypos_tui.core.errors import DamagedError, StorageError
from factorypos_tui.core.language import _
from factorypos_tui.core.language.instants import utc_now
from factorypos_tui.core.storage import ballast
from factorypos_tui.core.storage.damage import alone_in, has_orphans, set_aside
from factorypos_tui.core.storage.pragmas import pragmas
from factorypos_tui.core.storage.storage_trouble import explain, says_damaged, says_full
from factorypos_tui.core.storage.unchanged import WhileUnchanged

_TROUBLE: tuple[type[Exception], ...] = (UnicodeDecodeError, peewee.PeeweeException, sqlite3.Error)
try:
    from cysqlite import SqliteError
    from playhouse.cysqlite_ext import CySqliteDatabase as _Sqlite

    _TROUBLE += (SqliteError,)
except ImportError:
    _Sqlite = peewee.SqliteDatabase

_BUSY_TIMEOUT_S = 10
_SCHEMA = (
    "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name"
)
Row = tuple[Any, ...]


class _Thread(threading.local):
    """What a thread knows of its connection: the file that it is open on, whether a transaction is open, and
    what to do after that transaction."""

    file: tuple[int, int] | None = None
    inside = False
    afterwards: list[Callable[[], object]]


class Database:
    """One SQLite file: a connection per thread, `BEGIN IMMEDIATE`, forward-only migrations.

    It notices when another file takes the place of this one, and uses the new file from then on. Every method
    raises `StorageError`, in words for the operator, where SQLite or the disk refuses, and its `DamagedError`
    where the file is not what SQLite wrote."""

    def __init__(self, path: Path, migrations: Sequence[str]) -> None:
        """Open `path`, creating it (mode 0600) and bringing its schema up to `len(migrations)`."""
        self.path = path
        self._name = str(path)
        self._migrations = migrations
        self._sqlite = _Sqlite(self._name, pragmas=pragmas(_Sqlite.server_version), timeout=_BUSY_TIMEOUT_S)
        self._thread = _Thread()
        self._data_version = WhileUnchanged(path, lambda: int(self.value("PRAGMA data_version")))
        self._process = os.getpid()  # a connection that two processes share damages the file
        self._follow()

    def rows(self, sql: str, *parameters: object) -> list[Row]:
        """All rows of a query."""
        found: list[Row] = self._run(sql, parameters, _all_rows)
        return found

    def row(self, sql: str, *parameters: object) -> Row | None:
        """The first row of a query, or None."""
        rows = self.rows(sql, *parameters)
        return rows[0] if rows else None

    def value(self, sql: str, *parameters: object) -> Any:
        """The first column of the first row, or None."""
        row = self.row(sql, *parameters)
        return row[0] if row else None

    def execute(self, sql: str, *parameters: object) -> int:
        """Run one statement. Outside of a transaction it is committed at once. Returns the number of changed
        rows."""
        return int(self._run(sql, parameters, _rows_changed))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit the whole block or nothing of it. The write lock is taken at the start. A transaction inside
        of another is part of that one: an error that leaves the inner block must leave the outer one too."""
        if self._thread.inside:
            yield
            return
        self._follow()
        connection = self._sqlite.connection()
        try:
            connection.execute("BEGIN IMMEDIATE")
            self._thread.inside, self._thread.afterwards = True, []
            try:
                yield
                connection.execute("COMMIT")
            finally:
                self._thread.inside = False
                if connection.in_transaction:  # else the block has committed, or SQLite has rolled back
                    connection.execute("ROLLBACK")
        except _TROUBLE as error:
            raise self._failed(error) from error
        for action in self._thread.afterwards:
            action()

    def after_commit(self, action: Callable[[], object]) -> None:
        """Run `action` after the commit: at once outside of a transaction, never if the transaction is rolled
        back."""
        if self._thread.inside:
            self._thread.afterwards.append(action)
        else:
            action()

    def inside(self) -> bool:
        """Whether this thread is inside of a transaction."""
        return self._thread.inside

    def data_version(self) -> int:
        """A number that changes when another connection has committed."""
        return self._data_version.answer()

    @contextmanager
    def connection(self) -> Iterator[None]:
        """Keep this thread's connection open during the block only: a thread that ends must not leave one
        open."""
        try:
            yield
        finally:
            self.close()

    def close(self) -> None:
        """Close this thread's connection."""
        with self._in_words():
            self._sqlite.close()

    def check(self) -> None:
        """Read the whole file. Raises `DamagedError` where it contradicts itself, or where its tables are not
        those of the migrations."""
        if self.value("PRAGMA integrity_check(1)") != "ok" or self.rows("PRAGMA foreign_key_check"):
            raise self.damaged()
        self._compare_tables()

    @contextmanager
    def trusted(self) -> Iterator[None]:
        """Treat a value that makes no sense to the block as damage, since this program wrote all values."""
        try:
            yield
        except (ValueError, TypeError) as error:
            raise self.damaged() from error

    def _run(self, sql: str, parameters: tuple[object, ...], result: Callable[[Any], Any]) -> Any:
        """The result of a statement. It is run on the connection itself: peewee takes longer than SQLite."""
        if not self._thread.inside:
            self._follow()
        try:
            return result(self._sqlite.connection().execute(sql, parameters))
        except _TROUBLE as error:
            raise self._failed(error) from error

    def _follow(self) -> None:
        """Connect this thread to the file that has the name now, whether it is new or was exchanged."""
        if os.getpid() != self._process:
            raise StorageError(
                _(
                    "{file} was opened before this process was made from another one. Nothing was changed."
                ).format(file=self.path)
            )
        if not self._sqlite.is_closed():
            if _identity(self._name) == self._thread.file:
                return
            with contextlib.suppress(StorageError):
                self.close()
        self._prepare()

    def _prepare(self) -> None:
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with alone_in(self.path.parent):
                if has_orphans(self.path):
                    set_aside(self.path, utc_now())
                _make_sure_of(self.path)
                self._migrate()
                self._thread.file = _identity(self._name)
        except OSError as error:
            raise StorageError(explain(error, self.path), self.path) from error

    def _migrate(self) -> None:
        migrations = self._migrations
        if self._version() == len(migrations):
            return  # do not wait for the write lock: another program may hold it for a while
        with self._in_words(), self._sqlite.atomic("IMMEDIATE"):
            version = self._version()
            if version > len(migrations):
                raise StorageError(
                    _(
                        "{file} was written by a newer version of this program. It was not touched. "
                        "Install that version again, or a later one."
                    ).format(file=self.path),
                    self.path,
                )
            for script in migrations[version:]:
                for statement in statements(script):
                    self._sqlite.execute_sql(statement)
            if version < len(migrations):
                self._sqlite.execute_sql(f"PRAGMA user_version = {len(migrations)}")
            if version:
                self._compare_tables()

    def _compare_tables(self) -> None:
        """Raise `DamagedError` where the tables are not those of the migrations. If a migration was edited
        after a file had run it, our statements do not fit that file."""
        fresh = _Sqlite(":memory:")
        for script in self._migrations:
            for statement in statements(script):
                fresh.execute_sql(statement)
        made = fresh.execute_sql(_SCHEMA).fetchall()
        fresh.close()
        with self._in_words():
            found = self._sqlite.execute_sql(_SCHEMA).fetchall()
        if made != found:
            raise self.damaged()

    def _version(self) -> int:
        with self._in_words():
            return int(self._sqlite.execute_sql("PRAGMA user_version").fetchone()[0])

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except _TROUBLE as error:
            raise self._failed(error) from error

    def _failed(self, error: BaseException) -> StorageError:
        """The error in words. Where the disk is full, free the room that was kept, for the next try."""
        kind = DamagedError if says_damaged(error) else StorageError
        if says_full(error):
            ballast.give_up(self.path.parent)
        elif kind is StorageError:
            ballast.give_up_if_full(self.path.parent)
        return kind(explain(error, self.path), self.path)

    def damaged(self) -> DamagedError:
        """The error to raise where the file holds what this program never wrote."""
        return DamagedError(explain(sqlite3.DatabaseError("malformed"), self.path), self.path)


def _make_sure_of(path: Path) -> None:
    """Create a file that is not there; raises `OSError` where it cannot be read and written. One that is
    there is not opened: to close it would drop the locks that other threads have on it. Then another process
    that ends would take its log away."""
    with contextlib.suppress(FileNotFoundError):
        if stat.S_ISREG(os.lstat(path).st_mode) and os.access(path, os.R_OK | os.W_OK):
            return
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600))


def _all_rows(cursor: Any) -> list[Row]:
    found: list[Row] = cursor.fetchall()
    return found


def _rows_changed(cursor: Any) -> int:
    return int(cursor.rowcount)


def _identity(name: str) -> tuple[int, int] | None:
    """What tells the file of this name from any other; None where there is none."""
    try:
        found = os.lstat(name)
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def statements(script: str) -> Iterator[str]:
    """The statements of a script one by one; a trigger's own statements end inside of it."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        yield statement
