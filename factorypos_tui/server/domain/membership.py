"""The members of a company: listed, given another role or other stores, taken away. An owner does it; anybody
may leave. A company has one owner at least."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from peewee import Database, ModelSelect, SqliteDatabase
from pydantic import Field

from factorypos_tui.server import errors
from factorypos_tui.server.documents.faults import fault
from factorypos_tui.server.domain import limits
from factorypos_tui.server.domain.answering import move_company, require_room_for
from factorypos_tui.server.domain.companies import stores_in
from factorypos_tui.server.domain.company_news import tell_owners
from factorypos_tui.server.domain.forms import Form
from factorypos_tui.server.domain.members import NAMES, Membership, Role, membership_of
from factorypos_tui.server.domain.quotas import note_change
from factorypos_tui.server.mail.people_letters import Told
from factorypos_tui.server.storage.member_tables import Member, MemberStore
from factorypos_tui.server.storage.people_tables import Invitation
from factorypos_tui.server.storage.tables import Account, Company, Store
from factorypos_tui.server.words import told

AnyId = Annotated[UUID, Field(strict=False)]


class AccessForm(Form):
    """What a member may do, and where."""

    role: Literal["owner", "manager", "viewer"]
    store_ids: Annotated[list[AnyId], Field(max_length=limits.STORES)] | None = None
    """The stores that the member sees; left out: all that there are and will be. An owner sees all."""


@dataclass(frozen=True, slots=True)
class Person:
    """A member as lists show it."""

    id: str
    """Of the account."""
    name: str
    email: str
    role: Role
    stores: Sequence[str] | None
    """The ids of the stores that it sees; None: of all."""
    joined_at: str


def access_of(database: Database, company: Company, form: AccessForm) -> Membership:
    """What a form gives to a member; raises `Invalid` where it names a store that is none of the company."""
    role = Role(form.role)
    if form.store_ids is None:
        return Membership(role, None)
    if role is Role.OWNER:
        raise errors.Invalid([fault("store_ids", told("An owner sees all stores."))])
    wanted = {str(store_id) for store_id in form.store_ids}
    theirs = {row.id for row in stores_in(company).select(Store.id).bind(database)}
    if not wanted or not wanted <= theirs:
        raise errors.Invalid([fault("store_ids", told("Choose stores of this company, one at least."))])
    return Membership(role, frozenset(wanted))


def members_of(company: Company) -> "ModelSelect[Member]":
    """The members of a company, for lists."""
    return Member.select().where(Member.company_id == company.id)


def people(database: Database, members: Sequence[Member]) -> list[Person]:
    """These members of one company, with their names and stores."""
    ids = [it.account_id for it in members]
    accounts = {it.id: it for it in Account.select().where(Account.id.in_(ids)).bind(database)}
    seen: dict[str, list[str]] = defaultdict(list)
    theirs = MemberStore.company_id.in_({it.company_id for it in members}) & MemberStore.account_id.in_(ids)
    for row in MemberStore.select().where(theirs).order_by(MemberStore.store_id).bind(database):
        seen[row.account_id].append(row.store_id)
    return [
        Person(
            it.account_id,
            accounts[it.account_id].name,
            accounts[it.account_id].email,
            Role(it.role),
            None if it.all_stores else tuple(seen[it.account_id]),
            it.joined_at,
        )
        for it in members
    ]


def member_of(database: Database, company: Company, account_id: str) -> Person:
    """Raises `NotYours`."""
    member = members_of(company).where(Member.account_id == account_id).get_or_none(database)
    if member is None:
        raise errors.NotYours(told("There is no such member in this company."))
    return people(database, [member])[0]


def hold_members(database: Database, company_id: str) -> None:
    """Let nobody else change the members of a company until the caller's transaction ends. It comes first
    there, before anybody is asked what they may: so that no two wait for each other."""
    if not isinstance(database, SqliteDatabase):  # SQLite has one writer
        theirs = Member.select().where(Member.company_id == company_id).order_by(Member.account_id)
        list(theirs.for_update().execute(database))


def change_member(
    database: Database, now: str, actor: Account, company: Company, account_id: str, access: Membership
) -> None:
    """Give a member another role or other stores, in the caller's transaction, which holds the members.
    Raises `NotYours`, `LastOwner` or `OverQuota`."""
    person = member_of(database, company, account_id)
    if person.role is Role.OWNER and access.role is not Role.OWNER:
        _give_up_ownership(database, now, actor, company, account_id)
    set_access(database, company.id, account_id, access)
    subject = f"{account_id} {access.role.value}"
    note_change(database, now, actor.id, "member.changed", subject, company_id=company.id)
    if access.role is Role.OWNER and person.role is not Role.OWNER:
        news = Told("owner", company.name, actor.name, person.name, person.email)
        tell_owners(database, now, company.id, news)


def set_access(database: Database, company_id: str, account_id: str, access: Membership) -> None:
    """Write what a member may, in the caller's transaction."""
    hers = (Member.company_id == company_id) & (Member.account_id == account_id)
    changed = Member.update(role=access.role.value, all_stores=access.stores is None).where(hers)
    changed.execute(database)
    before = (MemberStore.company_id == company_id) & (MemberStore.account_id == account_id)
    MemberStore.delete().where(before).execute(database)
    for store_id in sorted(access.stores or ()):
        MemberStore.insert(company_id=company_id, account_id=account_id, store_id=store_id).execute(database)


def remove_member(database: Database, now: str, actor: Account, company: Company, account_id: str) -> None:
    """Let a member be none any more, perhaps the actor; in the caller's transaction, which holds the members.
    Raises `NotYours`, `LastOwner` or `OverQuota`."""
    person = member_of(database, company, account_id)
    if person.role is Role.OWNER:
        _give_up_ownership(database, now, actor, company, account_id)
    Member.delete().where(Member.company_id == company.id, Member.account_id == account_id).execute(database)
    action = "member.left" if actor.id == account_id else "member.removed"
    note_change(database, now, actor.id, action, account_id, company_id=company.id)
    news = Told("left", company.name, actor.name, person.name, person.email, NAMES[person.role])
    tell_owners(database, now, company.id, news)


def _give_up_ownership(
    database: Database, now: str, actor: Account, company: Company, account_id: str
) -> None:
    """What goes before an owner is none any more: another one stays, and answers for the company; what that
    owner's invitations would have let in does not come. Raises `LastOwner`, or `OverQuota` where that other
    one has no room."""
    owners = members_of(company).where(Member.role == Role.OWNER.value, Member.account_id != account_id)
    longest = owners.order_by(Member.joined_at, Member.account_id).get_or_none(database)
    if longest is None:
        raise errors.LastOwner
    theirs = (Invitation.company_id == company.id) & (Invitation.invited_by == account_id)
    Invitation.delete().where(theirs).execute(database)
    if company.account_id == account_id:
        require_room_for(database, company, longest.account_id)
        move_company(database, now, actor, company, longest.account_id)


def is_member(database: Database, company_id: str, account_id: str) -> bool:
    return membership_of(database, account_id, company_id) is not None
