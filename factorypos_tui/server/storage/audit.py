"""Who did what, when. Entries are only ever added."""

from peewee import Database

from factorypos_tui.server.storage.tables import AuditEntry


def audit(database: Database, at: str, actor: str, action: str, subject: str) -> None:
    """Note it, in the caller's transaction."""
    AuditEntry.insert(at=at, actor=actor, action=action, subject=subject).execute(database)
