"""The database: SQLite that loses no committed row, or PostgreSQL; opened, versioned, checked, backed up."""

import fcntl
import json
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from peewee import Case, Database, Model, OperationalError, SchemaManager, SqliteDatabase
from playhouse.pool import PooledPostgresqlDatabase

from factorypos_tui.server.storage.tables import TABLES, VERSION, Conflict, Report, SchemaVersion
from factorypos_tui.server.words import told

SECONDS_TO_WAIT = 10
MIGRATION_LOCK = 0x0FAC7081
WAL_RESET_FIXED = ((3, 51, 3), (3, 50, 7), (3, 44, 6))
"""SQLite before these can lose committed rows in WAL mode when writers and checkpoints overlap."""


def _reports_have_odd_dates(database: Database) -> None:
    run_sql(database, "ALTER TABLE report ADD COLUMN days_off BIGINT")


def _terminals_are_released(database: Database) -> None:
    run_sql(database, "ALTER TABLE terminal ADD COLUMN released_at TEXT")


def _settle_conflicts(database: Database) -> None:
    """Conflicts know the report that holds their place, and how they were settled."""
    for column in ("held_id", "stood_until", "settled_at"):
        run_sql(database, f"ALTER TABLE conflict ADD COLUMN {column} TEXT")
    run_sql(database, "CREATE INDEX conflict_held_id ON conflict (held_id)")
    known = (Conflict.terminal_id, Conflict.content_hash, Conflict.report_id, Conflict.document)
    for conflict in Conflict.select(*known).execute(database):
        z_number = json.loads(bytes(conflict.document)).get("z_number")
        place = (Report.id == conflict.report_id) | (Report.z_number == z_number)
        held = Report.select(Report.id).where(Report.terminal_id == conflict.terminal_id, place)
        same_id_first = Case(None, [(Report.id == conflict.report_id, 0)], 1)
        held_id = held.order_by(same_id_first).limit(1).scalar(database)
        itself = (known[0] == conflict.terminal_id) & (known[1] == conflict.content_hash)
        Conflict.update(held_id=held_id).where(itself).execute(database)


def _mail_a_short_code_too(database: Database) -> None:
    run_sql(database, "ALTER TABLE password_reset ADD COLUMN code_hash TEXT")
    run_sql(database, "ALTER TABLE password_reset ADD COLUMN tries INTEGER NOT NULL DEFAULT 0")


def _terminals_had_stores_before(database: Database) -> None:
    """Where each terminal was, as the audit has it, and where it is."""
    run_sql(
        database,
        "CREATE TABLE placement (terminal_id TEXT NOT NULL REFERENCES terminal(id),"
        " store_id TEXT NOT NULL REFERENCES store(id), assigned_at TEXT NOT NULL,"
        " PRIMARY KEY (terminal_id, store_id, assigned_at))",
    )
    run_sql(
        database,
        "INSERT INTO placement SELECT id, store_id, assigned_at FROM terminal"
        " UNION SELECT terminal.id, store.id, audit_entry.at FROM audit_entry"
        " JOIN terminal ON terminal.id = substr(audit_entry.subject, 1, 36)"
        " JOIN store ON store.id = substr(audit_entry.subject, 47)"
        " WHERE audit_entry.action = 'terminal.assigned'",
    )


STEPS: tuple[Callable[[Database], None], ...] = (
    _reports_have_odd_dates,
    _terminals_are_released,
    _settle_conflicts,
    _mail_a_short_code_too,
    _terminals_had_stores_before,
)
"""Step i brings a database from version i + 1 to i + 2."""


class DatabaseRefusedError(Exception):
    """The database cannot be used as it is; the message says why in a sentence for people."""


def keeps_rows_in_wal(version: tuple[int, ...]) -> bool:
    """Whether this SQLite has the mend of the WAL-reset bug, in its own series or by being newer."""
    newest, *older = WAL_RESET_FIXED
    return version >= newest or any(fixed <= version < (3, fixed[1] + 1) for fixed in older)


def sqlite_pragmas(version: tuple[int, ...]) -> dict[str, str | int]:
    durable = ("wal", "full") if keeps_rows_in_wal(version) else ("delete", "extra")
    return {"journal_mode": durable[0], "synchronous": durable[1], "foreign_keys": 1}


