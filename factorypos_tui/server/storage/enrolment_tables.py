"""The tables of enrolment codes, and their migration: never edited once on main."""

from peewee import BigIntegerField, CompositeKey, Database, Model, TextField

from factorypos_tui.server.storage.database import run_sql


class EnrolmentCode(Model):
    """What lets terminals into one store without an account. The code itself is kept nowhere."""

    id = TextField(primary_key=True)
    store_id = TextField()
    code_hash = TextField()
    name = TextField()
    uses = BigIntegerField()
    """How many terminals it is good for."""
    used = BigIntegerField(default=0)
    created_at = TextField()
    expires_at = TextField()
    revoked_at = TextField(null=True)
    made_by = TextField(null=True)
    """The id of the account that made it; null where the host did, or a version that did not note it."""

    class Meta:
        table_name = "enrolment_code"


class Enrolled(Model):
    """A terminal that came with a code."""

    code_id = TextField()
    terminal_id = TextField()
    enrolled_at = TextField()

    class Meta:
        primary_key = CompositeKey("code_id", "terminal_id")


def stores_have_enrolment_codes(database: Database) -> None:
    for statement in (
        "CREATE TABLE enrolment_code (id TEXT NOT NULL PRIMARY KEY,"
        " store_id TEXT NOT NULL REFERENCES store(id), code_hash TEXT NOT NULL, name TEXT NOT NULL,"
        " uses BIGINT NOT NULL, used BIGINT NOT NULL, created_at TEXT NOT NULL, expires_at TEXT NOT NULL,"
        " revoked_at TEXT)",
        "CREATE UNIQUE INDEX enrolment_code_hash ON enrolment_code (code_hash)",
        "CREATE INDEX enrolment_code_of_store ON enrolment_code (store_id, created_at)",
        "CREATE TABLE enrolled (code_id TEXT NOT NULL REFERENCES enrolment_code(id),"
        " terminal_id TEXT NOT NULL REFERENCES terminal(id), enrolled_at TEXT NOT NULL,"
        " PRIMARY KEY (code_id, terminal_id))",
    ):
        run_sql(database, statement)


def codes_know_who_made_them(database: Database) -> None:
    run_sql(database, "ALTER TABLE enrolment_code ADD COLUMN made_by TEXT")
