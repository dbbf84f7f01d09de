"""Who may do what in a company: its members, the role of each, and the stores that each sees.

`decide` alone decides. All else here brings it a membership as the database has it, or says the same of many
rows at once. What the account that answers for a company may, and so its terminals, is no matter of members:
that is in `companies`."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from functools import reduce
from operator import or_
from typing import Any

from peewee import Database, Expression, ModelSelect, SqliteDatabase, fn

from factorypos_tui.server import errors
from factorypos_tui.server.storage.factor_tables import AuthenticatorApp, Passkey
from factorypos_tui.server.storage.member_tables import Member, MemberStore
from factorypos_tui.server.storage.tables import Account, Company, Store, Terminal
from factorypos_tui.server.words import marked, told


class Role(Enum):
    """What a member may do. Each may do what those before it may."""

    VIEWER = "viewer"
    """Reads: companies, stores, figures, reports, alarms."""
    MANAGER = "manager"
    """Runs stores: what is known of them, catalogues, terminals, what an alarm is."""
    OWNER = "owner"
    """Does all of it: the company itself, its members, and what cannot be taken back."""

    def reaches(self, least: "Role") -> bool:
        """Whether it may do what this role may."""
        order = list(Role)
        return order.index(self) >= order.index(least)


NAMES = {Role.VIEWER: marked("viewer"), Role.MANAGER: marked("manager"), Role.OWNER: marked("owner")}
"""What each role is called; `told` puts it into the language of the reader."""


@dataclass(frozen=True, slots=True)
class Membership:
    """What an account is in a company."""

    role: Role
    stores: frozenset[str] | None
    """The ids of those that it sees; None: of all that there are and will be."""
    is_closed: bool = False
    """Whether the company was closed: it is only looked at then."""
    lacks_factor: bool = False
    """Whether the company asks this role for a second factor, and the account has none."""

    def role_at(self, store_id: str | None) -> Role | None:
        """Its role at a store, None where it does not see that one. Without a store: its role in what
        concerns the whole company, where somebody who sees some stores only looks on."""
        if self.stores is None:
            return self.role
        if store_id is None:
            return Role.VIEWER
        return self.role if store_id in self.stores else None


class Verdict(Enum):
    GRANTED = "granted"
    TOO_LOW = "too low"
    NO_FACTOR = "no factor"
    """The company shows nothing before the account has a second factor."""
    CLOSED = "closed"
    """The role would do, and the company was closed."""
    ABSENT = "absent"
    """There is no such thing for this account, and it is not told whether there is for another one."""


def decide(membership: Membership | None, store_id: str | None, least: Role) -> Verdict:
    """Whether a member may do what takes the role `least`: at a store, or (None) in the whole company."""
    role = membership.role_at(store_id) if membership else None
    if role is None:
        return Verdict.ABSENT
    if membership and membership.lacks_factor:
        return Verdict.NO_FACTOR
    if not role.reaches(least):
        return Verdict.TOO_LOW
    is_changed = least is not Role.VIEWER
    return Verdict.CLOSED if membership and membership.is_closed and is_changed else Verdict.GRANTED


def company_for(
    database: Database, account: Account, company_id: str, least: Role, *, also_closed: bool = False
) -> Company:
    """The company, if the account has this role there or a higher one; in a transaction it keeps that until
    the transaction ends. Raises `NotYours`, `SecondFactorMissing`, `RoleTooLow` or, unless `also_closed`,
    `CompanyClosed`."""
    membership = membership_of(database, account.id, company_id)
    if membership and also_closed:
        membership = replace(membership, is_closed=False)
    _require(database, membership, company_id, None, least, told("There is no such company in your account."))
    return Company.select().where(Company.id == company_id).get(database)


def company_to_leave(database: Database, account: Account, company_id: str) -> Company:
    """The company, if the account is a member: whoever lacks a second factor may still leave. In a
    transaction it stays one until the transaction ends. Raises `NotYours`."""
    if membership_of(database, account.id, company_id) is None:
        raise errors.NotYours(told("There is no such company in your account."))
    return Company.select().where(Company.id == company_id).get(database)


def store_for(database: Database, account: Account, store_id: str, least: Role) -> Store:
    """The store, if the account has this role there; as `company_for`."""
    return _store_for(database, account, store_id, least, told("There is no such store in your account."))


def terminal_for(
    database: Database, account: Account, terminal_id: str, least: Role, *, also_revoked: bool = False
) -> Terminal:
    """The terminal, if the account has this role at its store; as `company_for`. A released one is
    nobody's."""
    gone = Terminal.released_at if also_revoked else Terminal.revoked_at
    terminal = Terminal.select().where(Terminal.id == terminal_id, gone.is_null()).get_or_none(database)
    nothing = told("There is no such terminal in your account.")
    if terminal is None:
        raise errors.NotYours(nothing)
    _store_for(database, account, terminal.store_id, least, nothing)
    found: Terminal = terminal
    return found


def _store_for(database: Database, account: Account, store_id: str, least: Role, nothing: str) -> Store:
    store = Store.select().where(Store.id == store_id).get_or_none(database)
    if store is None:
        raise errors.NotYours(nothing)
    membership = membership_of(database, account.id, store.company_id)
    _require(database, membership, store.company_id, store_id, least, nothing)
    found: Store = store
    return found


