"""The audit as an administrator reads and prunes it."""

from dataclasses import dataclass
from datetime import datetime

from peewee import Database

from factorypos_tui.server.domain.cloud import instant, utc_now
from factorypos_tui.server.ops.administration import ACTOR, AdministrationError
from factorypos_tui.server.storage.audit import KEPT, audit
from factorypos_tui.server.storage.tables import Account, AuditEntry
from factorypos_tui.server.words import told


@dataclass(frozen=True, slots=True)
class ListedEntry:
    at: str
    actor: str
    """An account's or terminal's id, a network, or `administrator`."""
    action: str
    subject: str
    email: str | None
    """Of the account that acted or was acted on."""
    actor_email: str | None
    subject_email: str | None


def list_entries(
    database: Database, since: datetime | None, who: str | None, action: str | None, most: int
) -> list[ListedEntry]:
    """The newest entries first. `who` is an id, a network or an e-mail; `action` is how actions begin."""
    query = AuditEntry.select().order_by(AuditEntry.id.desc()).limit(most)
    with database.connection_context():
        emails = {row.id: row.email for row in Account.select(Account.id, Account.email).bind(database)}
        if since is not None:
            query = query.where(AuditEntry.at >= instant(since))
        if action is not None:
            query = query.where(AuditEntry.action.startswith(action))
        if who is not None:
            wanted = [who, *(id_ for id_, email in emails.items() if email.casefold() == who.casefold())]
            query = query.where(AuditEntry.actor.in_(wanted) | AuditEntry.subject.in_(wanted))
        return [_listed(row, emails.get(row.actor), emails.get(row.subject)) for row in query.bind(database)]


def _listed(row: AuditEntry, actor: str | None, subject: str | None) -> ListedEntry:
    return ListedEntry(row.at, row.actor, row.action, row.subject, subject or actor, actor, subject)


def prune_entries(database: Database, before: datetime) -> int:
    """Delete what is older; returns how many entries. Raises `AdministrationError` for what must be kept."""
    now = utc_now()
    if before > now - KEPT:
        raise AdministrationError(
            told("Entries are kept for {days} days. Nothing was deleted; choose an earlier date.").format(
                days=KEPT.days
            )
        )
    with database.connection_context(), database.atomic():
        gone = int(AuditEntry.delete().where(AuditEntry.at < instant(before)).execute(database))
        audit(database, instant(now), ACTOR, "audit.pruned", f"{gone} before {instant(before)}")
    return gone
