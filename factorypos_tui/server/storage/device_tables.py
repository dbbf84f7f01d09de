"""The table of terminals that ask a person to assign them, and its migration: never edited once on main."""

from peewee import BigIntegerField, BooleanField, Database, Model, TextField

from factorypos_tui.server.storage.database import run_sql


class DeviceAuthorization(Model):
    """A terminal that shows a code and asks to be assigned to a store (RFC 8628). Neither of its codes is
    kept."""

    id = TextField(primary_key=True)
    device_hash = TextField()
    """Of what the terminal alone knows, and fetches its token with."""
    user_hash = TextField()
    """Of what it shows, and a person types."""
    terminal_id = TextField()
    name = TextField()
    software = TextField()
    address = TextField()
    """From where it asked."""
    asked_at = TextField()
    expires_at = TextField()
    interval_s = BigIntegerField()
    """So long it has to wait between two questions."""
    next_poll_at = TextField()
    decision = TextField(null=True)
    """`approved` or `denied`; null until a person decided."""
    decided_at = TextField(null=True)
    account_id = TextField(null=True)
    """Who decided."""
    store_id = TextField(null=True)
    history = TextField(null=True)
    """What of its closed days it sends: `all`, `missing` or `none`."""
    move = BooleanField(default=False)
    """Whether it may come from another store of the same account."""
    taken_at = TextField(null=True)
    """When it fetched its token."""
    token_hash = TextField(null=True)
    """Of that token."""

    class Meta:
        table_name = "device_authorization"


def terminals_ask_to_be_assigned(database: Database) -> None:
    for statement in (
        "CREATE TABLE device_authorization (id TEXT NOT NULL PRIMARY KEY, device_hash TEXT NOT NULL,"
        " user_hash TEXT NOT NULL, terminal_id TEXT NOT NULL, name TEXT NOT NULL, software TEXT NOT NULL,"
        " address TEXT NOT NULL, asked_at TEXT NOT NULL, expires_at TEXT NOT NULL,"
        " interval_s BIGINT NOT NULL, next_poll_at TEXT NOT NULL, decision TEXT,"
        " decided_at TEXT, account_id TEXT, store_id TEXT, history TEXT, move BOOLEAN NOT NULL,"
        " taken_at TEXT, token_hash TEXT)",
        "CREATE UNIQUE INDEX device_authorization_device ON device_authorization (device_hash)",
        "CREATE UNIQUE INDEX device_authorization_user ON device_authorization (user_hash)",
        "CREATE INDEX device_authorization_expires_at ON device_authorization (expires_at)",
    ):
        run_sql(database, statement)
