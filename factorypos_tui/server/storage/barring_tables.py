"""What keeps a terminal out that its owner revoked, and the migration: never edited once on main."""

from peewee import CompositeKey, Database, Model, TextField

from factorypos_tui.server.storage.database import run_sql


class Barred(Model):
    """No enrolment code that a company made until `at` lets this terminal in: it was revoked or released
    then."""

    terminal_id = TextField()
    company_id = TextField()
    at = TextField()

    class Meta:
        primary_key = CompositeKey("terminal_id", "company_id")


def revoked_terminals_stay_out(database: Database) -> None:
    """Terminals that are revoked or released already are kept out by codes of until then. Sessions know the
    terminal on which they lie."""
    for statement in (
        "CREATE TABLE barred (terminal_id TEXT NOT NULL REFERENCES terminal(id),"
        " company_id TEXT NOT NULL REFERENCES company(id), at TEXT NOT NULL,"
        " PRIMARY KEY (terminal_id, company_id))",
        "INSERT INTO barred SELECT terminal.id, store.company_id, terminal.revoked_at FROM terminal"
        " JOIN store ON store.id = terminal.store_id"
        " WHERE terminal.revoked_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM audit_entry"
        " WHERE audit_entry.action = 'terminal.revoked' AND audit_entry.actor = terminal.id"
        " AND audit_entry.at = terminal.revoked_at)",
        "ALTER TABLE session ADD COLUMN terminal_id TEXT",
        "CREATE INDEX session_on_terminal ON session (terminal_id)",
    ):
        run_sql(database, statement)
