"""Tells the owners of a company by mail what became of its members and of the company itself."""

from datetime import datetime

from peewee import Database

from factorypos_tui.server.domain import limits
from factorypos_tui.server.domain.members import Role
from factorypos_tui.server.domain.telling import NEWS, later
from factorypos_tui.server.mail import outbox
from factorypos_tui.server.mail.people_letters import Told, news_of_members
from factorypos_tui.server.storage import buckets
from factorypos_tui.server.storage.buckets import bucket_key
from factorypos_tui.server.storage.member_tables import Member
from factorypos_tui.server.storage.tables import Account


def tell_owners(database: Database, now: str, company_id: str, told: Told) -> None:
    """Write to all owners, whoever of them did it: one who did not must learn of it. In the caller's
    transaction; beyond so many letters a day nothing is written."""
    now_ms = int(datetime.fromisoformat(now).timestamp() * 1000)
    key = bucket_key("member letters", company_id)
    if buckets.take(database, now_ms, [(key, limits.MEMBER_LETTERS)]):
        return
    owners = Account.select().join(Member, on=(Member.account_id == Account.id))
    owners = owners.where(Member.company_id == company_id, Member.role == Role.OWNER.value)
    for owner in owners.where(Account.disabled_at.is_null()).bind(database):
        letter = news_of_members(owner.email, owner.name, owner.language, told)
        outbox.put(database, letter, owner.id, now, until=later(now, NEWS))
