"""Companies and their stores; each belongs to the account that made it."""

import uuid

from peewee import Database, ModelSelect

from factorypos_tui.server import errors
from factorypos_tui.server.domain.forms import Country, Currency, Form, LongText, Name, ShortText, Timezone
from factorypos_tui.server.storage.tables import Account, Company, Store
from factorypos_tui.server.words import told


class CompanyForm(Form):
    name: Name
    tax_id: ShortText | None = None
    country: Country
    currency: Currency


class StoreForm(Form):
    name: Name
    address: LongText | None = None
    timezone: Timezone


def companies_of(account: Account) -> "ModelSelect[Company]":
    return Company.select().where(Company.account_id == account.id)


def add_company(database: Database, now: str, account: Account, form: CompanyForm) -> Company:
    company = Company(id=str(uuid.uuid4()), account_id=account.id, created_at=now, **form.model_dump())
    Company.insert(**company.__data__).execute(database)
    return company


def owned_company(database: Database, account: Account, company_id: str) -> Company:
    """The company, if it is this account's; raises `NotYours`."""
    company = companies_of(account).where(Company.id == company_id).get_or_none(database)
    if company is None:
        raise errors.NotYours(told("There is no such company in your account."))
    return company


def stores_in(company: Company) -> "ModelSelect[Store]":
    return Store.select().where(Store.company_id == company.id)


def add_store(database: Database, now: str, company: Company, form: StoreForm) -> Store:
    store = Store(id=str(uuid.uuid4()), company_id=company.id, created_at=now, **form.model_dump())
    Store.insert(**store.__data__).execute(database)
    return store


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
