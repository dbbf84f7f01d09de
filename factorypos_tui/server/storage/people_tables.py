"""The tables of invitations into a company, and when a company was closed, with their migration: never edited
once on main."""

from peewee import BooleanField, CompositeKey, Database, Model, SqliteDatabase, TextField

from factorypos_tui.server.storage.database import run_sql


class Invitation(Model):
    """What lets one person become a member of a company. Whoever has its link is let in; the link itself is
    kept nowhere. It is deleted once it was used, revoked or too old."""

    id = TextField(primary_key=True)
    company_id = TextField()
    email = TextField()
    """For whom it is meant."""
    role = TextField()
    """A word of `domain.members.Role`."""
    all_stores = BooleanField()
    """Whether its member sees every store; else those of `InvitationStore`."""
    token_hash = TextField()
    invited_by = TextField()
    """The account of the owner who invites."""
    mailed = BooleanField()
    """Whether the link went to that e-mail; else the owner was shown it."""
    created_at = TextField()
    expires_at = TextField()


class InvitationStore(Model):
    """A store that an invited member is going to see who does not see all. It goes with its invitation."""

    invitation_id = TextField()
    store_id = TextField()

    class Meta:
        table_name = "invitation_store"
        primary_key = CompositeKey("invitation_id", "store_id")


def people_are_invited_and_companies_closed(database: Database) -> None:
    truth = "INTEGER" if isinstance(database, SqliteDatabase) else "BOOLEAN"
    for statement in (
        "CREATE TABLE invitation (id TEXT NOT NULL PRIMARY KEY,"
        " company_id TEXT NOT NULL REFERENCES company(id), email TEXT NOT NULL, role TEXT NOT NULL,"
        f" all_stores {truth} NOT NULL, token_hash TEXT NOT NULL,"
        f" invited_by TEXT NOT NULL REFERENCES account(id), mailed {truth} NOT NULL,"
        " created_at TEXT NOT NULL, expires_at TEXT NOT NULL)",
        "CREATE UNIQUE INDEX invitation_token ON invitation (token_hash)",
        "CREATE INDEX invitation_of_company ON invitation (company_id, created_at)",
        "CREATE INDEX invitation_expires_at ON invitation (expires_at)",
        "CREATE TABLE invitation_store (invitation_id TEXT NOT NULL REFERENCES invitation(id)"
        " ON DELETE CASCADE, store_id TEXT NOT NULL REFERENCES store(id),"
        " PRIMARY KEY (invitation_id, store_id))",
        "ALTER TABLE company ADD COLUMN closed_at TEXT",
        "CREATE INDEX company_closed_at ON company (closed_at)",
    ):
        run_sql(database, statement)
