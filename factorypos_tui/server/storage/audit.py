"""Who did what, and when. Entries are only added."""

from peewee import Database

from factorypos_tui.server.storage.prepared import Prepared, given
from factorypos_tui.server.storage.tables import AuditEntry

_ADD: Prepared[None] = Prepared(
    AuditEntry.insert(at=given("at"), actor=given("actor"), action=given("action"), subject=given("subject"))
)


def audit(database: Database, at: str, actor: str, action: str, subject: str) -> None:
    """Add an entry, in the caller's transaction."""
    _ADD.change(database, at=at, actor=actor, action=action, subject=subject)
