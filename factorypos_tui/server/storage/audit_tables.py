"""The audit's later columns, and their migration: never edited once on main."""

from peewee import Database

from factorypos_tui.server.storage.database import run_sql


def entries_tell_company_and_network(database: Database) -> None:
    """Whose company an entry is about, and from where it was done. Entries of before have neither: the audit
    only grows. They are found by what their subject begins with."""
    for statement in (
        "ALTER TABLE audit_entry ADD COLUMN company_id TEXT",
        "ALTER TABLE audit_entry ADD COLUMN network TEXT",
        "CREATE INDEX audit_entry_of_company ON audit_entry (company_id, id)",
        "CREATE INDEX audit_entry_subject ON audit_entry (substr(subject, 1, 36), id)",
    ):
        run_sql(database, statement)


def entries_tell_the_device(database: Database) -> None:
    """What the program called itself by which somebody did it."""
    run_sql(database, "ALTER TABLE audit_entry ADD COLUMN device TEXT")
