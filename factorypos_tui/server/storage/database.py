"""The database: SQLite that loses no committed row, or PostgreSQL; opened and checked."""

import fcntl
import os
from pathlib import Path
from typing import Any

from peewee import Database, Model, SqliteDatabase
from playhouse.pool import PooledPostgresqlDatabase

SECONDS_TO_WAIT = 10
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
    return {"journal_mode": durable[0], "synchronous": durable[1], "foreign_keys": 1}


def _sqlite_driver() -> type[SqliteDatabase]:
    """The driver that brings a newer SQLite, where this machine has its wheel; else Python's own."""
    try:
        from playhouse.cysqlite_ext import CySqliteDatabase
    except ImportError:
        return SqliteDatabase
    driver: type[SqliteDatabase] = CySqliteDatabase
    return driver


def sqlite_database(path: Path) -> Database:
    """The SQLite database at `path`, made with mode 0600 when it is not there yet."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    driver = _sqlite_driver()
    database = driver(
        str(path),
        pragmas=sqlite_pragmas(driver.server_version),
        timeout=SECONDS_TO_WAIT,
        lock_type="IMMEDIATE",
        autoconnect=False,
    )
    _settle_journal_mode(database, path)
    return database


def _settle_journal_mode(database: Database, path: Path) -> None:
    """Change to WAL, one process at a time: SQLite's first change to WAL fails if another process does the
    same."""
    turn = os.open(f"{path}.lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(turn, fcntl.LOCK_EX)
        with database.connection_context():
            pass
    finally:
        os.close(turn)


def postgresql_database(url: str, max_connections: int = 40) -> Database:
    """The PostgreSQL database at `postgresql://…`, through psycopg 3."""
    database: Database = PooledPostgresqlDatabase(
        url,
        max_connections=max_connections,
        timeout=SECONDS_TO_WAIT,
        stale_timeout=300,
        prefer_psycopg3=True,
        connect_timeout=SECONDS_TO_WAIT,
        options="-c synchronous_commit=on",
        autoconnect=False,
    )
    return database


def close(database: Database) -> None:
    """Close the connections that the threads left open."""
    if isinstance(database, PooledPostgresqlDatabase):
        database.close_all()


def run_sql(database: Database, sql: str, *values: object) -> list[tuple[Any, ...]]:
    """Run what only SQL can say; returns the rows of its answer."""
    cursor = database.execute_sql(sql, values)  # type: ignore[no-untyped-call]  # peewee leaves it untyped
    return list(cursor.fetchall()) if cursor.description else []


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
