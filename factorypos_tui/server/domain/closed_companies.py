"""A company is closed by an owner. Its tills, codes and invitations end at once; what it has can be read for
some time, and opened again; then `deleting` deletes it."""

from datetime import datetime, timedelta
from typing import Annotated

from peewee import Database
from pydantic import StringConstraints

from factorypos_tui.server import errors
from factorypos_tui.server.documents.faults import fault
from factorypos_tui.server.domain.cloud import instant
from factorypos_tui.server.domain.companies import hold_company, stores_in
from factorypos_tui.server.domain.company_news import tell_owners
from factorypos_tui.server.domain.device_authorizations import end_approvals
from factorypos_tui.server.domain.forms import Form
from factorypos_tui.server.domain.quotas import note_change
from factorypos_tui.server.domain.terminals import revoke_terminal
from factorypos_tui.server.mail.people_letters import Told
from factorypos_tui.server.storage.enrolment_tables import EnrolmentCode
from factorypos_tui.server.storage.people_tables import Invitation
from factorypos_tui.server.storage.tables import Account, Company, Store, Terminal
from factorypos_tui.server.words import told

KEPT = timedelta(days=30)
"""So long after it was closed a company can be opened again."""


class ClosingForm(Form):
    """Who closes a company types its name: nobody does it by mistake."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]


def deleted_from(closed_at: str) -> str:
    """The instant from which on what a company has is deleted."""
    return instant(datetime.fromisoformat(closed_at) + KEPT)


def close_company(database: Database, now: str, actor: Account, company: Company, form: ClosingForm) -> None:
    """In the caller's transaction, which holds the members. Raises `Invalid` where the name is another one,
    and `CompanyClosed`."""
    if form.name != company.name.strip():
        words = told("Type the name of the company as it stands here: {name}. Nothing was closed.")
        raise errors.Invalid([fault("name", words.format(name=company.name))])
    hold_company(database, company.id)
    Company.update(closed_at=now).where(Company.id == company.id).execute(database)
    stores = stores_in(company).select(Store.id)
    its = Terminal.store_id.in_(stores) & Terminal.revoked_at.is_null()
    for terminal in list(Terminal.select().where(its).order_by(Terminal.id).bind(database)):
        revoke_terminal(database, terminal, actor.id, now)
    codes = EnrolmentCode.store_id.in_(stores) & EnrolmentCode.revoked_at.is_null()
    EnrolmentCode.update(revoked_at=now).where(codes).execute(database)
    end_approvals(database, stores)
    Invitation.delete().where(Invitation.company_id == company.id).execute(database)
    note_change(database, now, actor.id, "company.closed", company.id, company_id=company.id)
    until = deleted_from(now)[:10]
    tell_owners(database, now, company.id, Told("closed", company.name, actor.name, until=until))


def open_again(database: Database, now: str, actor: Account, company: Company) -> None:
    """In the caller's transaction. Raises `Conflict` where it is open, or too late."""
    still_kept = Company.closed_at > instant(datetime.fromisoformat(now) - KEPT)
    opened = Company.update(closed_at=None).where(Company.id == company.id, still_kept)
    if not opened.execute(database):
        words = told("This company is not closed, or it is too late to open it again. Nothing was changed.")
        raise errors.Conflict(words, "company_not_closed")
    note_change(database, now, actor.id, "company.opened", company.id, company_id=company.id)
    tell_owners(database, now, company.id, Told("opened", company.name, actor.name))
