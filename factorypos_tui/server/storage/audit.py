"""Who did what, when, and from where. Entries are added, never changed; those of 90 days and more may be
deleted."""

from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta

from peewee import Database

from factorypos_tui.server.security.throttle import caller_network
from factorypos_tui.server.storage.prepared import Prepared, given
from factorypos_tui.server.storage.tables import AuditEntry, Store

KEPT = timedelta(days=90)
"""The database itself refuses to delete younger entries."""
FORGOTTEN = KEPT + timedelta(days=1)
"""When the server deletes by itself: the database has a clock of its own."""
LONGEST_DEVICE = 200

_NAMES = ("at", "actor", "action", "subject", "company_id", "network", "device")
_ADD: Prepared[None] = Prepared(AuditEntry.insert({name: given(name) for name in _NAMES}))


@dataclass(frozen=True, slots=True)
class Origin:
    """From where a call came: its address, and what its program calls itself."""

    address: str
    device: str


_NOWHERE = Origin("", "")
_origin: ContextVar[Origin] = ContextVar("origin", default=_NOWHERE)


def call_comes_from(address: str, device: str) -> None:
    """Let the entries of this call say from where it came."""
    _origin.set(Origin(address, device))


def audit(
    database: Database,
    at: str,
    actor: str,
    action: str,
    subject: str,
    *,
    company_id: str = "",
    network: str | None = None,
) -> None:
    """Add an entry, in the caller's transaction. `company_id`: the company whose owners read it, if any.
    `network`: an address or a network, empty where it is not known; left out, it is that of this call."""
    origin = _origin.get() if network is None else Origin(network, _origin.get().device if network else "")
    _ADD.change(
        database,
        at=at,
        actor=actor,
        action=action,
        subject=subject,
        company_id=company_id or None,
        network=caller_network(origin.address) if origin.address else None,
        device="".join(filter(str.isprintable, origin.device))[:LONGEST_DEVICE] or None,
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
