"""Companies and their stores. An account answers for each company: what is kept there counts as its, and its
terminals send there. What people may do is in `members`."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from typing import Annotated, Literal
from zoneinfo import available_timezones

from peewee import Database, ModelSelect, SqliteDatabase
from pydantic import Field, StringConstraints

from factorypos_tui.server import errors
from factorypos_tui.server.domain import limits
from factorypos_tui.server.domain.forms import Country, Currency, Form, LongText, Name, ShortText, Timezone
from factorypos_tui.server.domain.members import (
    Membership,
    Role,
    add_member,
    companies_for,
    store_for,
    stores_for,
)
from factorypos_tui.server.domain.quotas import note_change, require_room
from factorypos_tui.server.domain.seen import replace_seen
from factorypos_tui.server.storage.audit import audit
from factorypos_tui.server.storage.tables import Account, Company, Store, Terminal
from factorypos_tui.server.storage.watches import judge_again
from factorypos_tui.server.words import marked, told

KEEP_YEARS = 10
"""The least, and what a new store has: the longest time for which the law of a country that we know of wants
the books of a shop."""


class CompanyForm(Form):
    name: Name
    tax_id: ShortText | None = None
    country: Country
    currency: Currency


FactorRule = Literal["nobody", "owner", "manager", "viewer"]
FACTOR_RULES: dict[FactorRule, str] = {
    "nobody": marked("nobody"),
    "owner": marked("owners"),
    "manager": marked("owners and managers"),
    "viewer": marked("everybody"),
}
"""Who needs a second factor, by the lowest role that does; each rule asks more people than the one before."""


class CompanyChange(CompanyForm):
    second_factor_from: FactorRule | None = None
    """From which role on members need a second factor; left out: as it is."""


class StoreForm(Form):
    name: Name
    address: LongText | None = None
    timezone: Timezone


class StoreChange(StoreForm):
    closed_weekdays: Annotated[str, StringConstraints(pattern="^1?2?3?4?5?6?7?$")] = ""
    """Digits of ISO weekdays, in order."""
    keep_years: Annotated[int, Field(ge=KEEP_YEARS, le=100)] | None = None
    """For how many full years after the year of a Z its document stays at least; left out: for ever."""


@cache
def timezones() -> Sequence[str]:
    """The time zones that a person chooses from: those that are named after a place, and UTC."""
    return ["UTC", *sorted(zone for zone in available_timezones() if _is_a_place(zone))]


def _is_a_place(zone: str) -> bool:
    return "/" in zone and not zone.startswith(("Etc/", "SystemV/", "US/", "posix/", "right/"))


def companies_under(account_id: str) -> "ModelSelect[Company]":
    """The companies for which an account answers."""
    return Company.select().where(Company.account_id == account_id)


def add_company(database: Database, now: str, account: Account, form: CompanyForm) -> Company:
    """A company that the account answers for, and is the owner of; in the caller's transaction. Raises
    `OverQuota`."""
    words = told("Your account has {most} companies; one account may have no more.")
    require_room(database, companies_under(account.id), limits.COMPANIES, words)
    company = Company(id=str(uuid.uuid4()), account_id=account.id, created_at=now, **form.model_dump())
    Company.insert(**company.__data__).execute(database)
    add_member(database, now, company.id, account.id, Membership(Role.OWNER, None))
    audit(database, now, account.id, "company.created", company.id, company_id=company.id)
    return company


def stores_by_company(database: Database, account: Account, least: Role) -> list[tuple[Company, list[Store]]]:
    """The stores at which an account has this role or a higher one, with their companies, each by name;
    also those of its companies in which there is none."""
    stores = defaultdict(list)
    mine = Store.select().where(Store.id.in_(stores_for(account.id, least))).order_by(Store.name, Store.id)
    for store in mine.bind(database):
        stores[store.company_id].append(store)
    companies = companies_for(account.id, Role.VIEWER).order_by(Company.name, Company.id).bind(database)
    return [(company, stores[company.id]) for company in companies]


def hold_company(database: Database, company_id: str) -> Company:
    """The company, which nobody else closes or hands over until the caller's transaction ends. Raises
    `CompanyClosed`."""
    query = Company.select().where(Company.id == company_id)
    if not isinstance(database, SqliteDatabase):  # SQLite has one writer
        query = query.for_update()
    (company,) = query.execute(database)
    held: Company = company
    if held.closed_at is not None:
        raise errors.CompanyClosed
    return held


def stores_in(company: Company) -> "ModelSelect[Store]":
    return Store.select().where(Store.company_id == company.id)


def stores_seen(account: Account, company: Company) -> "ModelSelect[Store]":
    """The stores of a company that an account sees."""
    return stores_in(company).where(Store.id.in_(stores_for(account.id, Role.VIEWER)))


def add_store(database: Database, now: str, account: Account, company: Company, form: StoreForm) -> Store:
    """A store of a company, in the caller's transaction. Raises `OverQuota`."""
    words = told("Your account has {most} stores; one account may have no more.")
    require_room(database, stores_under(company.account_id), limits.STORES, words)
    values = {"keep_years": KEEP_YEARS, **form.model_dump()}
    store = Store(id=str(uuid.uuid4()), company_id=company.id, created_at=now, **values)
    Store.insert(**store.__data__).execute(database)
    audit(database, now, account.id, "store.created", store.id, company_id=company.id)
    return store


def change_store(database: Database, now: str, account: Account, store: Store, form: StoreChange) -> None:
    """Set what is known of a store, which is as it was seen; in the caller's transaction. Reports keep the
    time zone of their till. Raises `Outdated`, and `RoleTooLow` where documents would be kept for a shorter
    time and the account does not own the company."""
    if form.keep_years is not None and (store.keep_years is None or form.keep_years < store.keep_years):
        store_for(database, account, store.id, Role.OWNER)
    replace_seen(database, store, form)
    judge_again(database, Terminal.store_id == store.id)
    note_change(database, now, account.id, "store.changed", store.id, company_id=store.company_id)


def stores_under(account_id: str) -> "ModelSelect[Store]":
    """The ids of all stores for which an account answers, for `in_`."""
    return (
        Store.select(Store.id)
        .join(Company, on=(Store.company_id == Company.id))
        .where(Company.account_id == account_id)
    )
