"""Companies and their stores; each belongs to the account that made it."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from typing import Annotated
from zoneinfo import available_timezones

from peewee import Database, ModelSelect
from pydantic import Field, StringConstraints

from factorypos_tui.server import errors
from factorypos_tui.server.documents.faults import fault
from factorypos_tui.server.domain import limits
from factorypos_tui.server.domain.forms import Country, Currency, Form, LongText, Name, ShortText, Timezone
from factorypos_tui.server.domain.quotas import note_change, require_room
from factorypos_tui.server.domain.seen import replace_seen
from factorypos_tui.server.storage.report_tables import XReport, ZReport
from factorypos_tui.server.storage.tables import Account, Company, Store, Terminal
from factorypos_tui.server.storage.watches import judge_again
from factorypos_tui.server.words import told

LEAST_KEEP_YEARS = 6
"""The shortest time for which the law of a country that we know of wants the books of a shop."""


class CompanyForm(Form):
    name: Name
    tax_id: ShortText | None = None
    country: Country
    currency: Currency


class StoreForm(Form):
    name: Name
    address: LongText | None = None
    timezone: Timezone


class StoreChange(StoreForm):
    closed_weekdays: Annotated[str, StringConstraints(pattern="^1?2?3?4?5?6?7?$")] = ""
    """Digits of ISO weekdays, in order."""
    keep_years: Annotated[int, Field(ge=LEAST_KEEP_YEARS, le=100)] | None = None
    """For how many full years after the year of a Z its document stays at least; left out: for ever."""


@cache
def timezones() -> Sequence[str]:
    """The time zones that a person chooses from: those that are named after a place, and UTC."""
    return ["UTC", *sorted(zone for zone in available_timezones() if _is_a_place(zone))]


def _is_a_place(zone: str) -> bool:
    return "/" in zone and not zone.startswith(("Etc/", "SystemV/", "US/", "posix/", "right/"))


def companies_of(account: Account) -> "ModelSelect[Company]":
    return Company.select().where(Company.account_id == account.id)


def add_company(database: Database, now: str, account: Account, form: CompanyForm) -> Company:
    """Raises `OverQuota`."""
    words = told("Your account has {most} companies; one account may have no more.")
    require_room(database, companies_of(account), limits.COMPANIES, words)
    company = Company(id=str(uuid.uuid4()), account_id=account.id, created_at=now, **form.model_dump())
    Company.insert(**company.__data__).execute(database)
    return company


def owned_company(database: Database, account: Account, company_id: str) -> Company:
    """The company, if it is this account's; raises `NotYours`."""
    company = companies_of(account).where(Company.id == company_id).get_or_none(database)
    if company is None:
        raise errors.NotYours(told("There is no such company in your account."))
    return company


def stores_by_company(database: Database, account: Account) -> list[tuple[Company, list[Store]]]:
    """The companies of an account with their stores, each by name."""
    stores = defaultdict(list)
    mine = Store.select().where(Store.id.in_(stores_of(account.id))).order_by(Store.name, Store.id)
    for store in mine.bind(database):
        stores[store.company_id].append(store)
    companies = companies_of(account).order_by(Company.name, Company.id).bind(database)
    return [(company, stores[company.id]) for company in companies]


def stores_in(company: Company) -> "ModelSelect[Store]":
    return Store.select().where(Store.company_id == company.id)


def add_store(database: Database, now: str, company: Company, form: StoreForm) -> Store:
    """Raises `OverQuota`."""
    words = told("Your account has {most} stores; one account may have no more.")
    require_room(database, stores_of(company.account_id), limits.STORES, words)
    store = Store(id=str(uuid.uuid4()), company_id=company.id, created_at=now, **form.model_dump())
    Store.insert(**store.__data__).execute(database)
    return store


def change_company(
    database: Database, now: str, account: Account, company: Company, form: CompanyForm
) -> None:
    """Set what is known of a company, which is as it was seen; in the caller's transaction. Raises
    `Outdated`, and `Invalid` for another currency once a store has reports in the one of before."""
    stores = stores_in(company).select(Store.id)
    if form.currency != company.currency and any(
        table.select().where(table.store_id.in_(stores)).exists(database) for table in (ZReport, XReport)
    ):
        words = told("There are reports in {currency} already. Make another company for another currency.")
        raise errors.Invalid([fault("currency", words.format(currency=company.currency))])
    replace_seen(database, company, form)
    note_change(database, now, account.id, "company.changed", company.id, company_id=company.id)


def change_store(database: Database, now: str, account: Account, store: Store, form: StoreChange) -> None:
    """Set what is known of a store, which is as it was seen; in the caller's transaction. Reports keep the
    time zone of their till. Raises `Outdated`."""
    replace_seen(database, store, form)
    judge_again(database, Terminal.store_id == store.id)
    note_change(database, now, account.id, "store.changed", store.id, company_id=store.company_id)


def owned_store(database: Database, account: Account, store_id: str) -> Store:
    """The store, if it is this account's; raises `NotYours`."""
    query = Store.select().join(Company, on=(Store.company_id == Company.id))
    store = query.where(Store.id == store_id, Company.account_id == account.id).get_or_none(database)
    if store is None:
        raise errors.NotYours(told("There is no such store in your account."))
    return store


def stores_of(account_id: str) -> "ModelSelect[Store]":
    """The ids of all stores of an account, for `in_`."""
    return (
        Store.select(Store.id)
        .join(Company, on=(Store.company_id == Company.id))
        .where(Company.account_id == account_id)
    )