def _sqlite_driver() -> type[SqliteDatabase]:
    """The one that brings a newer SQLite, where this machine has its wheel."""
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
    """The first change to WAL waits for nobody, it fails; so one process after the other."""
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
    """Give back what the threads left open."""
    if isinstance(database, PooledPostgresqlDatabase):
        database.close_all()


def migrate(database: Database) -> None:
    """Bring the schema to this program's version, or raise `DatabaseRefusedError` and touch nothing."""
    with database.connection_context(), database.atomic():
        if isinstance(database, PooledPostgresqlDatabase):
            run_sql(database, "SELECT pg_advisory_xact_lock(%s)", MIGRATION_LOCK)
        found = schema_version(database)
        if found is None:
            for table in TABLES:
                SchemaManager(table, database).create_all(safe=False)
            for statement in _audit_only_grows(database):
                run_sql(database, statement)
            SchemaVersion.insert(version=VERSION).execute(database)
            return
        if found > VERSION:
            raise DatabaseRefusedError(
                told(
                    "The database was written by a newer program (schema {found}; this one knows {known}). "
                    "It was not touched. Install the newer program."
                ).format(found=found, known=VERSION)
            )
        for step in STEPS[found - 1 :]:
            step(database)
        SchemaVersion.update(version=VERSION).execute(database)


def _audit_only_grows(database: Database) -> tuple[str, ...]:
    if isinstance(database, SqliteDatabase):
        return tuple(
            f"CREATE TRIGGER audit_entry_no_{verb} BEFORE {verb} ON audit_entry "
            "BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END"
            for verb in ("UPDATE", "DELETE")
        )
    return (
        "CREATE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit only grows'; END $$",
        "CREATE TRIGGER audit_entry_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry "
        "EXECUTE FUNCTION audit_only_grows()",
    )


def schema_version(database: Database) -> int | None:
    """The version the database holds; None when it holds no FactoryCLOUD."""
    if not database.table_exists("schema_version"):
        return None
    version: int | None = SchemaVersion.select(SchemaVersion.version).scalar(database)
    return version


def run_sql(database: Database, sql: str, *values: object) -> list[tuple[Any, ...]]:
    """What only SQL can say; the rows it answers."""
    cursor = database.execute_sql(sql, values)  # type: ignore[no-untyped-call]  # peewee leaves it untyped
    return list(cursor.fetchall()) if cursor.description else []


def count(database: Database, table: type[Model]) -> int:
    return table.select().count(database)


def damages(database: Database) -> list[str]:
    """What SQLite finds wrong in its file; PostgreSQL is only asked to answer."""
    if not isinstance(database, SqliteDatabase):
        run_sql(database, "SELECT 1")
        return []
    broken = [str(row[0]) for row in run_sql(database, "PRAGMA integrity_check(20)")]
    dangling = [
        f"{row[0]} refers to a missing {row[2]}" for row in run_sql(database, "PRAGMA foreign_key_check")
    ]
    return [text for text in broken if text != "ok"] + dangling[:20]


def back_up(database: Database, target: Path) -> None:
    """Copy a SQLite database while it is in use; the copy is checked. Raises `DatabaseRefusedError`."""
    if not isinstance(database, SqliteDatabase):
        raise DatabaseRefusedError(told("This FactoryCLOUD is on PostgreSQL: back it up with pg_dump."))
    try:
        # The copy bears its name once it is whole: whatever ends this before, the name stays free.
        with TemporaryDirectory(prefix=".backup-", dir=target.parent) as folder:
            copy = Path(folder) / target.name
            os.close(_new_file(copy))
            _copy_whole(database, copy)
            os.close(_new_file(target))  # never over a file that has the name
            copy.replace(target)
        _sync(target.parent)
    except FileExistsError as error:
        raise DatabaseRefusedError(
            told("{file} is there already; a backup never overwrites. Name a new file.").format(file=target)
        ) from error
    except OSError as error:
        raise DatabaseRefusedError(
            told("{file} cannot be written: {detail}.").format(file=target, detail=error.strerror)
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
                ).format(detail=error)
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
    _sync(copy)


def _new_file(path: Path) -> int:
    return os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)
