"""FloCafe's file, read beside the running program.

Each read is one short transaction: everything is fetched, the transaction ends, and only then is computed. A
transaction that stays open makes FloCafe's truncating checkpoint fail, and with it the copy of the file that
it makes before an update."""

import sqlite3
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from factorypos_tui.core.errors import DamagedError, StorageError, TillAbsent, TillError
from factorypos_tui.core.language import _
from factorypos_tui.core.storage.storage_trouble import explain, says_damaged
from factorypos_tui.tills.flocafe.schema import NEEDED, OLDEST_VERSION

Row = tuple[Any, ...]
Answer = TypeVar("Answer")
_WAIT_S = 5.0
_COLUMNS = (
    "SELECT tables.name, columns.name FROM sqlite_schema AS tables, pragma_table_info(tables.name) AS columns"
    " WHERE tables.type = 'table'"
)


class Snapshot:
    """The file as it is during one transaction. Nothing is computed here."""

    def __init__(self, connection: sqlite3.Connection, columns: Mapping[str, frozenset[str]]) -> None:
        self._connection = connection
        self._columns = columns

    def rows(self, sql: str, *parameters: object) -> list[Row]:
        """All rows of a query."""
        return self._connection.execute(sql, parameters).fetchall()

    def value(self, sql: str, *parameters: object) -> Any:
        """The first column of the first row, or None."""
        row = self._connection.execute(sql, parameters).fetchone()
        return row[0] if row else None

    def has(self, table: str, *columns: str) -> bool:
        """Whether this version of FloCafe has a table with these columns."""
        return table in self._columns and self._columns[table].issuperset(columns)

    def column(self, table: str, name: str) -> str:
        """A column as SQL; NULL where this version of FloCafe does not have it."""
        return f"{table}.{name}" if self.has(table, name) else "NULL"


class _Connection:
    """A connection, and what was known of its file when it was opened."""

    def __init__(self, path: Path) -> None:
        self.file = _identity(path)
        # Never `immutable`: that ignores the log, and with it what was sold since the last checkpoint.
        address = f"file:{quote(str(path.absolute()))}?mode=ro"
        self.sqlite = sqlite3.connect(address, uri=True, timeout=_WAIT_S, isolation_level=None)
        self.version = 0
        self.schema: int | None = None
        self.columns: Mapping[str, frozenset[str]] = {}


class _Thread(threading.local):
    held: _Connection | None = None


class FloDatabase:
    """One file of FloCafe: a connection per thread, which follows the name when the file is replaced.

    Every method raises `TillAbsent` where there is no file, `TillError` where it is none that can be read,
    and `StorageError` where the disk or a lock keeps us from it."""

    def __init__(self, path: Path) -> None:
        """`path`: its `flo.db`."""
        self.path = path
        self._thread = _Thread()

    def read(self, ask: Callable[[Snapshot], Answer]) -> Answer:
        """What `ask` fetches in one read transaction, which has ended when this returns."""
        try:
            try:
                return self._read(self._connection(), ask)
            except _Replaced:
                self.close()
                return self._read(self._connection(), ask)
        except sqlite3.Error as error:
            self.close()
            raise self._failed(error) from error

    def data_version(self) -> object:
        """A value that differs after each commit of another connection, as this thread sees it."""
        try:
            connection = self._connection()
            return connection.file, connection.sqlite.execute("PRAGMA data_version").fetchone()[0]
        except sqlite3.Error as error:
            self.close()
            raise self._failed(error) from error

    def close(self) -> None:
        """Close the calling thread's connection."""
        if self._thread.held:
            self._thread.held.sqlite.close()
        self._thread.held = None

    def _connection(self) -> _Connection:
        """This thread's connection to the file that has the name now."""
        file = _identity(self.path)
        if self._thread.held and self._thread.held.file != file:
            self.close()
        self._thread.held = self._thread.held or _Connection(self.path)
        return self._thread.held

    def _read(self, connection: _Connection, ask: Callable[[Snapshot], Answer]) -> Answer:
        connection.sqlite.execute("BEGIN")
        try:
            try:
                return self._ask(connection, ask)
            except sqlite3.OperationalError as error:
                if "decode" not in str(error):
                    raise
                connection.sqlite.text_factory = _with_marks  # slower, so only where it is needed
                return self._ask(connection, ask)
        finally:
            connection.sqlite.execute("ROLLBACK")

    def _ask(self, connection: _Connection, ask: Callable[[Snapshot], Answer]) -> Answer:
        self._look_at_the_schema(connection)
        return ask(Snapshot(connection.sqlite, connection.columns))

    def _look_at_the_schema(self, connection: _Connection) -> None:
        version, schema = connection.sqlite.execute(
            "SELECT user_version, schema_version FROM pragma_user_version, pragma_schema_version"
        ).fetchone()
        if version < connection.version:
            raise _Replaced
        if schema == connection.schema:
            return
        if version < OLDEST_VERSION:
            raise TillError(
                _(
                    "{file} is of a FloCafe that is too old: it closes no day yet (version {found} of its"
                    " tables; {oldest} or newer is needed), or it is no file of FloCafe. Nothing was changed."
                    " Update FloCafe."
                ).format(file=self.path, found=version, oldest=OLDEST_VERSION)
            )
        found: dict[str, set[str]] = {}
        for table, column in connection.sqlite.execute(_COLUMNS).fetchall():
            found.setdefault(table, set()).add(column)
        columns = {table: frozenset(names) for table, names in found.items()}
        self._refuse_without(columns)
        connection.version, connection.schema, connection.columns = version, schema, columns

    def _refuse_without(self, columns: Mapping[str, frozenset[str]]) -> None:
        for table, needed in NEEDED.items():
            if lacking := sorted(needed - columns.get(table, frozenset())):
                raise TillError(
                    _(
                        "{file} has no {table}.{column}: this version of FloCafe keeps its days otherwise."
                        " Nothing was changed. Update this program."
                    ).format(file=self.path, table=table, column=lacking[0])
                )

    def _failed(self, error: sqlite3.Error) -> StorageError:
        if "unable to open" in str(error):
            return StorageError(
                _(
                    "{file} cannot be opened. Nothing was changed. This program needs the rights of FloCafe's"
                    " user, or its group's rights on the folder."
                ).format(file=self.path),
                self.path,
            )
        kind = DamagedError if says_damaged(error) else StorageError
        return kind(explain(error, self.path), self.path)


def _with_marks(text: bytes) -> str:
    """A text of a program that knew no UTF-8."""
    return text.decode("utf-8", "replace")


class _Replaced(Exception):
    """The same file has an older content: it was restored from a backup."""


def _identity(path: Path) -> tuple[int, int]:
    """What tells the file of this name from any other. A file that is gone is no empty till."""
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise TillAbsent(
            _("There is no file of FloCafe at {file}. If there was one, bring it back.").format(file=path)
        ) from error
    except OSError as error:
        raise StorageError(explain(error, path), path) from error
    return found.st_dev, found.st_ino
