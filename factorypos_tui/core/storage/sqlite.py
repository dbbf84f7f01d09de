"""The library of SQLite: cysqlite with the WAL-reset fix, or Python's own where cysqlite has no wheel."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from factorypos_tui.core.storage.pragmas import pragmas

library: Any
SqliteError: type[Exception]
_OPTIONS: dict[str, object] = {"timeout": 10}
try:
    import cysqlite

    library, SqliteError = cysqlite, cysqlite.SqliteError
except ImportError:
    import sqlite3

    library, SqliteError = sqlite3, sqlite3.Error
    _OPTIONS["isolation_level"] = None  # cysqlite begins no transaction by itself


def connect(name: str) -> Any:
    """A connection to the file, in which a statement outside of a transaction commits by itself."""
    connection = library.connect(name, **_OPTIONS)
    try:
        for pragma, value in pragmas(library.sqlite_version_info).items():
            connection.execute(f"PRAGMA {pragma} = {value}").fetchall()
    except SqliteError:
        connection.close()
        raise
    return connection


@contextmanager
def immediately(connection: Any) -> Iterator[None]:
    """Commit the whole block or nothing of it. The write lock is taken at the start."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:  # else the block has committed, or SQLite has rolled back
            connection.execute("ROLLBACK")
