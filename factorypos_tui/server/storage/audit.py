"""Who did what, and when. Entries are added, never changed; those of 90 days and more may be deleted."""

from datetime import timedelta

from peewee import Database

from factorypos_tui.server.security.throttle import caller_network
from factorypos_tui.server.storage.prepared import Prepared, given
from factorypos_tui.server.storage.tables import AuditEntry, Store

KEPT = timedelta(days=90)
"""The database itself refuses to delete younger entries."""
FORGOTTEN = KEPT + timedelta(days=1)
"""When the server deletes by itself: the database has a clock of its own."""

_ADD: Prepared[None] = Prepared(
    AuditEntry.insert(
        at=given("at"),
        actor=given("actor"),
        action=given("action"),
        subject=given("subject"),
        company_id=given("company_id"),
        network=given("network"),
    )
)


def audit(
    database: Database,
    at: str,
    actor: str,
    action: str,
    subject: str,
    *,
    company_id: str = "",
    network: str = "",
) -> None:
    """Add an entry, in the caller's transaction. `company_id`: the company whose owners read it, if any;
    `network`: the address or the network of the caller, where it is known."""
    _ADD.change(
        database,
        at=at,
        actor=actor,
        action=action,
        subject=subject,
        company_id=company_id or None,
        network=caller_network(network) if network else None,
    )


def company_of(database: Database, store_id: str) -> str:
    """The company of a store, for an entry about it."""
    company_id: str = Store.select(Store.company_id).where(Store.id == store_id).scalar(database)
    return company_id


def forget_old(database: Database, action: str, before: str, most: int = 2) -> None:
    """Delete the oldest entries of one action, in the caller's transaction."""
    old = AuditEntry.select(AuditEntry.id).where(AuditEntry.action == action, AuditEntry.at < before)
    ids = [row.id for row in old.order_by(AuditEntry.at).limit(most).bind(database)]
    AuditEntry.delete().where(AuditEntry.id.in_(ids)).execute(database)
