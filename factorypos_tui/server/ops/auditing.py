"""The audit as an administrator reads and prunes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from peewee import Database

from factorypos_tui.server.domain.audit_trail import Names, of_company
from factorypos_tui.server.domain.audit_words import words_of
from factorypos_tui.server.domain.cloud import instant, utc_now
from factorypos_tui.server.ops.administration import ACTOR, AdministrationError
from factorypos_tui.server.storage.audit import KEPT, audit
from factorypos_tui.server.storage.tables import Account, AuditEntry, Company
from factorypos_tui.server.words import told


@dataclass(frozen=True, slots=True)
class ListedEntry:
    at: str
    actor: str
    """An account's or terminal's id, a network, or `administrator`."""
    action: str
    subject: str
    what: str
    """The action in words."""
    who: str
    """Who acted, by name."""
    of_what: str
    """What it was about, by names."""
    company_id: str | None
    """The company that it was about; null where none, and in entries of before this was kept."""
    network: str | None
    """From where it was done, where that is known."""
    device: str | None
    """What the program called itself that did it, where that is known."""
    email: str | None
    """Of the account that acted or was acted on."""
    actor_email: str | None
    subject_email: str | None


def list_entries(
    database: Database,
    since: datetime | None,
    who: str | None,
    action: str | None,
    most: int,
    company: str | None = None,
) -> list[ListedEntry]:
    """The newest entries first. `who` is an id, a network or an e-mail; `action` is how actions begin;
    `company` is the id or the name of one, whose owners read the same entries. Raises
    `AdministrationError`."""
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
        if company is not None:
            query = query.where(of_company(_company(database, company)))
        rows = list(query.bind(database))
        names = Names.of_entries(database, rows)
        return [_listed(row, names, emails) for row in rows]


def _company(database: Database, wanted: str) -> Company:
    key = wanted.strip().casefold()
    fits = [it for it in Company.select().bind(database) if key in (it.id, it.name.strip().casefold())]
    if len(fits) != 1:
        words = told(
            "{n} companies are called {company}. Give the id of one: the address of its owner's page has it."
        )
        raise AdministrationError(words.format(n=len(fits), company=wanted))
    return fits[0]


def _listed(row: AuditEntry, names: Names, emails: Mapping[str, str]) -> ListedEntry:
    actor, subject = emails.get(row.actor), emails.get(row.subject)
    return ListedEntry(
        at=row.at,
        actor=row.actor,
        action=row.action,
        subject=row.subject,
        what=words_of(row.action),
        who=names.who(row.actor),
        of_what=names.of_what(row.action, row.subject),
        company_id=row.company_id,
        network=row.network,
        device=row.device,
        email=subject or actor,
        actor_email=actor,
        subject_email=subject,
    )


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
