"""The tables of closings, and their migration: never edited once on main."""

from peewee import BigIntegerField, CompositeKey, Database, Model, TextField

from factorypos_tui.server.storage.database import run_sql


class Closing(Model):
    """A month or a year that was closed. Its document never changes: what comes later is a row of its own,
    with a higher revision."""

    id = TextField(primary_key=True)
    scope = TextField()
    """`terminal`, `store` or `company`."""
    scope_id = TextField()
    currency = TextField()
    period = TextField()
    """`month` or `year`."""
    name = TextField()
    """`2026-01` or `2026`."""
    revision = BigIntegerField()
    content_hash = TextField()
    seen = TextField()
    """A hash over all Zs of the period, of whatever currency, as they were when this was last looked at."""
    document = TextField()
    """Canonical JSON."""

    class Meta:
        table_name = "closing"


class ClosingLook(Model):
    """When it was last looked at whether something has periods to be closed."""

    scope = TextField()
    scope_id = TextField()
    looked_at = TextField()
    """Empty: never, or there is more to be done."""

    class Meta:
        table_name = "closing_look"
        primary_key = CompositeKey("scope", "scope_id")


def periods_are_closed(database: Database) -> None:
    for statement in (
        "CREATE TABLE closing (id TEXT NOT NULL PRIMARY KEY, scope TEXT NOT NULL, scope_id TEXT NOT NULL,"
        " currency TEXT NOT NULL, period TEXT NOT NULL, name TEXT NOT NULL, revision BIGINT NOT NULL,"
        " content_hash TEXT NOT NULL, seen TEXT NOT NULL, document TEXT NOT NULL)",
        "CREATE UNIQUE INDEX closing_place ON closing (scope, scope_id, period, name, currency, revision)",
        "CREATE TABLE closing_look (scope TEXT NOT NULL, scope_id TEXT NOT NULL, looked_at TEXT NOT NULL,"
        " PRIMARY KEY (scope, scope_id))",
        "CREATE INDEX closing_look_looked_at ON closing_look (looked_at)",
    ):
        run_sql(database, statement)
