"""The database: SQLite that loses no committed row, or PostgreSQL; opened and checked."""

from contextlib import suppress
from pathlib import Path
from typing import Any

from peewee import Database, Model, PeeweeException, SqliteDatabase
from playhouse.pool import MaxConnectionsExceeded, PooledDatabase, PooledSqliteDatabase

from factorypos_tui.server.storage.postgresql import Postgresql

SECONDS_TO_WAIT = 10
MOST_CONNECTIONS = 40
WAL_RESET_FIXED = ((3, 51, 3), (3, 50, 7), (3, 44, 6))
"""Older versions of SQLite can lose committed rows in WAL mode when writers and checkpoints overlap."""


class DatabaseRefusedError(Exception):
    """The database cannot be used as it is; the message says why in a sentence for people."""


def keeps_rows_in_wal(version: tuple[int, ...]) -> bool:
    """Whether this SQLite has the fix of the WAL-reset bug, in its own series or because it is newer."""
    newest, *older = WAL_RESET_FIXED
    return version >= newest or any(fixed <= version < (3, fixed[1] + 1) for fixed in older)


def sqlite_pragmas(version: tuple[int, ...]) -> dict[str, str | int]:
    durable = ("wal", "full") if keeps_rows_in_wal(version) else ("delete", "extra")
    return {
        "busy_timeout": SECONDS_TO_WAIT * 1000,
        "journal_mode": durable[0],
        "synchronous": durable[1],
        "foreign_keys": 1,
        "cache_size": -500,  # KiB of each connection
    }


def _sqlite_driver() -> type[SqliteDatabase]:
    """The driver that brings a newer SQLite, where this machine has its wheel; else Python's own. Its
    connections stay open, since opening one takes longer than most calls."""
    try:
        from playhouse.cysqlite_ext import PooledCySqliteDatabase
    except ImportError:
        return PooledSqliteDatabase  # type: ignore[no-any-return]
    driver: type[SqliteDatabase] = PooledCySqliteDatabase
    return driver


def sqlite_database(path: Path) -> Database:
    """The SQLite database at `path`. One process at a time may call this: SQLite's first change to WAL fails
    if another process does the same."""
    driver = _sqlite_driver()
    database = driver(
        str(path),
        pragmas=sqlite_pragmas(driver.server_version),
        max_connections=MOST_CONNECTIONS,
        timeout=SECONDS_TO_WAIT,
        lock_type="IMMEDIATE",
        autoconnect=False,
    )
    with database.connection_context():
        pass
    return database


def postgresql_database(url: str) -> Database:
    """The PostgreSQL database at `postgresql://…`, through psycopg 3."""
    database: Database = Postgresql(url)
    return database


def limit_statements(database: Database) -> None:
    """From now on calls use the database, and none may hold up the others for long. SQLite has its limit: a
    lock is waited for up to 10 seconds."""
    if isinstance(database, Postgresql):
        database.limit_statements()


def close(database: Database) -> None:
    """Close the connections that are kept open."""
    if isinstance(database, PooledDatabase):
        database.close_all()


def connections(database: Database) -> dict[str, int]:
    """How many connections are in use and idle, and how many there may be; peewee tells it nowhere else."""
    if not isinstance(database, PooledDatabase):
        return {}
    return {
        "in_use": len(database._in_use),
        "idle": len(database._connections),
        "most": database._max_connections,
    }


def run_sql(database: Database, sql: str, *values: object) -> list[tuple[Any, ...]]:
    """Run what only SQL can say; returns the rows of its answer."""
    cursor = database.execute_sql(sql, values)  # type: ignore[no-untyped-call]  # peewee leaves it untyped
    return list(cursor.fetchall()) if cursor.description else []


def wait_for_any_answer(database: Database) -> None:
    """Return once the database has said anything, if only that it is out of order; that all its connections
    are busy says enough, too."""
    with suppress(PeeweeException, MaxConnectionsExceeded), database.connection_context():
        run_sql(database, "SELECT 1")


def count(database: Database, table: type[Model]) -> int:
    return table.select().count(database)


def damages(database: Database) -> list[str]:
    """What SQLite finds wrong in its file; PostgreSQL is only asked for any answer."""
    if not isinstance(database, SqliteDatabase):
        run_sql(database, "SELECT 1")
        return []
    broken = [str(row[0]) for row in run_sql(database, "PRAGMA integrity_check(20)")]
    dangling = [
        f"{row[0]} refers to a missing {row[2]}" for row in run_sql(database, "PRAGMA foreign_key_check")
    ]
    return [text for text in broken if text != "ok"] + dangling[:20]
