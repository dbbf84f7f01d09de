"""The table of the keys with which the cloud signs, and its migration: never edited once on main."""

from peewee import BigIntegerField, Database, Model, TextField

from factorypos_tui.server.storage.database import run_sql


class SigningKey(Model):
    """A pair of keys; its public half stays for ever, so that what it has signed can be checked."""

    key_id = TextField(primary_key=True)
    """Follows from the public half."""
    public_key = TextField()
    """32 bytes in base64url."""
    private_key = TextField(null=True)
    """As the public one; None once the key signs no more."""
    current = BigIntegerField(null=True, unique=True)
    """1 of the key that signs, of which there is at most one; else None."""
    created_at = TextField()
    retired_at = TextField(null=True)
    lost_at = TextField(null=True)
    """When others may have had it; what it signs from then on proves nothing."""

    class Meta:
        table_name = "signing_key"


def receipts_are_signed(database: Database) -> None:
    for statement in (
        "CREATE TABLE signing_key (key_id TEXT NOT NULL PRIMARY KEY, public_key TEXT NOT NULL,"
        " private_key TEXT, current BIGINT, created_at TEXT NOT NULL, retired_at TEXT, lost_at TEXT)",
        "CREATE UNIQUE INDEX signing_key_current ON signing_key (current)",
    ):
        run_sql(database, statement)