def _require(
    database: Database,
    membership: Membership | None,
    company_id: str,
    store_id: str | None,
    least: Role,
    nothing: str,
) -> None:
    """Raises what follows from the verdict; `nothing` is said where there is no such thing."""
    verdict = decide(membership, store_id, least)
    if membership is None or verdict is Verdict.ABSENT:
        raise errors.NotYours(nothing)
    if verdict is Verdict.GRANTED:
        return
    name = Company.select(Company.name).where(Company.id == company_id).scalar(database)
    if verdict is Verdict.NO_FACTOR:
        raise errors.SecondFactorMissing(name)
    if verdict is Verdict.TOO_LOW:
        raise _too_low(name, membership, least)
    raise errors.CompanyClosed


def _too_low(company: str, membership: Membership, least: Role) -> errors.RoleTooLow:
    if membership.role.reaches(least):
        words = told(
            "You see some stores of {company} only, and this concerns all of them. Nothing was changed. Ask "
            "an owner of {company}."
        )
        return errors.RoleTooLow(words.format(company=company))
    words = told(
        "Your role in {company} is {role}, and this takes the role {least}. Nothing was changed. Ask an "
        "owner of {company}."
    )
    roles = {"role": told(NAMES[membership.role]), "least": told(NAMES[least])}
    return errors.RoleTooLow(words.format(company=company, **roles))


def membership_of(database: Database, account_id: str, company_id: str) -> Membership | None:
    """What the account is in the company. In a transaction it stays that until the transaction ends: who
    changes it waits."""
    hers = (Member.account_id == account_id) & (Member.company_id == company_id)
    query: Any = Member.select().where(hers)
    if database.in_transaction() and not isinstance(database, SqliteDatabase):  # SQLite has one writer
        query = query.bind(database).for_update("FOR SHARE")
    member = query.get_or_none(database)
    return _memberships(database, account_id, [member])[company_id] if member else None


def memberships_of(database: Database, account_id: str) -> Mapping[str, Membership]:
    """What an account is in each of its companies, by company."""
    members = list(Member.select().where(Member.account_id == account_id).bind(database))
    return _memberships(database, account_id, members)


def _memberships(database: Database, account_id: str, members: list[Member]) -> dict[str, Membership]:
    some = [it.company_id for it in members if not it.all_stores]
    seen: dict[str, set[str]] = {company_id: set() for company_id in some}
    if some:
        of_them = (MemberStore.account_id == account_id) & MemberStore.company_id.in_(some)
        for row in MemberStore.select().where(of_them).bind(database):
            seen[row.company_id].add(row.store_id)
    theirs = Company.id.in_([it.company_id for it in members])
    companies = {it.id: it for it in Company.select().where(theirs).bind(database)}
    hers = (Member.account_id == account_id) & ~has_factor()
    lacking = {it.company_id for it in Member.select(Member.company_id).where(hers).bind(database)}
    return {
        it.company_id: Membership(
            Role(it.role),
            None if it.all_stores else frozenset(seen[it.company_id]),
            companies[it.company_id].closed_at is not None,
            it.company_id in lacking,
        )
        for it in members
    }


def stores_for(account_id: str, least: Role) -> "ModelSelect[Store]":
    """The ids of all stores at which an account has this role or a higher one, for `in_`."""
    query = Store.select(Store.id).join(Member, on=(Member.company_id == Store.company_id))
    query = query.where(Member.account_id == account_id, has_role(least), sees(Store.id), has_factor())
    if least is not Role.VIEWER:
        query = query.where(Store.company_id.not_in(_closed()))
    return query


def companies_for(account_id: str, least: Role) -> "ModelSelect[Company]":
    """The companies in which an account has this role or a higher one."""
    mine = Member.select(Member.company_id)
    mine = mine.where(Member.account_id == account_id, has_role(least), has_factor())
    if least is not Role.VIEWER:
        mine = mine.where(Member.all_stores, Member.company_id.not_in(_closed()))
    return Company.select().where(Company.id.in_(mine))


def _closed() -> "ModelSelect[Company]":
    """The ids of all companies that were closed: they are only looked at."""
    return Company.select(Company.id).where(Company.closed_at.is_null(False))


def has_role(least: Role) -> Expression:
    """The condition that a row of `Member` has this role or a higher one."""
    condition: Expression = Member.role.in_([role.value for role in Role if role.reaches(least)])
    return condition


def has_factor() -> Expression:
    """The condition that the account of a row of `Member` has a second factor, or needs none there."""
    asking = Company.alias()
    wanted = [has_role(role) & (asking.second_factor_from == role.value) for role in Role]
    asks = asking.select(asking.id).where(asking.id == Member.company_id, reduce(or_, wanted))
    factors = [
        fn.EXISTS(kind.select(kind.account_id).where(kind.account_id == Member.account_id))
        for kind in (AuthenticatorApp, Passkey)
    ]
    condition: Expression = ~fn.EXISTS(asks) | factors[0] | factors[1]
    return condition


def sees(store_id: Any) -> Expression:
    """The condition that a row of `Member` sees the store of this id, one of its company."""
    its = (MemberStore.company_id == Member.company_id) & (MemberStore.account_id == Member.account_id)
    some = MemberStore.select(MemberStore.store_id).where(its, MemberStore.store_id == store_id)
    condition: Expression = Member.all_stores | fn.EXISTS(some)
    return condition


def add_member(
    database: Database, now: str, company_id: str, account_id: str, membership: Membership
) -> None:
    """Make an account a member that is none yet, in the caller's transaction."""
    Member.insert(
        company_id=company_id,
        account_id=account_id,
        role=membership.role.value,
        all_stores=membership.stores is None,
        joined_at=now,
    ).execute(database)
    for store_id in sorted(membership.stores or ()):
        MemberStore.insert(company_id=company_id, account_id=account_id, store_id=store_id).execute(database)
