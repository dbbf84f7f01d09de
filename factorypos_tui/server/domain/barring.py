"""A terminal that its owner revoked stays out, whatever lies on its disk. Only a person brings it back, or a
code that was made later.

What is later is told by instants that never stand still: neither a clock that goes back nor two things within
one millisecond let an old code in, or keep a new one out."""

from datetime import datetime, timedelta
from typing import Any

from peewee import Database, ModelSelect, fn

from factorypos_tui.server.domain.cloud import instant
from factorypos_tui.server.storage.barring_tables import Barred
from factorypos_tui.server.storage.enrolment_tables import EnrolmentCode
from factorypos_tui.server.storage.member_tables import Member
from factorypos_tui.server.storage.tables import Company, Session, Store, Terminal

_TICK = timedelta(milliseconds=1)


def bar(database: Database, terminal_id: str, company_id: str, now: str) -> None:
    """Keep a terminal out from now on, and end each log-in of a member that lies on it: whoever has got the
    till since stays logged in. In the caller's transaction, which has the row of the terminal."""
    stores = Store.select(Store.id).where(Store.company_id.in_(_sisters(company_id)))
    newest = EnrolmentCode.select(fn.MAX(EnrolmentCode.created_at)).where(EnrolmentCode.store_id.in_(stores))
    at = max(now, newest.scalar(database) or "")
    barred = Barred.insert(terminal_id=terminal_id, company_id=company_id, at=at)
    barred.on_conflict(
        conflict_target=[Barred.terminal_id, Barred.company_id], update={Barred.at: at}
    ).execute(database)
    members = Member.select(Member.account_id).where(Member.company_id.in_(_sisters(company_id)))
    theirs = (Session.terminal_id == terminal_id) & Session.account_id.in_(members)
    Session.delete().where(theirs).execute(database)


def is_barred(database: Database, terminal_id: str, company_id: str, made_at: str) -> bool:
    """Whether a terminal was revoked or released, by this company or another one of its account, once what it
    shows had been made. What this says is true until the caller's transaction ends."""
    Terminal.update(name=Terminal.name).where(Terminal.id == terminal_id).execute(database)
    ours = (Barred.terminal_id == terminal_id) & Barred.company_id.in_(_sisters(company_id))
    return bool(Barred.select().where(ours, Barred.at >= made_at).exists(database))


def after_every_bar(database: Database, company_id: str, now: str) -> str:
    """When something counts as made that is to let terminals in which were revoked before."""
    last = Barred.select(fn.MAX(Barred.at)).where(Barred.company_id.in_(_sisters(company_id)))
    found = last.scalar(database)
    return now if found is None or now > found else instant(datetime.fromisoformat(found) + _TICK)


def _sisters(company_id: str) -> "ModelSelect[Any]":
    """The companies of the account that answers for this one."""
    account = Company.select(Company.account_id).where(Company.id == company_id)
    sister = Company.alias()
    return sister.select(sister.id).where(sister.account_id.in_(account))
