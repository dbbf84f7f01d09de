"""Connections to SQLite, one for each thread: by `cysqlite` where it has a wheel, else by the SQLite that
Python was built with."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from factorypos_tui.core.storage.pragmas import pragmas

TROUBLE: tuple[type[Exception], ...] = (UnicodeDecodeError, sqlite3.Error)
"""What a connection raises where SQLite or the disk refuses."""
_VERSION = sqlite3.sqlite_version_info
try:
    import cysqlite
except ImportError:

    def connect(name: str, timeout_s: float = 0.0) -> Any:
        """Open a file, or `:memory:`. Without a transaction each statement is committed at once."""
        return sqlite3.connect(name, timeout=timeout_s, isolation_level=None)
else:
    TROUBLE += (cysqlite.SqliteError,)
    _VERSION = cysqlite.sqlite_version_info  # type: ignore[attr-defined] # its types do not name it

    def connect(name: str, timeout_s: float = 0.0) -> Any:
        """The same by `cysqlite`, which takes no other way of transactions."""
        return cysqlite.connect(name, timeout=timeout_s, extensions=False)  # type: ignore[attr-defined]


@contextmanager
def immediate(connection: Any) -> Iterator[None]:
    """Commit the whole block or nothing of it. The write lock is taken at the start."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:  # else the block has committed, or SQLite has rolled back
            connection.execute("ROLLBACK")


class _Local(threading.local):
    """The connection of a thread."""

    connection: Any = None


class Connections:
    """The connections of all threads to one file. A thread opens its own when it first asks for it."""

    def __init__(self, name: str, timeout_s: float) -> None:
        """A lock of another connection is waited for up to `timeout_s` seconds."""
        self._name = name
        self._timeout_s = timeout_s
        self._local = _Local()

    def mine(self) -> Any:
        """The connection of the thread that asks, as safe as `pragmas` make it."""
        if self._local.connection is None:
            connection = connect(self._name, self._timeout_s)
            try:
                for name, value in pragmas(_VERSION).items():
                    connection.execute(f"PRAGMA {name} = {value}").fetchall()
            except BaseException:
                connection.close()
                raise
            self._local.connection = connection
        return self._local.connection

    def is_open(self) -> bool:
        """Whether this thread has one."""
        return self._local.connection is not None

    def close(self) -> None:
        """Close that of this thread, if it has one."""
        connection, self._local.connection = self._local.connection, None
        if connection is not None:
            connection.close()
