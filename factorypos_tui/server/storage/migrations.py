"""The migrations of FactoryCLOUD's database: forward only, all or nothing, and never edited once on main.

A new database is made by running all of them. One that a newer program wrote is refused untouched."""

import json
from collections.abc import Callable
from pathlib import Path

from peewee import Case, Database, SqliteDatabase
from playhouse.pool import PooledPostgresqlDatabase

from factorypos_tui.server.storage.database import DatabaseRefusedError, run_sql
from factorypos_tui.server.storage.tables import Conflict, Report, SchemaVersion
from factorypos_tui.server.words import told

FIRST_TABLES = Path(__file__).with_name("first_tables.sql").read_text("utf-8")
_SQLITE = {"integer": "INTEGER", "bytes": "BLOB", "truth": "INTEGER", "counter": "INTEGER"}
_POSTGRESQL = {"integer": "BIGINT", "bytes": "BYTEA", "truth": "BOOLEAN", "counter": "BIGSERIAL"}
_LOCK = 0x0FAC7081


def begin(database: Database) -> None:
    """The tables of the first version that anybody had."""
    is_sqlite = isinstance(database, SqliteDatabase)
    statements = FIRST_TABLES.format_map(_SQLITE if is_sqlite else _POSTGRESQL).split(";\n")
    for statement in (*filter(str.strip, statements), *audit_only_grows(is_sqlite)):
        run_sql(database, statement)


def audit_only_grows(is_sqlite: bool) -> tuple[str, ...]:
    """The statements after which no entry of the audit can be changed or deleted."""
    if is_sqlite:
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


MIGRATIONS: tuple[Callable[[Database], None], ...] = (
    begin,
    _reports_have_odd_dates,
    _terminals_are_released,
    _settle_conflicts,
    _mail_a_short_code_too,
    _terminals_had_stores_before,
)
"""The first one brings a database to version 1, the second to version 2, and so on."""


def migrate(database: Database) -> None:
    """Bring the tables to this program's version, or raise `DatabaseRefusedError` and touch nothing."""
    with database.connection_context(), database.atomic():
        if isinstance(database, PooledPostgresqlDatabase):
            run_sql(database, "SELECT pg_advisory_xact_lock(%s)", _LOCK)
        version = schema_version(database) or 0
        if version > len(MIGRATIONS):
            raise DatabaseRefusedError(
                told(
                    "The database was written by a newer program (schema {found}; this one knows {known}). "
                    "It was not touched. Install the newer program."
                ).format(found=version, known=len(MIGRATIONS))
            )
        for migration in MIGRATIONS[version:]:
            migration(database)
        if version < len(MIGRATIONS):
            SchemaVersion.update(version=len(MIGRATIONS)).execute(database)


def schema_version(database: Database) -> int | None:
    """The version the database holds; None when it holds no FactoryCLOUD."""
    if not database.table_exists("schema_version"):
        return None
    version: int | None = SchemaVersion.select(SchemaVersion.version).scalar(database)
    return version
