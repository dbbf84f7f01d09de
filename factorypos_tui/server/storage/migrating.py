"""Brings FactoryCLOUD's database to this program's version: whole or not at all, and never back."""

from peewee import Database
from playhouse.pool import PooledPostgresqlDatabase

from factorypos_tui.server.storage.database import DatabaseRefusedError, run_sql
from factorypos_tui.server.storage.migrations import MIGRATIONS
from factorypos_tui.server.storage.tables import SchemaVersion
from factorypos_tui.server.words import told

_LOCK = 0x0FAC7081


def migrate(database: Database) -> None:
    """Bring the tables to this program's version, or raise `DatabaseRefusedError` and touch nothing."""
    with database.connection_context(), database.atomic():
        if isinstance(database, PooledPostgresqlDatabase):
            run_sql(database, "SELECT pg_advisory_xact_lock(%s)", _LOCK)
        version = schema_version(database) or 0
        _refuse_newer(version)
        for migration in MIGRATIONS[version:]:
            migration(database)
        if version < len(MIGRATIONS):
            SchemaVersion.update(version=len(MIGRATIONS)).execute(database)


def refuse_another_version(database: Database) -> None:
    """Raise `DatabaseRefusedError` unless the tables are those that this program reads."""
    version = schema_version(database) or 0
    _refuse_newer(version)
    if version < len(MIGRATIONS):
        raise DatabaseRefusedError(
            told(
                "The database is older than this program (schema {found}; this one knows {known}). "
                "It was not touched. The next start of the server brings it up to date."
            ).format(found=version, known=len(MIGRATIONS))
        )


def _refuse_newer(version: int) -> None:
    if version > len(MIGRATIONS):
        raise DatabaseRefusedError(
            told(
                "The database was written by a newer program (schema {found}; this one knows {known}). "
                "It was not touched. Install the newer program."
            ).format(found=version, known=len(MIGRATIONS))
        )


def schema_version(database: Database) -> int | None:
    """The version the database holds; None when it holds no FactoryCLOUD."""
    if not database.table_exists("schema_version"):
        return None
    version: int | None = SchemaVersion.select(SchemaVersion.version).scalar(database)
    return version
